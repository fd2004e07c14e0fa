"""Exports that are tables in files of their own kind: Parquet and SQLite."""

from __future__ import annotations

import importlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from typing import IO, Any

from unioncrawl.archive.exports.codebook import FIELDS, NAMES
from unioncrawl.archive.exports.meanings import field_meanings
from unioncrawl.archive.exports.sampling import Drawing
from unioncrawl.errors import ArchiveError
from unioncrawl.language.zones import CHINA_NAME

_BATCH = 1_000
_SQLITE_TYPES = {"integer": "INTEGER", "boolean": "INTEGER"}
_KINDS = {name: kind for name, kind, _ in FIELDS}
_TIMES = frozenset(name for name, kind in _KINDS.items() if kind == "datetime")
# The keys of what a list or an object holds; numbers are named, all others are texts.
_KEYS = {
    "images": "url caption",
    "attachments": "url name",
    "counter": "url family method body",
    "evidence": "field rule raw",
    "contains": "article_id part_article_id start_at end_at share",
    "contained_in": "article_id part_article_id start_at end_at share",
}
_WHOLE = frozenset(["article_id", "part_article_id", "start_at", "end_at"])

Row = dict[str, Any]


def _flat(row: Row) -> Row:
    """The row with lists and objects as JSON text."""
    return {
        name: json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value
        for name, value in row.items()
    }


def _typed(row: Row) -> Row:
    """The row with its times as times."""
    return {
        name: datetime.fromisoformat(value) if name in _TIMES and value is not None else value
        for name, value in row.items()
    }


def _batches(rows: Iterable[Row], names: Sequence[str], form: Callable[[Row], Row]) -> Iterator[list[Row]]:
    formed = (form({name: row[name] for name in names}) for row in rows)
    while batch := list(islice(formed, _BATCH)):
        yield batch


def write_parquet(rows: Iterable[Row], file: IO[bytes], names: Sequence[str] = NAMES) -> int:
    """Write one Parquet table: times with their zone, lists and structs as such; return how many rows.

    Raises `ArchiveError` when pyarrow is not installed.
    """
    try:
        arrow = importlib.import_module("pyarrow")
        parquet = importlib.import_module("pyarrow.parquet")
    except ImportError as error:
        raise ArchiveError(
            "Parquet needs pyarrow, which is not installed.",
            next_step="Install it with pip install 'unioncrawl[parquet]'.",
        ) from error
    meanings = field_meanings()
    schema = arrow.schema(
        [
            arrow.field(
                name,
                _arrow_type(arrow, name),
                metadata={"description": meanings[name].english, "descriptionZh": meanings[name].chinese},
            )
            for name in names
        ]
    )
    count = 0
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        for batch in _batches(rows, names, _typed):
            writer.write_table(arrow.Table.from_pylist(batch, schema=schema))
            count += len(batch)
    return count


def _arrow_type(arrow: Any, name: str) -> Any:  # noqa: ANN401 - a module, and one of its types
    match _KINDS[name]:
        case "integer":
            return arrow.int64()
        case "boolean":
            return arrow.bool_()
        case "datetime":
            return arrow.timestamp("ms", tz=CHINA_NAME)
        case "array":
            return arrow.list_(_arrow_struct(arrow, name))
        case "object":
            return _arrow_struct(arrow, name)
    return arrow.string()


def _arrow_struct(arrow: Any, name: str) -> Any:  # noqa: ANN401 - a module, and one of its types
    numbers = {**dict.fromkeys(_WHOLE, arrow.int64()), "share": arrow.float64()}
    return arrow.struct([(key, numbers.get(key, arrow.string())) for key in _KEYS[name].split()])


def note_sample(name: str, drawing: Drawing) -> None:
    """Add the table ``sample`` to a SQLite file that holds a sample: its codebook says so too."""
    facts = {"description": drawing.sentence(), **drawing.facts()}
    rows = [
        (key, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
        for key, value in facts.items()
    ]
    with _written(name) as connection:
        connection.execute("CREATE TABLE sample (name TEXT PRIMARY KEY, value TEXT)")
        connection.executemany("INSERT INTO sample VALUES (?, ?)", rows)


@contextmanager
def _written(name: str) -> Iterator[sqlite3.Connection]:
    """A SQLite file to write; what the disk refuses is an `OSError`, as with any other file."""
    connection = sqlite3.connect(name)
    try:
        yield connection
        connection.commit()
    except sqlite3.OperationalError as error:
        raise OSError(str(error)) from error
    finally:
        connection.close()


def write_sqlite(rows: Iterable[Row], file: IO[bytes], names: Sequence[str] = NAMES) -> int:
    """Write one SQLite file with the table ``articles``, in place; return how many rows.

    It opens in Datasette; the codebook is its table ``fields``.
    """
    marks = ", ".join("?" * len(names))
    count = 0
    with _written(file.name) as connection:
        _make_tables(connection, names)
        for batch in _batches(rows, names, _flat):
            values = [tuple(row.values()) for row in batch]
            connection.executemany(f"INSERT INTO articles VALUES ({marks})", values)  # noqa: S608 - question marks only
            count += len(batch)
        if "published_at" in names:
            connection.execute("CREATE INDEX articles_by_time ON articles (published_at)")
    return count


def _make_tables(connection: sqlite3.Connection, names: Sequence[str]) -> None:
    columns = ", ".join(
        f'"{name}" {_SQLITE_TYPES.get(_KINDS[name], "TEXT")}{" PRIMARY KEY" if name == "id" else ""}'
        for name in names
    )
    connection.execute(f"CREATE TABLE articles ({columns})")
    connection.execute(
        "CREATE TABLE fields (name TEXT PRIMARY KEY, type TEXT, meaning TEXT, meaning_zh TEXT)"
    )
    meanings = field_meanings()
    about = [(name, _KINDS[name], meanings[name].english, meanings[name].chinese) for name in names]
    connection.executemany("INSERT INTO fields VALUES (?, ?, ?, ?)", about)
