"""``unioncrawl demo``: crawl the practice sites and show what came of it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Any, Self
from urllib.parse import urlsplit

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from sqlalchemy import func, select

from unioncrawl.archive.crawl_state.crawl_runs import SIGNALLED
from unioncrawl.archive.reports.hit_series import missing_counts
from unioncrawl.archive.schema import article, observation, revision, run, site
from unioncrawl.archive.store import Archive
from unioncrawl.commands._drawing import output_console
from unioncrawl.commands._options import DEFAULT_ARCHIVE, ArchiveOption, JsonOption, print_json
from unioncrawl.commands._terminal import say
from unioncrawl.errors import ArchiveNotFound, CrawlFailed, PortTaken
from unioncrawl.practice.server import DEFAULT_PORT, SITE_TYPES, PracticeServer
from unioncrawl.practice.site_files import write_site_files
from unioncrawl.sites.catalogue import SITES_DIRS_VARIABLE

app = typer.Typer()
STATE_FILE = Path("data/practice-state.json")
FEED = "data/feeds/{site}.jsonl"
_SIGNALS = (signal.SIGINT, signal.SIGTERM)

# Heading of the table -> the stat of this run that fills it.
RUN_COLUMNS: Mapping[str, str] = {
    "new": "archive/new",
    "revised": "archive/revised",
    "repaired": "repair/articles",
    "rejected": "archive/rejection",
    "observed": "archive/observation",
}


@app.command()
def demo(archive: ArchiveOption = DEFAULT_ARCHIVE, as_json: JsonOption = False) -> None:
    """Crawl the bundled practice sites and show what came of it.

    Example: unioncrawl demo
    """
    console = Console(stderr=True)
    results: dict[str, dict[str, int]] = {}
    STATE_FILE.parent.mkdir(parents=True, exist_ok=True)
    with Stopping() as stopping, practice_sites() as folders:
        for kind in SITE_TYPES:
            command = ["scrapy", "crawl", kind.site_id]
            with console.status(f"{' '.join(command)} …"):
                brought = crawl_site(kind.site_id, archive, folders, stopping)
            if brought is not None:
                results[kind.site_id] = brought
                console.print(f"{' '.join(command)}: {brought['archive/new']} new articles")
            if stopping.number:
                break
    _report(results, archive, as_json=as_json)
    if stopping.number:
        say("unioncrawl: interrupted; what was fetched is stored.", err=True)
        raise typer.Exit(SIGNALLED + stopping.number)


class Stopping:
    """Ctrl-C and SIGTERM while in use: the crawl that runs is asked to end, and stores what it has.

    The crawl is no child of the terminal, so that it is asked once for each signal.
    """

    def __init__(self) -> None:
        # The number of the first signal; 0 before any.
        self.number = 0
        self._process: subprocess.Popen[str] | None = None
        self._before: list[Any] = []

    def __enter__(self) -> Self:
        self._before = [signal.signal(number, self._stop) for number in _SIGNALS]
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in zip(_SIGNALS, self._before, strict=True):
            signal.signal(number, handler)

    def run(self, command: list[str], environment: Mapping[str, str]) -> tuple[int, str]:
        """Run a command to its end; its exit code and what it wrote on stderr."""
        with subprocess.Popen(  # noqa: S603 - our own command
            command,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        ) as process:
            self._process = process
            said = process.communicate()[1]
        self._process = None
        return process.returncode, said

    def _stop(self, number: int, _frame: FrameType | None) -> None:
        self.number = self.number or number
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)


def _report(results: Mapping[str, Mapping[str, int]], archive: str, *, as_json: bool) -> None:
    totals = site_totals(archive) if results else {}
    if as_json:
        sites = {key: {**totals[key], "run": brought} for key, brought in results.items()}
        print_json({"archive": archive, "sites": sites, "feeds": FEED.format(site="practice-*")})
        return
    _print_results(results, totals)
    _print_next(archive)


@contextmanager
def practice_sites() -> Iterator[str]:
    """The sites on the ports that their bundled files name; where one is taken, on free ports.

    Gives the folders of site files to crawl them with, as ``UNIONCRAWL_SITES_DIRS`` has them.
    """
    folders = os.environ.get(SITES_DIRS_VARIABLE, "")
    with TemporaryDirectory() as folder, _served() as server:
        if urlsplit(server.index_url).port != DEFAULT_PORT:
            write_site_files(server.base_urls, Path(folder))
            folders = os.pathsep.join(filter(None, (folder, folders)))
        yield folders


@contextmanager
def _served() -> Iterator[PracticeServer]:
    server = PracticeServer(DEFAULT_PORT, STATE_FILE)
    try:
        server.start()
    except PortTaken as error:
        say(f"unioncrawl: {error.args[0]} The practice sites take free ports.", err=True)
        server = PracticeServer(0, STATE_FILE)
        server.start()
    try:
        yield server
    finally:
        server.stop()


def crawl_site(
    site_id: str, archive: str, folders: str = "", stopping: Stopping | None = None
) -> dict[str, int] | None:
    """Run ``scrapy crawl SITE`` in a process of its own; our stats of that run.

    ``folders`` of site files go to it. None when it was stopped before its run began.
    Raises `CrawlFailed` with the end of the log.
    """
    log = Path("data") / f"{site_id}.log"
    command = [sys.executable, "-m", "scrapy", "crawl", site_id, "-s", f"LOG_FILE={log}"]
    command += ["-s", "LOG_FILE_APPEND=0", "-s", f"UNIONCRAWL_ARCHIVE={archive}"]
    environment = {
        **os.environ,
        "SCRAPY_SETTINGS_MODULE": "unioncrawl.settings",
        "PYTHONPATH": _python_path(),
        SITES_DIRS_VARIABLE: folders,
    }
    stopping = stopping or Stopping()
    began = datetime.now(UTC)
    code, said = stopping.run(command, environment)
    if code and not stopping.number:
        raise CrawlFailed(f"scrapy crawl {site_id} failed: {said[-500:]}", next_step=f"Read {log}.")
    summary = _run_since(archive, site_id, began)
    if summary is None and stopping.number:
        return None
    return {name: (summary or {}).get(f"unioncrawl/{name}", 0) for name in RUN_COLUMNS.values()}


def _run_since(archive: str, site_id: str, moment: datetime) -> dict[str, int] | None:
    """The stats of a site's run that began since a moment; None where none did."""
    query = select(run.c.stats).where(run.c.spider == site_id, run.c.started_at >= moment)
    try:
        with Archive.open(archive, create=False) as opened, opened.engine.connect() as connection:
            found = connection.execute(query.order_by(run.c.id.desc()).limit(1)).first()
    except ArchiveNotFound:
        return None
    return None if found is None else found.stats or {}


