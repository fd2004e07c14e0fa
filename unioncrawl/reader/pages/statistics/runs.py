"""``/runs`` and ``/runs/{id}``: how each run ended, and what became of what its lists showed."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from unioncrawl.archive.reports.run_list import load_refused, load_run, load_runs
from unioncrawl.reader.figures.run_figures import RUNS, entries_figure, refused_figure, runs_figure
from unioncrawl.reader.figures.site_figures import failures
from unioncrawl.reader.page_view import page_view
from unioncrawl.reader.pages.article_id import MOST_ID
from unioncrawl.reader.pages.statistics.figure_page import AskedFor, show

router = APIRouter()
# Addresses that a run was refused, on its page.
_MOST_REFUSED = 100


@router.get("/runs")
def runs_page(
    request: Request, asked: AskedFor, before: Annotated[int | None, Query(ge=1, le=MOST_ID)] = None
) -> Response:
    """Show the newest runs, or those before one; and what all of them were refused."""
    view = page_view(request)
    with view.reader.connected() as connection:
        found = load_runs(connection, RUNS, before, asked.site)
        figures = [runs_figure(view, found, asked), failures(view, connection, asked)]
    older = found[-1].id if len(found) == RUNS else None
    return show(view, "runs.html.j2", figures, asked=asked, older=older)


@router.get("/runs/{number}")
def run_page(request: Request, number: Annotated[int, Path(ge=1, le=MOST_ID)]) -> Response:
    """Show one run: its times, its arguments, the fates of its entries, its rejections, its stats."""
    view = page_view(request)
    with view.reader.connected() as connection:
        one = load_run(connection, number)
        figures = [entries_figure(view, one), refused_figure(view, connection, one)]
        refused = load_refused(connection, number, _MOST_REFUSED)
    return show(view, "run.html.j2", figures, run=one, refused=refused)
