"""``unioncrawl vacuum``."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Connection, Engine

from unioncrawl.archive.capture_folder import captures_folder
from unioncrawl.archive.care.retention import Overdue, drop_overdue, find_overdue
from unioncrawl.archive.care.vacuum import drop_captures, recount_articles, regroup, reindex, vacuum
from unioncrawl.archive.opening.open_to_read import archive_to_read
from unioncrawl.archive.search.query import filter_node
from unioncrawl.archive.store import Archive
from unioncrawl.commands._options import DEFAULT_ARCHIVE, ArchiveOption, CapturesOption
from unioncrawl.commands._terminal import say
from unioncrawl.settings import UNIONCRAWL_SITES_DIRS
from unioncrawl.sites.catalogue import load_catalogue, own_folders

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
    retention: Annotated[
        bool, typer.Option("--retention", help="Drop what is older than its site's file says, first.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="With --retention: say what would be dropped, and stop.")
    ] = False,
    captures: CapturesOption = None,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
) -> None:
    """Give unused space back, and keep what must be kept.

    Example: unioncrawl vacuum --retention --dry-run
    """
    if captures is not None and not (drop_captures_before or retention):
        raise typer.BadParameter("only what drops captures looks there", param_hint="--captures")
    if dry_run and not retention:
        raise typer.BadParameter("only --retention can be tried", param_hint="--dry-run")
    if dry_run:
        with archive_to_read(archive) as connection:
            _say_overdue(_overdue(connection, captures or captures_folder(archive)), done=False)
        return
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
        if retention:
            _keep_rules(opened.engine, captures or captures_folder(archive))
        vacuum(opened.engine)
    say("vacuumed")


def _overdue(connection: Connection, folder: Path) -> list[Overdue]:
    catalogue = load_catalogue(own_folders(UNIONCRAWL_SITES_DIRS))
    for problem in catalogue.problems:
        say(f"unioncrawl: the rule of this file is not known: {problem}", err=True)
    return find_overdue(connection, folder, catalogue.profiles.values(), datetime.now(UTC))


def _keep_rules(engine: Engine, folder: Path) -> None:
    with engine.connect() as connection:
        found = _overdue(connection, folder)
    for one in found:
        drop_overdue(engine, folder, one)
    _say_overdue(found, done=True)


def _say_overdue(found: list[Overdue], *, done: bool) -> None:
    word = "dropped" if done else "would be dropped"
    for one in found:
        say(
            f"{one.site}: kept {one.days} days: {len(one.files)} WARC files ({one.file_bytes:,} bytes)"
            f" and the texts of {len(one.articles)} articles {word}; their facts are kept"
        )
        if one.needed_files:
            say(f"{one.site}: {len(one.needed_files)} files stay: later captures refer to them")
    if not found:
        say("no site's file has [retention] days")
