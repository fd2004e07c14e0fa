"""What a copy of an archive shows on a terminal while it goes on, and says at its end."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from unioncrawl.archive.copying.compare_archives import ComparedArchives
from unioncrawl.archive.copying.copy_archive import CopyReport
from unioncrawl.archive.copying.watcher import Unwatched, Watcher
from unioncrawl.commands._console import is_styled
from unioncrawl.commands._terminal import say


@contextmanager
def copy_progress() -> Iterator[Watcher]:
    """Something that shows each stage with a bar on stderr, on a terminal."""
    if not is_styled(sys.stderr):
        yield Unwatched()
        return
    from unioncrawl.commands._drawing import stage_bars  # noqa: PLC0415 - Rich takes 50 ms to load

    with stage_bars() as bars:
        yield bars


def say_copied(report: CopyReport, captures: tuple[Path, Path]) -> None:
    """Say what was copied, what exactly was compared, and where the captures are."""
    began = "went on with the copy: " if report.is_resumed else ""
    say(f"{began}{report.written:,} rows written into {report.compared.second}")
    if report.deleted:
        say(f"{report.deleted:,} rows of it were not those of {report.compared.first} any more, and replaced")
    for name in report.left_out:
        say(f"not copied, because it is no part of an archive: {name}", err=True)
    say_compared(report.compared)
    if not report.is_complete:
        say(
            f"{report.compared.second} stays unfinished, and opens for nothing else."
            " Run the same command again; it replaces what differs.",
            err=True,
        )
        return
    say(f"its search index was built from these texts, and holds {report.indexed:,} articles")
    _say_captures(report, captures)


def say_compared(compared: ComparedArchives) -> None:
    """Say of which tables each row is the same, or which rows are not."""
    if compared.is_same:
        tables = len(compared.tables)
        say(f"verified: {compared.rows:,} rows in {tables} tables, each with the same values in both")
        return
    for table in compared.tables:
        if table.is_same:
            continue
        rows = f"{table.source_rows:,} rows and {table.target_rows:,}"
        say(f"{table.table}: {rows}, {table.differences:,} differ", err=True)
        for line in table.differing or ["the values are alike, and of different kinds (1 and 1.0)"]:
            say(f"  {line}", err=True)


def _say_captures(report: CopyReport, captures: tuple[Path, Path]) -> None:
    source, target = captures
    done = report.captures
    if done is not None:
        say(
            f"captures: {done.copied} files copied into {done.folder}, {done.present} were there,"
            f" {done.file_bytes:,} bytes, each compared by SHA-256"
        )
    elif report.capture_files and source != target:
        say(
            f"captures: {report.capture_files} files stay in {source}, and were not looked at; commands look"
            f" for them in {target}. Copy them there, or name their folder (--captures, UNIONCRAWL_CAPTURES)."
        )
