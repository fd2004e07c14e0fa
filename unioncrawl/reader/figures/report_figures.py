"""The reports of the command line as figures: coverage, fields by day, adoption (信息采用通报)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import Connection, select

from unioncrawl.archive.reports.coverage import CLOSED, NEVER_CRAWLED, report_coverage
from unioncrawl.archive.reports.tallies import (
    AdoptionRequest,
    Report,
    days_ago,
    is_month,
    report_adoption,
    report_fields,
    units_of_sites,
)
from unioncrawl.archive.schema import article
from unioncrawl.archive.sql import chunks
from unioncrawl.errors import QueryError
from unioncrawl.language.zones import CHINA
from unioncrawl.reader.figures.asked import Asked
from unioncrawl.reader.figures.figure import Figure, Linked, words_or
from unioncrawl.reader.page_view import PageView
from unioncrawl.sites.level import Level
from unioncrawl.sites.present_files import present_catalogue, problems_of

# A row for each unit and month.
_MOST_YEARS = 100


def coverage(view: PageView, connection: Connection, asked: Asked) -> Figure:
    """Each site and column, crawled or not: its rhythm, and since when it is silent."""
    del asked
    catalogue = present_catalogue()
    known = {one.id: one.closed for one in catalogue.profiles.values() if one.level is not Level.PRACTICE}
    made = report_coverage(connection, datetime.now(UTC), known)
    made = replace(made, rows=tuple((*row[:-1], _said_note(view, row[-1])) for row in made.rows))
    broken = (f"{view.words('ledger.broken_file')} {problem}" for problem in problems_of(catalogue))
    return _figure(view, "coverage", made, {}, *broken)


def field_days(view: PageView, connection: Connection, asked: Asked) -> Figure:
    """What percentage of the articles of each day of arrival have each field, by site."""
    made = report_fields(connection, days_ago(datetime.now(UTC), asked.days))
    return _figure(view, "field-days", made, {"days": asked.days})


def adoption(view: PageView, connection: Connection, asked: Asked) -> Figure:
    """How often outlets of each level carried news of each unit, by month; raises `QueryError`."""
    return adoption_figures(view, connection, asked)[0]


def adopted(view: PageView, connection: Connection, asked: Asked) -> Figure:
    """The articles that the report of adoption counts; raises `QueryError`."""
    return adoption_figures(view, connection, asked)[1]


def adoption_figures(view: PageView, connection: Connection, asked: Asked) -> tuple[Figure, Figure]:
    """Return the report of adoption and the articles that it counts; raises `QueryError`."""
    first, last = asked_months(asked)
    closed = {key for key, one in present_catalogue().profiles.items() if one.closed}
    units = asked.unit or units_of_sites(connection, closed)
    made = report_adoption(connection, AdoptionRequest(units=units, first_month=first, last_month=last))
    place = made.columns.index("articles")
    found = {row[1] for row in made.rows if row[place]}
    never = view.words("site.list").join(unit for unit in asked.unit if unit not in found)
    notes = (view.words("reports.never", units=never),) if never else ()
    files = {"unit": asked.unit, "since": first, "until": last}
    listed = _figure(view, "adopted", made.details or Report("", (), ()), files)
    return _figure(view, "adoption", made, files, *notes), replace(listed, rows=_linked(connection, listed))


def _linked(connection: Connection, listed: Figure) -> tuple[tuple[object, ...], ...]:
    """Return the rows of adopted articles, those that a page shows with links to the articles."""
    numbers: dict[str, int] = {}
    for some in chunks([str(row[-1]) for row in listed.shown]):
        query = select(article.c.url, article.c.id).where(article.c.url.in_(some))
        numbers.update({row.url: row.id for row in connection.execute(query)})
    return tuple(
        (*row[:2], Linked(row[2], f"/articles/{numbers[str(row[-1])]}"), *row[3:])
        if str(row[-1]) in numbers
        else row
        for row in listed.rows
    )


def asked_months(asked: Asked) -> tuple[str, str]:
    """Return the first and the last month of a report: this month without a wish. Raises `QueryError`."""
    this_month = f"{datetime.now(CHINA):%Y-%m}"
    first, last = asked.since or asked.until or this_month, asked.until or asked.since or this_month
    for month in (first, last):
        if not is_month(month):
            raise QueryError(f"{month!r} is not a month.", next_step="Write it as 2024-05.")
    first, last = sorted((first, last))
    if int(last[:4]) - int(first[:4]) > _MOST_YEARS:
        raise QueryError(
            f"{first} to {last} are more than {_MOST_YEARS} years.", next_step="Ask for fewer at once."
        )
    return first, last


def _figure(view: PageView, name: str, made: Report, asked: Mapping[str, object], *notes: str) -> Figure:
    columns = tuple(_column(view, column) for column in made.columns)
    title = view.words(f"reports.{name.replace('-', '_')}")
    return Figure(
        name=name, title=title, columns=columns, rows=made.rows, notes=(*made.notes, *notes), asked=asked
    )


def _said_note(view: PageView, note: object) -> object:
    """Return a note on a site in the language of a page; what its file says stays as it stands there."""
    if note == NEVER_CRAWLED:
        return view.words("reports.never_crawled")
    if isinstance(note, str) and note.startswith(CLOSED):
        return view.words("reports.closed", why=note.removeprefix(CLOSED))
    return note


def _column(view: PageView, name: str) -> str:
    """Return the words for a column of a report: a column's own, a level's, a field's."""
    of_levels = words_or(view, f"levels.{name}", words_or(view, f"field_names.{name}", name))
    return words_or(view, f"report_columns.{name}", of_levels)
