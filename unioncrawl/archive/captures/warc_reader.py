"""Read captures back from WARC files: one by its place, or all of a file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from fastwarc.warc import ArchiveIterator, WarcRecordType
from sqlalchemy import Connection, select

from unioncrawl.archive.capture_folder import capture_file
from unioncrawl.archive.captures.content_coding import unpacked
from unioncrawl.archive.schema import capture
from unioncrawl.errors import ArchiveError
from unioncrawl.guard import rights
from unioncrawl.guard.bounds import BODY_BYTES
from unioncrawl.model import RawPage

# The longest head of a response before the body; servers send no longer one.
_MOST_HEAD_BYTES = 1 << 20
# FastWARC leaves numbers and heads to Python, which raises more for them than ValueError.
RECORD_DAMAGE = (OSError, ValueError, OverflowError, MemoryError, TypeError)
# What to do where a file of captures is missing.
ELSEWHERE = "Name its folder with --captures or UNIONCRAWL_CAPTURES, or restore it from a backup."
# What to do where rights keep this user from files that are there.
GRANT = "Ask the owner for the right to read the files of captures."
# How the id begins of a record that a takedown put in the place of another.
BLANKED_ID = "urn:uuid:00000000-0000-4000-8000-"
PAGES = WarcRecordType.response | WarcRecordType.revisit | WarcRecordType.resource


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a capture's response record."""

    file: str
    offset: int
    length: int
    digest: str


@dataclass(frozen=True, slots=True)
class Captured:
    """A record as read: the page, and whether its body is kept elsewhere (a revisit).

    ``payload_digest`` is the digest that the record states, as its archiver wrote it;
    ``truncated`` is the archiver's reason for keeping only a part of the body.
    """

    page: RawPage
    is_revisit: bool
    offset: int = 0
    payload_digest: str = ""
    truncated: str = ""

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the body as it stands here."""
        return hashlib.sha256(self.page.body).hexdigest()


def refuse_missing(folder: Path, names: Iterable[str]) -> None:
    """Raise `ArchiveError` when one of an archive's files of captures is not in the folder."""
    missing = sorted(name for name in names if not capture_file(folder, name).exists())
    if missing:
        which = f"the file {missing[0]} is" if len(missing) == 1 else f"{len(missing)} files of captures are"
        raise ArchiveError(f"{which} missing from {folder}.", next_step=ELSEWHERE, stage="archive")


def is_blanked(record: Any) -> bool:  # noqa: ANN401 - a FastWARC record
    """Whether a takedown put this record in the place of another."""
    return str(record.headers.get("WARC-Record-ID") or "").strip("<>").startswith(BLANKED_ID)


def read_record(folder: Path, place: Place) -> Captured:
    """Return the record at a place.

    Raises `ArchiveError` when the file is missing, shorter, or holds something else there.
    """
    try:
        with capture_file(folder, place.file).open("rb") as file:
            file.seek(place.offset)
            data = file.read(place.length)
    except FileNotFoundError as error:
        raise ArchiveError(
            f"the file {place.file} is missing from {folder}.",
            next_step=ELSEWHERE,
            stage="archive",
        ) from error
    except PermissionError as error:
        unread = rights.no_right_to_read(folder / place.file) or "no right to read it"
        raise _damaged(place, unread, GRANT) from error
    except OSError as error:
        raise _damaged(place, error.strerror or "unreadable", "Restore the file from a backup.") from error
    if len(data) < place.length:
        raise _damaged(place, "the file ends before", "Restore the file from a backup.")
    try:
        captured = next(read_stream(BytesIO(data)), None)
    except ArchiveError as error:
        raise _damaged(place, str(error.__cause__), "Restore the file from a backup.") from error
    if captured is None:
        raise _damaged(place, "no response is there", "Run unioncrawl verify.")
    return captured


def _damaged(place: Place, what: str, next_step: str) -> ArchiveError:
    return ArchiveError(
        f"the capture in {place.file} at byte {place.offset} can't be read: {what}.",
        next_step=next_step,
        stage="archive",
    )


