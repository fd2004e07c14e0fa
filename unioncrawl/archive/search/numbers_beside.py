"""What matches a plan whose words an index answers with numbers: those first, then their rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from pyroaring import BitMap64
from sqlalchemy import Connection, FromClause, Row, Select, select

from unioncrawl.archive.schema import article, search_document
from unioncrawl.archive.search.index.answers import Answers
from unioncrawl.archive.search.index.asks import Ask
from unioncrawl.archive.search.index.document_numbers import ZONES, Zone
from unioncrawl.archive.search.query_sql import Plan, bounds, with_texts
from unioncrawl.archive.sql import chunks


def question(plan: Plan) -> tuple[Answers, Ask] | None:
    """Return the index that answers with numbers and what it is asked; ``None`` where SQL asks for all."""
    return (plan.view, plan.asked) if plan.view is not None and plan.asked is not None else None


# No more at a time than a page of results may need.
_BLOCK = 100


def walk_rows(connection: Connection, plan: Plan, columns: Sequence[Any]) -> list[Iterator[Row[Any]]]:
    """Return for each of a plan's zones the rows of what matches, the largest number first, one by one."""
    asked = question(plan)
    if asked is None:
        return []
    view, ask = asked
    return [
        _rows(connection, plan, numbers, columns)
        for numbers in view.newest(ask, [_span(plan, zone) for zone in plan.zones])
    ]


def _rows(
    connection: Connection, plan: Plan, numbers: Iterator[int], columns: Sequence[Any]
) -> Iterator[Row[Any]]:
    order = search_document.c.id.desc()
    while some := list(islice(numbers, _BLOCK)):
        yield from connection.execute(_select(plan, some, columns).order_by(order)).all()


def find(connection: Connection, plan: Plan, zones: Sequence[Zone] | None = None) -> BitMap64:
    """Return the numbers of all that match, or of those in some of the plan's zones."""
    found = BitMap64()
    asked = question(plan)
    if asked is not None:
        view, ask = asked
        for zone in plan.zones if zones is None else zones:
            found |= view.numbers(ask, *_span(plan, zone))
    if not plan.conditions and plan.open is None:
        return found
    return BitMap64(row.id for row in rows_of(connection, plan, found, (search_document.c.id,)))


def rows_of(
    connection: Connection, plan: Plan, numbers: Iterable[int], columns: Sequence[Any]
) -> Iterator[Row[Any]]:
    """Yield rows of those of some documents that pass what a plan asks of rows and texts."""
    for some in chunks(list(numbers)):
        yield from connection.execute(_select(plan, some, columns)).all()


def count(connection: Connection, plan: Plan) -> int:
    """Count what matches."""
    asked = question(plan)
    if asked is None or plan.conditions or plan.open is not None:
        return len(find(connection, plan))
    view, ask = asked
    return sum(view.count(ask, *_span(plan, zone)) for zone in plan.zones)


def rows_among(
    connection: Connection, plan: Plan, numbers: Iterable[int], columns: Sequence[Any]
) -> Iterator[Row[Any]]:
    """Yield rows of those of some documents that match."""
    asked = question(plan)
    if asked is None:
        return
    view, ask = asked
    spans = [_span(plan, zone) for zone in plan.zones]
    within = [one for one in numbers if any(first <= one < beyond for first, beyond in spans)]
    for some in chunks(within):
        matching = sorted(view.among(ask, some))
        if matching:
            yield from connection.execute(_select(plan, matching, columns)).all()


def _select(plan: Plan, numbers: Sequence[int], columns: Sequence[Any]) -> Select[Any]:
    """Select those of some documents that pass what a plan asks of rows and texts."""
    source: FromClause = search_document.join(article, article.c.id == search_document.c.article_id)
    query = select(*columns).select_from(source if plan.open is None else with_texts(source))
    if plan.open is not None:
        query = query.where(plan.open)
    return query.where(search_document.c.id.in_(numbers), *plan.conditions)


def _span(plan: Plan, zone: Zone) -> tuple[int, int]:
    """The numbers of a zone within a plan's times; without an end where no number lies beyond."""
    first, beyond = bounds(plan, zone)
    is_all = len(plan.zones) == 1 and beyond == zone.end
    return first, ZONES[-1].end if is_all else beyond
