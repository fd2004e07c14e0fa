"""Count matches: all of them, and by site, year and source.

Counting must not take longer than finding. What the index answers by itself is
counted whole; where texts had to be read, or very many articles match, a sample
is counted and the counts say that they are estimates.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, Row, func, select

from unioncrawl.archive.schema import article, revision, search_document, site
from unioncrawl.archive.search.match import has_single, matches
from unioncrawl.archive.search.matching_articles import load_facts, walk
from unioncrawl.archive.search.query import Node
from unioncrawl.archive.search.query_sql import INDEX, Plan, asks, make_plan, select_candidates
from unioncrawl.language.zones import CHINA

FACETS = ("site", "year", "source")
_MAX_FACET_VALUES = 20
# How many texts are read to verify a count, and how many rows to spread it.
_MOST_VERIFIED = 2_000
_MOST_SPREAD = 5_000
_MOST_FILTERED = 50_000
# An estimate below this many might be of a rare character, which is counted exactly.
_SURELY_MANY = 5_000


@dataclass(frozen=True, slots=True)
class Count:
    """How many articles match; ``is_estimate`` when a sample was counted."""

    number: int
    is_estimate: bool = False


@dataclass(frozen=True, slots=True)
class Facets:
    """How matches spread, the most frequent values first."""

    counts: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    is_estimate: bool = False


def count(connection: Connection, node: Node) -> Count:
    """Count the articles that match."""
    plan = make_plan(connection, node)
    if has_single(plan.node):
        loose = _count_verified(connection, make_plan(connection, node, loosely=True))
        if not loose.is_estimate or loose.number >= _SURELY_MANY:
            return loose
    if not plan.is_exact:
        return _count_verified(connection, plan)
    step = 1
    if plan.asked is not None and plan.filters:
        # The filters are applied to each article that has the words.
        step = max(1, _count_candidates(connection, replace(plan, filters=())) // _MOST_FILTERED)
    sampled = _count_candidates(connection, replace(plan, step=step))
    return Count(sampled * step, is_estimate=step > 1)


def _count_verified(connection: Connection, plan: Plan) -> Count:
    candidates = _count_candidates(connection, plan)
    step = max(1, -(-candidates // _MOST_VERIFIED))
    found, seen = _verify_sample(connection, plan, step)
    return Count(found) if step == 1 else Count(round(candidates * found / max(1, seen)), is_estimate=True)


def _count_candidates(connection: Connection, plan: Plan) -> int:
    if plan.filters or plan.step > 1:
        queries = [select_candidates(connection, plan, zone, (func.count(),)) for zone in plan.zones]
        return sum(connection.execute(query).scalar_one() for query in queries)
    source = search_document if plan.asked is None else INDEX
    query = select(func.count()).select_from(source)
    if plan.asked is not None:
        query = query.where(asks(connection, plan.asked))
    return connection.execute(query).scalar_one()


def _verify_sample(connection: Connection, plan: Plan, step: int) -> tuple[int, int]:
    """Count the matches among every ``step``-th candidate, and these candidates."""
    whole = replace(plan, is_exact=True, step=step)
    ids = [candidate.article_id for candidate in walk(connection, whole)]
    facts = load_facts(connection, ids)
    return sum(matches(plan.node, known) for known in facts.values()), len(ids)


def count_facets(connection: Connection, node: Node) -> Facets:
    """Count how the matches spread over sites, years (in China) and sources, most first."""
    plan = make_plan(connection, node, loosely=has_single(node))
    most = _MOST_SPREAD if plan.is_exact else _MOST_VERIFIED
    step = max(1, -(-_count_candidates(connection, plan) // most))
    plan = replace(plan, step=step)
    counts: dict[str, Counter[str]] = {name: Counter() for name in FACETS}
    for row in _spread_rows(connection, plan):
        counts["site"][row.key] += step
        counts["year"][str(row.published_at.astimezone(CHINA).year) if row.published_at else ""] += step
        counts["source"][row.source] += step
    most_first = {
        name: sorted(counter.items(), key=lambda counted: (-counted[1], counted[0]))[:_MAX_FACET_VALUES]
        for name, counter in counts.items()
    }
    return Facets(most_first, is_estimate=step > 1)


def _spread_rows(connection: Connection, plan: Plan) -> list[Row[Any]]:
    columns = (article.c.id, site.c.key, article.c.published_at, revision.c.source)
    rows = [
        row
        for zone in plan.zones
        for row in connection.execute(select_candidates(connection, plan, zone, columns, with_revision=True))
    ]
    if plan.is_exact:
        return rows
    facts = load_facts(connection, [row.id for row in rows])
    return [row for row in rows if matches(plan.node, facts[row.id])]
