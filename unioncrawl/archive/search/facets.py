"""Count matches: all of them, and by site, year and source.

Counting must not take longer than finding. What the index answers by itself is
counted whole; where texts had to be read, or very many articles match, a sample
is counted and the counts say that they are estimates.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from unioncrawl.archive.schema import article, revision, search_document, site
from unioncrawl.archive.search.match import has_single, matches
from unioncrawl.archive.search.matching_articles import few_by_hits, load_facts, walk
from unioncrawl.archive.search.query import Node
from unioncrawl.archive.search.query_sql import INDEX, Plan, asks, make_plan, select_candidates
from unioncrawl.archive.sql import chunks
from unioncrawl.language.zones import CHINA

FACETS = ("site", "year", "source")
_MAX_FACET_VALUES = 20
# How many texts are read to verify a count, and how many rows to spread it.
_MOST_VERIFIED = 2_000
_MOST_SPREAD = 2_000
_MOST_FILTERED = 50_000
# So many texts show whether a single character is frequent. The index counts a rarer one exactly, in
# 10 ms at 2,000 matches and 160 at 90,000 (of 90,000 articles); reading texts to estimate it takes 200.
_FIRST_VERIFIED = 200
_SURELY_MANY = 50_000


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


class _Spread(NamedTuple):
    """What a match counts for."""

    key: str
    published_at: datetime | None
    source: str


@dataclass(frozen=True, slots=True)
class _Sample:
    """Every ``step``-th candidate: how many there are, were seen, match, and what the matches count for."""

    candidates: int
    step: int
    seen: int
    found: int
    spread: Iterable[_Spread]

    @property
    def count(self) -> Count:
        """How many match among all candidates."""
        if self.step == 1:
            return Count(self.found)
        return Count(round(self.candidates * self.found / max(1, self.seen)), is_estimate=True)


def count(connection: Connection, node: Node) -> Count:
    """Count the articles that match."""
    return _counted(connection, node)[0]


def count_with_facets(connection: Connection, node: Node) -> tuple[Count, Facets]:
    """Count the articles that match, and how they spread over sites, years (in China) and sources."""
    counted, sample = _counted(connection, node)
    if sample is None:
        step = max(1, -(-counted.number // _MOST_SPREAD))
        plan = replace(make_plan(connection, node), step=step)
        return counted, _facets(_candidate_rows(connection, plan), step)
    return counted, _facets(sample.spread, sample.step)


def count_facets(connection: Connection, node: Node) -> Facets:
    """Count how the matches spread, the most frequent values first."""
    return count_with_facets(connection, node)[1]


def _counted(connection: Connection, node: Node) -> tuple[Count, _Sample | None]:
    """Count, and return the matches where they had to be looked at one by one; else ``None``."""
    plan = make_plan(connection, node)
    if has_single(plan.node):
        loose = make_plan(connection, node, loosely=True)
        first = _verify_sample(connection, loose, _FIRST_VERIFIED)
        if not first.count.is_estimate:
            return first.count, first
        if first.count.number >= _SURELY_MANY:
            sample = _verify_sample(connection, loose, _MOST_VERIFIED)
            return sample.count, sample
    if not plan.is_exact:
        verified = _verify_sample(connection, plan, _MOST_VERIFIED)
        return verified.count, verified
    few = few_by_hits(connection, plan)
    if few is not None:
        return Count(len(few)), _Sample(len(few), 1, len(few), len(few), _rows_of(connection, few))
    step = 1
    if plan.asked is not None and plan.filters:
        # The filters are applied to each article that has the words.
        step = max(1, _count_candidates(connection, replace(plan, filters=())) // _MOST_FILTERED)
    sampled = _count_candidates(connection, replace(plan, step=step))
    return Count(sampled * step, is_estimate=step > 1), None


def _count_candidates(connection: Connection, plan: Plan) -> int:
    if plan.filters or plan.step > 1:
        queries = [select_candidates(connection, plan, zone, (func.count(),)) for zone in plan.zones]
        return sum(connection.execute(query).scalar_one() for query in queries)
    source = search_document if plan.asked is None else INDEX
    query = select(func.count()).select_from(source)
    if plan.asked is not None:
        query = query.where(asks(connection, plan.asked))
    return connection.execute(query).scalar_one()


def _verify_sample(connection: Connection, plan: Plan, most: int) -> _Sample:
    """Look at the texts of as many candidates as a count may read."""
    candidates = _count_candidates(connection, plan)
    step = max(1, -(-candidates // most))
    ids = [one.article_id for one in walk(connection, replace(plan, is_exact=True, step=step))]
    found = [known for known in load_facts(connection, ids).values() if matches(plan.node, known)]
    spread = [_Spread(known.site, known.published_at, known.source.text) for known in found]
    return _Sample(candidates, step, len(ids), len(found), spread)


def _facets(rows: Iterable[_Spread], step: int) -> Facets:
    counts: dict[str, Counter[str]] = {name: Counter() for name in FACETS}
    for row in rows:
        counts["site"][row.key] += step
        counts["year"][str(row.published_at.astimezone(CHINA).year) if row.published_at else ""] += step
        counts["source"][row.source] += step
    most_first = {
        name: sorted(counter.items(), key=lambda counted: (-counted[1], counted[0]))[:_MAX_FACET_VALUES]
        for name, counter in counts.items()
    }
    return Facets(most_first, is_estimate=step > 1)


_SPREAD = (site.c.key, article.c.published_at, revision.c.source)


def _candidate_rows(connection: Connection, plan: Plan) -> Iterator[_Spread]:
    for zone in plan.zones:
        query = select_candidates(connection, plan, zone, _SPREAD, with_revision=True)
        yield from map(_Spread._make, connection.execute(query))


def _rows_of(connection: Connection, ids: Sequence[int]) -> Iterator[_Spread]:
    joined = article.join(site, site.c.id == article.c.site_id)
    joined = joined.join(revision, revision.c.id == article.c.revision_id)
    for some in chunks(ids):
        query = select(*_SPREAD).select_from(joined).where(article.c.id.in_(some))
        yield from map(_Spread._make, connection.execute(query))
