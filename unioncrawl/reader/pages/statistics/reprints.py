"""``/reprints``: who is reprinted, by whom, and the newest stories."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from unioncrawl.reader.figures.reprint_figures import reprint_pairs, reprinted, stories
from unioncrawl.reader.pages.statistics.figure_page import AskedFor, answer

router = APIRouter()


@router.get("/reprints")
def reprints_page(request: Request, asked: AskedFor) -> Response:
    """Show the stories that more than one article carried."""
    return answer(request, asked, "reprints.html.j2", (stories, reprinted, reprint_pairs))
