"""Read captures back from WARC files: one by its place, or all of a file."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from fastwarc.warc import ArchiveIterator, WarcRecordType
from sqlalchemy import Connection, select

from unioncrawl.archive.schema import capture
from unioncrawl.errors import ArchiveError
from unioncrawl.model import RawPage

_PAGES = WarcRecordType.response | WarcRecordType.revisit | WarcRecordType.resource
# wbits of zlib for one gzip member.
_GZIP = 31
_GZIP_MAGIC = b"\x1f\x8b"
_CONTENT_LENGTH = re.compile(rb"\r\ncontent-length:\s*(\d+)\s*\r\n", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a capture's response record lies."""

    file: str
    offset: int
    length: int
    digest: str


@dataclass(frozen=True, slots=True)
class Captured:
    """A record as read: the page, and whether its body is kept elsewhere (a revisit)."""

    page: RawPage
    is_revisit: bool

    @property
    def digest(self) -> str:
        """The SHA-256 of the body as it stands here."""
        return hashlib.sha256(self.page.body).hexdigest()


def read_record(folder: Path, place: Place) -> Captured:
    """The record at a place.

    Raises `ArchiveError` when the file is missing, shorter, or holds something else there.
    """
    try:
        with (folder / place.file).open("rb") as file:
            file.seek(place.offset)
            data = file.read(place.length)
    except OSError as error:
        raise _damaged(place, error.strerror or "unreadable", "Bring the file back from a backup.") from error
    if len(data) < place.length:
        raise _damaged(place, "the file ends before", "Bring the file back from a backup.")
    try:
        captured = next(read_stream(BytesIO(data)), None)
    except ArchiveError as error:
        raise _damaged(place, str(error.__cause__), "Bring the file back from a backup.") from error
    if captured is None:
        raise _damaged(place, "no response is there", "Run unioncrawl verify.")
    return captured


def _damaged(place: Place, what: str, next_step: str) -> ArchiveError:
    return ArchiveError(
        f"the capture in {place.file} at byte {place.offset} can't be read: {what}.",
        next_step=next_step,
        stage="archive",
    )


def read_file(path: Path) -> Iterator[Captured]:
    """All responses of a WARC file (gzip or not), ours or another archiver's.

    Raises `ArchiveError` when the file can't be opened or parsed.
    """
    try:
        with path.open("rb") as file:
            is_empty = next(iter(ArchiveIterator(file)), None) is None
        if is_empty:
            raise _no_warc(path, "no record is in it")
        with path.open("rb") as file:
            yield from read_stream(file)
    except (OSError, ValueError) as error:
        raise _no_warc(path, str(error)) from error


def last_record_is_whole(path: Path, offset: int) -> bool:
    """Whether the record at this place, the last one that a reader found, ends where the file ends.

    FastWARC stops at a record that is cut off, and says nothing.
    """
    with path.open("rb") as file:
        file.seek(offset)
        if file.read(2) == _GZIP_MAGIC:
            file.seek(offset)
            return _members_are_whole(file)
        file.seek(offset)
        data = file.read()
    head, separator, rest = data.partition(b"\r\n\r\n")
    length = _CONTENT_LENGTH.search(head + b"\r\n")
    # ISO 28500:2017 section 4: two line ends after the block.
    return bool(separator and length) and len(rest) == int(length[1] if length else 0) + 4


def _members_are_whole(file: Any) -> bool:  # noqa: ANN401 - any binary file
    unpacker = zlib.decompressobj(_GZIP)
    try:
        while block := file.read(1 << 16):
            while block:
                if unpacker.eof:
                    unpacker = zlib.decompressobj(_GZIP)
                unpacker.decompress(block)
                block = unpacker.unused_data
    except zlib.error:
        return False
    return unpacker.eof


def _no_warc(path: Path, what: str) -> ArchiveError:
    return ArchiveError(
        f"{path} can't be read as WARC: {what}.",
        next_step="Check the file with warcio check.",
        stage="archive",
    )


def read_stream(stream: Any) -> Iterator[Captured]:  # noqa: ANN401 - any binary file
    """All responses of a WARC stream; content and transfer encodings are taken off."""
    try:
        for record in ArchiveIterator(stream, record_types=_PAGES, parse_http=True, auto_decode="all"):
            url = (record.headers.get("WARC-Target-URI") or "").strip("<>")
            if url.startswith(("http://", "https://")):
                yield _captured(record, url)
    except (OSError, ValueError) as error:
        raise ArchiveError(
            f"a WARC record can't be read: {error}.",
            next_step="The file is torn or no WARC; what came before it was read.",
            stage="archive",
        ) from error


def _captured(record: Any, url: str) -> Captured:  # noqa: ANN401 - a FastWARC record
    headers = record.http_headers
    told = tuple((name.lower(), value) for name, value in headers.to_tuples()) if headers else ()
    status = headers.status_code if headers and headers.status_code else 200
    if not told and record.headers.get("Content-Type"):
        told = (("content-type", record.headers.get("Content-Type")),)
    page = RawPage(url=url, body=record.reader.read(), status=status, headers=told, fetched_at=_date(record))
    return Captured(page, record.record_type == WarcRecordType.revisit)


def _date(record: Any) -> datetime | None:  # noqa: ANN401 - a FastWARC record
    time: datetime | None = record.record_date
    if time is None:
        return None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def load_page(connection: Connection, folder: Path, place: Place) -> RawPage:
    """The page of a capture; a revisit's body comes from the capture that it refers to.

    Raises `ArchiveError` when neither can be read.
    """
    found = read_record(folder, place)
    if not found.is_revisit:
        return found.page
    body = _original_body(connection, folder, place)
    return RawPage(
        url=found.page.url,
        body=body,
        status=found.page.status,
        headers=found.page.headers,
        fetched_at=found.page.fetched_at,
    )


def _original_body(connection: Connection, folder: Path, place: Place) -> bytes:
    query = select(capture.c.file, capture.c.offset, capture.c.length)
    for row in connection.execute(query.where(capture.c.digest == place.digest).order_by(capture.c.id)):
        if (row.file, row.offset) == (place.file, place.offset):
            continue
        original = read_record(folder, Place(row.file, row.offset, row.length, place.digest))
        if not original.is_revisit:
            return original.page.body
    raise _damaged(
        place, "the capture it refers to is not in the archive", "Import the WARC files that belong to it."
    )
