"""``unioncrawl import``."""

from __future__ import annotations

import csv
import io
import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Annotated

import typer

from unioncrawl.archive.capture_folder import captures_folder
from unioncrawl.archive.captures.warc_writer import CaptureWriter
from unioncrawl.archive.imports.captured_answers import CapturedAnswers, collect_answers
from unioncrawl.archive.imports.captured_pages import PageImport, import_warc
from unioncrawl.archive.imports.column_mapping import ColumnMapping, read_mapping
from unioncrawl.archive.imports.foreign_warcs import holds_captures
from unioncrawl.archive.imports.import_report import UNREADABLE, ImportReport, RowReport, report_lines
from unioncrawl.archive.imports.site_names import SiteNames
from unioncrawl.archive.imports.take_in import Destination, TableImport, import_table, site_by_host
from unioncrawl.archive.spreadsheet_cells import csv_cell
from unioncrawl.archive.store import Archive
from unioncrawl.commands._console import busy
from unioncrawl.commands._options import DEFAULT_ARCHIVE, ArchiveOption, CapturesOption, JsonOption
from unioncrawl.commands._terminal import say
from unioncrawl.errors import FileUnreadable, UnioncrawlError
from unioncrawl.files import replacing
from unioncrawl.sites.catalogue import load_catalogue, own_folders

app = typer.Typer()
_SHOWN_PROBLEMS = 20
# The exit code of a command that Ctrl-C ended.
_STOPPED = 130


@app.command()
def import_command(
    files: Annotated[
        list[Path],
        typer.Argument(exists=True, dir_okay=False, help="WARC, WACZ, CSV, JSON, JSONL or SQLite files."),
    ],
    *,
    site: Annotated[str, typer.Option(help="The site of records that name no site.")] = "",
    mapping: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="A TOML file: [fields] with field = 'column'."),
    ] = None,
    report: Annotated[
        Path | None, typer.Option(help="Write every changed or unreadable row to this CSV file.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only report.")] = False,
    captures: CapturesOption = None,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    as_json: JsonOption = False,
) -> None:
    """Take in WARC files from elsewhere and old tables of articles.

    Example: unioncrawl import old.csv --mapping old.toml --site oldsite --report changes.csv
    """
    outcome, shown = ImportReport(), list[RowReport]()
    with tempfile.TemporaryFile("w+", encoding="utf-8") as rows, _reporting(report) as write:
        outcome.keep = _keeper(write, shown, rows if as_json else None)
        try:
            with busy("importing", lambda: f"{outcome.seen.total():,} pages or rows, {outcome.share:.0%}"):
                if dry_run:
                    _take_files(files, (site, mapping), Destination(), outcome)
                else:
                    _write(files, (site, mapping), (archive, captures or captures_folder(archive)), outcome)
        except KeyboardInterrupt:
            _print(outcome, shown, report)
            say("stopped: what was imported stays; run the same command to continue", err=True)
            raise typer.Exit(_STOPPED) from None
        if as_json:
            _print_json(outcome, rows, written=not dry_run)
        else:
            _print(outcome, shown, report)
    if outcome.seen[UNREADABLE]:
        raise typer.Exit(1)


@contextmanager
def _reporting(path: Path | None) -> Iterator[Callable[[RowReport], None]]:
    """What writes the report of each row to the file, which a stopped import leaves too."""
    if path is None:
        yield lambda _: None
        return
    stopped: BaseException | None = None
    with replacing(path) as file:
        text = io.TextIOWrapper(file, "utf-8-sig", "backslashreplace", newline="", write_through=True)
        writer = csv.writer(text)
        writer.writerow(("file", "row", "url", "field", "before", "after", "problem"))

        def write(one: RowReport) -> None:
            writer.writerows([csv_cell(value) for value in line] for line in report_lines(one))

        try:
            yield write
        except (typer.Exit, UnioncrawlError) as error:
            stopped = error
        text.detach()
    if stopped is not None:
        raise stopped


