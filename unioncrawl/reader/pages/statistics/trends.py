"""``/trends``: how many articles of a query were published when, and of several queries side by side."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from unioncrawl.reader.charts.picture import MOST_SERIES
from unioncrawl.reader.figures.asked import FORM_QUERIES
from unioncrawl.reader.figures.publications import publications
from unioncrawl.reader.page_view import page_view
from unioncrawl.reader.pages.statistics.figure_page import AskedFor, show

router = APIRouter()


@router.get("/trends")
def trends_page(request: Request, asked: AskedFor) -> Response:
    """Show the articles of queries over time."""
    view = page_view(request)
    with view.reader.connected() as connection:
        figure = publications(view, connection, asked)
    fields = min(MOST_SERIES, max(FORM_QUERIES, len(asked.q) + 1))
    queries = (*asked.q, *("",) * (fields - len(asked.q)))
    return show(view, "trends.html.j2", [figure], asked=asked, queries=queries)
