"""Read the rows of old tables: CSV, JSON, JSON lines, a table of a SQLite file.

A row that can't be read is a row too: with its number and what is wrong with it,
so that nothing is dropped in silence.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from unioncrawl.decode import decode_page
from unioncrawl.errors import ArchiveError, DecodeError

_GZIP_MAGIC = b"\x1f\x8b"
_SQLITE_MAGIC = b"SQLite format 3\0"
# What neither a database nor JSON can hold as text.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row by its number, the head not counted: its values by column, or what is wrong with it."""

    number: int
    values: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""


def read_rows(path: Path, table: str = "") -> Iterator[TableRow]:
    """The rows of a table as strings; text files in any Chinese encoding, packed by gzip or not.

    ``table`` names the table of a SQLite file that has several. Raises
    `ArchiveError` when the file can't be read at all.
    """
    try:
        with path.open("rb") as file:
            is_sqlite = file.read(len(_SQLITE_MAGIC)) == _SQLITE_MAGIC
        yield from _sqlite_rows(path, table) if is_sqlite else _text_rows(path)
    except (OSError, EOFError, ValueError, sqlite3.Error, DecodeError) as error:
        told = error.message.rstrip(".") if isinstance(error, DecodeError) else str(error)
        raise ArchiveError(
            f"{path} can't be read: {told}.",
            next_step="Give WARC, WACZ, CSV, JSON, JSONL or SQLite; save a workbook as CSV first.",
        ) from error


def _text_rows(path: Path) -> Iterator[TableRow]:
    data, suffix = path.read_bytes(), path.suffix.lower()
    if data.startswith(_GZIP_MAGIC):
        data, suffix = gzip.decompress(data), Path(path.stem).suffix.lower()
    text = decode_page(data).text.removeprefix("\ufeff")
    match suffix:
        case ".jsonl" | ".ndjson":
            yield from _json_lines(text)
        case ".json":
            yield from _json_array(text)
        case _:
            yield from _csv_rows(text, "excel-tab" if suffix in {".tsv", ".tab"} else "excel")


def _json_lines(text: str) -> Iterator[TableRow]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            yield _row(number, json.loads(line))
        except ValueError as error:
            yield TableRow(number, problem=f"no JSON: {error}")


def _json_array(text: str) -> Iterator[TableRow]:
    rows = json.loads(text)
    if not isinstance(rows, list):
        raise ValueError("it is no list of objects")  # noqa: TRY004 - told like any other defect of the file
    yield from (_row(number, row) for number, row in enumerate(rows, 1))


def _csv_rows(text: str, dialect: str) -> Iterator[TableRow]:
    csv.field_size_limit(1 << 30)
    # Strict: a quotation mark that is never closed would swallow the rest of the file.
    reader = csv.reader(io.StringIO(text, newline=""), dialect=dialect, strict=True)
    head, number = next(reader, None), 0
    if head is None:
        return
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            number += 1
            yield TableRow(number, problem=f"no CSV (line {reader.line_num}): {error}")
            continue
        if cells is None:
            return
        if cells:
            number += 1
            yield _csv_row(number, head, cells)


def _csv_row(number: int, head: list[str], cells: list[str]) -> TableRow:
    if len(cells) != len(head):
        return TableRow(number, problem=f"{len(cells)} values for {len(head)} columns")
    return _row(number, dict(zip(head, cells, strict=True)))


def _sqlite_rows(path: Path, table: str) -> Iterator[TableRow]:
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    try:
        connection.row_factory, connection.text_factory = sqlite3.Row, _decoded
        known = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        if not table and len(known) == 1:
            table = known[0]
        if table not in known:
            raise ValueError(f"name one of its tables in the mapping: {', '.join(known)}")
        quoted = table.replace('"', '""')
        for number, row in enumerate(connection.execute(f'SELECT * FROM "{quoted}"'), 1):  # noqa: S608 - a name it has itself
            yield _row(number, dict(row))
    finally:
        connection.close()


def _decoded(data: bytes) -> str:
    """Text of a database that was filled in whatever encoding its program used."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return decode_page(data).text


def _row(number: int, values: object) -> TableRow:
    if not isinstance(values, Mapping):
        return TableRow(number, problem="no object")
    return TableRow(number, {str(name): _string(value) for name, value in values.items()})


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


def storable(text: str) -> str:
    r"""The text without what no database holds: control characters, halves of surrogate pairs.

    >>> storable("工\x00会\ud83d")
    '工会\ufffd'
    >>> storable("总工会\n慰问")
    '总工会\n慰问'
    """
    if not text.isprintable():
        text = _CONTROLS.sub("", text).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