def read_stream(stream: IO[bytes]) -> Iterator[Captured]:
    """Yield all responses of a WARC stream; content and transfer encodings are taken off."""
    try:
        for record in ArchiveIterator(stream, record_types=PAGES, parse_http=False):
            captured = captured_page(record)
            if captured is not None:
                yield captured
    except (OSError, ValueError) as error:
        raise ArchiveError(
            f"a WARC record can't be read: {error}.",
            next_step="The file is torn or not a WARC file; the records before the damage were read.",
            stage="archive",
        ) from error


def captured_page(record: Any) -> Captured | None:  # noqa: ANN401 - a FastWARC record
    """Return the page of a record; None for a record of another kind, or without a web address.

    Raises ValueError or OSError for a record that is cut off or packed in a way that can't be unpacked.
    """
    if not record.headers.get("WARC-Type"):
        # ISO 28500:2017 section 5.5: every record has a WARC-Type, of whatever kind it is.
        raise ValueError("a record's head is damaged: it has no WARC-Type")
    url = (record.headers.get("WARC-Target-URI") or "").strip("<>")
    if not record.record_type & PAGES or not url.startswith(("http://", "https://")):
        return None
    # Unread bytes of a packed body would end the walk through the file.
    length = record.content_length
    if length > BODY_BYTES.now() + _MOST_HEAD_BYTES:
        raise ValueError(f"a record has {length:,} bytes, more than {BODY_BYTES.name} lets in")
    record.freeze()
    if record.content_length < length:
        raise ValueError("a record is cut off")
    is_revisit = record.record_type == WarcRecordType.revisit
    record.parse_http(auto_decode="none")
    headers = record.http_headers
    fields = tuple((name.lower(), value) for name, value in headers.to_tuples()) if headers else ()
    status = headers.status_code if headers and headers.status_code else 200
    if not fields and record.headers.get("Content-Type"):
        fields = (("content-type", record.headers.get("Content-Type")),)
    body = record.reader.read()
    # A revisit has the head of a packed body, but no body to unpack.
    body = body if is_revisit else unpacked(body, dict(fields))
    return Captured(
        RawPage(
            url=url,
            body=body,
            status=status,
            headers=fields,
            fetched_at=record_date(record),
            ip_address=record.headers.get("WARC-IP-Address") or "",
        ),
        is_revisit=is_revisit,
        offset=record.stream_pos,
        payload_digest=record.headers.get("WARC-Payload-Digest") or "",
        truncated=record.headers.get("WARC-Truncated") or "",
    )


def record_date(record: Any) -> datetime | None:  # noqa: ANN401 - a FastWARC record
    """Return the time at which a record says that its page came."""
    time: datetime | None = record.record_date
    if time is None:
        return None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def load_page(connection: Connection, folder: Path, place: Place) -> RawPage:
    """Return the page of a capture; a revisit's body comes from the capture that it refers to.

    Raises `ArchiveError` when neither can be read.
    """
    found = read_record(folder, place)
    if not found.is_revisit:
        return found.page
    body = _original_body(connection, folder, place)
    return replace(found.page, body=body)


def _original_body(connection: Connection, folder: Path, place: Place) -> bytes:
    query = select(capture.c.file, capture.c.offset, capture.c.length)
    query = query.where(capture.c.digest == place.digest).order_by(capture.c.id)
    for row in connection.execute(query).all():
        if (row.file, row.offset) == (place.file, place.offset):
            continue
        original = read_record(folder, Place(row.file, row.offset, row.length, place.digest))
        if not original.is_revisit:
            return original.page.body
    beside = body_beside(folder, place)
    if beside is not None:
        return beside
    raise _damaged(
        place, "the capture it refers to is not in the archive", "Import the WARC files that belong to it."
    )


def body_beside(folder: Path, place: Place) -> bytes | None:
    """Return the body to which a revisit refers from a response that no row names; ``None`` without one.

    A robots.txt, a list or an answer that was asked for again may be the first with a body that
    becomes an article or a rejection later (one page of a firewall for every address). It lies before
    the revisit, in a file of the same run.
    """
    run_name = place.file.rpartition("-")[0]
    paths = sorted(path for path in folder.glob("*-*.warc.gz") if path.name.rpartition("-")[0] == run_name)
    for path in paths:
        if path.name <= place.file:
            with path.open("rb") as file, suppress(ArchiveError):
                for captured in read_stream(file):
                    if not captured.is_revisit and captured.digest == place.digest:
                        return captured.page.body
    return None
