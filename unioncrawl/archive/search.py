"""Find articles: newest first or by relevance, with totals, facets and snippets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, select

from unioncrawl.archive.article_rows import HEADLINE_FIELDS, headline
from unioncrawl.archive.candidates import (
    Candidate,
    count,
    facet_counts,
    find_candidates,
    load_facts,
    newest_exactly,
)
from unioncrawl.archive.index import TITLE_MARK, week_of_number
from unioncrawl.archive.known import chunks
from unioncrawl.archive.matching import Either, ask_term, terms_to_mark
from unioncrawl.archive.query import And, Node, parse_query
from unioncrawl.archive.ranking import score
from unioncrawl.archive.schema import article, revision, site
from unioncrawl.archive.snippets import cut_snippet

Order = Literal["newest", "relevance"]
# Relevance weighs at most so many articles: first those with a word in the
# headline, then the others, the newest of each.
_MAX_WEIGHED = 300
_SHOWN = tuple(
    revision.c[name] for name in ("article_id", *HEADLINE_FIELDS, "source", "body_text", "published_at")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest:
    """What to search for and how to answer; ``narrowed`` joins the query by AND."""

    query: str
    limit: int = 20
    offset: int = 0
    order: Order = "newest"
    count_total: bool = True
    facets: bool = False
    narrowed: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """One article found."""

    id: int
    title: str
    url: str
    site: str
    source: str
    published_at: datetime | None
    hits: int | None
    snippet: str


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """What was found; ``total`` is ``None`` when it wasn't asked for."""

    total: int | None
    results: tuple[Hit, ...]
    facets: dict[str, list[tuple[str, int]]]


def search(connection: Connection, request: SearchRequest) -> SearchAnswer:
    """Answer a request.

    Raises `QueryError` when the query can't be read.
    """
    node = request_node(request)
    find = _most_relevant if request.order == "relevance" else _newest
    ids = find(connection, node, request)
    return SearchAnswer(
        total=count(connection, node) if request.count_total else None,
        results=tuple(load_hits(connection, ids, terms_to_mark(node))),
        facets=facet_counts(connection, node) if request.facets else {},
    )


def request_node(request: SearchRequest) -> Node:
    """The whole question of a request."""
    node = parse_query(request.query)
    return And((node, *request.narrowed)) if request.narrowed else node


def _newest(connection: Connection, node: Node, request: SearchRequest) -> list[int]:
    """The page of newest matches; the week that the last one lies in is sorted whole."""
    exact = newest_exactly(connection, node, request.limit, request.offset)
    if exact is not None:
        return exact
    wanted = request.offset + request.limit
    found: list[Candidate] = []
    for candidate in find_candidates(connection, node):
        if len(found) >= wanted and week_of_number(candidate.number) != week_of_number(found[-1].number):
            break
        found.append(candidate)
    found.sort(key=_newness, reverse=True)
    return [candidate.article_id for candidate in found[request.offset : wanted]]


def _newness(candidate: Candidate) -> tuple[float, int]:
    published = candidate.published_at
    return (published.timestamp() if published else float("-inf"), candidate.article_id)


def _most_relevant(connection: Connection, node: Node, request: SearchRequest) -> list[int]:
    """The page of most relevant matches among those weighed."""
    terms = terms_to_mark(node)
    most = max(_MAX_WEIGHED, request.offset + request.limit)
    in_headline = [ask for term in terms if (ask := ask_term(term, TITLE_MARK)) is not None]
    found: dict[int, Candidate] = {}
    for ask in (Either(tuple(in_headline)) if in_headline else None, None):
        for candidate in find_candidates(connection, node, ask):
            if len(found) >= most:
                break
            found.setdefault(candidate.article_id, candidate)
    facts = load_facts(connection, list(found))
    weights = {number: score(known.headline, known.body_text, terms) for number, known in facts.items()}
    ranked = sorted(found.values(), key=lambda c: (weights[c.article_id], _newness(c)), reverse=True)
    page = ranked[request.offset : request.offset + request.limit]
    return [candidate.article_id for candidate in page]


def load_hits(connection: Connection, ids: Sequence[int], terms: Sequence[str]) -> list[Hit]:
    """What is shown of articles, in the order of ``ids``."""
    found: dict[int, Hit] = {}
    for some in chunks(ids):
        query = (
            select(*_SHOWN, article.c.url, article.c.hits, site.c.key.label("site_key"))
            .join(article, article.c.revision_id == revision.c.id)
            .join(site, site.c.id == article.c.site_id)
            .where(article.c.id.in_(some))
        )
        for row in connection.execute(query):
            found[row.article_id] = Hit(
                id=row.article_id,
                title=row.title or headline([getattr(row, name) for name in HEADLINE_FIELDS]),
                url=row.url,
                site=row.site_key,
                source=row.source,
                published_at=row.published_at,
                hits=row.hits,
                snippet=cut_snippet(row.body_text, terms),
            )
    return [found[number] for number in ids]
