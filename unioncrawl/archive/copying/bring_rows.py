"""Make the rows of a copy those of its source: delete what is not so there, write what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from sqlalchemy import Table

from unioncrawl.archive.copying.compare_archives import count_all_rows
from unioncrawl.archive.copying.compare_rows import differences
from unioncrawl.archive.copying.ordered_rows import (
    TABLES,
    Key,
    Row,
    Side,
    last_key,
    piece_rows,
    stream_rows,
)
from unioncrawl.archive.copying.refused_row import naming_refused
from unioncrawl.archive.copying.target import Target
from unioncrawl.archive.copying.watcher import Watcher
from unioncrawl.archive.copying.write_rows import delete_rows, write_rows
from unioncrawl.archive.database import reading

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _There:
    """What a table of the copy held before: its last key, and whether rows before that are missing now."""

    last: Key | None = None
    has_gaps: bool = False


@dataclass(slots=True)
class BroughtRows:
    """The rows of a copy on their way, and how many were deleted and written.

    All tables lose what is not so in the source before any gets a row: a number, an address or a name
    may have passed from one row to another since.
    """

    source: Side
    target: Target
    watcher: Watcher
    written: int = 0
    deleted: int = 0

    def bring(self) -> None:
        """Delete, then write; each piece is a transaction of its own, and may be the last of this call."""
        self.watcher.begin("comparing what is there", self._count_there())
        there = {table: self._delete_other(table) for table in reversed(TABLES)}
        self.watcher.begin("copying", count_all_rows(self.source) - self._count_there())
        for table in TABLES:
            self._write_missing(table, there[table])

    def _count_there(self) -> int:
        with reading(self.target.engine) as connection:
            return count_all_rows(Side(connection, self.target.name))

    def _delete_other(self, table: Table) -> _There:
        """Delete the rows of a table that the source does not hold so."""
        with reading(self.target.engine) as connection:
            theirs = Side(connection, self.target.name)
            last = last_key(theirs, table)
            if last is None:
                return _There()
            has_gaps = False
            streams = stream_rows(self.source, table, up_to=last), self._watched(theirs, table)
            for some in _in_pieces(differences(*streams, table), piece_rows(table)):
                has_gaps |= any(one.source is not None for one in some)
                self._delete(table, [one.key for one in some if one.target is not None])
        return _There(last, has_gaps)

    def _watched(self, theirs: Side, table: Table) -> Iterator[list[Row]]:
        for piece in stream_rows(theirs, table):
            yield piece
            self.watcher.advance(len(piece))

    def _delete(self, table: Table, keys: list[Key]) -> None:
        if keys:
            with self.target.writing(changes_rows=True) as (connection, _):
                delete_rows(connection, table, keys)
            self.deleted += len(keys)

    def _write_missing(self, table: Table, there: _There) -> None:
        if there.has_gaps:
            self._fill_gaps(table, there.last)
        for piece in stream_rows(self.source, table, after=there.last):
            self._write(table, piece)

    def _fill_gaps(self, table: Table, last: Key | None) -> None:
        with reading(self.target.engine) as connection:
            theirs = stream_rows(Side(connection, self.target.name), table)
            found = differences(stream_rows(self.source, table, up_to=last), theirs, table)
            missing = (one.source for one in found if one.source is not None)
            for rows in _in_pieces(missing, piece_rows(table)):
                self._write(table, rows)

    def _write(self, table: Table, rows: list[Row]) -> None:
        with (
            naming_refused(self.target, table, rows, self.source.name),
            self.target.writing(changes_rows=True) as (connection, _),
        ):
            write_rows(connection, table, rows)
        self.written += len(rows)
        self.watcher.advance(len(rows))


def _in_pieces(values: Iterator[T], size: int) -> Iterator[list[T]]:
    """Yield the values as they come, so many at once."""
    while piece := list(islice(values, size)):
        yield piece
