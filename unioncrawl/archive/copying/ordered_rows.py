"""The rows of a table in the order of their key, as plain values that both databases give alike.

Times are aware and in UTC, JSON is the text that stands there, texts are ordered by their code
points whatever the order of the server is. A table is read as it streams: a few thousand values
are in memory at once, however many rows there are.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    Select,
    Table,
    Text,
    cast,
    func,
    select,
    tuple_,
)

from unioncrawl.archive.database import VERIFY
from unioncrawl.archive.service_tables import LASTING_TABLES
from unioncrawl.archive.write_failures import DATABASE_ERRORS, archive_error
from unioncrawl.errors import ArchiveError, ArchiveUnwritable

Row = tuple[Any, ...]
Key = tuple[Any, ...]
TABLES = LASTING_TABLES
# So many values are in memory at once: 200 revisions, or 5,000 fingerprints.
_PIECE_VALUES = 10_000
# What a value that is not of its column's kind raises while it is read.
_INVALID = (ValueError, TypeError)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two archives: a connection to read with, and its address as it may be printed."""

    connection: Connection
    name: str

    @contextmanager
    def errors(self, table: Table) -> Iterator[None]:
        """Raise the project's errors for what reading a table raises, with the archive's name."""
        try:
            yield
        except DATABASE_ERRORS as error:
            known = archive_error(error, self.connection.engine)
            if isinstance(known, ArchiveUnwritable):
                raise known from error
            raise self._unreadable(table, str(getattr(error, "orig", error))) from error
        except _INVALID as error:
            raise self._unreadable(table, str(error)) from error

    def _unreadable(self, table: Table, why: str) -> ArchiveError:
        return ArchiveError(
            f"the table {table.name} of {self.name} holds a value that can't be read: {why}.",
            next_step=VERIFY,
            stage="archive",
        )


def piece_rows(table: Table) -> int:
    """Return how many rows of a table are in memory at once."""
    return max(100, _PIECE_VALUES // len(table.columns))


def key_names(table: Table) -> tuple[str, ...]:
    """Return the names of the columns of a table's key."""
    return tuple(column.name for column in table.primary_key.columns)


def key_places(table: Table) -> tuple[int, ...]:
    """Return where the columns of the key stand in a row."""
    names = [column.name for column in table.columns]
    return tuple(names.index(name) for name in key_names(table))


def key_of(row: Row, places: tuple[int, ...]) -> Key:
    """Return the key of a row."""
    return tuple(row[place] for place in places)


def stream_rows(
    side: Side, table: Table, *, after: Key | None = None, up_to: Key | None = None
) -> Iterator[list[Row]]:
    """Yield the rows of a table in pieces, in the order of their key, from beyond ``after`` to ``up_to``."""
    size = piece_rows(table)
    query = _ordered(side.connection, table, after, up_to)
    with side.errors(table):
        result = side.connection.execute(query, execution_options={"yield_per": size})
        pieces = result.partitions(size)
    try:
        while True:
            with side.errors(table):
                piece = [tuple(row) for row in next(pieces, ())]
            if not piece:
                return
            yield piece
    finally:
        result.close()


def last_key(side: Side, table: Table) -> Key | None:
    """Return the last key of a table; ``None`` when it holds nothing."""
    keys = _keys(side.connection, table)
    query = select(*table.primary_key.columns).order_by(*(key.desc() for key in keys)).limit(1)
    with side.errors(table):
        row = side.connection.execute(query).first()
    return None if row is None else tuple(row)


def count_rows(side: Side, table: Table) -> int:
    """Return how many rows a table has."""
    with side.errors(table):
        return side.connection.execute(select(func.count()).select_from(table)).scalar_one()


def _ordered(connection: Connection, table: Table, after: Key | None, up_to: Key | None) -> Select[Any]:
    keys = _keys(connection, table)
    query = select(*(_plain(column) for column in table.columns)).order_by(*keys)
    if after is not None:
        query = query.where(tuple_(*keys) > tuple_(*after))
    if up_to is not None:
        query = query.where(tuple_(*keys) <= tuple_(*up_to))
    return query


def _keys(connection: Connection, table: Table) -> list[ColumnElement[Any]]:
    is_sqlite = connection.dialect.name == "sqlite"
    return [
        column.collate("C") if isinstance(column.type, Text) and not is_sqlite else column
        for column in table.primary_key.columns
    ]


def _plain(column: Column[Any]) -> ColumnElement[Any]:
    """A column as it is read: the text of JSON, so that no number or order of keys in it changes."""
    return cast(column, Text).label(column.name) if isinstance(column.type, JSON) else column
