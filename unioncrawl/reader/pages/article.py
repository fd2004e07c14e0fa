"""``/articles/{id}``: one article as the archive has it now."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from unioncrawl.archive.read.stored_articles import find_article, load_articles
from unioncrawl.reader.page_view import page_view

router = APIRouter()
# The largest number of a row in either database.
MOST_ID = 2**63 - 1
ArticleId = Annotated[int, Path(ge=1, le=MOST_ID)]
# RFC 9110, 15.5.11: what was there was taken away on purpose.
_GONE = 410


@router.get("/articles/{article_id}")
def article_page(request: Request, article_id: ArticleId) -> Response:
    """Show an article; of a withdrawn one the dates alone."""
    view = page_view(request)
    with view.reader.connected() as connection:
        (stored,) = load_articles(connection, [find_article(connection, str(article_id))])
    if stored.withdrawn_at is not None:
        return view.render("withdrawn.html.j2", status=_GONE, stored=stored)
    return view.render("article.html.j2", stored=stored, record=stored.record)
