"""``/sites`` and ``/sites/{key}``: what the archive has of each site."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter, Request
from fastapi.responses import Response

from unioncrawl.archive.reports.publication_days import count_units
from unioncrawl.archive.reports.run_list import load_runs
from unioncrawl.archive.reports.site_overview import load_sites
from unioncrawl.archive.search.known_sites import find_site
from unioncrawl.archive.search.query import filter_node
from unioncrawl.errors import SiteUnknown
from unioncrawl.reader.figures.publications import calendar, publications
from unioncrawl.reader.figures.run_figures import runs_figure
from unioncrawl.reader.figures.site_figures import (
    columns,
    failures,
    fields,
    level_name,
    levels_figure,
    provinces_figure,
    sites_figure,
)
from unioncrawl.reader.page_view import page_view
from unioncrawl.reader.pages.statistics.figure_page import AskedFor, show

router = APIRouter()
_RUNS = 5


@router.get("/sites")
def sites_page(request: Request) -> Response:
    """Show every site, the levels and the provinces."""
    view = page_view(request)
    with view.reader.connected() as connection:
        found = load_sites(connection)
    figures = [make(view, found) for make in (sites_figure, levels_figure, provinces_figure)]
    return show(view, "sites.html.j2", figures)


@router.get("/sites/{key}")
def site_page(request: Request, key: str, asked: AskedFor) -> Response:
    """Show one site: its year, its months, its columns, its fields, what failed, its last runs."""
    view = page_view(request)
    of_site = replace(asked, site=key, q=(f"site:{key}",), by=asked.by or "month")
    with view.reader.connected() as connection:
        find_site(connection, key)
        found = load_sites(connection, key)
        if not found:
            # Sites are found whatever the size of their letters; the address has them as they are.
            raise SiteUnknown(
                f"the archive has no site {key}.", next_step="The list of sites has all of them."
            )
        figures = [
            make(view, connection, of_site) for make in (calendar, publications, columns, fields, failures)
        ]
        runs = load_runs(connection, _RUNS, spider=key)
        years = count_units(connection, filter_node("site", key), "year").starts
    figures.append(runs_figure(view, runs, of_site))
    one = found[0]
    return show(
        view,
        "site.html.j2",
        figures,
        site=one,
        years=[day.year for day in reversed(list(years))],
        level=level_name(view, one.level),
    )
