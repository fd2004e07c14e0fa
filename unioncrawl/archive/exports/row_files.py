"""Exports that are texts, row after row: JSON Lines, JSON, CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import IO, Any

from unioncrawl.archive.exports.codebook import NAMES
from unioncrawl.archive.spreadsheet_cells import csv_cell

Row = dict[str, Any]


def write_jsonl(rows: Iterable[Row], file: IO[bytes], names: Sequence[str] = NAMES) -> int:
    """Write one JSON object a line; return how many."""
    count = 0
    for count, row in enumerate(rows, 1):  # noqa: B007 - the last number is the count
        file.write(_object(row, names) + b"\n")
    return count


def write_json(rows: Iterable[Row], file: IO[bytes], names: Sequence[str] = NAMES) -> int:
    """Write one JSON array, an object a line; return how many."""
    count = 0
    file.write(b"[")
    for count, row in enumerate(rows, 1):
        file.write((b",\n" if count > 1 else b"\n") + _object(row, names))
    file.write(b"\n]\n")
    return count


def _object(row: Row, names: Sequence[str]) -> bytes:
    chosen = {name: row[name] for name in names}
    return json.dumps(chosen, ensure_ascii=False).encode("utf-8", "replace")


def write_csv(rows: Iterable[Row], file: IO[bytes], names: Sequence[str] = NAMES) -> int:
    """Write CSV with a byte order mark, as Excel needs it for Chinese; return how many rows.

    A text that a spreadsheet would run as a formula gets an apostrophe before
    it, which `text_of_cell` takes off; lists become JSON.
    """
    text = io.TextIOWrapper(file, "utf-8-sig", newline="", write_through=True, errors="replace")
    writer = csv.writer(text)
    writer.writerow(names)
    count = 0
    for count, row in enumerate(rows, 1):  # noqa: B007 - the last number is the count
        writer.writerow([csv_cell(row[name]) for name in names])
    text.flush()
    text.detach()
    return count
