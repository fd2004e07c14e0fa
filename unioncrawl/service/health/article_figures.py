"""The figures of the articles that a run has stored, counted from its rows when it ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from unioncrawl.archive.schema import article, observation, revision
from unioncrawl.model import HitsStatus
from unioncrawl.model.article_fields import NAMED_FIELDS

# The fields that may be lost: without title or text there is no article.
FILLED = ("published_at", *NAMED_FIELDS)
# A run that brings more, the first one of a site, is judged by the last of them.
_MOST_ARTICLES = 300
# The lengths of so many texts say how long texts are.
LENGTHS_KEPT = 20


class RowsBefore(NamedTuple):
    """The numbers of the last rows before a run: its own are numbered higher."""

    revision: int
    observation: int


def article_figures(connection: Connection, run_id: int, before: RowsBefore) -> dict[str, Any]:
    """Return the figures of a run's new articles and of its visits, as its stats keep them."""
    rows = connection.execute(
        select(
            *(revision.c[name] for name in FILLED),
            revision.c.evidence,
            revision.c.unresolved,
            func.length(revision.c.body_text).label("letters"),
        )
        .where(revision.c.id > before.revision, revision.c.run_id == run_id, revision.c.kind == "first")
        .order_by(revision.c.id.desc())
        .limit(_MOST_ARTICLES)
    ).all()
    visited = (
        select(observation.c.status, func.count())
        .where(observation.c.id > before.observation, observation.c.run_id == run_id)
        .group_by(observation.c.status)
    )
    hits = {status: number for status, number in connection.execute(visited)}  # noqa: C416 - typed
    return {**_figures(rows), "hits": hits, "unshown": _unshown(connection, run_id, before, hits)}


def _unshown(connection: Connection, run_id: int, before: RowsBefore, hits: Mapping[str, int]) -> int:
    """Return how many articles that had a count were visited, and their pages show none any more."""
    if not hits.get(HitsStatus.NO_COUNTER):
        return 0
    # A visit without a number leaves the article the last known one.
    query = (
        select(func.count(article.c.id.distinct()))
        .join(observation, observation.c.article_id == article.c.id)
        .where(observation.c.id > before.observation, observation.c.run_id == run_id)
        .where(observation.c.status == HitsStatus.NO_COUNTER, article.c.hits.is_not(None))
    )
    return connection.execute(query).scalar_one()


def _figures(rows: Sequence[Any]) -> dict[str, Any]:
    counts: Counter[str] = Counter()
    lengths = []
    for row in rows:
        counts["new"] += 1
        counts.update(name for name in FILLED if getattr(row, name))
        counts["uncertain"] += bool(row.unresolved)
        counts["dropped"] += any(piece["field"] == "body_text" for piece in row.evidence or ())
        lengths.append(row.letters)
    return {**counts, "letters": _spread(sorted(lengths))}


def _spread(lengths: list[int]) -> list[int]:
    """Lengths at even distances in their order, the shortest and the longest among them."""
    if len(lengths) <= LENGTHS_KEPT:
        return lengths
    step = (len(lengths) - 1) / (LENGTHS_KEPT - 1)
    return [lengths[round(place * step)] for place in range(LENGTHS_KEPT)]
