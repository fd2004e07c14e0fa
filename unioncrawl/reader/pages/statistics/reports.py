"""``/reports``: the reports of the command line, with their parameters."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from unioncrawl.reader.figures.report_figures import adoption_figures, asked_months, coverage, field_days
from unioncrawl.reader.page_view import page_view
from unioncrawl.reader.pages.statistics.figure_page import AskedFor, answer, show

router = APIRouter()


@router.get("/reports")
def reports_page(request: Request) -> Response:
    """Show which reports there are."""
    return show(page_view(request), "reports.html.j2", ())


@router.get("/reports/coverage")
def coverage_page(request: Request, asked: AskedFor) -> Response:
    """Show the rhythm of each site and column."""
    return answer(request, asked, "report.html.j2", (coverage,))


@router.get("/reports/fields")
def fields_page(request: Request, asked: AskedFor) -> Response:
    """Show the fill rate of each field by day of arrival."""
    return answer(request, asked, "field_report.html.j2", (field_days,))


@router.get("/reports/adoption")
def adoption_page(request: Request, asked: AskedFor) -> Response:
    """Show how often outlets carried the news of units, by month."""
    view = page_view(request)
    first, last = asked_months(asked)
    with view.reader.connected() as connection:
        figures = adoption_figures(view, connection, asked)
    return show(view, "adoption.html.j2", figures, asked=asked, first=first, last=last)
