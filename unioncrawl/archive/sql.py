"""What statements of the archive share: slices that fit one, and the next free number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from sqlalchemy import Connection, Table, func, select
from sqlalchemy.dialects import postgresql, sqlite

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
    number: int = connection.execute(select(func.coalesce(func.max(table.c.id), 0) + 1)).scalar_one()
    return number


def upsert(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Return an insert that may say what happens to a row that is there already."""
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)
