"""``unioncrawl serve``: look at an archive in a browser."""

from __future__ import annotations

import ipaddress
import re
import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from unioncrawl.commands._options import DEFAULT_ARCHIVE, ArchiveOption, CapturesOption
from unioncrawl.commands._terminal import say
from unioncrawl.errors import AddressRefused
from unioncrawl.reader.app import build_app
from unioncrawl.reader.guarding.host_names import is_loopback
from unioncrawl.reader.guarding.other_origins import is_origin
from unioncrawl.reader.guarding.token import LEAST_LENGTH, PARAMETER, new_token
from unioncrawl.reader.serving import address_of, listen, make_server, run_server
from unioncrawl.reader.settings import DEFAULT_PORT, LOOPBACK, ReaderSettings

app = typer.Typer()
_LAST_PORT = 65_535
# What stands in an address without being written otherwise (RFC 3986, 2.3).
_PATH = re.compile(r"(?:/[A-Za-z0-9._~-]+)+")
_TOKEN = re.compile(r"[A-Za-z0-9._~-]+")


def _root_path(path: str) -> str:
    if path and not _PATH.fullmatch(path):
        raise typer.BadParameter("it begins with / and does not end with it, such as /archive")
    return path


def _proxies(addresses: list[str] | None) -> list[str]:
    for address in addresses or ():
        try:
            ipaddress.ip_network(address)
        except ValueError as error:
            raise typer.BadParameter(f"{address} is neither an IP address nor a network") from error
    return addresses or []


def _origins(origins: list[str] | None) -> list[str]:
    for origin in origins or ():
        if not is_origin(origin):
            raise typer.BadParameter(
                f"{origin} is no origin: write it as https://news.example, without a path"
            )
    return origins or []


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
    token: Annotated[
        str, typer.Option(help="What visitors have to show; beyond this machine one is made up.")
    ] = "",
    token_file: Annotated[
        Path | None, typer.Option(dir_okay=False, help="Take the token from this file.")
    ] = None,
    root_path: Annotated[
        str, typer.Option(callback=_root_path, help="The path at which a reverse proxy offers the reader.")
    ] = "",
    trust_proxy: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ADDRESS", callback=_proxies, help="Believe this proxy's forwarded headers (repeatable)."
        ),
    ] = None,
    cors: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ORIGIN",
            callback=_origins,
            help="Let pages of this origin read the API and the feeds (repeatable).",
        ),
    ] = None,
    mask: Annotated[
        bool,
        typer.Option("--mask", help="Make phone, identity and card numbers and mail unreadable everywhere."),
    ] = False,
    open_browser: Annotated[bool, typer.Option("--open", help="Open the browser.")] = False,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    captures: CapturesOption = None,
) -> None:
    """Serve the archive as pages to read in a browser, until Ctrl-C.

    Example: unioncrawl serve --port 8080 --open
    """
    settings = ReaderSettings(
        archive=archive,
        captures=captures,
        host=host,
        names=tuple(allow_host or ()),
        token=_token(host, token, token_file),
        root_path=root_path,
        proxies=tuple(trust_proxy or ()),
        origins=tuple(cors or ()),
        is_masked=mask,
    )
    # The archive is opened last: what is refused before leaves no connection to a server open.
    with listen(host, port) as listener:
        server = make_server(build_app(settings), settings)
        entrance = f"?{PARAMETER}={settings.token}" if settings.token else ""
        address = f"{address_of(listener)}/{entrance}"
        say(f"The archive is at {address} until Ctrl-C.")
        if open_browser and not webbrowser.open(address):
            say("unioncrawl: no browser could be opened; open the address yourself.", err=True)
        run_server(server, listener)
    say("reader stopped.")


def _token(host: str, token: str, file: Path | None) -> str:
    """Return the token to ask for: that given; beyond this machine a new one; else none.

    Raises `AddressRefused` for one that could be guessed.
    """
    if file is not None:
        token = file.read_text(encoding="utf-8").strip()
    if token and (len(token) < LEAST_LENGTH or not _TOKEN.fullmatch(token)):
        raise AddressRefused(
            f"the token must have at least {LEAST_LENGTH} characters, letters, digits and - . _ ~ alone.",
            next_step="Leave it out for one that is made up.",
        )
    return token or ("" if is_loopback(host) else new_token())
