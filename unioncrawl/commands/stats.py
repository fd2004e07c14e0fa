"""``unioncrawl stats``."""

from __future__ import annotations

import typer

from unioncrawl.archive.crawl_state.last_runs import last_runs
from unioncrawl.archive.opening.open_to_read import archive_to_read
from unioncrawl.archive.read.stored_articles import count_all
from unioncrawl.commands._console import print_table
from unioncrawl.commands._options import DEFAULT_ARCHIVE, ArchiveOption, JsonOption, print_json
from unioncrawl.commands._terminal import say

app = typer.Typer()


@app.command()
def stats(*, archive: ArchiveOption = DEFAULT_ARCHIVE, as_json: JsonOption = False) -> None:
    """Count what the archive holds, and what became of the entries of each site's last run.

    Example: unioncrawl stats --json
    """
    with archive_to_read(archive) as connection:
        counts, runs = count_all(connection), last_runs(connection)
    if as_json:
        print_json({**counts, "last_runs": {one.site: one.as_record() for one in runs}})
        return
    print_table("", (), [(name, f"{count:,}") for name, count in counts.items()])
    for one in runs:
        for line in one.lines():
            say(f"{one.site}: {line}")
