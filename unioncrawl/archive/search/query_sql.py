"""From a query to SQL: what the index is asked, and the conditions that the database answers itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    and_,
    column,
    literal_column,
    select,
    table,
)
from sqlalchemy import text as sql

from unioncrawl.archive.schema import article, revision, search_document, site, site_column
from unioncrawl.archive.search.cursor import Cursor
from unioncrawl.archive.search.index.answers import Answers
from unioncrawl.archive.search.index.asks import Ask, Both, fts5_query
from unioncrawl.archive.search.index.beside.chosen_index import view_for
from unioncrawl.archive.search.index.document_numbers import Zone, day_of_time, zones_in_use
from unioncrawl.archive.search.match import ask_index, compare_numbers, is_exact
from unioncrawl.archive.search.query import And, Filter, Node, Not, Or
from unioncrawl.archive.search.text_conditions import condition_of
from unioncrawl.archive.sql import bytewise
from unioncrawl.language.folding import fold

INDEX = table("search_index", column("rowid"))
# Filters that the database answers exactly, given at the top of a query.
_SQL_FILTERS = {"since", "until", "hits"}
_OF_SITES = {"level", "region"}
# No site has an empty id.
_NO_SITE = Filter("site", "=", "")


@dataclass(frozen=True, slots=True)
class Plan:
    """A query as it is put to the database.

    ``node``: the query, with levels and regions as the sites that they mean;
    ``filters``: those of its conditions that the rows of articles answer; ``asked``: what
    the index is asked (``None``: nothing); ``open``: what is asked of the texts besides
    (``None``: nothing); ``zones``: the ranges of document numbers to look in;
    ``first_day``: leave out older articles; ``last_day``: leave out newer ones;
    ``after``: and those up to this one, the newest first; ``view``: the index that answers with
    numbers (``None``: FTS5, which SQL asks).
    """

    node: Node
    filters: tuple[Filter, ...]
    asked: Ask | None
    open: ColumnElement[bool] | None
    zones: tuple[Zone, ...]
    first_day: int = 0
    last_day: int | None = None
    after: Cursor | None = None
    view: Answers | None = None

    @property
    def is_exact(self) -> bool:
        """Whether the index and the rows of articles leave nothing to ask of texts."""
        return self.open is None

    @property
    def conditions(self) -> list[ColumnElement[bool]]:
        """What SQL asks of the rows of articles."""
        followed = [self.after.condition] if self.after else []
        return [*map(_condition, self.filters), *followed]

    def asking(self, ask: Ask | None) -> Plan:
        """Return the same plan with one more question to the index."""
        if ask is None:
            return self
        return replace(self, asked=ask if self.asked is None else Both((self.asked, ask)))


def make_plan(connection: Connection, node: Node, *, loosely: bool = False) -> Plan:
    """Plan a query; ``loosely`` leaves words of one character to be verified."""
    resolved = with_sites(connection, node)
    parts = top_parts(resolved)
    filters = tuple(part for part in parts if isinstance(part, Filter) and part.field in _SQL_FILTERS)
    rest = tuple(part for part in parts if part not in filters)
    view = _answers(connection)
    is_answered = not loosely and is_exact(And(rest))
    return Plan(
        node=resolved,
        filters=filters,
        asked=ask_index(And(rest), loosely=loosely),
        open=None if is_answered else condition_of(connection, resolved),
        zones=tuple(zones_in_use(connection)),
        view=view,
    )


def _answers(connection: Connection) -> Answers | None:
    """The index beside the database where it may answer, else PostgreSQL's; ``None`` for FTS5."""
    view = view_for(connection)
    if view is not None or connection.dialect.name != "postgresql":
        return view
    from unioncrawl.archive.search.index.pieces.piece_view import PieceView  # noqa: PLC0415 - loads numpy

    return PieceView(connection)


def with_sites(connection: Connection, node: Node) -> Node:
    """Return the query with each ``level:`` and ``region:`` as its sites: the index knows sites alone."""
    match node:
        case Filter(field) if field in _OF_SITES:
            return _sites_of(connection, node)
        case Not(part):
            return Not(with_sites(connection, part))
        case And(parts):
            return And(tuple(with_sites(connection, part) for part in parts))
        case Or(parts):
            return Or(tuple(with_sites(connection, part) for part in parts))
        case _:
            return node


def _sites_of(connection: Connection, part: Filter) -> Node:
    value = str(part.value)
    condition = site.c.level == value
    if part.field == "region":
        condition = site.c.region.startswith(value, autoescape=True)
    keys = connection.execute(select(site.c.key).where(condition).order_by(bytewise(site.c.key))).scalars()
    found = tuple(Filter("site", "=", fold(key)) for key in keys)
    return Or(found) if found else _NO_SITE


