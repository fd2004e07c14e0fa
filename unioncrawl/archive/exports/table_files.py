"""Exports that are tables in files of their own kind: Parquet and SQLite."""

from __future__ import annotations

import importlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import IO, Any

from unioncrawl.archive.exports.codebook import FIELDS, NAMES
from unioncrawl.archive.exports.sampling import Drawing
from unioncrawl.errors import ArchiveError

_BATCH = 1_000
_SQLITE_TYPES = {"integer": "INTEGER", "boolean": "INTEGER"}


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    """The row with lists and objects as JSON text."""
    return {
        name: json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value
        for name, value in ((name, row[name]) for name in NAMES)
    }


def _batches(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    flat = map(_flat, rows)
    while batch := list(islice(flat, _BATCH)):
        yield batch


def write_parquet(rows: Iterable[dict[str, Any]], file: IO[bytes]) -> int:
    """Write one Parquet table; return how many rows.

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
    types = {"integer": arrow.int64(), "boolean": arrow.bool_()}
    schema = arrow.schema([(name, types.get(kind, arrow.string())) for name, kind, _ in FIELDS])
    count = 0
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        for batch in _batches(rows):
            writer.write_table(arrow.Table.from_pylist(batch, schema=schema))
            count += len(batch)
    return count


def note_sample(name: str, drawing: Drawing) -> None:
    """Add the table ``sample`` to a SQLite file that holds a sample: its codebook says so too."""
    connection = sqlite3.connect(name)
    try:
        connection.execute("CREATE TABLE sample (name TEXT PRIMARY KEY, value TEXT)")
        facts = {"description": drawing.sentence(), **drawing.facts()}
        rows = [
            (key, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
            for key, value in facts.items()
        ]
        connection.executemany("INSERT INTO sample VALUES (?, ?)", rows)
        connection.commit()
    finally:
        connection.close()


def write_sqlite(rows: Iterable[dict[str, Any]], file: IO[bytes]) -> int:
    """Write one SQLite file with the table ``articles``, in place; return how many rows.

    It opens in Datasette; the codebook is its table ``fields``.
    """
    connection = sqlite3.connect(file.name)
    try:
        columns = ", ".join(
            f'"{name}" {_SQLITE_TYPES.get(kind, "TEXT")}{" PRIMARY KEY" if name == "id" else ""}'
            for name, kind, _ in FIELDS
        )
        connection.execute(f"CREATE TABLE articles ({columns})")
        connection.execute("CREATE TABLE fields (name TEXT PRIMARY KEY, type TEXT, meaning TEXT)")
        connection.executemany("INSERT INTO fields VALUES (?, ?, ?)", FIELDS)
        marks = ", ".join("?" * len(NAMES))
        count = 0
        for batch in _batches(rows):
            values = [tuple(row.values()) for row in batch]
            connection.executemany(f"INSERT INTO articles VALUES ({marks})", values)  # noqa: S608 - question marks only
            count += len(batch)
        connection.execute("CREATE INDEX articles_by_time ON articles (published_at)")
        connection.commit()
    finally:
        connection.close()
    return count
