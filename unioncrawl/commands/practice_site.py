"""``unioncrawl practice-site``: serve the bundled practice sites on loopback."""

from __future__ import annotations

import signal
import threading
from pathlib import Path
from typing import Annotated

import typer

from unioncrawl.commands._terminal import say
from unioncrawl.practice.server import DEFAULT_PORT, SITE_TYPES, PracticeServer
from unioncrawl.practice.site_files import write_site_files
from unioncrawl.sites.catalogue import SITES_DIRS_VARIABLE

app = typer.Typer(add_completion=False)
_LAST_FIRST_PORT = 65535 - len(SITE_TYPES)


@app.command()
def practice_site(
    port: Annotated[
        int,
        typer.Option(
            "--port",
            min=0,
            max=_LAST_FIRST_PORT,
            help="Port of the index page; the five sites take the next ones. 0 takes free ports.",
        ),
    ] = DEFAULT_PORT,
    state: Annotated[
        Path | None,
        typer.Option("--state", metavar="FILE", help="Keep hits and edited texts in this file between runs."),
    ] = None,
    sites: Annotated[
        Path | None,
        typer.Option("--sites", metavar="FOLDER", help="Write site files for these ports into this folder."),
    ] = None,
) -> None:
    """Serve five invented union sites on 127.0.0.1 until Ctrl-C.

    Example: unioncrawl practice-site --state data/practice.json
    """
    stopped = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stopped.set())
    with PracticeServer(port=port, state_file=state) as server:
        if sites is not None:
            write_site_files(server.base_urls, sites)
        say(_overview(server, port, sites))
        stopped.wait()
    say("practice sites stopped.")


def _overview(server: PracticeServer, port: int, sites: Path | None) -> str:
    lines = ["Practice sites (invented stories), on this machine until Ctrl-C:"]
    lines.append(f"  {server.index_url}  index of the sites")
    lines.extend(f"  {server.base_urls[kind.site_id]}  {kind.site_id}  {kind.name}" for kind in SITE_TYPES)
    lines.append("Crawl one from another terminal:")
    lines.append(f"  unioncrawl crawl {SITE_TYPES[0].site_id}      or: scrapy crawl {SITE_TYPES[0].site_id}")
    if sites is not None:
        lines.append(f"after: export {SITES_DIRS_VARIABLE}={sites}")
    elif port != DEFAULT_PORT:
        lines.append(
            f"Their bundled site files name the ports from {DEFAULT_PORT + 1}; --sites FOLDER writes others."
        )
    return "\n".join(lines)
