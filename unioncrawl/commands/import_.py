"""``unioncrawl import``."""

from __future__ import annotations

import csv
import io
import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Annotated

import typer

from unioncrawl.archive.capture_folder import captures_folder
from unioncrawl.archive.captures.warc_writer import CaptureWriter
from unioncrawl.archive.imports.captured_pages import PageImport, import_warc
from unioncrawl.archive.imports.column_mapping import read_mapping
from unioncrawl.archive.imports.foreign_warcs import holds_captures
from unioncrawl.archive.imports.import_report import UNREADABLE, ImportReport, Told, told_lines
from unioncrawl.archive.imports.take_in import Destination, TableImport, import_table, site_by_host
from unioncrawl.archive.spreadsheet_cells import csv_cell
from unioncrawl.archive.store import Archive
from unioncrawl.commands._console import busy
from unioncrawl.commands._options import DEFAULT_ARCHIVE, ArchiveOption, JsonOption
from unioncrawl.errors import FileUnreadable, UnioncrawlError
from unioncrawl.files import replacing
from unioncrawl.sites.catalogue import load_catalogue, own_folders

app = typer.Typer()
_SHOWN_PROBLEMS = 20
# As shells tell of a command that Ctrl-C ended.
_STOPPED = 130


@app.command()
def import_command(
    files: Annotated[
        list[Path],
        typer.Argument(exists=True, dir_okay=False, help="WARC, WACZ, CSV, JSON, JSONL or SQLite files."),
    ],
    *,
    site: Annotated[str, typer.Option(help="The site of what tells none itself.")] = "",
    mapping: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="A TOML file: [fields] with field = 'column'."),
    ] = None,
    report: Annotated[
        Path | None, typer.Option(help="Write every changed or unreadable row to this CSV file.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only report.")] = False,
    captures: Annotated[Path | None, typer.Option(help="The folder of the WARC files.")] = None,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    as_json: JsonOption = False,
) -> None:
    """Take in WARC files from elsewhere and old tables of articles.

    Example: unioncrawl import old.csv --mapping old.toml --site oldsite --report changes.csv
    """
    told, shown = ImportReport(), list[Told]()
    with tempfile.TemporaryFile("w+", encoding="utf-8") as rows, _reporting(report) as write:
        told.keep = _keeper(write, shown, rows if as_json else None)
        try:
            with busy("importing", lambda: f"{told.seen.total():,} pages or rows, {told.share:.0%}"):
                if dry_run:
                    _take_files(files, (site, mapping), Destination(), told)
                else:
                    _write(files, (site, mapping), (archive, captures or captures_folder(archive)), told)
        except KeyboardInterrupt:
            _print(told, shown, report)
            typer.echo("stopped: what was taken stays, and the same command goes on from there", err=True)
            raise typer.Exit(_STOPPED) from None
        if as_json:
            _print_json(told, rows, written=not dry_run)
        else:
            _print(told, shown, report)
    if told.seen[UNREADABLE]:
        raise typer.Exit(1)


@contextmanager
def _reporting(path: Path | None) -> Iterator[Callable[[Told], None]]:
    """What writes each thing told to the report, which a stopped import leaves too."""
    if path is None:
        yield lambda _: None
        return
    stopped: BaseException | None = None
    with replacing(path) as file:
        text = io.TextIOWrapper(file, "utf-8-sig", "backslashreplace", newline="", write_through=True)
        writer = csv.writer(text)
        writer.writerow(("file", "row", "url", "field", "before", "after", "problem"))

        def write(one: Told) -> None:
            writer.writerows([csv_cell(value) for value in line] for line in told_lines(one))

        try:
            yield write
        except (typer.Exit, UnioncrawlError) as error:
            stopped = error
        text.detach()
    if stopped is not None:
        raise stopped


def _keeper(write: Callable[[Told], None], shown: list[Told], rows: IO[str] | None) -> Callable[[Told], None]:
    def keep(one: Told) -> None:
        write(one)
        if one.problem and len(shown) < _SHOWN_PROBLEMS:
            shown.append(one)
        if rows is not None:
            rows.write(json.dumps(asdict(one), ensure_ascii=True) + "\n")

    return keep


def _print_json(told: ImportReport, rows: IO[str], *, written: bool) -> None:
    """One document, a row a line: a large table changes more rows than memory holds."""
    seen = json.dumps(dict(told.seen), ensure_ascii=False)
    sys.stdout.write(f'{{"seen": {seen}, "written": {json.dumps(written)}, "rows": [')
    rows.seek(0)
    for number, line in enumerate(rows):
        text = json.dumps(json.loads(line), ensure_ascii=False)
        sys.stdout.write((",\n" if number else "\n") + text.encode("utf-8", "replace").decode())
    sys.stdout.write("\n]}\n")


def _write(
    files: list[Path], given: tuple[str, Path | None], place: tuple[str, Path], told: ImportReport
) -> None:
    archive, folder = place
    with Archive.open(archive) as opened:
        run_id = opened.begin_run("import", {"files": " ".join(map(str, files)), "site": given[0]})
        # After the run began: that is how verify knows the file for its own.
        name = f"import-{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}"
        reason = "failed"
        try:
            with CaptureWriter(folder, name, find_original=opened.original_capture) as writer:
                _take_files(files, given, Destination(opened, run_id, writer), told)
            reason = "finished"
        except KeyboardInterrupt:
            reason = "interrupted"
            raise
        finally:
            opened.finish_run(run_id, dict(told.seen), reason)


def _take_files(
    files: list[Path], given: tuple[str, Path | None], destination: Destination, told: ImportReport
) -> None:
    site, mapping = given
    sites = site_by_host(load_catalogue(own_folders()).profiles)
    columns = read_mapping(mapping, site)
    table = TableImport(columns, sites, strict=mapping is not None)
    for path in files:
        try:
            if holds_captures(path):
                import_warc(path, PageImport(sites, columns.site), destination, told)
            else:
                import_table(path, table, destination, told)
        except FileUnreadable as error:
            if len(files) == 1:
                raise
            told.add_problem(path, 0, f"{error.message} {error.next_step}")


def _print(told: ImportReport, shown: list[Told], report: Path | None) -> None:
    for kind, count in told.seen.most_common():
        typer.echo(f"{count} {kind}")
    where = f"; see {report}" if report else "; name a file with --report to see each"
    if told.changed:
        typer.echo(f"{told.changed} rows came out otherwise than they went in{where}")
    for one in shown:
        place = f"{one.file}, row {one.row}" if one.row else one.file
        typer.echo(f"{place}: {one.problem}", err=True)
    if told.problems > len(shown):
        typer.echo(f"{told.problems - len(shown)} more were not taken{where}", err=True)
