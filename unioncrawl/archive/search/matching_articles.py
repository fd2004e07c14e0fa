"""Ask the database for the articles that match a query, newest day first, streaming."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from heapq import merge
from itertools import groupby, islice
from typing import Any

from sqlalchemy import Connection, Row, func, select, true
from sqlalchemy import text as sql

from unioncrawl.archive.column_types import json_text
from unioncrawl.archive.schema import article, search_document
from unioncrawl.archive.search import numbers_beside
from unioncrawl.archive.search.cursor import Cursor, newness
from unioncrawl.archive.search.index.document_numbers import Zone, day_of_number
from unioncrawl.archive.search.index.merge_index import count_pieces
from unioncrawl.archive.search.match import has_single
from unioncrawl.archive.search.query import Node
from unioncrawl.archive.search.query_sql import (
    Plan,
    make_plan,
    number_column,
    select_candidates,
    select_numbers,
    starting_after,
    with_texts,
)
from unioncrawl.archive.sql import chunks

# No more at a time than a page of results may need: of each the row is looked up, and perhaps the text.
_BLOCK = 100
# How many candidates are verified for each result that is wanted, before the index is asked for a single
# character: one in ten has a frequent one, and a rarer one takes the index 10 to 40 ms at 90,000 articles.
_SOON_EACH, _SOON_MOST = 10, 2_000
# At most so many articles are looked up one by one.
_FEW = 2_000
# A look-up of one number in one piece of FTS5's index takes as long as reading so many matches: 100 µs for a
# phrase of four pairs, and 0.25 µs a match (430,000 articles, 65 pieces).
_READ_FOR_A_PIECE = 400
_CANDIDATE = (search_document.c.id, search_document.c.article_id, article.c.published_at)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article that matches, in the order of the index."""

    number: int
    article_id: int
    published_at: datetime | None

    @property
    def newness(self) -> tuple[float, int]:
        """Larger for what was published later; undated articles come last."""
        return newness(self.published_at, self.article_id)


def find_candidates(connection: Connection, node: Node) -> Iterator[Candidate]:
    """Yield all articles that match, the newest day first."""
    return walk(connection, make_plan(connection, node))


def walk(connection: Connection, plan: Plan) -> Iterator[Candidate]:
    """Yield all articles that match a plan, the newest day first."""
    found = _walk_candidates(connection, plan)
    return found if plan.is_exact else _verified(connection, plan, found)


def _walk_candidates(connection: Connection, plan: Plan) -> Iterator[Candidate]:
    """Yield what matches a plan as far as the index and the rows of articles answer it."""
    answered = replace(plan, open=None)
    if numbers_beside.question(plan) is not None:
        streams = numbers_beside.walk_rows(connection, answered, _CANDIDATE)
    else:
        streams = [_walk_zone(connection, answered, zone) for zone in plan.zones]
    return merge(*(map(_candidate, rows) for rows in streams), key=lambda one: -day_of_number(one.number))


def _walk_zone(connection: Connection, plan: Plan, zone: Zone) -> Iterator[Row[Any]]:
    query = select_candidates(plan, zone, _CANDIDATE).order_by(number_column(plan).desc())
    with connection.execution_options(yield_per=_BLOCK).execute(query) as rows:
        yield from rows


def _candidate(row: Row[Any]) -> Candidate:
    return Candidate(row.id, row.article_id, row.published_at)


def _verified(connection: Connection, plan: Plan, found: Iterator[Candidate]) -> Iterator[Candidate]:
    asked = true() if plan.open is None else plan.open
    while block := list(islice(found, _BLOCK)):
        query = select(article.c.id).select_from(with_texts(article)).where(asked)
        numbers = [candidate.article_id for candidate in block]
        matching = set(connection.execute(query.where(article.c.id.in_(numbers))).scalars())
        yield from (candidate for candidate in block if candidate.article_id in matching)


def find_newest(
    connection: Connection, node: Node, limit: int, offset: int = 0, after: Cursor | None = None
) -> list[int]:
    """Return a page of the newest matches, in order: those that follow ``after``, or from the first on."""
    plan = starting_after(make_plan(connection, node), after)
    if plan.asked is None and plan.is_exact:
        return _newest_by_time(connection, plan, limit, offset)
    if plan.view is None and has_single(plan.node):
        # A frequent character is found soon; for a rare one the index has little to read.
        soon = min(_SOON_MOST, _SOON_EACH * (offset + limit))
        loose = starting_after(make_plan(connection, node, loosely=True), after)
        found = list(islice(_verified_newest(connection, loose, soon), offset + limit))
        if len(found) == offset + limit:
            return found[offset:]
    if not plan.is_exact:
        return list(islice(_verified_newest(connection, plan), offset, offset + limit))
    few = few_by_hits(connection, plan)
    if few is not None:
        return few[offset : offset + limit]
    if plan.view is not None:
        return list(islice(_newest_walked(connection, plan), offset, offset + limit))
    return _newest_exactly(connection, plan, limit, offset)


def _verified_newest(connection: Connection, plan: Plan, most: int | None = None) -> Iterator[int]:
    """The matches among the newest candidates: no more are verified than is asked."""
    found = _verified(connection, plan, islice(_walk_sorted(connection, plan), most))
    return (candidate.article_id for candidate in found)


