"""``unioncrawl takedown``."""

from __future__ import annotations

from typing import Annotated

import typer

from unioncrawl.archive.capture_folder import captures_folder
from unioncrawl.archive.care.takedown import take_down
from unioncrawl.archive.read.stored_articles import find_article, load_articles
from unioncrawl.archive.store import Archive
from unioncrawl.commands._options import DEFAULT_ARCHIVE, ArchiveOption, CapturesOption
from unioncrawl.commands._terminal import say

app = typer.Typer()


@app.command()
def takedown(
    reference: Annotated[str, typer.Argument(metavar="ID|URL", help="The article to withdraw.")],
    *,
    reason: Annotated[str, typer.Option(help="Why; it is kept with the fact.")],
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False,
    captures: CapturesOption = None,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
) -> None:
    """Withdraw an article's text and captures for good; the fact that it was there stays.

    Example: unioncrawl takedown http://example.cn/1.html --reason '当事人要求'
    """
    with Archive.open(archive, create=False) as opened:
        with opened.engine.connect() as connection:
            (found,) = load_articles(connection, [find_article(connection, reference)])
        if not yes:
            named = f"{found.id} {found.record.title} ({found.record.url})"
            typer.confirm(f"Withdraw {named} for good? Text and captures can't be brought back.", abort=True)
        done = take_down(opened.engine, captures or captures_folder(archive), reference, reason)
    if not done.revisions:
        say(f"{done.url}: was withdrawn before; {done.captures} captures withdrawn now")
        return
    say(f"{done.url}: {done.revisions} revisions and {done.captures} captures withdrawn")
    say(
        "The search index still holds its pairs of characters, out of reach of any search: "
        "unioncrawl vacuum drops them too. Backups and exports made before keep the text.",
        err=True,
    )
