"""Opening and reading a SQLite archive while another process is in the middle of writing it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.archive.small_archive import fill
from tests.databases import archive_at
from tests.processes import HANG_SECONDS, start
from unioncrawl.archive.migrations.upgrade import open_engine
from unioncrawl.archive.search.answer import SearchRequest, search
from unioncrawl.archive.store import Archive

# Holds the write lock from the word "held" until its input ends.
_WRITER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
connection.execute("UPDATE site SET name = 'x'")
print("held", flush=True)
sys.stdin.read()
connection.execute("ROLLBACK")
"""


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Path]:
    """An archive of five articles, in the middle of another process's transaction."""
    path = tmp_path / "archive.db"
    with Archive.open(archive_at(path)) as archive:
        fill(archive, tmp_path / "captures")
    command: list[str | Path] = [sys.executable, "-c", _WRITER, path]
    process = start(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    yield path
    assert process.poll() is None
    process.communicate(timeout=HANG_SECONDS)


def test_opening_and_searching_waits_for_no_writer(held: Path) -> None:
    """With no patience at all, an archive that is being written is opened and searched."""
    engine = open_engine(str(held), create=False, busy_timeout_seconds=0)
    with engine.connect() as connection:
        assert len(search(connection, SearchRequest(query="防暑药品")).results) == 5
    engine.dispose()


def test_the_search_command_answers_beside_a_writer(held: Path) -> None:
    """``unioncrawl search`` prints its articles while the lock is held."""
    command = [sys.executable, "-m", "unioncrawl", "search", "防暑药品", "--archive", str(held)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("题") >= 5
