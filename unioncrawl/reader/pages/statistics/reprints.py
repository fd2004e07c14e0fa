"""``/reprints``: who is reprinted, by whom, and the newest stories."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from unioncrawl.archive.reports.reprint_flows import load_flows
from unioncrawl.reader.figures.reprint_figures import load_names, pairs_figure, reprinted_figure, stories
from unioncrawl.reader.page_view import page_view
from unioncrawl.reader.pages.statistics.figure_page import AskedFor, show

router = APIRouter()


@router.get("/reprints")
def reprints_page(request: Request, asked: AskedFor) -> Response:
    """Show the stories that more than one article carried."""
    view = page_view(request)
    with view.reader.connected() as connection:
        flows, names = load_flows(connection), load_names(connection)
        newest = stories(view, connection, asked)
    figures = [newest, reprinted_figure(view, flows, names), pairs_figure(view, flows, names)]
    return show(view, "reprints.html.j2", figures)
