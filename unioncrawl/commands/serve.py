"""``unioncrawl serve``: look at an archive in a browser."""

from __future__ import annotations

from typing import Annotated

import typer

from unioncrawl.commands._options import DEFAULT_ARCHIVE, ArchiveOption, CapturesOption
from unioncrawl.commands._terminal import say
from unioncrawl.reader.app import build_app
from unioncrawl.reader.serving import address_of, listen, make_server, run_server
from unioncrawl.reader.settings import DEFAULT_PORT, LOOPBACK, ReaderSettings

app = typer.Typer()
_LAST_PORT = 65_535


@app.command()
def serve(
    *,
    host: Annotated[str, typer.Option(help="The address to listen at.")] = LOOPBACK,
    port: Annotated[
        int, typer.Option(min=0, max=_LAST_PORT, help="The port; 0 takes a free one.")
    ] = DEFAULT_PORT,
    allow_host: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Answer to this host name too (repeatable).")
    ] = None,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    captures: CapturesOption = None,
) -> None:
    """Serve the archive as pages to read in a browser, until Ctrl-C.

    Example: unioncrawl serve --port 8080
    """
    settings = ReaderSettings(archive=archive, captures=captures, host=host, names=tuple(allow_host or ()))
    application = build_app(settings)
    with listen(host, port) as listener:
        say(f"The archive {archive} is at {address_of(listener)} until Ctrl-C.")
        run_server(make_server(application), listener)
    say("reader stopped.")
