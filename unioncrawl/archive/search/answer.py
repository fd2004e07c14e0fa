"""Find articles: newest first or by relevance, with totals, facets and snippets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from itertools import islice
from typing import Literal

from sqlalchemy import Connection, select

from unioncrawl.archive.schema import article, revision, site
from unioncrawl.archive.search.cursor import Cursor, newness, no_place, parse_cursor
from unioncrawl.archive.search.facets import Facets, count_with_facets
from unioncrawl.archive.search.found_numbers import count
from unioncrawl.archive.search.index.asks import Either
from unioncrawl.archive.search.index.index_rows import headline
from unioncrawl.archive.search.index.index_words import TITLE_MARK
from unioncrawl.archive.search.match import ask_term, has_single, terms_to_mark
from unioncrawl.archive.search.matching_articles import find_newest, walk
from unioncrawl.archive.search.query import And, Node, parse_query
from unioncrawl.archive.search.query_sql import make_plan
from unioncrawl.archive.search.snippets import MARK_END, MARK_START, cut_snippet
from unioncrawl.archive.sql import chunks
from unioncrawl.language.folding import fold_words
from unioncrawl.language.zones import CHINA
from unioncrawl.model.article_fields import HEADLINE_FIELDS

Order = Literal["newest", "relevance"]
# Relevance weighs at most so many articles: first those with a word in the
# headline, then the others, the newest of each.
_MAX_WEIGHED = 300
# A place among them has no more.
_PLACE_DIGITS = 4
# A match in the headline says more than one in passing.
_HEADLINE_WEIGHT = 6.0
# BM25's customary saturation and length correction; about 800 characters is a
# usual length of union news.
_SATURATION, _LENGTH_SHARE, _USUAL_LENGTH = 1.5, 0.75, 800
_SHOWN = tuple(
    revision.c[name] for name in ("article_id", *HEADLINE_FIELDS, "source", "body_text", "published_at")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest:
    """What to search for and how to answer.

    ``narrowed`` joins the query by AND; ``after``: the `next_page` of an answer, to go on
    from there.
    """

    query: str
    limit: int = 20
    offset: int = 0
    after: str = ""
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
    # When it was found to be gone from its address.
    vanished_at: datetime | None = None
    site_name: str = ""


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """What was found; ``total`` is ``None`` when it wasn't asked for."""

    total: int | None
    results: tuple[Hit, ...]
    facets: dict[str, list[tuple[str, int]]]
    # What to give as ``after`` for the results that follow; empty where none do.
    next_page: str = ""

    def _repr_html_(self) -> str:
        """The results as a notebook shows them."""
        about = "" if self.total is None else f"<caption>{self.total}</caption>"
        return f"<table>{about}{''.join(map(_hit_html, self.results))}</table>"


def _hit_html(hit: Hit) -> str:
    day = hit.published_at.astimezone(CHINA).date().isoformat() if hit.published_at else ""
    snippet = escape(hit.snippet).replace(MARK_START, "<b>").replace(MARK_END, "</b>")
    gone = (
        f"<br>原网址已无此文 (vanished) {hit.vanished_at.astimezone(CHINA).date()}" if hit.vanished_at else ""
    )
    cells = (str(hit.id), day, escape(hit.site), f"<b>{escape(hit.title)}</b>{gone}<br>{snippet}")
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def search(connection: Connection, request: SearchRequest) -> SearchAnswer:
    """Answer a request.

    Raises `QueryError` when the query can't be read.
    """
    node = request_node(request)
    if request.order == "relevance":
        ids, next_page = _most_relevant(connection, node, request)
    else:
        ids, next_page = _newest(connection, node, request)
    total, facets = _tallies(connection, node, request)
    return SearchAnswer(
        total=total,
        results=tuple(load_hits(connection, ids, terms_to_mark(node))),
        facets=facets.counts,
        next_page=next_page,
    )


def _tallies(connection: Connection, node: Node, request: SearchRequest) -> tuple[int | None, Facets]:
    """The total and the facets, as far as they were asked for."""
    if request.facets:
        total, facets = count_with_facets(connection, node)
        return (total if request.count_total else None), facets
    return (count(connection, node) if request.count_total else None), Facets()


