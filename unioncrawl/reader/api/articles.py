"""``/search``, ``/articles`` and what there is of one article."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from sqlalchemy import Connection

from unioncrawl.archive.read.json_records import full_record, stored_row
from unioncrawl.archive.read.present_digests import present_digests
from unioncrawl.archive.read.stored_articles import StoredArticle, load_articles
from unioncrawl.archive.reports.hit_series import load_series
from unioncrawl.archive.reprints.lineage import groups_of, load_groups
from unioncrawl.archive.search.answer import Hit, SearchAnswer, SearchRequest
from unioncrawl.errors import ArticleDamaged
from unioncrawl.language.zones import local_time
from unioncrawl.reader.api.answering import (
    After,
    AskedQuery,
    Limit,
    Number,
    answer,
    answer_of_article,
    next_url,
)
from unioncrawl.reader.api.lists import reprint_group
from unioncrawl.reader.api.problems import GONE
from unioncrawl.reader.api.records import (
    ArticleHistory,
    ArticlePage,
    ArticleRecord,
    FacetCount,
    Found,
    HitSeries,
    ReprintPage,
    SearchPage,
    Visit,
)
from unioncrawl.reader.reading import reader_of

router = APIRouter(tags=["articles"])
_USUAL = 20
Order = Annotated[Literal["newest", "relevance"], Query(description="Pages go on by newest alone.")]


@router.get("/search", response_model=SearchPage)
def search_articles(  # noqa: PLR0913, PLR0917 - the parameters of an address
    request: Request,
    q: AskedQuery = "",
    after: After = "",
    limit: Limit = _USUAL,
    order: Order = "newest",
    facets: bool = False,  # noqa: FBT001, FBT002 - the same
) -> Response:
    """Find articles; each with a piece of its text."""
    asked = SearchRequest(query=q, limit=limit, after=after, order=order, facets=facets)

    def make(connection: Connection) -> SearchPage:
        found = reader_of(request).search(connection, asked)
        return SearchPage(
            **_page(request, found),
            results=[_found(hit) for hit in found.results],
            facets={
                name: [FacetCount(value=value, count=number) for value, number in counts]
                for name, counts in found.facets.items()
            },
        )

    return answer(request, make, asked)


@router.get("/articles", response_model=ArticlePage)
def list_articles(request: Request, q: AskedQuery = "", after: After = "", limit: Limit = _USUAL) -> Response:
    """Return whole articles that match a query, the newest first."""
    asked = SearchRequest(query=q, limit=limit, after=after)

    def make(connection: Connection) -> ArticlePage:
        found = reader_of(request).search(connection, asked)
        records, left_out = _records(connection, [hit.id for hit in found.results])
        return ArticlePage(**_page(request, found), articles=records, left_out=left_out)

    return answer(request, make, asked)


@router.get("/articles/{article_id}", response_model=ArticleRecord, responses=GONE)
def one_article(request: Request, article_id: Number) -> Response:
    """Return one article as the archive has it now."""
    return answer_of_article(request, article_id, _record)


@router.get("/articles/{article_id}/history", response_model=ArticleHistory, responses=GONE)
def article_history(request: Request, article_id: Number) -> Response:
    """Return everything that happened to an article: revisions, repairs, visits, captures."""

    def make(connection: Connection, stored: StoredArticle) -> ArticleHistory:
        return ArticleHistory(**full_record(connection, str(stored.id)))

    return answer_of_article(request, article_id, make)


@router.get("/articles/{article_id}/hits", response_model=HitSeries, responses=GONE)
def article_hits(request: Request, article_id: Number) -> Response:
    """Return the hit counts (点击量) of an article, oldest first."""

    def make(connection: Connection, stored: StoredArticle) -> HitSeries:
        series = load_series(connection, stored.id)
        visits = [Visit(**asdict(one) | {"at": local_time(one.at)}) for one in series]
        return HitSeries(article_id=stored.id, series=visits)

    return answer_of_article(request, article_id, make)


@router.get("/articles/{article_id}/reprints", response_model=ReprintPage, responses=GONE)
def article_reprints(request: Request, article_id: Number) -> Response:
    """Return the group of articles that carry the same story; none where it stands alone."""

    def make(connection: Connection, stored: StoredArticle) -> ReprintPage:
        groups = load_groups(connection, groups_of(connection, stored.id))
        return ReprintPage(groups=[reprint_group(group) for group in groups])

    return answer_of_article(request, article_id, make)


def _page(request: Request, found: SearchAnswer) -> dict[str, Any]:
    return {
        "total": found.total,
        "next": found.next_page or None,
        "next_url": next_url(request, found.next_page),
    }


def _found(hit: Hit) -> Found:
    times = {name: local_time(getattr(hit, name)) for name in ("published_at", "vanished_at")}
    return Found(**asdict(hit) | times)


def _record(connection: Connection, stored: StoredArticle) -> Any:  # noqa: ANN401 - a model made from a table
    return ArticleRecord(**stored_row(stored), digest=present_digests(connection, [stored.id]).get(stored.id))


def _records(connection: Connection, numbers: list[int]) -> tuple[list[Any], list[int]]:
    damaged: list[ArticleDamaged] = []
    articles = load_articles(connection, numbers, damaged.append)
    digests = present_digests(connection, numbers)
    known = {one.id for one in articles}
    return (
        [ArticleRecord(**stored_row(one), digest=digests.get(one.id)) for one in articles],
        [number for number in numbers if number not in known],
    )
