"""``/articles/{id}/revisions/{a}..{b}``: what changed between two revisions, word by word."""

from __future__ import annotations

import re

from fastapi import APIRouter, Request
from fastapi.responses import Response

from unioncrawl.archive.read.revision_diff import diff_revisions
from unioncrawl.archive.read.revisions import list_revisions, load_present
from unioncrawl.errors import ArticleNotFound
from unioncrawl.reader.page_view import page_view
from unioncrawl.reader.pages.article_id import ArticleId
from unioncrawl.reader.pages.one_article.field_names import field_name

router = APIRouter()
_SPAN = re.compile(r"(?P<before>\d{1,6})\.\.(?P<after>\d{1,6})")


@router.get("/articles/{article_id}/revisions/{span}")
def diff_page(request: Request, article_id: ArticleId, span: str) -> Response:
    """Show what was taken out and what was put in, field by field."""
    view = page_view(request)
    found = _SPAN.fullmatch(span)
    if found is None:
        raise ArticleNotFound(
            f"{span[:40]} does not name two revisions.", next_step="Write them as 1..2.", stage="archive"
        )
    before, after = int(found["before"]), int(found["after"])
    with view.reader.connected() as connection:
        stored = load_present(connection, article_id)
        changes = diff_revisions(connection, article_id, before, after)
        revisions = list_revisions(connection, article_id)
    return view.render(
        "revision_diff.html.j2",
        stored=stored,
        record=stored.record,
        changes=[(field_name(name, view.language), some) for name, some in changes.items()],
        ends=[one for number in (before, after) for one in revisions if one.number == number],
        revisions=revisions,
    )
