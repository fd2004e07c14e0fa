"""Write raw responses to WARC 1.1 files: every response is kept, whatever it became.

Each fetched page is three records, each its own gzip member so that it can be
read at its offset: the response, its request, and a metadata record with the
outcome. A response whose body was kept before is a *revisit* record that refers
to the earlier one.

Headers that a decoded response contradicts are renamed, as other archivers do:
``Content-Encoding`` and ``Transfer-Encoding`` that no longer hold, and a
``Content-Length`` that counted something else, are kept under
``X-Archive-Orig-…``.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from io import FileIO
from itertools import product
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit
from uuid import uuid4

from unioncrawl._layout import __version__
from unioncrawl.archive.captures.record_gzip import pack
from unioncrawl.errors import ArchiveUnwritable
from unioncrawl.guard.disk import refusal
from unioncrawl.model import CaptureRef, RawPage

MAX_FILE_BYTES = 1 << 30
# ISO 28500:2017 section 6.7: the payload is the same, the headers may differ.
_REVISIT_PROFILE = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
_GZIP_MAGIC = b"\x1f\x8b"
# Base32 (RFC 4648, 6) of the 256 bits of a SHA-256, ten bits at a time: 26 pairs of letters.
_PAIRS = ["".join(pair) for pair in product("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", repeat=2)]
_PADDED_BITS, _SHIFTS = 4, range(250, -1, -10)
Headers = Iterable[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Original:
    """An earlier capture of the same body."""

    url: str
    fetched_at: datetime


class CaptureWriter:
    """Writes the captures of one run to ``RUN_NAME-00000.warc.gz`` and following files.

    ``find_original`` looks a body's SHA-256 up among earlier runs' captures
    (`Archive.original_capture`); without it only this run's bodies are known.
    A page is on the disk, in one write, when `write` returns.
    """

    def __init__(
        self,
        folder: Path,
        run_name: str,
        *,
        max_file_bytes: int = MAX_FILE_BYTES,
        find_original: Callable[[str], Original | None] | None = None,
    ) -> None:
        self._folder = Path(folder)
        self._run_name = run_name
        self._max_file_bytes = max_file_bytes
        self._find_original = find_original
        self._originals: dict[str, Original] = {}
        self._file: FileIO | None = None
        self._number = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def write(
        self,
        page: RawPage,
        *,
        method: str = "GET",
        request_headers: Headers = (),
        request_body: bytes = b"",
        metadata: Mapping[str, str] | None = None,
    ) -> CaptureRef:
        """Keep a page; return the place of its response.

        Raises `ArchiveUnwritable` when the disk refuses; then nothing of the page was kept.
        """
        fetched_at = page.fetched_at or datetime.now(UTC)
        digest = hashlib.sha256(page.body).hexdigest()
        response_id = _record_id()
        response = self._response(page, response_id, fetched_at, digest)
        about = [("WARC-Target-URI", page.url), ("WARC-Concurrent-To", response_id)]
        request = _request_block(page.url, method, request_headers, request_body)
        rest = _record("request", "application/http;msgtype=request", request, fetched_at, about)
        if metadata:
            lines = "".join(f"{name}: {' '.join(value.split())}\r\n" for name, value in metadata.items())
            rest += _record("metadata", "application/warc-fields", lines.encode(), fetched_at, about)
        name, offset = self._put(response, rest)
        self._originals.setdefault(digest, Original(page.url, fetched_at))
        return CaptureRef(
            file=name,
            offset=offset,
            length=len(response),
            digest=digest,
            url=page.url,
            status=page.status,
            content_type=dict(page.headers).get("content-type", ""),
            fetched_at=fetched_at,
        )

    def _response(self, page: RawPage, record_id: str, fetched_at: datetime, digest: str) -> bytes:
        about = [
            ("WARC-Record-ID", record_id),
            ("WARC-Target-URI", page.url),
            ("WARC-Payload-Digest", _labelled(bytes.fromhex(digest))),
        ]
        kind, body = "response", page.body
        original = self._original(digest) if page.body else None
        if original is not None:
            kind, body = "revisit", b""
            about += [
                ("WARC-Profile", _REVISIT_PROFILE),
                ("WARC-Refers-To-Target-URI", original.url),
                ("WARC-Refers-To-Date", _warc_date(original.fetched_at)),
            ]
        block = _response_head(page) + body
        return _record(kind, "application/http;msgtype=response", block, fetched_at, about)

    def _original(self, digest: str) -> Original | None:
        if digest in self._originals:
            return self._originals[digest]
        return self._find_original(digest) if self._find_original else None

    def _put(self, response: bytes, rest: bytes) -> tuple[str, int]:
        """Append all records or nothing."""
        try:
            file = self._open_file()
            offset = file.tell()
            self._write_whole(file, response + rest, offset)
        except OSError as error:
            raise self._refused(error) from error
        return os.path.basename(str(file.name)), offset  # noqa: PTH119 - a path is made in ten times as long

    def _write_whole(self, file: FileIO, records: bytes, offset: int) -> None:
        """Write all bytes; take back what a full disk took of them, so that no torn record stays."""
        try:
            left = memoryview(records)
            while left:
                left = left[file.write(left) :]
        except OSError:
            self._take_back(file, offset)
            raise

    def _take_back(self, file: FileIO, offset: int) -> None:
        try:
            file.truncate(offset)
            file.seek(offset)
        except OSError:
            # The torn end is at the end of this file for good; `verify` finds it there.
            self._file = None
            with suppress(OSError):
                file.close()

    def _refused(self, error: OSError) -> ArchiveUnwritable:
        return ArchiveUnwritable(
            f"a capture could not be written: {refusal(self._folder, error)}.",
            next_step="Check the free space and the permissions of that folder.",
            stage="archive",
        )

    def _open_file(self) -> FileIO:
        if self._file is not None and self._file.tell() >= self._max_file_bytes:
            self.close()
        if self._file is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            file = self._create()
            try:
                self._write_whole(file, info_record(Path(str(file.name)).name), 0)
            except OSError:
                with suppress(OSError):
                    file.close()
                    Path(str(file.name)).unlink()
                raise
            self._file = file
        return self._file

    def _create(self) -> FileIO:
        while True:
            path = self._folder / f"{self._run_name}-{self._number:05d}.warc.gz"
            self._number += 1
            try:
                return FileIO(path, "x")
            except FileExistsError:
                # A killed run of the same name left this file; its last record may be torn.
                continue

    def close(self) -> None:
        """Bring the file to the disk and let go of it; raises `ArchiveUnwritable` when the disk refuses."""
        file, self._file = self._file, None
        if file is None:
            return
        try:
            with file:
                os.fsync(file.fileno())
        except OSError as error:
            raise self._refused(error) from error


def _record_id() -> str:
    return f"<urn:uuid:{uuid4()}>"


def _warc_date(time: datetime) -> str:
    return time.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _labelled(digest: bytes) -> str:
    """A SHA-256 as WARC files label it; `base64.b32encode` takes twice as long, four times a page."""
    number = int.from_bytes(digest) << _PADDED_BITS
    return "sha256:" + "".join([_PAIRS[number >> shift & 0x3FF] for shift in _SHIFTS]) + "===="


def _record(
    kind: str, content_type: str, block: bytes, time: datetime, about: Iterable[tuple[str, str]]
) -> bytes:
    """Return one WARC record as a gzip member."""
    headers = dict(about)
    headers.setdefault("WARC-Record-ID", _record_id())
    lines = [
        "WARC/1.1",
        f"WARC-Type: {kind}",
        f"WARC-Date: {_warc_date(time)}",
        *(f"{name}: {value}" for name, value in headers.items()),
        f"WARC-Block-Digest: {_labelled(hashlib.sha256(block).digest())}",
        f"Content-Type: {content_type}",
        f"Content-Length: {len(block)}",
    ]
    return pack(b"".join(("\r\n".join(lines).encode(), b"\r\n\r\n", block, b"\r\n\r\n")))


def whole_record(page: RawPage) -> bytes:
    """Return a page as a response record with its body, for a file that refers to no other one."""
    about = [("WARC-Target-URI", page.url), ("WARC-Payload-Digest", body_digest(page.body))]
    block = _response_head(page) + page.body
    time = page.fetched_at or datetime.now(UTC)
    return _record("response", "application/http;msgtype=response", block, time, about)


def body_digest(body: bytes) -> str:
    """Return the digest of a body as records state it."""
    return _labelled(hashlib.sha256(body).digest())


def info_record(name: str) -> bytes:
    """Return the record that opens a file of captures."""
    lines = f"software: unioncrawl/{__version__}\r\nformat: WARC File Format 1.1\r\n"
    about = [("WARC-Filename", name)]
    return _record("warcinfo", "application/warc-fields", lines.encode(), datetime.now(UTC), about)


def _request_block(url: str, method: str, headers: Headers, body: bytes) -> bytes:
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    lines = [f"{method} {target} HTTP/1.1", f"Host: {parts.netloc}"]
    lines += [f"{name}: {value}" for name, value in headers if name.lower() != "host"]
    return "\r\n".join(lines).encode("utf-8", "replace") + b"\r\n\r\n" + body


def _response_head(page: RawPage) -> bytes:
    try:
        phrase = HTTPStatus(page.status).phrase
    except ValueError:  # 412 is known, 521 of a CDN is not
        phrase = ""
    lines = [f"HTTP/1.1 {page.status} {phrase}"]
    for name, value in page.headers:
        kept = f"X-Archive-Orig-{name.title()}" if _no_longer_holds(name.lower(), value, page.body) else name
        lines.append(f"{kept}: {value}")
    if page.body and not any(line.lower().startswith("content-length:") for line in lines):
        lines.append(f"Content-Length: {len(page.body)}")
    return "\r\n".join(lines).encode("utf-8", "replace") + b"\r\n\r\n"


def _no_longer_holds(name: str, value: str, body: bytes) -> bool:
    if name == "transfer-encoding":
        return True
    if name == "content-encoding":
        return not (value.strip().lower() in {"gzip", "x-gzip"} and body.startswith(_GZIP_MAGIC))
    return name == "content-length" and value.strip() != str(len(body))
