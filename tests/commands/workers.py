"""Practice sites, an archive on PostgreSQL, and workers that are processes of their own."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from tests.processes import HANG_SECONDS
from tests.warm import start_module
from unioncrawl.practice.server import PracticeServer
from unioncrawl.practice.site_files import write_site_files


@dataclass
class Workers:
    """A working folder with site files of practice sites, and the address of an archive."""

    folder: Path
    url: str
    environment: dict[str, str] = field(default_factory=dict)
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start ``unioncrawl …`` on the archive."""
        pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        command = ("unioncrawl", *arguments)
        process = start_module(command, self.environment, cwd=self.folder, text=True, **pipes)
        self.started.append(process)
        return process

    def end_all(self) -> None:
        """End what a test has left running."""
        for process in self.started:
            if process.poll() is None:
                process.kill()
                process.communicate()

    def run(self, *arguments: str, expected: int = 0) -> str:
        """Run ``unioncrawl …`` to its end, which is the expected one; return what it printed."""
        process = self.start(*arguments)
        said, _ = process.communicate(timeout=HANG_SECONDS)
        assert process.returncode == expected, said
        return said

    def jobs(self) -> dict[str, Any]:
        """What ``unioncrawl jobs --json`` says."""
        found: dict[str, Any] = json.loads(self.run("jobs", "--json"))
        return found

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Ask the database; the queue's tables are those of the schema ``procrastinate``."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            return connection.execute(query.encode(), values).fetchall()


def workers(folder: Path, url: str, server: PracticeServer, sites: Path | None = None) -> Workers:
    """Return a working folder whose site files point at a practice server."""
    named = sites or folder / "sites"
    named.mkdir(exist_ok=True)
    write_site_files(server.base_urls, named)
    environment = {
        **os.environ,
        "UNIONCRAWL_ARCHIVE": url,
        "UNIONCRAWL_SITES_DIRS": str(named),
        "UNIONCRAWL_STATE": str(folder / "state"),
        "UNIONCRAWL_FLUSH_SECONDS": "1",
        "LC_ALL": "C.UTF-8",
    }
    return Workers(folder, url, environment)