def _python_path() -> str:
    """Return where the sub-process finds what this process was given (a checkout run without installing)."""
    return os.pathsep.join(path for path in sys.path if path)


def site_totals(archive: str) -> dict[str, dict[str, int | str]]:
    """What the archive holds of each site: articles, their latest hits summed, revisions, observations.

    In the place of hits stands the reason where no article has any (``robots``).
    """
    of_site = article.c.site_id == site.c.id
    articles = select(func.count()).where(of_site).scalar_subquery()
    hits = select(func.sum(article.c.hits)).where(of_site).scalar_subquery()
    # A revision that a better repair brought is none of the site's.
    edits = select(func.count()).select_from(revision.join(article)).where(of_site, revision.c.kind == "edit")
    observed = select(func.count()).select_from(observation.join(article)).where(of_site).scalar_subquery()
    query = select(site.c.key, articles, hits, edits.scalar_subquery(), observed)
    with Archive.open(archive, create=False) as opened, opened.engine.connect() as connection:
        missing = missing_counts(connection)
        return {
            key: dict(zip(TOTALS, (_number(one, missing.get(key)) for one in numbers), strict=True))
            for key, *numbers in connection.execute(query)
        }


def _number(value: int | None, missing: Counter[str] | None) -> int | str:
    """A number, or the commonest reason why there is none."""
    if value is not None:
        return int(value)
    return missing.most_common(1)[0][0] if missing else 0


TOTALS = ("articles", "hits", "revisions", "observations")


def _print_results(
    results: Mapping[str, Mapping[str, int]], totals: Mapping[str, Mapping[str, int | str]]
) -> None:
    rows = {
        site_id: [*(totals[site_id][name] for name in TOTALS), *brought.values()]
        for site_id, brought in results.items()
    }
    table = Table(box=SIMPLE)
    for heading in ("site", *TOTALS, *RUN_COLUMNS):
        table.add_column(heading, justify="left" if heading == "site" else "right")
    for site_id, numbers in rows.items():
        table.add_row(site_id, *(str(number) for number in numbers))
    table.add_section()
    columns = zip(*rows.values(), strict=True)
    table.add_row("all", *(str(sum(one for one in column if isinstance(one, int))) for column in columns))
    console = output_console()
    console.print(
        f"Left: what the archive holds now. From '{next(iter(RUN_COLUMNS))}' on: what this run brought."
    )
    console.print(table)


def _print_next(archive: str) -> None:
    option = "" if archive == DEFAULT_ARCHIVE else f" --archive {archive}"
    say(f"archive:  {archive}\nfeeds:    {FEED.format(site='practice-*')}\n\nTry next:")
    for command in ("search 工会", "show 1", "feed -o data/feed.json"):
        say(f"  {_program()} {command}{option}")
    say(f"\nSee all of it in a browser:\n  {_program()} serve --open{option}")


def _program() -> str:
    """How this command was called, so that the printed ones can be pasted."""
    called = Path(sys.argv[0])
    if called.name != "unioncrawl":
        return f"{Path(sys.executable).name} -m unioncrawl"
    if called.is_absolute() and called.is_relative_to(Path.cwd()):
        called = called.relative_to(Path.cwd())
    return called.name if shutil.which("unioncrawl") == str(called) else str(called)
