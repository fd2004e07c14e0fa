"""All matches of a query as the numbers of their documents, and how many there are: exact, however many."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from pyroaring import BitMap64
from sqlalchemy import ColumnElement, Connection, func, select

from unioncrawl.archive.schema import search_document
from unioncrawl.archive.search import numbers_beside
from unioncrawl.archive.search.frequent_characters import plans_of
from unioncrawl.archive.search.index.document_numbers import LAST_DAY, day_of_time
from unioncrawl.archive.search.matching_articles import few_by_hits
from unioncrawl.archive.search.query import Filter, Node
from unioncrawl.archive.search.query_sql import Plan, number_column, select_by_texts, select_numbers
from unioncrawl.archive.sql import chunks

# The texts of more candidates than these are read as they lie on the disk, all of them: one by one takes
# five times as long.
_MOST_LOOKED_UP = 10_000
# CROSS JOIN keeps SQLite to the order: the index of times and hits is read from end to end, and
# what has such hits is looked up.
_OF_HITS = (
    "SELECT search_document.id FROM article CROSS JOIN search_document"
    " WHERE search_document.article_id = article.id AND {wanted}"
)


def count(connection: Connection, node: Node) -> int:
    """Count the articles that match."""
    return sum(_count(connection, plan) for plan in _plans(connection, node))


def find_numbers(connection: Connection, node: Node) -> BitMap64:
    """Return the numbers of the documents that match."""
    found = BitMap64()
    for plan in _plans(connection, node):
        found |= _find(connection, plan)
    return found


def _plans(connection: Connection, node: Node) -> list[Plan]:
    """Return plans that have no match in common, and together all of them."""
    return [part for plan in plans_of(connection, node) for part in _parted_by_days(plan)]


def _parted_by_days(plan: Plan) -> Iterator[Plan]:
    """Part off the days in which the times of a plan lie: all others the index answers by their numbers."""
    times = [part for part in plan.filters if part.field != "hits"]
    if not times or not plan.is_exact:
        yield plan
        return
    first = max((_day(part) for part in times if part.comparison == ">="), default=0)
    last = min((_day(part) for part in times if part.comparison == "<"), default=LAST_DAY)
    # Articles without a date have the number of the first day, and any date beyond the last has its.
    for day in sorted({day for day in (0, first, last, LAST_DAY) if first <= day <= last}):
        yield replace(plan, first_day=day, last_day=day)
    if first + 1 < last:
        untimed = tuple(part for part in plan.filters if part.field == "hits")
        yield replace(plan, filters=untimed, first_day=first + 1, last_day=last - 1)


def _day(part: Filter) -> int:
    return day_of_time(part.value if isinstance(part.value, datetime) else None)


def _count(connection: Connection, plan: Plan) -> int:
    if not plan.is_exact or any(part.field == "hits" for part in plan.filters):
        return len(_find(connection, plan))
    if numbers_beside.question(plan) is not None:
        return numbers_beside.count(connection, plan)
    return sum(
        connection.execute(query.with_only_columns(func.count())).scalar_one()
        for query in (select_numbers(plan, zone) for zone in plan.zones)
    )


def _find(connection: Connection, plan: Plan) -> BitMap64:
    if plan.is_exact:
        return _find_exact(connection, plan)
    candidates = _find_exact(connection, replace(plan, open=None))
    if len(candidates) <= _MOST_LOOKED_UP:
        return _read_all(connection, plan)
    query = select_by_texts(plan, (_joined(connection, search_document.c.id),))
    return candidates & BitMap64(_read_numbers(connection.execute(query).scalar()))


def _find_exact(connection: Connection, plan: Plan) -> BitMap64:
    by_hits = tuple(part for part in plan.filters if part.field == "hits")
    if by_hits:
        few = few_by_hits(connection, plan)
        if few is not None:
            return _numbers_of(connection, few)
        rest = replace(plan, filters=tuple(part for part in plan.filters if part.field != "hits"))
        return _numbers_by_hits(connection, by_hits) & _find_exact(connection, rest)
    return _read_all(connection, plan)


def _read_all(connection: Connection, plan: Plan) -> BitMap64:
    if numbers_beside.question(plan) is not None:
        return numbers_beside.find(connection, plan)
    number = number_column(plan)
    found = BitMap64()
    for zone in plan.zones:
        query = select_numbers(plan, zone).with_only_columns(_joined(connection, number))
        found |= BitMap64(_read_numbers(connection.execute(query).scalar()))
    return found


def _numbers_of(connection: Connection, ids: Sequence[int]) -> BitMap64:
    found = BitMap64()
    for some in chunks(ids):
        query = select(search_document.c.id).where(search_document.c.article_id.in_(some))
        found.update(connection.execute(query).scalars())
    return found


def _numbers_by_hits(connection: Connection, conditions: Sequence[Filter]) -> BitMap64:
    wanted = " AND ".join(f"article.hits {part.comparison} {int(str(part.value))}" for part in conditions)
    return BitMap64(connection.exec_driver_sql(_OF_HITS.format(wanted=wanted)).scalars())


def _joined(connection: Connection, number: ColumnElement[Any]) -> ColumnElement[Any]:
    """All numbers as one value: a row for each takes three times as long."""
    return func.group_concat(number) if connection.dialect.name == "sqlite" else func.array_agg(number)


def _read_numbers(joined: str | Sequence[int] | None) -> Sequence[int]:
    if joined is None:
        return ()
    numbers: Sequence[int] = json.loads(f"[{joined}]") if isinstance(joined, str) else joined
    return numbers
