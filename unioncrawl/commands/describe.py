"""``unioncrawl describe``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from unioncrawl.archive.database import archive_url, is_file
from unioncrawl.archive.exports.datasette_metadata import datasette_metadata
from unioncrawl.archive.opening.open_to_read import archive_to_read
from unioncrawl.commands._options import DEFAULT_ARCHIVE, ArchiveOption, named_output, print_json
from unioncrawl.commands._terminal import say
from unioncrawl.files import replacing

app = typer.Typer()


@app.command()
def describe(
    *,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", callback=named_output, help="The file; without it, or with -, print."),
    ] = None,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
) -> None:
    """Write what Datasette shows: tables, views and columns in words, and the example queries.

    Example: unioncrawl describe -o metadata.json
    """
    url = archive_url(archive)
    database = Path(str(url.database))
    with archive_to_read(archive) as connection:
        metadata = datasette_metadata(connection, database.stem)
    if output is None:
        print_json(metadata)
        return
    with replacing(output) as file:
        file.write((json.dumps(metadata, ensure_ascii=False, indent=2) + "\n").encode())
    if is_file(url):
        limit = "--setting sql_time_limit_ms 10000"
        say(f"Next: datasette {database} --metadata {output} {limit}", err=True)
