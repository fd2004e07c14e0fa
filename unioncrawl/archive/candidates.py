"""Ask the database for the articles that match a query, newest week first, streaming."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    FromClause,
    Select,
    column,
    false,
    func,
    select,
    table,
)
from sqlalchemy import text as sql

from unioncrawl.archive.article_rows import HEADLINE_FIELDS, headline
from unioncrawl.archive.folding import fold
from unioncrawl.archive.index import first_number_of_week, week_of_number, week_of_time
from unioncrawl.archive.known import chunks
from unioncrawl.archive.matching import Ask, Both, Facts, ask_index, fts5_query, is_exact, matches, tsquery
from unioncrawl.archive.query import SHANGHAI, And, Filter, Node
from unioncrawl.archive.schema import article, revision, search_document, site, site_column

_BLOCK = 500
_INDEX = table("search_index", column("rowid"), column("id"))
# Filters that the database answers exactly, given at the top of a query.
_SQL_FILTERS = {"since", "until", "hits", "level", "region", "column"}
FACETS = ("site", "year", "source")
_MAX_FACET_VALUES = 20
_FACTS = tuple(
    revision.c[name] for name in ("article_id", *HEADLINE_FIELDS, "source", "body_text", "published_at")
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article that matches, in the order of the index."""

    number: int
    article_id: int
    published_at: datetime | None


def find_candidates(connection: Connection, node: Node, ask: Ask | None = None) -> Iterator[Candidate]:
    """All articles that match, the newest week first; ``ask`` narrows the candidates further."""
    columns = (search_document.c.id, search_document.c.article_id, article.c.published_at)
    query = _select(connection, node, columns, ask=ask).order_by(_order_column(connection, node, ask).desc())
    exact = _answers_exactly(node)
    with connection.execution_options(yield_per=_BLOCK).execute(query) as rows:
        for block in rows.partitions(_BLOCK):
            found = [Candidate(row.id, row.article_id, row.published_at) for row in block]
            yield from found if exact else _verified(connection, node, found)


def newest_exactly(connection: Connection, node: Node, limit: int, offset: int) -> list[int] | None:
    """A page of the newest matches, when the database answers the query alone; else ``None``.

    The week in which the page ends bounds what has to be sorted.
    """
    if not _answers_exactly(node):
        return None
    number = _order_column(connection, node, None)
    walked = _select(connection, node, (number,)).order_by(number.desc())
    last = connection.execute(walked.limit(1).offset(max(0, offset + limit - 1))).scalar()
    found = _select(connection, node, (search_document.c.article_id,))
    if last is not None:
        found = found.where(number >= first_number_of_week(week_of_number(last)))
    newness = (article.c.published_at.desc().nulls_last(), article.c.id.desc())
    return list(connection.execute(found.order_by(*newness).limit(limit).offset(offset)).scalars())


def _order_column(connection: Connection, node: Node, ask: Ask | None) -> ColumnElement[Any]:
    # FTS5 walks backwards by itself when asked for its own rowid.
    asked = _question(node, ask) is not None and connection.dialect.name == "sqlite"
    return _INDEX.c.rowid if asked else search_document.c.id


def _verified(connection: Connection, node: Node, found: Sequence[Candidate]) -> list[Candidate]:
    facts = load_facts(connection, [candidate.article_id for candidate in found])
    return [candidate for candidate in found if matches(node, facts[candidate.article_id])]


def count(connection: Connection, node: Node) -> int:
    """How many articles match."""
    if not _answers_exactly(node):
        return sum(1 for _ in find_candidates(connection, node))
    question = _question(node, None)
    if question is not None and not _top_filters(node):
        query = select(func.count()).select_from(_INDEX).where(_asks(connection, question))
    else:
        query = _select(connection, node, (func.count(),))
    return connection.execute(query).scalar_one()


def facet_counts(connection: Connection, node: Node) -> dict[str, list[tuple[str, int]]]:
    """How the matches spread over sites, years (in China) and sources, most first."""
    columns = (article.c.id, site.c.key, article.c.published_at, revision.c.source)
    counts: dict[str, Counter[str]] = {name: Counter() for name in FACETS}
    ids = None if _answers_exactly(node) else {c.article_id for c in find_candidates(connection, node)}
    query = _select(connection, node, columns, with_revision=True)
    for row in connection.execution_options(yield_per=_BLOCK).execute(query):
        if ids is not None and row.id not in ids:
            continue
        counts["site"][row.key] += 1
        counts["year"][str(row.published_at.astimezone(SHANGHAI).year) if row.published_at else ""] += 1
        counts["source"][row.source] += 1
    return {name: counter.most_common(_MAX_FACET_VALUES) for name, counter in counts.items()}