def _keeper(
    write: Callable[[RowReport], None], shown: list[RowReport], rows: IO[str] | None
) -> Callable[[RowReport], None]:
    def keep(one: RowReport) -> None:
        write(one)
        if one.problem and len(shown) < _SHOWN_PROBLEMS:
            shown.append(one)
        if rows is not None:
            rows.write(json.dumps(asdict(one), ensure_ascii=True) + "\n")

    return keep


def _print_json(outcome: ImportReport, rows: IO[str], *, written: bool) -> None:
    """Print one document, a row a line: a large table changes more rows than memory holds."""
    head = {"seen": dict(outcome.seen), "unread": outcome.unread, "written": written}
    sys.stdout.write(json.dumps(head, ensure_ascii=False)[:-1] + ', "rows": [')
    rows.seek(0)
    for number, line in enumerate(rows):
        text = json.dumps(json.loads(line), ensure_ascii=False)
        sys.stdout.write((",\n" if number else "\n") + text.encode("utf-8", "replace").decode())
    sys.stdout.write("\n]}\n")


def _write(
    files: list[Path], given: tuple[str, Path | None], place: tuple[str, Path], outcome: ImportReport
) -> None:
    archive, folder = place
    asked = {"files": " ".join(map(str, files)), "site": given[0]}
    with Archive.open(archive) as opened, opened.run("import", asked, lambda: dict(outcome.seen)) as run_id:
        # After the run began: that is how verify knows the file for its own.
        name = f"import-{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}"
        with CaptureWriter(folder, name, find_original=opened.original_capture) as writer:
            opened.write_after(writer.to_disk)
            _take_files(files, given, Destination(opened, run_id, writer), outcome)


def _take_files(
    files: list[Path], given: tuple[str, Path | None], destination: Destination, outcome: ImportReport
) -> None:
    from unioncrawl import settings  # noqa: PLC0415 - only to read the user's folders

    site, mapping = given
    catalogue = load_catalogue(own_folders(settings.UNIONCRAWL_SITES_DIRS))
    for problem in catalogue.problems:
        say(f"left out: {problem}", err=True)
    destination = replace(destination, sites=catalogue.profiles)
    sites = site_by_host(catalogue.profiles)
    names = SiteNames.of(catalogue.profiles, destination.stored_sites())
    columns = _with_id(read_mapping(mapping, site), names)
    table = TableImport(columns, sites, names, strict=mapping is not None)
    pages = PageImport(sites, columns.site, _collected(files))
    for path in files:
        try:
            if holds_captures(path):
                import_warc(path, pages, destination, outcome)
            else:
                import_table(path, table, destination, outcome)
        except FileUnreadable as error:
            if len(files) == 1:
                raise
            outcome.add_problem(path, 0, f"{error.message} {error.next_step}")


def _with_id(columns: ColumnMapping, names: SiteNames) -> ColumnMapping:
    """The mapping with the id of the site that --site or the mapping's file calls by a name."""
    try:
        return replace(columns, site=names.id_of(columns.site))
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--site") from error


def _collected(files: list[Path]) -> CapturedAnswers:
    """The counters' answers of all files; a file that can't be read is reported when its pages are."""
    captured = []
    for path in files:
        with suppress(FileUnreadable):
            captured += [path] if holds_captures(path) else []
    return collect_answers(captured)


def _print(outcome: ImportReport, shown: list[RowReport], report: Path | None) -> None:
    for kind, count in outcome.seen.most_common():
        say(f"{count} {kind}")
    where = f"; see {report}" if report else "; name a file with --report to see each"
    if outcome.changed:
        say(f"{outcome.changed} rows were changed on import{where}")
    for file, columns in outcome.unread.items():
        say(
            f"{file}: no field takes {', '.join(columns)}; what stands there is kept beside the articles. "
            "A mapping file (--mapping) says which column is which.",
            err=True,
        )
    for one in shown:
        place = f"{one.file}, row {one.row}" if one.row else one.file
        say(f"{place}: {one.problem}", err=True)
    if outcome.problems > len(shown):
        say(f"{outcome.problems - len(shown)} more were not imported{where}", err=True)
