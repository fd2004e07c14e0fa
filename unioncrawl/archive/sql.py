"""What statements of the archive share: slices that fit one, and the next free number."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Connection, Dialect, Integer, Table, Text
from sqlalchemy.dialects import sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

from unioncrawl.archive.column_types import UtcTime, json_text
from unioncrawl.archive.server.arrays import BigIntegers, Texts

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


def among(connection: Connection, values: Sequence[int] | Sequence[str]) -> tuple[str, object]:
    """Return what follows a column that must hold one of some values, and the one to bind to it."""
    if connection.dialect.name == "sqlite":
        return "IN (SELECT value FROM json_each(?))", json_text(values)
    return "= ANY(%s)", _array(values)


def _array(values: Sequence[Any]) -> Sequence[Any]:
    """Return values as a server gets them; an empty list of the driver's own has no kind."""
    if not values:
        return []
    return Texts(values) if isinstance(values[0], str) else BigIntegers(values)


class bytewise(FunctionElement[str]):  # noqa: N801 - stands in statements like a function
    """A text as its bytes order it, in UTF-8 its characters' numbers, whatever the locale of the database.

    SQLite orders so itself; PostgreSQL by the locale that the database was made with, where 甲 may come
    before 乙, and a_b before a-c.
    """

    inherit_cache = True
    type = Text()


@compiles(bytewise)
def _as_it_is(element: bytewise, compiler: Any, **more: Any) -> str:  # noqa: ANN401 - SQLAlchemy's
    return str(compiler.process(element.clauses, **more))


@compiles(bytewise, "postgresql")
def _collated(element: bytewise, compiler: Any, **more: Any) -> str:  # noqa: ANN401 - SQLAlchemy's
    return f'{compiler.process(element.clauses, **more)} COLLATE "C"'


def next_id(connection: Connection, table: Table) -> int:
    """Return the next free number of a table; no other writer takes numbers meanwhile."""
    # Plain words: a small batch spent more time on building the statement than on its answer.
    last: int | None = connection.exec_driver_sql(f"SELECT max(id) FROM {table.name}").scalar_one()  # noqa: S608
    return (last or 0) + 1


@dataclass(frozen=True, slots=True)
class _Insert:
    """An insert as the driver takes it: its words, and which of its values need what done to them."""

    words: str
    names: tuple[str, ...]
    times: tuple[int, ...]
    bind_time: Callable[[datetime], object]
    # How the values of each column are bound together, where all rows are bound at once.
    arrays: tuple[type[list[Any]], ...]


def insert_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all have the same columns; values of JSON columns are JSON texts.

    The driver gets all rows at once, by a statement that is made once for each table and database:
    SQLAlchemy's way of each value took half of the time that rows take (280 µs an article). A server
    gets them as one array a column: a row that it is sent by itself costs it as much as the insert.
    """
    if not rows:
        return
    prepared = _insert(table, tuple(rows[0]), connection.dialect)
    connection.exec_driver_sql(prepared.words, _bound(prepared, rows))


@lru_cache(maxsize=64)
def _insert(table: Table, names: tuple[str, ...], dialect: Dialect) -> _Insert:
    bind_time = UtcTime().bind_processor(dialect)
    assert bind_time is not None  # noqa: S101 - a type that processes what it is given
    return _Insert(
        words=_words(table, names, dialect),
        names=names,
        times=tuple(place for place, name in enumerate(names) if type(table.c[name].type) is UtcTime),
        bind_time=bind_time,
        arrays=() if dialect.name == "sqlite" else tuple(_array_of(table.c[name].type) for name in names),
    )


def _words(table: Table, names: tuple[str, ...], dialect: Dialect) -> str:
    """The words of an insert: of one row on SQLite, of all rows at once, column by column, on PostgreSQL."""
    columns = ", ".join(dialect.identifier_preparer.quote(name) for name in names)
    if dialect.name == "sqlite":
        values = f"VALUES ({', '.join('?' for _ in names)})"
    else:
        arrays = ", ".join(f"%s::{table.c[name].type.compile(dialect)}[]" for name in names)
        values = f"SELECT * FROM unnest({arrays})"  # noqa: S608
    return f"INSERT INTO {table.name} ({columns}) {values}"


def _bound(prepared: _Insert, rows: Sequence[Mapping[str, Any]]) -> Any:  # noqa: ANN401 - the driver's
    values_of = itemgetter(*prepared.names) if len(prepared.names) > 1 else _only(prepared.names[0])
    known: dict[datetime | None, object] = {None: None}
    bound: list[Any] = []
    for row in rows:
        values = list(values_of(row))
        for place in prepared.times:
            # A batch's rows repeat their times: those of a visit stand in five columns.
            if (at := values[place]) not in known:
                known[at] = prepared.bind_time(at)
            values[place] = known[at]
        bound.append(tuple(values))
    if not prepared.arrays:
        return bound
    columns = zip(*bound, strict=True)
    return tuple(array(column) for array, column in zip(prepared.arrays, columns, strict=True))


def _array_of(kind: TypeEngine[Any]) -> type[list[Any]]:
    if isinstance(kind, Integer):
        return BigIntegers
    return Texts if isinstance(kind, Text) else list


def _only(name: str) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
    return lambda row: (row[name],)


def insert_numbers(
    connection: Connection, table: Table, rows: Sequence[tuple[int, ...]], on_conflict: str
) -> None:
    """Insert rows of whole numbers; ``on_conflict`` is the clause for those that are there already."""
    if not rows:
        return
    words = f"{_words(table, tuple(table.c.keys()), connection.dialect)} {on_conflict}"
    given = (
        list(rows)
        if connection.dialect.name == "sqlite"
        else tuple(map(BigIntegers, zip(*rows, strict=True)))
    )
    connection.exec_driver_sql(words, given)


def upsert(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Return an insert that may say what happens to a row that is there already."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    # The dialect loads all its drivers' modules: 0.1 CPU-seconds that an archive in a file does not need.
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415

    return postgresql.insert(table)
