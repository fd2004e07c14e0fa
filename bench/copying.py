"""Measure `unioncrawl archive copy` both ways: rows a second, memory, and whether both answer alike.

    python -m bench.copying [--articles 10000] [--queries 40] [--folder DIR]

An archive of news in SQLite is copied to a PostgreSQL of its own, and from there into another file; each
copy is a process of its own. ``--folder`` keeps the first archive there, and takes the one that is there.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

from sqlalchemy import text

from bench.archive import fixed_loop
from bench.figures import print_figure
from bench.imports import Memory
from bench.material.news import News
from bench.parity import differences, queries
from tests.postgres import running_postgres
from unioncrawl.archive.search.answer import SearchRequest, search
from unioncrawl.archive.store import Archive
from unioncrawl.archive.verify.check_archive import verify

_MEGABYTE = 1 << 20


def fill(address: str, count: int) -> None:
    """Write so many articles of invented news."""
    with Archive.open(address) as archive:
        run = archive.begin_run("bench", {})
        for article in islice(News(drawn=100_000).articles(), count):
            archive.store(article, run)
        archive.finish_run(run, {}, "finished")


def measure(source: str, target: str, name: str) -> None:
    """Copy in a process of its own, and print what it took."""
    command = [sys.executable, "-m", "unioncrawl", "archive", "copy", source, target, "--json"]
    start = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        # What the system notes as a child's peak is this process's own, from which it was forked.
        memory = Memory(process.pid)
        assert process.stdout is not None  # noqa: S101 - a pipe
        answer = json.load(process.stdout)
        _, _, used = os.wait4(process.pid, 0)
        process.returncode = 0
    memory.stop()
    seconds, rows = used.ru_utime + used.ru_stime, answer["written"]
    assert answer["is_complete"]  # noqa: S101 - else nothing was measured
    print_figure(f"{name}: rows", rows, "")
    print_figure("  rows copied, compared, indexed", rows / seconds, "a CPU-second")
    print_figure("  CPU", seconds, "seconds")
    print_figure("  time", time.monotonic() - start, "seconds")
    print_figure("  peak memory", max(memory.seen), "MB", "level")


def compare(one: str, other: str, folder: Path, count: int) -> int:
    """Return how many questions the two answer differently, and print what verify finds."""
    with Archive.open(one, create=False) as left, Archive.open(other, create=False) as right:
        with left.engine.connect() as connection:
            hits = search(connection, SearchRequest(query="", limit=100)).results
            numbers = ", ".join(str(hit.id) for hit in hits)
            query = f"SELECT body_text FROM revision WHERE article_id IN ({numbers})"  # noqa: S608 - numbers
            texts = list(connection.execute(text(query)).scalars())
        found = [str(one) for one in verify(right.engine, folder / "captures")]
        found += differences(left, right, list(queries(texts, count, 1)), 1)
    print(*found[:5], sep="\n")
    return len(found)


def main() -> None:
    """Fill, copy twice, ask, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--queries", type=int, default=40)
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, running_postgres() as server:
        folder = Path(name)
        first = (given.folder or folder) / "archive.db"
        if not first.exists():
            first.parent.mkdir(parents=True, exist_ok=True)
            fill(str(first), given.articles)
        print_figure("archive", first.stat().st_size / _MEGABYTE, "MB")
        print_figure("calibration", fixed_loop(), "CPU-seconds")
        on_server, last = f"{server.url}postgres", str(folder / "last.db")
        measure(str(first), on_server, "SQLite to PostgreSQL")
        measure(on_server, last, "PostgreSQL to SQLite")
        if given.queries:
            print_figure("differences", compare(str(first), last, folder, given.queries), "", "0")


if __name__ == "__main__":
    main()
