"""Check the WARC files of an archive against its rows."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

from fastwarc.warc import ArchiveIterator, WarcRecordType
from sqlalchemy import Connection, Row, select

from unioncrawl.archive.capture_folder import CAPTURES_SETTING, capture_file
from unioncrawl.archive.captures import warc_reader
from unioncrawl.archive.captures.record_ends import end_of_record, rest_is_whole
from unioncrawl.archive.captures.warc_reader import ELSEWHERE, GRANT, Place, record_date
from unioncrawl.archive.database import BUSY_TIMEOUT_SECONDS, RESTORE
from unioncrawl.archive.read_file import read_only_engine
from unioncrawl.archive.schema import capture, run
from unioncrawl.archive.verify.findings import SHOWN, Finding
from unioncrawl.archive.write_failures import DATABASE_ERRORS
from unioncrawl.errors import ArchiveError
from unioncrawl.guard import rights

_BACKUP = "Restore the file from a backup."
_ORPHAN = "It belongs to another archive or is left over: import it with unioncrawl import, or delete it."
_SHARED = f"Nothing to do; {CAPTURES_SETTING} would give each archive a folder of its own."
_DATABASES = (".db", ".sqlite", ".sqlite3")
_TAKEDOWN = "Run unioncrawl takedown again with its article."
_STRANGE = "The archive does not need it."
_KILLED = "Nothing to do: the next run fetches again what it missed."
# How `spiders/components/capture_middleware.py` and ``unioncrawl import`` name their files.
_RUN_FILE = re.compile(r"(?P<spider>.+)-(?P<time>\d{8}T\d{6})\d*Z-\d{5}\.warc\.gz")


@dataclass(frozen=True, slots=True)
class _Row:
    """What a row says about the record at its place."""

    number: int
    place: Place
    url: str
    status: int
    content_type: str
    fetched_at: datetime | None


@dataclass(slots=True)
class _Bodies:
    """The bodies that the files hold, the revisits that refer to them, and the rows without a place.

    ``placeless`` maps an address to its rows' digests and times; takedowns and dropped captures
    leave such rows too. A list page that is fetched again has the address and maybe the body of such
    a row, not its time. ``overwritten`` are the numbers of captures that a takedown left half withdrawn.
    """

    digests: set[str] = field(default_factory=set)
    revisits: list[Place] = field(default_factory=list)
    overwritten: set[int] = field(default_factory=set)
    placeless: dict[str, set[tuple[str, datetime | None]]] = field(default_factory=dict)


_Expected = dict[int, list[_Row]]


def capture_files(folder: Path) -> set[str]:
    """Return the names of the files of captures; raises `ArchiveError` where this user may not see them."""
    try:
        return {path.name for path in folder.iterdir() if path.is_file()} if folder.is_dir() else set()
    except PermissionError as error:
        unread = f"{rights.no_right_to_read(folder) or error}."
        raise ArchiveError(unread, next_step=GRANT, stage="archive") from error


def check_captures(connection: Connection, folder: Path, present: set[str]) -> Iterator[Finding]:
    """Yield what is wrong with the captures: check each record by its place, each file by its rows.

    ``present`` names the files that were there before the connection read anything.
    """
    bodies = _Bodies()
    expected = _rows_by_file(connection, bodies)
    for name, strange in _strange_names(folder, expected):
        del expected[name]
        yield strange
    is_elsewhere = len(expected) > 1 and not any((folder / name).exists() for name in expected)
    if is_elsewhere:
        yield Finding("captures", f"none of the {len(expected)} files of captures is in {folder}", ELSEWHERE)
    for name in sorted(expected) if not is_elsewhere else ():
        path = folder / name
        unread = rights.no_right_to_read(path)
        if unread is not None:
            yield Finding("captures", f"not checked: {unread}", GRANT)
            bodies.digests.update(row.place.digest for rows in expected[name].values() for row in rows)
        elif path.exists():
            writer = _run_of(connection, name)
            killed = writer is not None and writer.finished_at is None
            yield from _check_file(path, expected[name], bodies, killed=killed)
        else:
            detail = f"the file {name} with {len(expected[name])} captures is missing from {folder}"
            yield Finding("captures", detail, ELSEWHERE)
    for place in bodies.revisits:
        if place.digest not in bodies.digests and warc_reader.body_beside(folder, place) is not None:
            bodies.digests.add(place.digest)
        if place.digest not in bodies.digests:
            detail = f"the capture in {place.file} at byte {place.offset} refers to a body that is missing"
            yield Finding("captures", detail, _BACKUP)
    yield from _check_strangers(connection, folder, present - set(expected))


def _strange_names(folder: Path, names: Iterable[str]) -> list[tuple[str, Finding]]:
    """Return the names of files that lead out of the folder, each with what is wrong."""
    found = []
    for name in sorted(names):
        try:
            capture_file(folder, name)
        except ArchiveError as error:
            found.append((name, Finding("captures", error.message, RESTORE)))
    return found


def _rows_by_file(connection: Connection, bodies: _Bodies) -> dict[str, _Expected]:
    expected: defaultdict[str, _Expected] = defaultdict(dict)
    names = ("id", "file", "offset", "length", "digest", "url", "status", "content_type", "fetched_at")
    query = select(*(capture.c[name] for name in names))
    for number, *place, url, status, content_type, fetched_at in connection.execution_options(
        yield_per=1000
    ).execute(query):
        row = _Row(number, Place(*place), url, status, content_type, fetched_at)
        if row.place.file:
            expected[row.place.file].setdefault(row.place.offset, []).append(row)
        else:
            bodies.placeless.setdefault(url, set()).add((row.place.digest, fetched_at))
    return expected


def _check_strangers(connection: Connection, folder: Path, names: set[str]) -> Iterator[Finding]:
    """Report files that no article or rejection refers to; a run without news keeps its list pages alone."""
    for name in sorted(names):
        writer = _run_of(connection, name)
        if writer is None and (owner := _owner(connection, folder, name)) is not None:
            detail = f"{name} belongs to the archive {owner}, which keeps its captures in the same folder"
            yield Finding("captures", detail, _SHARED, is_harm=False)
        elif writer is None:
            is_capture = name.lower().endswith((".warc", ".warc.gz"))
            detail = f"no article or rejection refers to the file {name}"
            yield Finding("captures", detail, _ORPHAN if is_capture else _STRANGE, is_harm=is_capture)
        elif writer.finished_at is None:
            detail = f"{name} was left by a run that did not finish, and nothing of it was stored"
            yield Finding("captures", detail, _KILLED, is_harm=False)


def _owner(connection: Connection, folder: Path, name: str) -> str | None:
    """Return the other archive beside the folder that knows a file as its own; ``None`` without one."""
    own = str(connection.engine.url.database)
    for path in sorted(folder.parent.iterdir()):
        if path.suffix not in _DATABASES or path.name == Path(own).name:
            continue
        engine = read_only_engine(path, BUSY_TIMEOUT_SECONDS)
        try:
            with engine.connect() as other:
                held = other.execute(select(capture.c.id).where(capture.c.file == name).limit(1)).first()
                if held is not None or _run_of(other, name) is not None:
                    return path.name
        except DATABASE_ERRORS:
            # Another program's database, or a damaged one, which its own verify reports.
            continue
    return None


def _run_of(connection: Connection, name: str) -> Row[Any] | None:
    """Return the run of the archive that wrote a file, by the file's name."""
    match = _RUN_FILE.fullmatch(name)
    if match is None:
        return None
    opened = datetime.strptime(match["time"], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    query = select(run.c.finished_at).where(run.c.spider == match["spider"], run.c.started_at <= opened)
    return connection.execute(query.order_by(run.c.id.desc()).limit(1)).first()


def _check_file(path: Path, expected: _Expected, bodies: _Bodies, *, killed: bool) -> Iterator[Finding]:
    starts: list[int] = []
    found: set[int] = set()
    problem = ""
    try:
        with path.open("rb") as file:
            for record in ArchiveIterator(file, parse_http=True):
                starts.append(record.stream_pos)
                rows = expected.get(record.stream_pos)
                if rows is None:
                    yield from _check_unexpected(path, record, bodies)
                    continue
                found.add(record.stream_pos)
                check = _check_blanked if warc_reader.is_blanked(record) else _check_record
                yield from check(record, rows, bodies)
    except (OSError, ValueError) as error:
        problem = str(error)
    yield from islice(_check_lengths(path, starts, _with_length(expected, found, bodies)), SHOWN)
    damaged = [
        finding for row in _missing(expected, found) for finding in _check_alone(path, row.place, bodies)
    ]
    yield from islice(damaged, SHOWN)
    if len(damaged) > SHOWN:
        yield Finding("captures", f"{len(damaged) - SHOWN} more captures of {path.name}", _BACKUP)
    last = starts[-1] if starts else 0
    if not damaged and not killed and (problem or not rest_is_whole(path, last)):
        what = problem or "its last record is cut off"
        yield Finding("captures", f"{path.name} is damaged after byte {last}: {what}", _BACKUP)


def _with_length(expected: _Expected, found: set[int], bodies: _Bodies) -> list[_Row]:
    return [row for at in found for row in expected[at] if row.number not in bodies.overwritten]


def _missing(expected: _Expected, found: set[int]) -> list[_Row]:
    return [row for offset in sorted(expected.keys() - found) for row in expected[offset]]


def _check_record(record: Any, rows: list[_Row], bodies: _Bodies) -> Iterator[Finding]:  # noqa: ANN401 - FastWARC's
    is_revisit = record.record_type == WarcRecordType.revisit
    digest = "" if is_revisit else _body_digest(record)
    headers = record.http_headers
    recorded = {
        "url": (record.headers.get("WARC-Target-URI") or "").strip("<>"),
        "status": (headers.status_code if headers else None) or 200,
        "content_type": next(
            (value for name, value in reversed(headers.to_tuples()) if name.lower() == "content-type"), ""
        )
        if headers
        else "",
        "fetched_at": record_date(record),
    }
    for row in rows:
        yield from _check_body(row.place, digest, bodies, is_revisit=is_revisit)
        wrong = [name for name, value in recorded.items() if getattr(row, name) != value and _is_plain(value)]
        if wrong:
            detail = f"capture {row.number} has another {', '.join(wrong)} than its record"
            yield Finding("captures", f"{detail} in {row.place.file}", RESTORE)


def _check_blanked(_record: object, rows: list[_Row], bodies: _Bodies) -> Iterator[Finding]:
    """Report a capture that a takedown overwrote without coming to its end."""
    for row in rows:
        bodies.digests.add(row.place.digest)
        bodies.overwritten.add(row.number)
        detail = f"a takedown that did not end has overwritten capture {row.number} of {row.url}"
        yield Finding("captures", detail, _TAKEDOWN)


def _is_plain(value: object) -> bool:
    """Whether a header can be compared: beyond ASCII its bytes may be read in more than one way."""
    return not isinstance(value, str) or value.isascii()


def _check_unexpected(path: Path, record: Any, bodies: _Bodies) -> Iterator[Finding]:  # noqa: ANN401 - FastWARC's
    """Check a record that no row refers to: that of a list page, or of a row that lost its place."""
    if record.record_type != WarcRecordType.response:
        return
    lost = bodies.placeless.get((record.headers.get("WARC-Target-URI") or "").strip("<>"))
    if lost and (_body_digest(record), record_date(record)) in lost:
        place = f"{path.name} at byte {record.stream_pos}"
        detail = f"the capture in {place} exists, but its row no longer refers to it"
        yield Finding("captures", detail, RESTORE)


def _check_lengths(path: Path, starts: list[int], rows: list[_Row]) -> Iterator[Finding]:
    ends = dict(pairwise(starts))
    for row in rows:
        end = ends.get(row.place.offset) or end_of_record(path, row.place.offset)
        if end is not None and end - row.place.offset != row.place.length:
            detail = f"capture {row.number} has another length than its record in {path.name}"
            yield Finding("captures", detail, RESTORE)


def _check_alone(path: Path, place: Place, bodies: _Bodies) -> Iterator[Finding]:
    """Check a capture that the walk through its file did not reach: damage before it hides it."""
    try:
        captured = warc_reader.read_record(path.parent, place)
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
