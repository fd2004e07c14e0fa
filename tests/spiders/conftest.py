"""The practice sites on free ports, and crawls of them by Scrapy's own command line."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.databases import ask_at, variables_at
from tests.processes import HANG_SECONDS
from tests.warm import start_module
from unioncrawl.archive.crawl_state.entry_ledger import Fate, counted_entries
from unioncrawl.practice.server import PracticeServer
from unioncrawl.sites.catalogue import bundled_folder

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass
class Workplace:
    """A working directory with site files that point at the practice server's free ports."""

    folder: Path
    server: PracticeServer
    environment: dict[str, str] = field(default_factory=dict)

    def start(self, *command: str) -> subprocess.Popen[str]:
        """Start ``python -m …`` here."""
        pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        environment = {**variables_at(self.folder / "data" / "archive.db"), **self.environment}
        return start_module(command, environment, cwd=self.folder, text=True, **pipes)

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run ``python -m …`` here to its end."""
        process = self.start(*command)
        out, err = process.communicate(timeout=HANG_SECONDS)
        return subprocess.CompletedProcess(command, process.returncode, out, err)

    def crawl(self, site: str, *options: str) -> dict[str, Any]:
        """Run ``scrapy crawl SITE``; the stats of the run, whose account of entries must add up."""
        done = self.run("scrapy", "crawl", site, *options)
        assert done.returncode == 0, done.stderr
        stats = self.rows("select stats from run where spider = ? order by id desc limit 1", site)
        found: dict[str, Any] = json.loads(stats[0][0])
        entries = counted_entries(found)
        assert entries is not None
        assert entries["missing"] == 0
        assert entries["total"] == sum(entries[fate] for fate in Fate)
        return found

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Ask the archive."""
        return ask_at(self.folder / "data" / "archive.db", query, *values)

    def feed(self, site: str) -> list[dict[str, Any]]:
        """The rows of a site's feed file."""
        text = (self.folder / "data" / "feeds" / f"{site}.jsonl").read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines()]

    def site_file(self, site: str) -> Path:
        """The site file used here."""
        return self.folder / "sites" / f"{site}.toml"


@pytest.fixture
def workplace(tmp_path: Path) -> Iterator[Workplace]:
    """A working directory beside a running practice server."""
    with practice(tmp_path) as place:
        yield place


@contextmanager
def practice(folder: Path) -> Iterator[Workplace]:
    """A practice server, and a working directory whose site files point at it."""
    with PracticeServer(port=0, state_file=folder / "state.json") as server:
        sites = folder / "sites"
        sites.mkdir()
        for site, base_url in server.base_urls.items():
            bundled = bundled_folder() / f"{site}.toml"
            if bundled.exists():
                _point_at(bundled, sites / bundled.name, urlsplit(base_url).netloc)
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "SCRAPY_SETTINGS_MODULE": "unioncrawl.settings",
            "UNIONCRAWL_SITES_DIRS": str(sites),
            # Tests look into archives while crawls write them.
            "UNIONCRAWL_FLUSH_SECONDS": "1",
        }
        yield Workplace(folder, server, environment)


def _point_at(bundled: Path, own: Path, netloc: str) -> None:
    """Copy a site file with another host in place of its own."""
    text = bundled.read_text(encoding="utf-8")
    host = text.split('hosts = ["', 1)[1].split('"', 1)[0]
    own.write_text(text.replace(host, netloc), encoding="utf-8")
