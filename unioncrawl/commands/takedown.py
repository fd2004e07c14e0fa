"""``unioncrawl takedown``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Engine

from unioncrawl.archive.capture_folder import captures_folder
from unioncrawl.archive.care.takedown import find_present, take_down
from unioncrawl.archive.opening.open_to_read import archive_to_read
from unioncrawl.archive.read.stored_articles import StoredArticle, find_article, load_articles
from unioncrawl.archive.store import Archive
from unioncrawl.commands._options import (
    DEFAULT_ARCHIVE,
    ArchiveOption,
    CapturesOption,
    JsonOption,
    print_json,
)
from unioncrawl.commands._terminal import say
from unioncrawl.errors import ArticleNotFound
from unioncrawl.language.zones import local_time

app = typer.Typer()
_AFTERWARDS = "Backups and exports made before keep the text."
# A plain vacuum frees the room of a deleted row and leaves its bytes until another row takes it.
ON_A_SERVER = (
    "The server's own files keep what was deleted, out of reach of any query, until it is written over. "
    "The statement VACUUM (FULL) writes the tables anew without it, and nobody reads them meanwhile; "
    "the server's log, and copies of it, keep it longer."
)
_WORDS_LEFT = (
    "The files of the search index in {folder} still hold its words, out of reach of any search: "
    "unioncrawl vacuum builds them anew without."
)


@app.command()
def takedown(
    reference: Annotated[str, typer.Argument(metavar="[ID|URL]", help="The article to withdraw.")] = "",
    *,
    query: Annotated[str, typer.Option(help="Withdraw every article of this query.")] = "",
    reason: Annotated[str, typer.Option(help="Why; it is kept with the fact.")] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="List what would be withdrawn, and stop.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False,
    captures: CapturesOption = None,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    as_json: JsonOption = False,
) -> None:
    """Withdraw articles' text and captures for good; the fact that they were there stays.

    Example: unioncrawl takedown --query 'site:linxi "困难职工名单"' --dry-run
    """
    _refuse_unclear(reference, query, reason, dry_run=dry_run)
    with archive_to_read(archive) as connection:
        numbers = find_present(connection, query) if query else [find_article(connection, reference)]
        found = load_articles(connection, numbers)
    if not found:
        raise ArticleNotFound(f"no article matches {query}.", next_step="Try it with unioncrawl search.")
    if dry_run:
        _show(found, as_json=as_json)
        return
    if not yes:
        typer.confirm(_question(found), abort=True)
    with Archive.open(archive, create=False) as opened:
        _withdraw(opened.engine, captures or captures_folder(archive), found, reason)


def _refuse_unclear(reference: str, query: str, reason: str, *, dry_run: bool) -> None:
    if bool(reference) == bool(query.strip()):
        raise typer.BadParameter("name one article, or give a --query that is not empty.")
    if not reason and not dry_run:
        raise typer.BadParameter("say why; it is kept with the fact.", param_hint="--reason")


def _question(found: Sequence[StoredArticle]) -> str:
    first = f"{found[0].id} {found[0].record.title} ({found[0].record.url})"
    named = first if len(found) == 1 else f"{len(found)} articles, from {first} on,"
    return f"Withdraw {named} for good? Text and captures can't be brought back."


def _show(found: Sequence[StoredArticle], *, as_json: bool) -> None:
    rows = [
        {
            "id": one.id,
            "site": one.record.site,
            "published_at": local_time(one.record.published_at),
            "title": one.record.title,
            "url": one.record.url,
        }
        for one in found
    ]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        say(f"{row['id']}\t{row['site']}\t{row['published_at'] or ''}\t{row['title']}\t{row['url']}")
    say(f"{len(rows)} articles would be withdrawn; nothing was changed.", err=True)


def _withdraw(engine: Engine, captures: Path, found: Sequence[StoredArticle], reason: str) -> None:
    """Withdraw one article after the other: what is done stays done when it is interrupted."""
    for one in found:
        done = take_down(engine, captures, str(one.id), reason)
        if done.revisions:
            say(f"{done.url}: {done.revisions} revisions and {done.captures} captures withdrawn")
        else:
            say(f"{done.url}: was withdrawn before; {done.captures} captures withdrawn now")
        if done.words_left_in is not None:
            say(f"{_WORDS_LEFT.format(folder=done.words_left_in)}", err=True)
    if engine.dialect.name != "sqlite":
        say(ON_A_SERVER, err=True)
    say(_AFTERWARDS, err=True)
