"""``unioncrawl vacuum``."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from unioncrawl.archive.capture_folder import captures_folder
from unioncrawl.archive.care.vacuum import drop_captures, recount_articles, regroup, reindex, vacuum
from unioncrawl.archive.search.query import filter_node
from unioncrawl.archive.store import Archive
from unioncrawl.commands._options import DEFAULT_ARCHIVE, ArchiveOption, CapturesOption
from unioncrawl.commands._terminal import say

app = typer.Typer()


@app.command()
def vacuum_command(
    *,
    index: Annotated[bool, typer.Option("--reindex", help="Build the search index again first.")] = False,
    groups: Annotated[bool, typer.Option("--regroup", help="Find all reprints again first.")] = False,
    counts: Annotated[
        bool,
        typer.Option("--recount", help="Take hits and dates from the visits and revisions again first."),
    ] = False,
    drop_captures_before: Annotated[
        str, typer.Option(metavar="DATE", help="Delete WARC files that are wholly older.")
    ] = "",
    captures: CapturesOption = None,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
) -> None:
    """Give unused space back, and keep what must be kept.

    Example: unioncrawl vacuum --drop-captures-before 2020
    """
    if captures is not None and not drop_captures_before:
        raise typer.BadParameter("only --drop-captures-before looks there", param_hint="--captures")
    with Archive.open(archive, create=False) as opened:
        if counts:
            say(f"{recount_articles(opened.engine)} articles counted again")
        if index:
            say(f"{reindex(opened.engine)} articles indexed again")
        if groups:
            say(f"{regroup(opened.engine)} articles are in reprint groups")
        if drop_captures_before:
            time = filter_node("since", drop_captures_before).value
            folder = captures or captures_folder(archive)
            dropped = drop_captures(opened.engine, folder, time) if isinstance(time, datetime) else []
            say(f"{len(dropped)} WARC files deleted; their captures' facts are kept")
        vacuum(opened.engine)
    say("vacuumed")
