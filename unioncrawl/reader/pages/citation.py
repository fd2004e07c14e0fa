"""``/articles/{id}/cite``: the citation of an article in each style, and what its page shows of it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from sqlalchemy import Connection

from unioncrawl.archive.exports.cited_sources import load_cited, load_cited_revision
from unioncrawl.archive.read.stored_articles import find_article
from unioncrawl.citations.cited_source import CitedSource
from unioncrawl.citations.gbt7714 import EDITION_2025, reference
from unioncrawl.citations.meta_tags import meta_tags
from unioncrawl.citations.styles import STYLES, write_citations
from unioncrawl.errors import ArticleDamaged
from unioncrawl.reader.guarding.parameters import refuse_unknown
from unioncrawl.reader.page_view import PageView, page_view, with_etag
from unioncrawl.reader.pages.article_id import ArticleId

router = APIRouter(dependencies=[Depends(refuse_unknown)])
StyleName = Literal["gbt7714-2025", "gbt7714-2015", "bibtex", "ris", "csl-json"]
Digest = Annotated[str, Query(pattern="^([0-9a-f]{16})?$")]


@router.get("/articles/{article_id}/cite")
def cite_article(
    request: Request, article_id: ArticleId, style: StyleName = "gbt7714-2025", revision: Digest = ""
) -> Response:
    """Return the citation of an article, or of one of its revisions, as a file of the style."""
    view = page_view(request)
    with view.reader.connected() as connection:
        if revision:
            cited = load_cited_revision(connection, str(article_id), revision, view.permalink)
        else:
            find_article(connection, str(article_id))
            cited = _present(view, connection, article_id)
    chosen = STYLES[style]
    kind = "inline" if chosen.media_type.startswith("text/plain") else "attachment"
    name = f"{cited.key}{chosen.suffix}"
    headers = {"Content-Disposition": f'{kind}; filename="{name}"'}
    document = write_citations([cited], style).encode("utf-8", "replace")
    return with_etag(request, Response(document, media_type=chosen.media_type, headers=headers))


def citation_parts(view: PageView, connection: Connection, article_id: int) -> dict[str, Any]:
    """Return what an article's page shows: the reference, all styles, and the meta tags of its head.

    Of an article that is not what was stored nothing is cited: the page says so.
    """
    try:
        cited = _present(view, connection, article_id)
    except ArticleDamaged:
        return {"cited": None, "cited_text": "", "meta": [], "styles": STYLES}
    return {
        "cited": cited,
        "cited_text": reference(cited, EDITION_2025),
        "meta": meta_tags(cited),
        "styles": STYLES,
    }


def _present(view: PageView, connection: Connection, article_id: int) -> CitedSource:
    def refuse(damaged: ArticleDamaged) -> None:
        raise damaged

    (cited,) = load_cited(connection, [article_id], refuse, view.permalink)
    return cited