def request_node(request: SearchRequest) -> Node:
    """The whole question of a request."""
    node = parse_query(request.query)
    return And((node, *request.narrowed)) if request.narrowed else node


def _newest(connection: Connection, node: Node, request: SearchRequest) -> tuple[list[int], str]:
    """The page of the newest matches, and where the next one begins."""
    after = parse_cursor(request.after)
    ids = find_newest(connection, node, request.limit + 1, request.offset, after)
    if len(ids) <= request.limit or not request.limit:
        return ids[: request.limit], ""
    last = ids[request.limit - 1]
    time = connection.execute(select(article.c.published_at).where(article.c.id == last)).scalar_one()
    return ids[: request.limit], str(Cursor(time, last))


def _most_relevant(connection: Connection, node: Node, request: SearchRequest) -> tuple[list[int], str]:
    """The page of most relevant matches among those weighed, and where the next one begins."""
    if not request.after.isdecimal() and request.after:
        raise no_place(request.after)
    first = request.offset + int(request.after[:_PLACE_DIGITS] or 0)
    end = first + request.limit
    ranked = _ranked(connection, node, max(_MAX_WEIGHED, end))
    return ranked[first:end], str(end - request.offset) if request.limit and end < len(ranked) else ""


def _ranked(connection: Connection, node: Node, most: int) -> list[int]:
    """The matches that are weighed, the most relevant first."""
    terms = terms_to_mark(node)
    in_headline = [ask for term in terms if (ask := ask_term(term, TITLE_MARK)) is not None]
    ids: dict[int, None] = {}
    if in_headline:
        plan = make_plan(connection, node, loosely=has_single(node)).asking(Either(tuple(in_headline)))
        ids.update((found.article_id, None) for found in islice(walk(connection, plan), most))
    ids.update(dict.fromkeys(find_newest(connection, node, most, 0)))
    weights = dict(_weights(connection, list(ids)[:most], terms))
    return sorted(weights, key=lambda number: weights[number], reverse=True)


def _weights(
    connection: Connection, ids: Sequence[int], terms: Sequence[str]
) -> Iterator[tuple[int, tuple[float, tuple[float, int]]]]:
    """Yield articles with what they are sorted by."""
    columns = (revision.c[name] for name in ("article_id", *HEADLINE_FIELDS, "body_text", "published_at"))
    query = select(*columns).join(article, article.c.revision_id == revision.c.id)
    for some in chunks(ids):
        for row in connection.execute(query.where(article.c.id.in_(some))):
            title = fold_words(headline([getattr(row, name) for name in HEADLINE_FIELDS]))
            weight = score(title, fold_words(row.body_text), terms)
            yield row.article_id, (weight, newness(row.published_at, row.article_id))


def score(headline: str, body_text: str, terms: Sequence[str]) -> float:
    """BM25-like weight of folded terms in folded texts.

    >>> score("工会送清凉", "", ["工会"]) > score("高温慰问", "工会来了", ["工会"]) > 0
    True
    >>> score("高温慰问", "慰问职工", ["工会"])
    0.0
    """
    length = 1 - _LENGTH_SHARE + _LENGTH_SHARE * len(body_text) / _USUAL_LENGTH
    total = 0.0
    for term in terms:
        frequency = _HEADLINE_WEIGHT * headline.count(term) + body_text.count(term)
        total += frequency / (frequency + _SATURATION * length) if frequency else 0.0
    return total


def load_hits(connection: Connection, ids: Sequence[int], terms: Sequence[str]) -> list[Hit]:
    """What is shown of articles, in the order of ``ids``."""
    found: dict[int, Hit] = {}
    for some in chunks(ids):
        query = (
            select(
                *_SHOWN,
                *(article.c.url, article.c.hits, article.c.vanished_at),
                *(site.c.key.label("site_key"), site.c.name.label("site_name")),
            )
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
                vanished_at=row.vanished_at,
                site_name=row.site_name,
            )
    return [found[number] for number in ids]
