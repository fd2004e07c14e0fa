"""Read the rows of old tables: CSV, JSON, JSON lines, a table of a SQLite file.

A row that can't be read is given too, with its number and its problem: so no row
is dropped in silence.
"""

from __future__ import annotations

import json
import re
import sqlite3
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from unioncrawl.archive.imports.csv_records import csv_records
from unioncrawl.archive.imports.json_objects import NO_JSON, json_objects
from unioncrawl.archive.imports.text_blocks import text_blocks, text_suffix
from unioncrawl.archive.write.column_values import places_of
from unioncrawl.decode.order import decode_page
from unioncrawl.errors import DecodeError, FileUnreadable
from unioncrawl.guard.bounds import BODY_BYTES, IMPORT_RESTARTS

_SQLITE_MAGIC = b"SQLite format 3\0"
# What neither a database nor JSON can hold as text.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row by its number, the head not counted: its values by column, or what is wrong with it."""

    number: int
    values: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""


def _ignore(_share: float) -> None:
    """Ignore how much was read."""


def read_rows(path: Path, table: str = "", reach: Callable[[float], None] = _ignore) -> Iterator[TableRow]:
    """Yield the rows of a table as strings; text files in any Chinese encoding, packed by gzip or not.

    The file is read piece by piece; ``reach`` receives the share that was read.
    ``table`` names the table of a SQLite file that has several. A file that is
    cut off or damaged further on ends with a row that says so. Raises
    `FileUnreadable` when nothing of the file can be read.
    """
    number = 0
    try:
        with path.open("rb") as file:
            is_sqlite = file.read(len(_SQLITE_MAGIC)) == _SQLITE_MAGIC
        for row in _sqlite_rows(path, table, reach) if is_sqlite else _text_rows(path, reach):
            number = row.number
            yield row
    except (OSError, EOFError, ValueError, zlib.error, sqlite3.Error, DecodeError) as error:
        what = error.message.rstrip(".") if isinstance(error, DecodeError) else str(error)
        if number:
            yield TableRow(number + 1, problem=f"the rest of the file can't be read: {what}")
            return
        raise FileUnreadable(
            f"{path} can't be read: {what}.",
            next_step="Give WARC, WACZ, CSV, JSON, JSONL or SQLite; save a workbook as CSV first.",
        ) from error


def _text_rows(path: Path, reach: Callable[[float], None]) -> Iterator[TableRow]:
    blocks, suffix = text_blocks(path, reach), text_suffix(path)
    match suffix:
        case ".jsonl" | ".ndjson":
            yield from _json_lines(blocks)
        case ".json":
            yield from (
                _row_or_problem(number, *found) for number, found in enumerate(json_objects(blocks), 1)
            )
        case _:
            yield from _csv_rows(blocks, "excel-tab" if suffix in {".tsv", ".tab"} else "excel")


def _row_or_problem(number: int, values: object, problem: str) -> TableRow:
    return TableRow(number, problem=problem) if problem else _row(number, values)


def _json_lines(blocks: Iterator[str]) -> Iterator[TableRow]:
    lines = (line for block in blocks for line in block.removesuffix("\n").split("\n"))
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield _row(number, json.loads(line))
        except NO_JSON as error:
            yield TableRow(number, problem=f"not JSON: {error}")


def _csv_rows(blocks: Iterator[str], dialect: str) -> Iterator[TableRow]:
    records = csv_records(blocks, dialect)
    head = next(records, None)
    if head is None:
        return
    if head.problem:
        raise ValueError(f"its first line is {head.problem}")
    for number, record in enumerate(records, 1):
        cells, problem = record.cells, record.problem
        if not problem and len(cells) != len(head.cells):
            problem = f"{len(cells)} values for {len(head.cells)} columns"
        yield _row_or_problem(number, dict(zip(head.cells, cells, strict=False)), problem)


def _sqlite_rows(path: Path, table: str, reach: Callable[[float], None]) -> Iterator[TableRow]:
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    try:
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, BODY_BYTES.now())
        connection.row_factory = sqlite3.Row
        known = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        if not table and len(known) == 1:
            table = known[0]
        if table not in known:
            raise ValueError(f"name one of its tables in the mapping: {', '.join(known)}")
        connection.text_factory = bytes
        quoted = table.replace('"', '""')
        (count,) = connection.execute(f'SELECT count(*) FROM "{quoted}"').fetchone()  # noqa: S608 - a name it has itself
        for row in _rows_past_damage(connection, f'SELECT * FROM "{quoted}" LIMIT ? OFFSET ?'):  # noqa: S608 - the same
            reach(row.number / max(1, count))
            yield row
    finally:
        connection.close()


def _rows_past_damage(connection: sqlite3.Connection, query: str) -> Iterator[TableRow]:
    """Yield the rows of a query; a row that can't be read (damaged, too large) is reported and skipped."""
    number, restarts, size = 0, 0, -1
    while True:
        given = number
        try:
            for row in connection.execute(query, (size, number)):
                number += 1
                yield _row(number, dict(row))
        except sqlite3.Error as error:
            restarts += 1
            if restarts > IMPORT_RESTARTS.default:
                raise
            # The driver reads one row ahead: the fault is that row's only where it was asked for alone.
            if size == 1:
                number += 1
                yield TableRow(number, problem=f"the database can't return it: {error}")
            size = 1 if size == -1 else -1
            continue
        if size == -1 or number == given:
            return


def _decoded(data: bytes) -> str:
    """Decode a text of a database, in whatever encoding its program used.

    Raises `DecodeError` for bytes that are not text.
    """
    try:
        return data.decode()
    except UnicodeDecodeError:
        return decode_page(data).text


def _row(number: int, values: object) -> TableRow:
    if not isinstance(values, Mapping):
        return TableRow(number, problem="no object")
    texts: dict[str, str] = {}
    for name, value in values.items():
        try:
            texts[_string(name)] = _string(value)
        except (DecodeError, *NO_JSON) as error:
            what = error.message if isinstance(error, DecodeError) else str(error)
            return TableRow(number, problem=f"its {name} can't be read: {what}")
    return TableRow(number, texts)


def _string(value: object) -> str:
    match value:
        case None:
            return ""
        case bytes():
            return _decoded(value)
        case float() if value.is_integer():
            return str(int(value))
        case list() | dict():
            return json.dumps(value, ensure_ascii=False)
    return str(value)


def unstorable(text: str) -> str:
    r"""Return what `storable` changes in a text, with the places; empty when it changes nothing.

    >>> unstorable("工\x00会\ud83d")
    'U+0000 at 1, U+D83D at 3'
    >>> unstorable("总工会\n慰问")
    ''
    """
    return "" if storable(text) == text else places_of(_UNSTORABLE, text)


def storable(text: str) -> str:
    r"""Return the text without what no database holds: control characters, halves of surrogate pairs.

    >>> storable("工\x00会\ud83d")
    '工会\ufffd'
    >>> storable("总工会\n慰问")
    '总工会\n慰问'
    """
    # A line end is not printable either: most texts have one, and nothing else.
    if not text.isprintable() and _UNSTORABLE.search(text):
        text = _CONTROLS.sub("", text).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
