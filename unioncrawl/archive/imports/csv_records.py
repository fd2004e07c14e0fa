"""Read the records of a CSV table of any size; invalid records are reported and skipped."""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from unioncrawl.guard.bounds import IMPORT_FIELD_CHARACTERS


@dataclass(frozen=True, slots=True)
class CsvRecord:
    """The values of a record, or what is wrong with it."""

    cells: list[str] = field(default_factory=list)
    problem: str = ""


class _Lines:
    """The lines of a table; the lines after the present record's first can be given again."""

    def __init__(self, blocks: Iterable[str]) -> None:
        # Without translation: a line end within a quoted field is part of it.
        self._lines = (line for block in blocks for line in io.StringIO(block, newline=""))
        self._again: deque[str] = deque()
        self._record: list[str] = []
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._lines)
        self._record.append(line)
        self.number += 1
        return line

    def end_record(self) -> None:
        """Forget the lines given so far."""
        self._record.clear()

    def go_back(self) -> int:
        """Give the lines after the present record's first again; return the number of that first line."""
        self._again.extendleft(reversed(self._record[1:]))
        self.number -= len(self._record) - 1
        self.end_record()
        return self.number


def csv_records(blocks: Iterable[str], dialect: str) -> Iterator[CsvRecord]:
    """Yield the records of a table; the first is its head, empty lines are skipped.

    A record with a quotation mark that is never closed, or closed too early, is
    reported and costs its first line alone: the lines after it are read.
    """
    csv.field_size_limit(IMPORT_FIELD_CHARACTERS.default)
    lines = _Lines(blocks)
    while True:
        try:
            for cells in csv.reader(lines, dialect=dialect, strict=True):
                lines.end_record()
                if cells:
                    yield CsvRecord(cells)
        except csv.Error as error:
            number = lines.go_back()
            yield CsvRecord(problem=f"not CSV (line {number}): {error}")
        else:
            return
