"""Read the records of a CSV table of any size, past records that are none."""

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
    """The lines of a table, which can be given again from the one behind the present record's first."""

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
        """The lines given so far are done with."""
        self._record.clear()

    def go_back(self) -> int:
        """Give the lines behind the present record's first one again; the number of that first one."""
        self._again.extendleft(reversed(self._record[1:]))
        self.number -= len(self._record) - 1
        self.end_record()
        return self.number


def csv_records(blocks: Iterable[str], dialect: str) -> Iterator[CsvRecord]:
    """The records of a table; the first is its head, empty lines are none.

    A record that is none, for a quotation mark that is never closed or closed
    too early, is told and costs its first line alone: those behind it are read.
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
            yield CsvRecord(problem=f"no CSV (line {number}): {error}")
        else:
            return
