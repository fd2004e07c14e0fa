"""``/revisions/{digest}``: one revision by the digest that citations name, whatever became of it since."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response
from sqlalchemy import Connection

from unioncrawl.archive.captures.kept_captures import captures_of
from unioncrawl.archive.exports.cited_sources import load_cited_revision
from unioncrawl.archive.read.revisions import find_revision, load_present
from unioncrawl.archive.read.stored_articles import load_revision
from unioncrawl.citations.gbt7714 import EDITION_2025, reference
from unioncrawl.citations.meta_tags import meta_tags
from unioncrawl.citations.styles import STYLES
from unioncrawl.errors import ArticleDamaged
from unioncrawl.reader.page_view import PageView, page_view
from unioncrawl.reader.pages.one_article.article_parts import text_parts

router = APIRouter()
DigestName = Annotated[str, Path(pattern="^[0-9a-f]{16}$")]


@router.get("/revisions/{digest}")
def revision_page(request: Request, digest: DigestName) -> Response:
    """Show the revision that has this digest, and whether the article has a newer one."""
    view = page_view(request)
    with view.reader.connected() as connection:
        number, wanted = find_revision(connection, digest)
        present = load_present(connection, number)
        stored = load_revision(connection, number, wanted)
        captures = captures_of(connection, number)
        cited = _citation(view, connection, number, digest)
        parts = text_parts(view, connection, stored, captures)
    return view.render("revision.html.j2", **parts, **cited, present=present, of_revision=digest)


def _citation(view: PageView, connection: Connection, number: int, digest: str) -> dict[str, Any]:
    """Return what `citation.html.j2` shows; of a revision that is not what was stored nothing is cited."""
    try:
        cited = load_cited_revision(connection, str(number), digest, view.permalink)
    except ArticleDamaged:
        return {"cited": None, "cited_text": "", "meta": [], "styles": STYLES}
    return {
        "cited": cited,
        "cited_text": reference(cited, EDITION_2025),
        "meta": meta_tags(cited),
        "styles": STYLES,
    }
