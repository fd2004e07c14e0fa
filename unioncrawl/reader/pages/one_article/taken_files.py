"""``/articles/{id}/hits.svg``, ``lineage.csv`` …: the pictures and tables of an article, to take along."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import Connection
from starlette.exceptions import HTTPException

from unioncrawl.archive.read.revisions import load_present
from unioncrawl.archive.read.stored_articles import StoredArticle
from unioncrawl.archive.reports.hit_series import load_series
from unioncrawl.archive.reports.report_files import as_csv
from unioncrawl.archive.reports.tallies import Report
from unioncrawl.archive.reprints.lineage import load_outline
from unioncrawl.language.zones import local_time
from unioncrawl.reader.charts.picture import standalone
from unioncrawl.reader.page_view import PageView, page_view, with_etag
from unioncrawl.reader.pages.article_id import ArticleId
from unioncrawl.reader.pages.one_article.article_parts import printed_date
from unioncrawl.reader.pages.one_article.carriers import draw_carriers
from unioncrawl.reader.pages.one_article.hit_curve import draw_hits

router = APIRouter()
_TYPES = {"svg": "image/svg+xml", "csv": "text/csv; charset=utf-8"}
_NOT_FOUND = 404


@router.get("/articles/{article_id}/{name}.{kind}")
def taken_file(
    request: Request,
    article_id: ArticleId,
    name: Literal["hits", "lineage"],
    kind: Literal["svg", "csv"],
) -> Response:
    """Send what the page of an article shows as a picture, or the whole of its table."""
    view = page_view(request)
    with view.reader.connected() as connection:
        stored = load_present(connection, article_id)
        drawn, table = _FIGURES[name](view, connection, stored)
    if not (drawn if kind == "svg" else table.rows):
        raise HTTPException(_NOT_FOUND)
    content = standalone(drawn).encode() if kind == "svg" else as_csv(table)
    headers = {"Content-Disposition": f'attachment; filename="article-{article_id}-{name}.{kind}"'}
    return with_etag(request, Response(content, media_type=_TYPES[kind], headers=headers))


def _hits(view: PageView, connection: Connection, stored: StoredArticle) -> tuple[str, Report]:
    series = load_series(connection, stored.id)
    rows = tuple((local_time(one.at), one.hits, one.hits_raw, one.status, one.change) for one in series)
    head = ("at", "hits", "hits_raw", "status", "change")
    return draw_hits(view, series), Report(stored.record.title, head, rows)


def _lineage(view: PageView, connection: Connection, stored: StoredArticle) -> tuple[str, Report]:
    head = ("id", "site", "site_name", "published", "lag_seconds", "source", "title", "url")
    if stored.reprint_group is None:
        return "", Report(stored.record.title, head, ())
    story = load_outline(connection, stored.reprint_group)
    rows = tuple(
        (
            one.id,
            one.record.site,
            one.site_name,
            printed_date(one.record),
            None if lag is None else int(lag.total_seconds()),
            one.record.source,
            one.record.title,
            one.record.url,
        )
        for one, lag in zip(story.members, story.lags, strict=True)
    )
    return draw_carriers(view, story), Report(stored.record.title, head, rows)


_FIGURES = {"hits": _hits, "lineage": _lineage}