def load_facts(connection: Connection, ids: Sequence[int]) -> dict[int, Facts]:
    """What queries ask of articles, by article."""
    found: dict[int, Facts] = {}
    for some in chunks(ids):
        for row in connection.execute(_facts_query(some)):
            found[row.article_id] = Facts(
                headline=fold(headline([getattr(row, name) for name in HEADLINE_FIELDS])),
                body_text=fold(row.body_text),
                site=row.site_key,
                source=fold(row.source),
                level=row.level,
                region=row.region,
                column=fold(row.column_name or ""),
                published_at=row.published_at,
                hits=row.hits,
            )
    return found


def _facts_query(ids: Sequence[int]) -> Select[Any]:
    return (
        select(
            *_FACTS,
            article.c.hits,
            site.c.key.label("site_key"),
            site.c.level,
            site.c.region,
            site_column.c.name.label("column_name"),
        )
        .join(article, article.c.revision_id == revision.c.id)
        .join(site, site.c.id == article.c.site_id)
        .outerjoin(site_column, site_column.c.id == article.c.column_id)
        .where(article.c.id.in_(ids))
    )


def _answers_exactly(node: Node) -> bool:
    """Whether the index and the database's conditions leave nothing to verify."""
    rest = tuple(part for part in _top_parts(node) if part not in _top_filters(node))
    return not rest or is_exact(And(rest))


def _top_parts(node: Node) -> tuple[Node, ...]:
    if not isinstance(node, And):
        return (node,)
    return tuple(inner for part in node.parts for inner in _top_parts(part))


def _top_filters(node: Node) -> list[Filter]:
    parts = _top_parts(node)
    return [part for part in parts if isinstance(part, Filter) and part.field in _SQL_FILTERS]


def _question(node: Node, ask: Ask | None) -> Ask | None:
    asked = [part for part in (ask_index(And(_top_parts(node))), ask) if part is not None]
    if not asked:
        return None
    return asked[0] if len(asked) == 1 else Both(tuple(asked))


def _asks(connection: Connection, question: Ask) -> ColumnElement[bool]:
    if connection.dialect.name == "sqlite":
        return sql("search_index MATCH :asked").bindparams(asked=fts5_query(question))  # type: ignore[return-value]
    return sql("tokens @@ CAST(:asked AS tsquery)").bindparams(asked=tsquery(question))  # type: ignore[return-value]


def _select(
    connection: Connection,
    node: Node,
    columns: Sequence[Any],
    *,
    ask: Ask | None = None,
    with_revision: bool = False,
) -> Select[Any]:
    """Candidates with the conditions that the database answers, joined to what they need."""
    question = _question(node, ask)
    source: FromClause = search_document
    if question is not None:
        number = _INDEX.c.rowid if connection.dialect.name == "sqlite" else _INDEX.c.id
        source = _INDEX.join(search_document, search_document.c.id == number)
    source = source.join(article, article.c.id == search_document.c.article_id)
    filters = _top_filters(node)
    if with_revision or any(part.field in {"level", "region"} for part in filters):
        source = source.join(site, site.c.id == article.c.site_id)
    if with_revision:
        source = source.join(revision, revision.c.id == article.c.revision_id)
    query = select(*columns).select_from(source)
    if question is not None:
        query = query.where(_asks(connection, question))
    return query.where(*(condition for part in filters for condition in _conditions(connection, part)))


def _conditions(connection: Connection, part: Filter) -> Iterable[ColumnElement[bool]]:
    if isinstance(part.value, datetime):
        return _time_conditions(part.comparison, part.value)
    if isinstance(part.value, int):
        return [_compare(article.c.hits, part.comparison, part.value)]
    if part.field == "level":
        return [site.c.level == part.value]
    if part.field == "region":
        return [site.c.region.startswith(part.value, autoescape=True)]
    names = connection.execute(select(site_column.c.id, site_column.c.name)).all()
    numbers = [row.id for row in names if part.value in fold(row.name)]
    return [article.c.column_id.in_(numbers) if numbers else false()]


def _time_conditions(comparison: str, time: datetime) -> list[ColumnElement[bool]]:
    # The week in the document's number lets the database skip the rest.
    first = first_number_of_week(week_of_time(time))
    if comparison == ">=":
        return [article.c.published_at >= time, search_document.c.id >= first]
    return [
        article.c.published_at < time,
        search_document.c.id < first_number_of_week(week_of_time(time) + 1),
    ]


def _compare(left: Column[int], comparison: str, right: int) -> ColumnElement[bool]:
    match comparison:
        case ">":
            return left > right
        case ">=":
            return left >= right
        case "<":
            return left < right
        case "<=":
            return left <= right
        case _:
            return left == right
