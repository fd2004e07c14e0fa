"""``unioncrawl demo``: crawl the practice sites and show what came of it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import select

from unioncrawl.archive.schema import run
from unioncrawl.archive.store import Archive
from unioncrawl.commands._options import DEFAULT_ARCHIVE, ArchiveOption, JsonOption, print_json
from unioncrawl.errors import CrawlFailed
from unioncrawl.practice.server import DEFAULT_PORT, SITE_TYPES, PracticeServer

app = typer.Typer()
STATE_FILE = Path("data/practice-state.json")
FEED = "data/feeds/{site}.jsonl"

PortOption = Annotated[int, typer.Option(help="The index page's port; the sites take the five above it.")]

# Heading of the table -> the stat of ours that fills it.
COLUMNS: Mapping[str, str] = {
    "new": "archive/new",
    "unchanged": "archive/unchanged",
    "revisions": "archive/revised",
    "duplicates": "archive/duplicate",
    "hits observed": "archive/observation",
    "repaired": "repair/articles",
    "rejected": "archive/rejection",
}


@app.command()
def demo(archive: ArchiveOption = DEFAULT_ARCHIVE, as_json: JsonOption = False) -> None:
    """Crawl the bundled practice sites and show what came of it.

    Example: unioncrawl demo
    """
    console = Console(stderr=True)
    results: dict[str, dict[str, int]] = {}
    STATE_FILE.parent.mkdir(parents=True, exist_ok=True)
    with PracticeServer(DEFAULT_PORT, STATE_FILE):
        for kind in SITE_TYPES:
            command = ["scrapy", "crawl", kind.site_id]
            with console.status(f"{' '.join(command)} …"):
                results[kind.site_id] = crawl_site(kind.site_id, archive)
            console.print(f"{' '.join(command)}: {results[kind.site_id]['archive/new']} new articles")
    if as_json:
        print_json({"archive": archive, "sites": results, "feeds": FEED.format(site="*")})
    else:
        _print_results(results, archive)


def crawl_site(site: str, archive: str) -> dict[str, int]:
    """Run ``scrapy crawl SITE`` in a process of its own; our stats of that run.

    Raises `CrawlFailed` with the end of the log.
    """
    log = Path("data") / f"{site}.log"
    command = [sys.executable, "-m", "scrapy", "crawl", site, "-s", f"LOG_FILE={log}"]
    command += ["-s", "LOG_FILE_APPEND=0", "-s", f"UNIONCRAWL_ARCHIVE={archive}"]
    environment = {
        **os.environ,
        "SCRAPY_SETTINGS_MODULE": "unioncrawl.settings",
        "PYTHONPATH": _python_path(),
    }
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
    if done.returncode:
        raise CrawlFailed(f"scrapy crawl {site} failed: {done.stderr[-500:]}", next_step=f"Read {log}.")
    told = _last_run(archive, site)
    return {name: told.get(f"unioncrawl/{name}", 0) for name in COLUMNS.values()}


def _last_run(archive: str, site: str) -> dict[str, int]:
    query = select(run.c.stats).where(run.c.spider == site).order_by(run.c.id.desc()).limit(1)
    with Archive.open(archive, create=False) as opened, opened.engine.connect() as connection:
        stats: dict[str, int] = connection.execute(query).scalar() or {}
    return stats


def _python_path() -> str:
    """Where the sub-process finds what this process was given (a checkout run without installing)."""
    return os.pathsep.join(path for path in sys.path if path)


def _print_results(results: Mapping[str, Mapping[str, int]], archive: str) -> None:
    table = Table(title="What the crawl brought", title_justify="left")
    table.add_column("site")
    for heading in COLUMNS:
        table.add_column(heading, justify="right")
    for site, numbers in results.items():
        table.add_row(site, *(str(numbers[stat]) for stat in COLUMNS.values()))
    totals = [str(sum(numbers[stat] for numbers in results.values())) for stat in COLUMNS.values()]
    table.add_section()
    table.add_row("all", *totals)
    Console().print(table)
    option = "" if archive == DEFAULT_ARCHIVE else f" --archive {archive}"
    typer.echo(f"archive:  {archive}\nfeeds:    {FEED.format(site='practice-*')}\n\nTry next:")
    for command in ("search 工会", "show 1", "feed -o data/feed.json"):
        typer.echo(f"  {_program()} {command}{option}")


def _program() -> str:
    """How this command was called, so that the printed ones can be pasted."""
    called = Path(sys.argv[0])
    if called.name != "unioncrawl":
        return f"{Path(sys.executable).name} -m unioncrawl"
    here = Path.cwd()
    return (
        str(called.relative_to(here))
        if called.is_absolute() and called.is_relative_to(here)
        else "unioncrawl"
    )
