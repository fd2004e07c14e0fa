"""``/hits``: which articles have most hits, and which grow."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from unioncrawl.reader.figures.hit_figures import growth, hits
from unioncrawl.reader.pages.statistics.figure_page import AskedFor, answer

router = APIRouter()


@router.get("/hits")
def hits_page(request: Request, asked: AskedFor) -> Response:
    """Show both rankings."""
    return answer(request, asked, "hits.html.j2", (growth, hits))
