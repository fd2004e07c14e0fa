"""``unioncrawl diary``: what was asked of whom and when."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.table import Table

from unioncrawl.archive.capture_folder import captures_folder
from unioncrawl.archive.captures.read_diary import (
    FIELDS,
    AskedRequest,
    DiaryReader,
    HostDay,
    Wanted,
    host_days,
)
from unioncrawl.archive.spreadsheet_cells import csv_cell
from unioncrawl.commands._drawing import output_console
from unioncrawl.commands._options import (
    DEFAULT_ARCHIVE,
    ArchiveOption,
    CapturesOption,
    JsonOption,
    print_json,
)
from unioncrawl.commands._terminal import say

app = typer.Typer()


class DiaryFormat(StrEnum):
    """How the requests are printed."""

    CSV = "csv"
    JSONL = "jsonl"


DayOption = Annotated[str, typer.Option(metavar="DAY", help="A day of China's time, as 2024-04-08.")]


@app.command()
def diary(
    site: Annotated[str, typer.Option(help="Only what was asked for this site.")] = "",
    host: Annotated[str, typer.Option(help="Only this host, with its port where it has one.")] = "",
    since: DayOption = "",
    until: DayOption = "",
    form: Annotated[
        DiaryFormat | None, typer.Option("--format", help="Print every request, not each host and day.")
    ] = None,
    captures: CapturesOption = None,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    as_json: JsonOption = False,
) -> None:
    """Show what was asked of each host on each day; with --format every request, with its pause and status.

    Example: unioncrawl diary --host www.qhszgh.com --since 2024-04-01 --format csv > asked.csv
    """
    reader = DiaryReader(captures or captures_folder(archive))
    asked = reader.requests(Wanted(site=site, host=host, since=_day(since), until=_day(until)))
    if form is None:
        _print_days(host_days(asked), as_json=as_json)
    elif form is DiaryFormat.CSV:
        _print_csv(asked)
    else:
        for one in asked:
            sys.stdout.write(json.dumps(asdict(one), ensure_ascii=False) + "\n")
    if reader.damaged:
        say(f"unioncrawl: {reader.damaged} lines of the diary can't be read and are left out.", err=True)


def _day(given: str) -> date | None:
    try:
        return date.fromisoformat(given) if given else None
    except ValueError:
        raise typer.BadParameter(f"'{given}' is not a day; write it as 2024-04-08.") from None


def _print_csv(asked: Iterable[AskedRequest]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(FIELDS)
    for one in asked:
        writer.writerow(["" if value is None else csv_cell(value) for value in asdict(one).values()])


def _print_days(days: list[HostDay], *, as_json: bool) -> None:
    if as_json:
        print_json([_record(one) for one in days])
        return
    table = Table("day", "host", "requests", "bytes", "errors", "unanswered", "fastest pause", box=None)
    for one in days:
        pause = "" if one.fastest_pause_seconds is None else f"{one.fastest_pause_seconds:.2f} s"
        numbers = (one.requests, one.bytes, one.refusals, one.unanswered)
        table.add_row(str(one.day), one.host, *(f"{number:,}" for number in numbers), pause)
    output_console().print(table)


def _record(one: HostDay) -> dict[str, Any]:
    return {**asdict(one), "day": str(one.day)}