def top_parts(node: Node) -> tuple[Node, ...]:
    """Return the parts of a query all of which an article has to match."""
    if not isinstance(node, And):
        return (node,)
    return tuple(inner for part in node.parts for inner in top_parts(part))


def starting_after(plan: Plan, after: Cursor | None) -> Plan:
    """Return the plan of the page that follows an article; the same plan for the first page."""
    return replace(plan, after=after, last_day=after.day) if after else plan


def number_column(plan: Plan) -> ColumnElement[Any]:
    """Return the column that numbers a plan's answers, newest last."""
    if plan.asked is None:
        return search_document.c.id
    # FTS5 walks backwards by itself when asked for its own rowid.
    return INDEX.c.rowid


def asks(question: Ask) -> ColumnElement[bool]:
    """Return the condition that puts a question to FTS5."""
    return sql("search_index MATCH :asked").bindparams(asked=fts5_query(question))  # type: ignore[return-value]


def select_numbers(plan: Plan, zone: Zone) -> Select[Any]:
    """Select the numbers of a plan's candidates in one zone; from the index alone without SQL conditions."""
    number = number_column(plan)
    if plan.conditions or plan.open is not None:
        return select_candidates(plan, zone, (number,))
    source = search_document if plan.asked is None else INDEX
    query = select(number).select_from(source).where(*_range(plan, zone))
    return query if plan.asked is None else query.where(asks(plan.asked))


def select_candidates(plan: Plan, zone: Zone, columns: Sequence[Any]) -> Select[Any]:
    """Select what matches a plan in one zone."""
    source: FromClause = search_document
    if plan.asked is not None:
        source = INDEX.join(search_document, search_document.c.id == INDEX.c.rowid)
    source = source.join(article, article.c.id == search_document.c.article_id)
    if plan.open is not None:
        source = with_texts(source)
    query = select(*columns).select_from(source)
    if plan.asked is not None:
        query = query.where(asks(plan.asked))
    if plan.open is not None:
        query = query.where(plan.open)
    return query.where(*_range(plan, zone), *plan.conditions)


def with_texts(source: FromClause) -> FromClause:
    """Join articles to what is asked of their texts."""
    joined = source.join(revision, revision.c.id == article.c.revision_id)
    return joined.outerjoin(site_column, site_column.c.id == article.c.column_id)


def select_by_texts(plan: Plan, columns: Sequence[Any]) -> Select[Any]:
    """Select what texts leave of a plan, whatever the index says, as the texts lie on the disk.

    The plus keeps SQLite from looking them up one by one.
    """
    is_present = article.c.revision_id == literal_column("+revision.id")
    source = revision.join(article, and_(article.c.id == revision.c.article_id, is_present))
    source = source.join(search_document, search_document.c.article_id == article.c.id)
    source = source.outerjoin(site_column, site_column.c.id == article.c.column_id)
    query = select(*columns).select_from(source)
    return query if plan.open is None else query.where(plan.open)


def _range(plan: Plan, zone: Zone) -> Iterator[ColumnElement[bool]]:
    """Yield the bounds of the numbers within a plan's times, so that the database skips the rest."""
    number = number_column(plan)
    first, beyond = bounds(plan, zone)
    if first > zone.start(0) or len(plan.zones) > 1:
        yield number >= first
    if beyond < zone.end or len(plan.zones) > 1:
        yield number < beyond


def bounds(plan: Plan, zone: Zone) -> tuple[int, int]:
    """Return the first number of a zone within a plan's times, and the first one beyond them."""
    # One bound each: FTS5 skips by the first bound that it gets, and tests the others.
    first, beyond = zone.start(plan.first_day), zone.end
    if plan.last_day is not None:
        beyond = min(beyond, zone.start(plan.last_day + 1))
    for time, comparison in _times(plan.filters):
        day = day_of_time(time)
        if comparison == ">=":
            first = max(first, zone.start(day))
        else:
            beyond = min(beyond, zone.start(day + 1))
    return first, beyond


def _times(filters: Iterable[Filter]) -> Iterator[tuple[datetime, str]]:
    for part in filters:
        if isinstance(part.value, datetime):
            yield part.value, part.comparison


def _condition(part: Filter) -> ColumnElement[bool]:
    left = article.c.published_at if isinstance(part.value, datetime) else article.c.hits
    condition: ColumnElement[bool] = compare_numbers(left, part.comparison, part.value)
    return condition
