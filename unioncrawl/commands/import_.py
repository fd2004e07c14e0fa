"""``unioncrawl import``."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from unioncrawl.archive.captures import CaptureWriter
from unioncrawl.archive.export import csv_cell
from unioncrawl.archive.import_tables import read_mapping
from unioncrawl.archive.importing import (
    Destination,
    ImportReport,
    change_lines,
    import_table,
    import_warc,
    site_by_host,
)
from unioncrawl.archive.paths import captures_folder
from unioncrawl.archive.store import Archive
from unioncrawl.commands._options import DEFAULT_ARCHIVE, ArchiveOption, JsonOption, print_json
from unioncrawl.files import replacing
from unioncrawl.sites.catalogue import load_catalogue, own_folders

app = typer.Typer()


@app.command()
def import_command(
    files: Annotated[list[Path], typer.Argument(help="WARC, CSV, JSON, JSONL or SQLite files.")],
    *,
    site: Annotated[str, typer.Option(help="The site of what tells none itself.")] = "",
    mapping: Annotated[Path | None, typer.Option(help="A TOML file: [fields] with field = 'column'.")] = None,
    report: Annotated[Path | None, typer.Option(help="Write every changed row to this CSV file.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only report.")] = False,
    captures: Annotated[Path | None, typer.Option(help="The folder of the WARC files.")] = None,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    as_json: JsonOption = False,
) -> None:
    """Take in WARC files from elsewhere and old tables of articles.

    Example: unioncrawl import old.csv --mapping old.toml --site oldsite --report changes.csv
    """
    told = ImportReport()
    if dry_run:
        _take_files(files, (site, mapping), Destination(), told)
    else:
        with Archive.open(archive) as opened:
            run_id = opened.begin_run("import", {"files": " ".join(map(str, files)), "site": site})
            name = f"import-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
            folder = captures or captures_folder(archive)
            with CaptureWriter(folder, name, find_original=opened.original_capture) as writer:
                _take_files(files, (site, mapping), Destination(opened, run_id, writer), told)
            opened.finish_run(run_id, dict(told.seen), "finished")
    if report is not None:
        _write_report(told, report)
    if as_json:
        changed = [{"row": one.row, "url": one.url, "changes": one.changes} for one in told.changed]
        print_json({"seen": dict(told.seen), "changed": changed, "written": not dry_run})
        return
    for kind, count in told.seen.most_common():
        typer.echo(f"{count} {kind}")
    if told.changed:
        where = f"; see {report}" if report else "; name a file with --report to see each"
        typer.echo(f"{len(told.changed)} rows came out otherwise than they went in{where}")


def _take_files(
    files: list[Path], given: tuple[str, Path | None], destination: Destination, told: ImportReport
) -> None:
    site, mapping = given
    profiles = load_catalogue(own_folders()).profiles
    for path in files:
        if path.name.lower().endswith((".warc", ".warc.gz")):
            import_warc(path, site_by_host(profiles), site, destination, told)
        else:
            columns = read_mapping(mapping, site)
            import_table(path, columns, destination, told, strict=mapping is not None)


def _write_report(told: ImportReport, path: Path) -> None:
    with replacing(path) as file:
        text = io.TextIOWrapper(file, "utf-8-sig", newline="", write_through=True)
        writer = csv.writer(text)
        writer.writerow(("row", "url", "field", "before", "after"))
        for line in change_lines(told.changed):
            writer.writerow([csv_cell(value) for value in line])
        text.detach()
