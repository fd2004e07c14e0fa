"""Check the WARC files of an archive against its rows."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fastwarc.warc import ArchiveIterator, WarcRecordType
from sqlalchemy import Connection, select

from unioncrawl.archive.schema import capture

_BACKUP = "Bring the file back from a backup."
_ORPHAN = "Left by a killed run, or another archive's: unioncrawl import takes it in, or delete it."
Told = tuple[str, str]


def check_captures(connection: Connection, folder: Path) -> Iterator[Told]:
    """What is wrong with the captures, and what to do: each as ``(detail, next step)``."""
    expected: defaultdict[str, dict[int, str]] = defaultdict(dict)
    query = select(capture.c.file, capture.c.offset, capture.c.digest).where(capture.c.file != "")
    for row in connection.execution_options(yield_per=1000).execute(query):
        expected[row.file][row.offset] = row.digest
    bodies: set[str] = set()
    revisits: list[tuple[str, int, str]] = []
    for name in sorted(expected):
        yield from _check_file(folder / name, expected[name], bodies, revisits)
    for name, offset, digest in revisits:
        if digest not in bodies:
            yield f"the capture in {name} at byte {offset} refers to a body that is nowhere", _BACKUP
    present = {path.name for path in folder.glob("*.warc.gz")} if folder.is_dir() else set()
    for name in sorted(present - set(expected)):
        yield f"no article or rejection knows the file {name}", _ORPHAN


def _check_file(
    path: Path, expected: dict[int, str], bodies: set[str], revisits: list[tuple[str, int, str]]
) -> Iterator[Told]:
    if not path.exists():
        yield f"the file {path.name} with {len(expected)} captures is missing", _BACKUP
        return
    found: set[int] = set()
    try:
        with path.open("rb") as file:
            for record in ArchiveIterator(file, parse_http=True):
                digest = expected.get(record.stream_pos)
                if digest is None:
                    continue
                found.add(record.stream_pos)
                if record.record_type == WarcRecordType.revisit:
                    revisits.append((path.name, record.stream_pos, digest))
                elif _body_digest(record) == digest:
                    bodies.add(digest)
                else:
                    place = f"{path.name} at byte {record.stream_pos}"
                    yield f"the capture in {place} is not what was stored", _BACKUP
    except (OSError, ValueError) as error:
        # A killed run may leave a torn last record, which no row refers to.
        if expected.keys() - found:
            yield f"{path.name} is torn: {error}", _BACKUP
            return
    for offset in sorted(expected.keys() - found)[:5]:
        yield f"{path.name} holds no capture at byte {offset}", _BACKUP


def _body_digest(record: Any) -> str:  # noqa: ANN401 - a FastWARC record
    return hashlib.sha256(record.reader.read()).hexdigest()
