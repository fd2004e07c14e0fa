"""``unioncrawl archive``: what is done with an archive as a whole."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from unioncrawl.archive.capture_folder import captures_folder
from unioncrawl.archive.copying.compare_archives import ComparedArchives, compare_archives
from unioncrawl.archive.copying.copy_archive import copy_archive
from unioncrawl.commands._copy_progress import copy_progress, say_compared, say_copied
from unioncrawl.commands._options import JsonOption, print_json
from unioncrawl.commands._terminal import say

app = typer.Typer(
    help="Copy an archive to another file or server, and compare two.\n\n"
    "Example: unioncrawl archive copy data/archive.db postgresql://user@host/news",
    no_args_is_help=True,
)
_STOPPED = 130
SourceArgument = Annotated[
    str, typer.Argument(metavar="FROM", help="A SQLite file or a URL; it stays as it is.")
]
TargetArgument = Annotated[
    str, typer.Argument(metavar="TO", help="A SQLite file or a URL; not there, or empty.")
]


@app.command()
def copy(
    source: SourceArgument,
    target: TargetArgument,
    *,
    captures: Annotated[
        Path | None, typer.Option(file_okay=False, help="Copy the WARC files too, into this folder.")
    ] = None,
    captures_from: Annotated[
        Path | None, typer.Option(file_okay=False, help="Where they are; else where FROM has them.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Copy an archive between SQLite and PostgreSQL, and compare every row; run again, it goes on.

    Example: unioncrawl archive copy data/archive.db postgresql://user@host/news
    """
    if captures_from is not None and captures is None:
        raise typer.BadParameter("only what copies captures looks there", param_hint="--captures-from")
    folders = captures_from or captures_folder(source), captures or captures_folder(target)
    try:
        with copy_progress() as watcher:
            report = copy_archive(source, target, captures=folders if captures else None, watcher=watcher)
    except KeyboardInterrupt:
        say("stopped: the rows that are written stay; run the same command to go on", err=True)
        raise typer.Exit(_STOPPED) from None
    if as_json:
        values = {**asdict(report), "captures_from": str(folders[0])}
        print_json({**_in_json(report.compared), **{k: v for k, v in values.items() if k != "compared"}})
    else:
        say_copied(report, folders)
    if not report.is_complete:
        raise typer.Exit(1)


@app.command()
def compare(
    first: Annotated[str, typer.Argument(metavar="ONE", help="A SQLite file or a URL.")],
    second: Annotated[str, typer.Argument(metavar="OTHER", help="A SQLite file or a URL.")],
    *,
    as_json: JsonOption = False,
) -> None:
    """Compare each row of two archives, on whichever databases; exit 1 when any differs.

    Example: unioncrawl archive compare data/archive.db postgresql://user@host/news
    """
    with copy_progress() as watcher:
        compared = compare_archives(first, second, watcher)
    if as_json:
        print_json(_in_json(compared))
    else:
        say_compared(compared)
    if not compared.is_same:
        raise typer.Exit(1)


def _in_json(compared: ComparedArchives) -> dict[str, Any]:
    tables = [{**asdict(table), "is_same": table.is_same} for table in compared.tables]
    return {"from": compared.first, "to": compared.second, "is_same": compared.is_same, "tables": tables}
