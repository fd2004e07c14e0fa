"""``unioncrawl report``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.table import Table
from sqlalchemy import Connection, select

from unioncrawl.archive.reports.report_files import WRITERS
from unioncrawl.archive.reports.tallies import (
    LEVEL_WEIGHTS,
    AdoptionRequest,
    Report,
    days_ago,
    is_month,
    report_adoption,
    report_coverage,
    report_fields,
)
from unioncrawl.archive.schema import site
from unioncrawl.archive.store import Archive
from unioncrawl.archive.verify.read_errors import reading
from unioncrawl.commands._console import output_console
from unioncrawl.commands._options import DEFAULT_ARCHIVE, ArchiveOption, JsonOption, named_output, print_json
from unioncrawl.commands._terminal import say
from unioncrawl.files import replacing
from unioncrawl.language.zones import CHINA

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
        names = select(site.c.name).where(site.c.level.not_in(("mirror", "paper"))).order_by(site.c.key)
        units = tuple(unit) or tuple(connection.execute(names).scalars())
        request = AdoptionRequest(units=units, first_month=first, last_month=last, weights=weights)
        return report_adoption(connection, request)

    _make(make, archive, output, as_json=as_json)


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
    """Each site and column: its usual rhythm, and since when it is silent.

    Example: unioncrawl report coverage -o coverage.html
    """
    _make(lambda c: report_coverage(c, datetime.now(UTC)), archive, output, as_json=as_json)


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
    with Archive.open(archive, create=False) as opened, reading(opened.engine) as connection:
        made = make(connection)
    if output is not None:
        with replacing(output) as file:
            file.write(WRITERS[output.suffix[1:]](made))
        say(f"{len(made.rows)} rows in {output}", err=True)
    elif as_json:
        print_json([dict(zip(made.columns, row, strict=True)) for row in made.rows])
    else:
        table = Table(*made.head, title=made.title, caption="; ".join(made.notes) or None)
        for row in made.rows:
            table.add_row(*("" if value is None else str(value) for value in row))
        output_console().print(table)
