"""``unioncrawl import``."""

from __future__ import annotations

import csv
import io
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from unioncrawl.archive.captures import CaptureWriter
from unioncrawl.archive.export import csv_cell
from unioncrawl.archive.import_captures import holds_captures
from unioncrawl.archive.import_tables import read_mapping
from unioncrawl.archive.importing import (
    UNREADABLE,
    Destination,
    ImportReport,
    TableImport,
    import_table,
    import_warc,
    site_by_host,
    told_lines,
)
from unioncrawl.archive.paths import captures_folder
from unioncrawl.archive.store import Archive
from unioncrawl.commands._console import busy
from unioncrawl.commands._options import DEFAULT_ARCHIVE, ArchiveOption, JsonOption, print_json
from unioncrawl.files import replacing
from unioncrawl.sites.catalogue import load_catalogue, own_folders

app = typer.Typer()
_SHOWN_PROBLEMS = 20


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
    told = ImportReport()
    try:
        with busy("importing", lambda: f"{told.seen.total():,} pages or rows"):
            if dry_run:
                _take_files(files, (site, mapping), Destination(), told)
            else:
                _write(files, (site, mapping), (archive, captures or captures_folder(archive)), told)
    finally:
        if report is not None:
            _write_report(told, report)
    if as_json:
        print_json({"seen": dict(told.seen), "rows": list(map(asdict, told.told)), "written": not dry_run})
    else:
        _print(told, report)
    if told.seen[UNREADABLE]:
        raise typer.Exit(1)


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
        finally:
            opened.finish_run(run_id, dict(told.seen), reason)


def _take_files(
    files: list[Path], given: tuple[str, Path | None], destination: Destination, told: ImportReport
) -> None:
    site, mapping = given
    sites = site_by_host(load_catalogue(own_folders()).profiles)
    columns = read_mapping(mapping, site)
    for path in files:
        if holds_captures(path):
            import_warc(path, sites, columns.site, destination, told)
        else:
            import_table(path, TableImport(columns, sites, strict=mapping is not None), destination, told)


def _print(told: ImportReport, report: Path | None) -> None:
    for kind, count in told.seen.most_common():
        typer.echo(f"{count} {kind}")
    where = f"; see {report}" if report else "; name a file with --report to see each"
    if told.changed:
        typer.echo(f"{len(told.changed)} rows came out otherwise than they went in{where}")
    for one in told.problems[:_SHOWN_PROBLEMS]:
        place = f"{one.file}, row {one.row}" if one.row else one.file
        typer.echo(f"{place}: {one.problem}", err=True)
    if len(told.problems) > _SHOWN_PROBLEMS:
        typer.echo(f"{len(told.problems) - _SHOWN_PROBLEMS} more were not taken{where}", err=True)


def _write_report(told: ImportReport, path: Path) -> None:
    with replacing(path) as file:
        text = io.TextIOWrapper(file, "utf-8-sig", "backslashreplace", newline="", write_through=True)
        writer = csv.writer(text)
        writer.writerow(("file", "row", "url", "field", "before", "after", "problem"))
        for line in told_lines(told.told):
            writer.writerow([csv_cell(value) for value in line])
        text.detach()
