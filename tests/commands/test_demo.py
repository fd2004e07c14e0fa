"""Tests for ``unioncrawl demo``."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.databases import NO_TABLE_YET, archive_at, ask, ask_at, variables_at
from tests.processes import HANG_SECONDS, ROOT, start, wait_until
from unioncrawl.cli import COMMANDS
from unioncrawl.commands.demo import _print_next, crawl_site, practice_sites, site_totals
from unioncrawl.errors import ArchiveNotFound
from unioncrawl.practice.server import DEFAULT_PORT


def test_a_taken_port_is_reported_and_free_ones_are_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """When something listens where the practice sites want to, they are crawled elsewhere all the same.

    Their articles keep the addresses that they have on the ports of the bundled site files.
    """
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    archive = archive_at(tmp_path / "data" / "archive.db")
    with socket.socket() as other:
        with suppress(OSError):  # another practice site may run there; the port is taken all the same
            other.bind(("127.0.0.1", DEFAULT_PORT))
            other.listen()
        with practice_sites() as folders:
            brought = crawl_site("practice-empire", archive, folders)
    assert brought is not None
    assert brought["archive/new"] == 20
    assert str(DEFAULT_PORT) in capsys.readouterr().err
    hosts = {urlsplit(url).netloc for (url,) in ask(archive, "select canonical_url from article")}
    assert hosts == {f"127.0.0.1:{DEFAULT_PORT + 2}"}


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_the_demo_with_what_it_has(tmp_path: Path, number: int, code: int) -> None:
    """Ctrl-C and SIGTERM end the crawl that runs, which stores what it has, and print the summary."""
    archive = tmp_path / "data" / "archive.db"

    def has_articles() -> bool:
        with suppress(*NO_TABLE_YET):
            return ask_at(archive, "select count(*) from article") != [(0,)]
        return False

    command = [sys.executable, "-m", "unioncrawl", "demo", "--json"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "UNIONCRAWL_FLUSH_ARTICLES": "1"} | variables_at(
        archive
    )
    with start(command, cwd=tmp_path, env=environment, **pipes) as process:
        wait_until(has_articles, process)
        process.send_signal(number)
        out, err = process.communicate(timeout=HANG_SECONDS)
    assert process.returncode == code, err
    assert "Traceback" not in err
    assert "interrupted; what was fetched is stored" in err
    ((stored,),) = ask_at(archive, "select count(*) from article")
    assert ask_at(archive, "select count(*) from run where finished_at is null") == [(0,)]
    assert sum(site["articles"] for site in json.loads(out)["sites"].values()) == stored


def test_totals_of_no_archive_are_refused(tmp_path: Path) -> None:
    """Asking for totals before any crawl says that there is no archive."""
    with pytest.raises(ArchiveNotFound):
        site_totals(archive_at(tmp_path / "none.db"))


def test_what_to_try_next_ends_with_the_reader(capsys: pytest.CaptureFixture[str]) -> None:
    """Each command that the demo names is one, and the last of them opens the archive in a browser."""
    _print_next("news.db")
    calls = [
        line.strip() for line in capsys.readouterr().out.splitlines() if line.endswith("--archive news.db")
    ]
    assert calls[-1].endswith("serve --open --archive news.db")
    assert {name for call in calls for name in call.split() if name in COMMANDS} >= {
        "search",
        "show",
        "serve",
    }
