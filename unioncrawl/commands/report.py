"""``unioncrawl report``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer
from sqlalchemy import Connection, select

from unioncrawl.archive.opening.open_to_read import archive_to_read
from unioncrawl.archive.reports.coverage import report_coverage
from unioncrawl.archive.reports.report_files import WRITERS
from unioncrawl.archive.reports.tallies import (
    LEVEL_WEIGHTS,
    AdoptionRequest,
    Report,
    credited_units,
    days_ago,
    is_month,
    report_adoption,
    report_fields,
    units_of_sites,
)
from unioncrawl.archive.schema import site
from unioncrawl.commands._console import print_table
from unioncrawl.commands._options import DEFAULT_ARCHIVE, ArchiveOption, JsonOption, named_output, print_json
from unioncrawl.commands._terminal import say
from unioncrawl.errors import ArchiveError
from unioncrawl.files import replacing
from unioncrawl.language.zones import CHINA
from unioncrawl.sites.catalogue import load_catalogue, own_folders
from unioncrawl.sites.level import Level

app = typer.Typer(no_args_is_help=True)
Form = Literal["html", "csv", "xlsx"]
# A century: no archive of the web is older, and a calendar ends.
_MOST_DAYS = 36_525
OutputOption = Annotated[
    Path | None,
    typer.Option(
        "-o",
        "--output",
        callback=named_output,
        help="An .html, .csv or .xlsx file; without it, or with -, a table is printed.",
    ),
]


@app.callback()
def report() -> None:
    """Reports on adoption, coverage and fields.

    Example: unioncrawl report coverage
    """


@app.command()
def adoption(
    *,
    unit: Annotated[list[str], typer.Option(help="A unit's name as articles give it; repeat it.")] = [],  # noqa: B006 - typer copies it
    first: Annotated[str, typer.Option("--from", metavar="YYYY-MM", help="The first month.")] = "",
    last: Annotated[str, typer.Option("--to", metavar="YYYY-MM", help="The last month.")] = "",
    weight: Annotated[list[str], typer.Option(metavar="LEVEL=N", help="What a level counts.")] = [],  # noqa: B006 - the same
    output: OutputOption = None,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    as_json: JsonOption = False,
) -> None:
    """月度信息采用通报: by month and unit, how often outlets of each level carried its news.

    Example: unioncrawl report adoption --unit 西安市总工会 --from 2024-01 --to 2024-03 -o adoption.xlsx
    """
    this_month = f"{datetime.now(CHINA):%Y-%m}"
    first, last = first or last or this_month, last or first or this_month
    for month in (first, last):
        if not is_month(month):
            raise typer.BadParameter(f"{month} is not a month; write it as 2024-05")
    if first > last:
        raise typer.BadParameter(f"{first} is after {last}", param_hint="--from")
    weights = {**LEVEL_WEIGHTS, **dict(map(_weight, weight))}

    def make(connection: Connection) -> Report:
        units = _known_units(connection, unit) if unit else _units_of_sites(connection)
        request = AdoptionRequest(units=units, first_month=first, last_month=last, weights=weights)
        return report_adoption(connection, request)

    _make(make, archive, output, as_json=as_json)


def _units_of_sites(connection: Connection) -> tuple[str, ...]:
    """Return the units that have a site in the archive, without practice sites and those that are closed."""
    closed = {key for key, one in load_catalogue(own_folders()).profiles.items() if one.closed}
    units = units_of_sites(connection, closed)
    if not units:
        raise ArchiveError(
            "the archive has no site of a union to report on.", next_step="Name units with --unit."
        )
    return units


def _known_units(connection: Connection, units: list[str]) -> tuple[str, ...]:
    """Return the units that were named; refuse one that neither a site nor an article names.

    A unit without a site of its own is known by the articles that credit it.
    """
    named = tuple(dict.fromkeys(one.strip() for one in units))
    with_site = set(connection.execute(select(site.c.name)).scalars())
    with_site |= {one.name for one in load_catalogue(own_folders()).profiles.values()}
    doubtful = [one for one in named if one not in with_site]
    credited = credited_units(connection, [one for one in doubtful if one])
    for one in doubtful:
        if one not in credited:
            raise ArchiveError(
                f"no site and no article's source, author, first or last line names the unit {one!r}.",
                next_step="Write it as the articles do.",
            )
    return named


def _weight(text: str) -> tuple[str, float]:
    level, _, number = text.partition("=")
    if level not in LEVEL_WEIGHTS:
        raise typer.BadParameter(f"there is no level {level}; use one of {', '.join(LEVEL_WEIGHTS)}")
    try:
        return level, float(number)
    except ValueError as error:
        raise typer.BadParameter(f"{text} is not a weight; write national=5") from error


@app.command()
def coverage(
    *, output: OutputOption = None, archive: ArchiveOption = DEFAULT_ARCHIVE, as_json: JsonOption = False
) -> None:
    """Each site and column, crawled or not: its usual rhythm, and since when it is silent.

    Example: unioncrawl report coverage -o coverage.html
    """
    profiles = load_catalogue(own_folders()).profiles.values()
    known = {one.id: one.closed for one in profiles if one.level is not Level.PRACTICE}
    _make(lambda c: report_coverage(c, datetime.now(UTC), known), archive, output, as_json=as_json)


@app.command()
def fields(
    *,
    days: Annotated[int, typer.Option(min=1, max=_MOST_DAYS, help="How many days back.")] = 30,
    output: OutputOption = None,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    as_json: JsonOption = False,
) -> None:
    """The fill rate of each field by site and day of arrival.

    Example: unioncrawl report fields --days 7
    """
    since = days_ago(datetime.now(UTC), days)
    _make(lambda c: report_fields(c, since), archive, output, as_json=as_json)


def _make(make: Callable[[Connection], Report], archive: str, output: Path | None, *, as_json: bool) -> None:
    if output is not None and output.suffix[1:] not in WRITERS:
        raise typer.BadParameter("name an .html, .csv or .xlsx file", param_hint="--output")
    if output is not None and as_json:
        raise typer.BadParameter("a report is printed as JSON, or written to a file", param_hint="--json")
    with archive_to_read(archive) as connection:
        made = make(connection)
    if output is not None:
        with replacing(output) as file:
            file.write(WRITERS[output.suffix[1:]](made))
        say(f"{len(made.rows)} rows in {output}", err=True)
    elif as_json:
        print_json([*map(dict, _records(made))])
    else:
        _print(made)


def _records(made: Report) -> Iterator[dict[str, object]]:
    """Yield the rows by column; each with the rows of the details that have the same first columns."""
    rows = [dict(zip(made.columns, row, strict=True)) for row in made.rows]
    if made.details is None:
        yield from rows
        return
    shared = [name for name in made.columns if name in made.details.columns]
    listed: defaultdict[tuple[object, ...], list[dict[str, object]]] = defaultdict(list)
    for detail in (dict(zip(made.details.columns, row, strict=True)) for row in made.details.rows):
        listed[tuple(detail.pop(name) for name in shared)].append(detail)
    for row in rows:
        yield {**row, "adopted": listed[tuple(row[name] for name in shared)]}


def _print(made: Report) -> None:
    print_table(made.title, made.head, made.rows)
    for note in made.notes:
        say(note)
    if made.details is not None and made.details.rows:
        _print(made.details)
