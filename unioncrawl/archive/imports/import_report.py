"""What an import tells: what became of its pages and rows, every change, every problem."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a row of a table (or of a file, row 0): its changes, or why it was not taken."""

    file: str
    row: int
    url: str = ""
    changes: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    problem: str = ""


@dataclass(slots=True)
class ImportReport:
    """What an import saw: pages or rows by what became of them, every changed row, every problem.

    ``keep`` takes each thing told; by default all are kept in ``told``, which a
    large table fills. ``share`` is how much of the present file was read.
    """

    seen: Counter[str] = field(default_factory=Counter)
    told: list[Told] = field(default_factory=list)
    keep: Callable[[Told], object] | None = None
    changed: int = 0
    problems: int = 0
    share: float = 0.0

    def tell(self, one: Told) -> None:
        """Count what is told, and keep it."""
        self.changed += bool(one.changes)
        self.problems += bool(one.problem)
        (self.keep or self.told.append)(one)

    def add_problem(self, path: Path, row: int, problem: str) -> None:
        """Count and tell what could not be read."""
        self.seen[UNREADABLE] += 1
        self.tell(Told(path.name, row, problem=problem))

    def reach(self, share: float) -> None:
        """Note how much of the present file was read."""
        self.share = share


def told_lines(one: Told) -> Iterator[tuple[str, int, str, str, str, str, str]]:
    """What is told as lines of a table: file, row, URL, field, before, after, problem."""
    if one.problem:
        yield one.file, one.row, one.url, "", "", "", one.problem
    for name, (before, after) in one.changes.items():
        yield one.file, one.row, one.url, name, before, after, ""
