"""Measure the import of an old table: rows a CPU-second, and memory as the import goes on.

    python -m bench.imports [--rows 25000] [--damaged 20] [--encoding gb18030] [--keep FOLDER]

The table is that of a news system: address, title, printed date, source, people, hits, text of about
2 kB, site. In ``--damaged`` rows of a thousand (20) the text is damaged (GBK or UTF-8 read in another
encoding, entities), in ten it is markup. ``--file FILE`` imports a table that is there; ``--keep``
keeps table and archive. The import is ``unioncrawl import`` in a process of its own; the figures are its
CPU time and its memory, at each tenth of the file. ``calibration`` is the time of a fixed loop, by which
machines and loads compare. ``--profile FILE`` writes what cProfile saw.
"""

from __future__ import annotations

import argparse
import csv
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from bench.archive import fixed_loop
from bench.figures import print_figure
from bench.material.news import News
from bench.material.transport_damage import (
    escape_entities,
    read_as_latin,
    read_utf8_as_gbk,
    read_utf8_as_latin,
)
from unioncrawl.model import Article

_COLUMNS = (
    *("url", "title", "published_raw", "source", "author", "editor", "column", "hits_raw", "body_text"),
    "site",
)
# Of a thousand rows.
_MARKUP = 10
_DAMAGES: tuple[Callable[[str], str], ...] = (
    read_utf8_as_gbk, read_as_latin, read_utf8_as_latin, escape_entities,
)  # fmt: skip
_LOOK_SECONDS = 0.2
_MEGABYTE = 1 << 20


def rows(news: News, damaged: int) -> Iterator[list[str]]:
    """Yield the rows of the table, without end; so many of a thousand are damaged."""
    for number, article in enumerate(news.articles()):
        values = [str(getattr(article, name)) for name in _COLUMNS]
        values[_COLUMNS.index("body_text")] = _text(number % 1_000, damaged, article)
        yield values


def _text(place: int, damaged: int, article: Article) -> str:
    text = article.body_text
    if place < damaged:
        # What GBK can't write stays away, as in a page that was written in it.
        writable = text.encode("gbk", "ignore").decode("gbk")
        return _DAMAGES[place % len(_DAMAGES)](writable)
    if place < damaged + _MARKUP:
        return "".join(f"<p>{line}</p>" for line in text.split("\n"))
    return text


def write_table(path: Path, count: int, encoding: str, damaged: int) -> None:
    """Write a table of so many rows."""
    with path.open("w", encoding=encoding, errors="replace", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_COLUMNS)
        writer.writerows(islice(rows(News(), damaged), count))


class Memory:
    """The memory of a process, looked at while it runs, by the CPU time that it has used."""

    def __init__(self, number: int) -> None:
        self._status, self._ended = Path(f"/proc/{number}/status"), threading.Event()
        self.seen: list[float] = []
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while not self._ended.wait(_LOOK_SECONDS):
            try:
                lines = self._status.read_text(encoding="ascii").splitlines()
            except (FileNotFoundError, ProcessLookupError):
                return
            self.seen += [int(line.split()[1]) / 1_024 for line in lines if line.startswith("VmRSS")]

    def stop(self) -> list[float]:
        """Return the memory, in MB, after each tenth of the time."""
        self._ended.set()
        self._thread.join()
        return [self.seen[len(self.seen) * tenth // 10] for tenth in range(1, 10) if self.seen]


def measure(table: Path, archive: Path, profile: str) -> None:
    """Import a table into a new archive, and print what it took."""
    watched = ["-m", "cProfile", "-o", profile] if profile else []
    command = [sys.executable, *watched, "-m", "unioncrawl", "import", str(table), "--archive", str(archive)]
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        memory = Memory(process.pid)
        said, _ = process.communicate()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    held = memory.stop()
    print(said, end="")
    count = sum(
        int(line.split()[0]) for line in said.splitlines() if line and not line.endswith("report to see each")
    )
    print_figure("table", table.stat().st_size / _MEGABYTE, "MB")
    print_figure("rows", count, "")
    print_figure("import", count / seconds, "rows a CPU-second", ">= 500")
    print_figure("  CPU", seconds, "seconds")
    print_figure("  time", time.monotonic() - start, "seconds")
    for tenth, megabytes in enumerate(held, 1):
        print_figure(f"  memory after {tenth} of 10 parts", megabytes, "MB", "level")
    print_figure("  peak memory", max(memory.seen), "MB")
    print_figure("archive", archive.stat().st_size / _MEGABYTE, "MB")


def main() -> None:
    """Make the table, import it, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rows", type=int, default=25_000)
    parser.add_argument("--encoding", default="utf-8")
    parser.add_argument("--damaged", type=int, default=20)
    parser.add_argument("--file", type=Path)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--profile", default="")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = given.keep or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        table = given.file or folder / "old.csv"
        if not table.exists():
            write_table(table, given.rows, given.encoding, given.damaged)
        print_figure("calibration", fixed_loop(), "CPU-seconds")
        measure(table, folder / f"archive-{os.getpid()}.db", given.profile)
        print_figure("calibration", fixed_loop(), "CPU-seconds")


if __name__ == "__main__":
    main()