def _newest_walked(connection: Connection, plan: Plan) -> Iterator[int]:
    """The matches of a plan that leaves nothing to verify."""
    return (candidate.article_id for candidate in _walk_sorted(connection, plan))


def _walk_sorted(connection: Connection, plan: Plan) -> Iterator[Candidate]:
    """The candidates in the order of the newest: a day is sorted as soon as it is read."""
    by_day = groupby(_walk_candidates(connection, plan), key=lambda one: day_of_number(one.number))
    for _, day in by_day:
        yield from sorted(day, key=lambda one: one.newness, reverse=True)


def few_by_hits(connection: Connection, plan: Plan) -> list[int] | None:
    """Return all matches, the newest first, when few articles have such hit counts; else ``None``."""
    by_hits = [part for part in plan.filters if part.field == "hits"]
    if not by_hits:
        return None
    conditions = replace(plan, filters=tuple(by_hits)).conditions
    few = select(article.c.id).where(*conditions).limit(_FEW + 1)
    ids = list(connection.execute(few).scalars())
    if len(ids) > _FEW:
        return None
    numbers: list[int] = []
    for some in chunks(ids):
        known = select(search_document.c.id).where(search_document.c.article_id.in_(some))
        numbers += connection.execute(known).scalars()
    found = map(_candidate, _rows_among(connection, plan, numbers))
    return [one.article_id for one in sorted(found, key=lambda one: one.newness, reverse=True)]


def _rows_among(connection: Connection, plan: Plan, numbers: Sequence[int]) -> Iterator[Row[Any]]:
    """Yield the rows of those of some documents that match a plan."""
    if numbers_beside.question(plan) is not None:
        for some in chunks(numbers):
            yield from numbers_beside.rows_among(connection, plan, some, _CANDIDATE)
        return
    for zone in plan.zones:
        query = select_candidates(plan, zone, _CANDIDATE)
        if _is_read_whole(connection, plan, len(numbers)):
            # The plus keeps FTS5 from being asked for each number by itself.
            among_them = sql("+search_index.rowid IN (SELECT value FROM json_each(:numbers))")
            yield from connection.execute(query.where(among_them.bindparams(numbers=json_text(numbers))))
            continue
        for some in chunks(numbers):
            yield from connection.execute(query.where(number_column(plan).in_(some)))


def _is_read_whole(connection: Connection, plan: Plan, numbers: int) -> bool:
    """Whether reading all that the index has of a plan's words is cheaper than a look-up for each number."""
    if plan.asked is None or connection.dialect.name != "sqlite":
        return False
    if has_single(plan.node):
        # A look-up gathers all words that begin with the character, each time.
        return True
    last: int = connection.execute(select(func.max(search_document.c.article_id))).scalar() or 0
    return numbers * count_pieces(connection) * _READ_FOR_A_PIECE > last


_NEWEST_FIRST = (article.c.published_at.desc().nulls_last(), article.c.id.desc())


def _newest_by_time(connection: Connection, plan: Plan, limit: int, offset: int) -> list[int]:
    """Without words the index of times answers, hit counts included."""
    query = (
        select(article.c.id)
        .join(search_document, search_document.c.article_id == article.c.id)
        .where(*plan.conditions)
        .order_by(*_NEWEST_FIRST)
    )
    if plan.after is None or plan.after.published_at is None:
        return list(connection.execute(query.limit(limit).offset(offset)).scalars())
    # The undated ones apart: one bound on the time lets the index begin at the cursor.
    dated = query.where(article.c.published_at <= plan.after.published_at)
    found = list(connection.execute(dated.limit(offset + limit)).scalars())
    if len(found) < offset + limit:
        undated = query.where(article.c.published_at.is_(None))
        found += connection.execute(undated.limit(offset + limit - len(found))).scalars()
    return found[offset:]


def _newest_exactly(connection: Connection, plan: Plan, limit: int, offset: int) -> list[int]:
    """The day in which the page ends bounds what has to be sorted."""
    wanted = offset + limit
    number = number_column(plan)
    days: list[int] = []
    before = replace(plan, after=None, last_day=plan.after.day - 1) if plan.after else plan
    for zone in plan.zones:
        walked = select_numbers(before, zone).order_by(number.desc()).limit(wanted)
        days += map(day_of_number, connection.execute(walked).scalars())
    days.sort(reverse=True)
    recent = replace(plan, first_day=days[wanted - 1] if 0 < wanted <= len(days) else 0)
    # A plus keeps SQLite from walking its index of times and asking for each article.
    newest = (sql("+article.published_at DESC"), article.c.id.desc())
    order = newest if connection.dialect.name == "sqlite" else _NEWEST_FIRST
    found = [
        _candidate(row)
        for zone in plan.zones
        for row in connection.execute(
            select_candidates(recent, zone, _CANDIDATE).order_by(*order).limit(wanted)
        )
    ]
    found.sort(key=lambda candidate: candidate.newness, reverse=True)
    return [candidate.article_id for candidate in found[offset:wanted]]
