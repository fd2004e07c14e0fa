"""``/articles/{id}/lineage``: who carried the story of an article, who was first, and what each changed."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from unioncrawl.archive.read.revisions import load_present
from unioncrawl.archive.reprints.lineage import load_groups, load_outline
from unioncrawl.reader.page_view import page_view
from unioncrawl.reader.pages.article_id import ArticleId
from unioncrawl.reader.pages.one_article.article_parts import printed_date
from unioncrawl.reader.pages.one_article.carriers import draw_carriers, said_lag

router = APIRouter()
# Of a story with more articles than this the texts are not compared: each costs some milliseconds.
MOST_COMPARED = 30
# 400 bytes each: a page has room for so many.
MOST_LISTED = 120


@router.get("/articles/{article_id}/lineage")
def lineage_page(request: Request, article_id: ArticleId) -> Response:
    """Show the picture of a story's way, and each article that carries it beside the first one."""
    view = page_view(request)
    with view.reader.connected() as connection:
        stored = load_present(connection, article_id)
        group = stored.reprint_group
        story = load_outline(connection, group) if group is not None else None
        is_compared = story is not None and len(story.members) <= MOST_COMPARED
        compared = load_groups(connection, [group]) if group is not None and is_compared else []
    return view.render(
        "lineage.html.j2",
        stored=stored,
        record=stored.record,
        story=story,
        members=compared[0].members if compared else (),
        story_picture=draw_carriers(view, story) if story else "",
        said_lag=lambda lag: said_lag(lag, view.language),
        printed=printed_date,
        most_carriers=MOST_LISTED,
        most_compared=MOST_COMPARED,
    )
