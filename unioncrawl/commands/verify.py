"""``unioncrawl verify``."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from unioncrawl.archive.paths import captures_folder
from unioncrawl.archive.store import Archive
from unioncrawl.archive.verify import verify
from unioncrawl.commands._options import DEFAULT_ARCHIVE, ArchiveOption, JsonOption, print_json

app = typer.Typer()


@app.command()
def verify_command(
    *,
    captures: Annotated[Path | None, typer.Option(help="The folder of the WARC files.")] = None,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    as_json: JsonOption = False,
) -> None:
    """Check an archive for damage; exit 1 when something is wrong.

    Example: unioncrawl verify --archive data/archive.db
    """
    with Archive.open(archive, create=False) as opened:
        findings = list(verify(opened.engine, captures or captures_folder(archive)))
    if as_json:
        print_json({"sound": not findings, "findings": [asdict(found) for found in findings]})
    else:
        for found in findings:
            typer.echo(f"{found.check}: {found.detail}. {found.next_step}")
        typer.echo("sound" if not findings else f"{len(findings)} findings")
    if findings:
        raise typer.Exit(1)
