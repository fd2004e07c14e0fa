"""Opening and reading an archive while another process is in the middle of writing it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.archive.small_archive import Kept
from tests.processes import HANG_SECONDS, ROOT, start
from unioncrawl.archive.migrations.upgrade import open_engine
from unioncrawl.archive.search.answer import SearchRequest, search

# Holds the write lock from the word "held" until its input ends.
_WRITER = """
import sys
from tests.databases import writing_lock
with writing_lock(sys.argv[1], "UPDATE site SET name = 'x'"):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def held(any_archive: str, kept: Kept) -> Iterator[str]:
    """An archive of five articles that another process writes, in each database in turn."""
    kept.archive.close()
    command = [sys.executable, "-c", _WRITER, any_archive]
    process = start(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    yield any_archive
    assert process.poll() is None
    process.communicate(timeout=HANG_SECONDS)


def test_opening_and_searching_waits_for_no_writer(held: str) -> None:
    """With no patience at all, an archive that is being written is opened and searched."""
    engine = open_engine(held, create=False, busy_timeout_seconds=0)
    with engine.connect() as connection:
        assert len(search(connection, SearchRequest(query="防暑药品")).results) == 5
    engine.dispose()


def test_the_search_command_answers_beside_a_writer(held: str) -> None:
    """``unioncrawl search`` prints its articles while the lock is held."""
    command = [sys.executable, "-m", "unioncrawl", "search", "防暑药品", "--archive", held]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("题") >= 5
