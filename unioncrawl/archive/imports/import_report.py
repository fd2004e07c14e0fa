"""What an import reports: what became of its pages and rows, every change, every problem."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

UNREADABLE = "unreadable"
# More names say no more.
_MOST_UNREAD = 100


@dataclass(frozen=True, slots=True)
class RowReport:
    """The report of one row of a table (or of a file, row 0): its changes, or why it was not taken."""

    file: str
    row: int
    url: str = ""
    changes: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    problem: str = ""


@dataclass(slots=True)
class ImportReport:
    """What an import saw: pages or rows by what became of them, every changed row, every problem.

    ``keep`` takes the report of each row; by default all are kept in ``rows``, which a
    large table fills. ``unread`` has columns of each file that held something and fill no field.
    ``share`` is how much of the present file was read.
    """

    seen: Counter[str] = field(default_factory=Counter)
    rows: list[RowReport] = field(default_factory=list)
    keep: Callable[[RowReport], object] | None = None
    changed: int = 0
    problems: int = 0
    unread: dict[str, list[str]] = field(default_factory=dict)
    share: float = 0.0

    def add(self, one: RowReport) -> None:
        """Count the report of a row, and keep it."""
        self.changed += bool(one.changes)
        self.problems += bool(one.problem)
        (self.keep or self.rows.append)(one)

    def add_problem(self, path: Path, row: int, problem: str) -> None:
        """Report what could not be read."""
        self.seen[UNREADABLE] += 1
        self.add(RowReport(path.name, row, problem=problem))

    def add_unread(self, path: Path, columns: Iterable[str]) -> None:
        """Note which columns of a row fill no field; of very many the first ones."""
        for name in columns:
            known = self.unread.setdefault(path.name, [])
            if name not in known and len(known) < _MOST_UNREAD:
                known.append(name)

    def reach(self, share: float) -> None:
        """Note how much of the present file was read."""
        self.share = share


def report_lines(one: RowReport) -> Iterator[tuple[str, int, str, str, str, str, str]]:
    """The report of a row as lines of a table: file, row, URL, field, before, after, problem."""
    if one.problem:
        yield one.file, one.row, one.url, "", "", "", one.problem
    for name, (before, after) in one.changes.items():
        yield one.file, one.row, one.url, name, before, after, ""
