"""``unioncrawl stats``."""

from __future__ import annotations

import typer
from rich.table import Table

from unioncrawl.archive.read.stored_articles import count_all
from unioncrawl.archive.store import Archive
from unioncrawl.archive.verify.read_errors import reading
from unioncrawl.commands._console import output_console
from unioncrawl.commands._options import DEFAULT_ARCHIVE, ArchiveOption, JsonOption, print_json

app = typer.Typer()


@app.command()
def stats(*, archive: ArchiveOption = DEFAULT_ARCHIVE, as_json: JsonOption = False) -> None:
    """Count what the archive holds.

    Example: unioncrawl stats --json
    """
    with Archive.open(archive, create=False) as opened, reading(opened.engine) as connection:
        counts = count_all(connection)
    if as_json:
        print_json(counts)
        return
    table = Table(show_header=False)
    for name, count in counts.items():
        table.add_row(name, f"{count:,}")
    output_console().print(table)
