"""Check the WARC files of an archive against its rows."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from fastwarc.warc import ArchiveIterator, WarcRecordType
from sqlalchemy import Connection, Row, select

from unioncrawl.archive.capture_files import Place, read_record
from unioncrawl.archive.findings import Finding
from unioncrawl.archive.schema import capture, run
from unioncrawl.archive.warc_ends import rest_is_whole
from unioncrawl.errors import ArchiveError

_BACKUP = "Bring the file back from a backup."
_ORPHAN = "Another archive's, or left from before: unioncrawl import takes it in, or delete it."
_STRANGE = "The archive does not need it."
_KILLED = "Nothing to do: the next run fetches again what it missed."
# How `spiders/capturing.py` and ``unioncrawl import`` name their files.
_RUN_FILE = re.compile(r"(?P<spider>.+)-(?P<time>\d{8}T\d{6})\d*Z-\d{5}\.warc\.gz")
_SHOWN = 5


@dataclass(slots=True)
class _Bodies:
    """The bodies that the files hold, and the revisits that refer to them."""

    digests: set[str] = field(default_factory=set)
    revisits: list[Place] = field(default_factory=list)


def check_captures(connection: Connection, folder: Path) -> Iterator[Finding]:
    """What is wrong with the captures: each record by its place, each file by its rows."""
    expected: defaultdict[str, dict[int, Place]] = defaultdict(dict)
    columns = (capture.c.file, capture.c.offset, capture.c.length, capture.c.digest)
    query = select(*columns).where(capture.c.file != "")
    for row in connection.execution_options(yield_per=1000).execute(query):
        expected[row.file][row.offset] = Place(*row)
    bodies = _Bodies()
    for name in sorted(expected):
        path = folder / name
        if path.exists():
            told = _run_of(connection, name)
            killed = told is not None and told.finished_at is None
            yield from _check_file(path, expected[name], bodies, killed=killed)
        else:
            detail = f"the file {name} with {len(expected[name])} captures is missing"
            yield Finding("captures", detail, _BACKUP)
    for place in bodies.revisits:
        if place.digest not in bodies.digests:
            detail = f"the capture in {place.file} at byte {place.offset} refers to a body that is nowhere"
            yield Finding("captures", detail, _BACKUP)
    yield from _check_strangers(connection, folder, set(expected))


def _check_strangers(connection: Connection, folder: Path, known: set[str]) -> Iterator[Finding]:
    """Files of which no article or rejection knows: a run that found nothing new keeps its lists alone."""
    present = {path.name for path in folder.iterdir() if path.is_file()} if folder.is_dir() else set()
    for name in sorted(present - known):
        told = _run_of(connection, name)
        if told is None:
            # An index of pywb, a note of the archivist: strange, and no harm.
            is_capture = name.lower().endswith((".warc", ".warc.gz"))
            detail = f"no article or rejection knows the file {name}"
            yield Finding("captures", detail, _ORPHAN if is_capture else _STRANGE, is_harm=is_capture)
        elif told.finished_at is None:
            detail = f"{name} was left by a run that did not finish, and nothing of it was stored"
            yield Finding("captures", detail, _KILLED, is_harm=False)


def _run_of(connection: Connection, name: str) -> Row[Any] | None:
    """The archive's run that wrote a file, by the file's name."""
    match = _RUN_FILE.fullmatch(name)
    if match is None:
        return None
    opened = datetime.strptime(match["time"], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    query = select(run.c.finished_at).where(run.c.spider == match["spider"], run.c.started_at <= opened)
    return connection.execute(query.order_by(run.c.id.desc()).limit(1)).first()


def _check_file(
    path: Path, expected: dict[int, Place], bodies: _Bodies, *, killed: bool
) -> Iterator[Finding]:
    found: set[int] = set()
    last, problem = 0, ""
    try:
        with path.open("rb") as file:
            for record in ArchiveIterator(file, parse_http=True):
                last = record.stream_pos
                place = expected.get(last)
                if place is None:
                    continue
                is_revisit = record.record_type == WarcRecordType.revisit
                digest = "" if is_revisit else _body_digest(record)
                found.add(last)
                yield from _check_body(place, digest, bodies, is_revisit=is_revisit)
    except (OSError, ValueError) as error:
        problem = str(error)
    damaged = [told for place in _missing(expected, found) for told in _check_alone(path, place, bodies)]
    yield from islice(damaged, _SHOWN)
    if len(damaged) > _SHOWN:
        yield Finding("captures", f"{len(damaged) - _SHOWN} more captures of {path.name}", _BACKUP)
    if not damaged and not killed and (problem or not rest_is_whole(path, last)):
        what = problem or "its last record is cut off"
        yield Finding("captures", f"{path.name} is damaged after byte {last}: {what}", _BACKUP)


def _missing(expected: dict[int, Place], found: set[int]) -> list[Place]:
    return [expected[offset] for offset in sorted(expected.keys() - found)]


def _check_alone(path: Path, place: Place, bodies: _Bodies) -> Iterator[Finding]:
    """A capture that the walk through its file did not come to: damage before it hides it."""
    try:
        captured = read_record(path.parent, place)
    except ArchiveError as error:
        yield Finding("captures", error.message.rstrip("."), _BACKUP)
        return
    yield from _check_body(place, captured.digest, bodies, is_revisit=captured.is_revisit)


def _check_body(place: Place, digest: str, bodies: _Bodies, *, is_revisit: bool) -> Iterator[Finding]:
    if is_revisit:
        bodies.revisits.append(place)
    elif digest == place.digest:
        bodies.digests.add(digest)
    else:
        detail = f"the capture in {place.file} at byte {place.offset} is not what was stored"
        yield Finding("captures", detail, _BACKUP)


def _body_digest(record: Any) -> str:  # noqa: ANN401 - a FastWARC record
    return hashlib.sha256(record.reader.read()).hexdigest()
