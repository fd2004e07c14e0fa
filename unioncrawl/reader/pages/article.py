"""``/articles/{id}``: one article as the archive has it now."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from unioncrawl.archive.captures.kept_captures import captures_of
from unioncrawl.archive.read.stored_articles import find_article, load_articles
from unioncrawl.reader.page_view import page_view
from unioncrawl.reader.pages.article_id import ArticleId
from unioncrawl.reader.pages.citation import citation_parts
from unioncrawl.reader.pages.one_article.article_parts import history_parts, text_parts

router = APIRouter()
# RFC 9110, 15.5.11: what was there was taken away on purpose.
_GONE = 410


@router.get("/articles/{article_id}")
def article_page(request: Request, article_id: ArticleId) -> Response:
    """Show an article; of a withdrawn one the dates alone."""
    view = page_view(request)
    with view.reader.connected() as connection:
        (stored,) = load_articles(connection, [find_article(connection, str(article_id))])
        parts = citation_parts(view, connection, article_id)
        if stored.withdrawn_at is not None:
            return view.render("withdrawn.html.j2", status=_GONE, stored=stored, **parts)
        captures = captures_of(connection, stored.id)
        parts |= history_parts(view, connection, stored, captures)
        parts |= text_parts(view, connection, stored, captures)
    return view.render("article.html.j2", **parts)
