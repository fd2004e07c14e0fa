"""``/charts/NAME.svg`` and ``/charts/NAME.csv``: a figure to take along, with the parameters of its page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from unioncrawl.archive.reports.report_files import as_csv
from unioncrawl.reader.charts.picture import standalone
from unioncrawl.reader.figures import (
    hit_figures,
    publications,
    report_figures,
    reprint_figures,
    run_figures,
    site_figures,
)
from unioncrawl.reader.figures.figure import Maker
from unioncrawl.reader.guarding.parameters import refuse_others
from unioncrawl.reader.page_view import page_view, with_etag
from unioncrawl.reader.pages.statistics.figure_page import AskedFor

router = APIRouter()
FIGURES: Mapping[str, Maker] = {
    "publications": publications.publications,
    "calendar": publications.calendar,
    "sites": site_figures.sites,
    "levels": site_figures.levels,
    "provinces": site_figures.provinces,
    "columns": site_figures.columns,
    "fields": site_figures.fields,
    "failures": site_figures.failures,
    "hits": hit_figures.hits,
    "growth": hit_figures.growth,
    "stories": reprint_figures.stories,
    "reprinted": reprint_figures.reprinted,
    "reprint-pairs": reprint_figures.reprint_pairs,
    "runs": run_figures.runs,
    "coverage": report_figures.coverage,
    "field-days": report_figures.field_days,
    "adoption": report_figures.adoption,
    "adopted": report_figures.adopted,
}
_TYPES = {"svg": "image/svg+xml", "csv": "text/csv; charset=utf-8"}
_NOT_FOUND = 404


@router.get("/charts/{name}.{kind}")
def figure_file(request: Request, name: str, kind: Literal["svg", "csv"], asked: AskedFor) -> Response:
    """Send a figure as a picture or as a table; one without a picture has no SVG."""
    view = page_view(request)
    if name not in FIGURES:
        raise HTTPException(_NOT_FOUND)
    with view.reader.connected() as connection:
        figure = FIGURES[name](view, connection, asked)
    refuse_others(request, tuple(figure.asked))
    if kind == "svg" and not figure.drawn:
        raise HTTPException(_NOT_FOUND)
    content = standalone(figure.drawn).encode() if kind == "svg" else as_csv(figure.as_report())
    # Browsers show neither: each is a file to take along.
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    return with_etag(request, Response(content, media_type=_TYPES[kind], headers=headers))
