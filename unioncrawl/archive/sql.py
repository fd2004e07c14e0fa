"""What statements of the archive share: slices that fit one, and the next free number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import sqlite

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

# SQLite's oldest limit on the parameters of a statement is 999.
CHUNK = 500
T = TypeVar("T")


def chunks(values: Sequence[T], size: int = CHUNK) -> Iterator[Sequence[T]]:
    """Yield the values in slices that fit a statement, ``size`` values each, the last one shorter.

    >>> [list(some) for some in chunks(["工会", "职工", "维权"], 2)]
    [['工会', '职工'], ['维权']]
    >>> list(chunks([]))
    []
    """
    for start in range(0, len(values), size):
        yield values[start : start + size]


def next_id(connection: Connection, table: Table) -> int:
    """Return the next free number of a table; no other writer takes numbers meanwhile."""
    # Plain words: a small batch spent more time on building the statement than on its answer.
    last: int | None = connection.exec_driver_sql(f"SELECT max(id) FROM {table.name}").scalar_one()  # noqa: S608
    return (last or 0) + 1


def upsert(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Return an insert that may say what happens to a row that is there already."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    # The dialect loads all its drivers' modules: 0.1 CPU-seconds that an archive in a file does not need.
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415

    return postgresql.insert(table)
