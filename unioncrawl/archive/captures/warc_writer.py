"""Write raw responses to WARC 1.1 files: every response is kept, whatever it became.

Each fetched page is three records, each its own gzip member so that it can be
read at its offset: the response, its request, and a metadata record with the
outcome. A response whose body was kept before is a *revisit* record that refers
to the earlier one.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from io import FileIO
from pathlib import Path
from typing import Self

from unioncrawl.archive.captures.warc_records import (
    Headers,
    info_record,
    labelled,
    record_id,
    request_block,
    response_head,
    warc_date,
    warc_fields,
    warc_record,
)
from unioncrawl.errors import ArchiveUnwritable
from unioncrawl.guard.disk import refusal
from unioncrawl.model import CaptureRef, RawPage

MAX_FILE_BYTES = 1 << 30
# So many bodies are known without the archive: many more than wait to be written there.
LATEST_BODIES = 4096
# ISO 28500:2017 section 6.7: the payload is the same, the headers may differ.
_REVISIT_PROFILE = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"


@dataclass(frozen=True, slots=True)
class Original:
    """An earlier capture of the same body."""

    url: str
    fetched_at: datetime


class CaptureWriter:
    """Writes the captures of one run to ``RUN_NAME-00000.warc.gz`` and following files.

    ``find_original`` looks a body's SHA-256 up among earlier runs' captures
    (`Archive.original_capture`); without it only this run's latest 4,096 bodies are known.
    ``about`` says in each file's first record who made it (`crawl_account`). A page is with the
    system, in one write, when `write` returns, and on the disk after `to_disk` and `close`.
    """

    def __init__(
        self,
        folder: Path,
        run_name: str,
        *,
        max_file_bytes: int = MAX_FILE_BYTES,
        find_original: Callable[[str], Original | None] | None = None,
        about: Mapping[str, str] | None = None,
    ) -> None:
        self._folder = Path(folder)
        self._run_name = run_name
        self._max_file_bytes = max_file_bytes
        self._find_original = find_original
        self._about = dict(about or {})
        # By digest: when, and which address. As records and texts they took half as much again.
        self._originals: dict[bytes, bytes] = {}
        self._file: FileIO | None = None
        self._on_disk_bytes = 0
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
        response_id = record_id()
        response = self._response(page, response_id, fetched_at, digest)
        about = [("WARC-Target-URI", page.url), ("WARC-Concurrent-To", response_id)]
        request = request_block(page.url, method, request_headers, request_body)
        rest = warc_record("request", "application/http;msgtype=request", request, fetched_at, about)
        if metadata:
            block = warc_fields(metadata)
            rest += warc_record("metadata", "application/warc-fields", block, fetched_at, about)
        name, offset = self._put(response, rest)
        self._remember(digest, Original(page.url, fetched_at))
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
            ("WARC-Payload-Digest", labelled(bytes.fromhex(digest))),
        ]
        if page.ip_address:
            about.append(("WARC-IP-Address", page.ip_address))
        kind, body = "response", page.body
        original = self._original(digest) if page.body else None
        if original is not None:
            kind, body = "revisit", b""
            about += [
                ("WARC-Profile", _REVISIT_PROFILE),
                ("WARC-Refers-To-Target-URI", original.url),
                ("WARC-Refers-To-Date", warc_date(original.fetched_at)),
            ]
        block = response_head(page) + body
        return warc_record(kind, "application/http;msgtype=response", block, fetched_at, about)

    def _remember(self, digest: str, original: Original) -> None:
        packed = f"{original.fetched_at.isoformat()} {original.url}".encode("utf-8", "surrogatepass")
        self._originals.setdefault(bytes.fromhex(digest), packed)
        if len(self._originals) > LATEST_BODIES:
            del self._originals[next(iter(self._originals))]

    def _original(self, digest: str) -> Original | None:
        packed = self._originals.get(bytes.fromhex(digest))
        if packed is not None:
            at, _, url = packed.decode("utf-8", "surrogatepass").partition(" ")
            return Original(url, datetime.fromisoformat(at))
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
            with suppress(OSError), file:
                os.fsync(file.fileno())

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
                self._write_whole(file, info_record(Path(str(file.name)).name, self._about), 0)
            except OSError:
                with suppress(OSError):
                    file.close()
                    Path(str(file.name)).unlink()
                raise
            self._file, self._on_disk_bytes = file, 0
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

    def to_disk(self) -> None:
        """Bring what was written to the disk: a power cut after it takes none of it.

        To be called before the archive stores rows that name these captures. Raises
        `ArchiveUnwritable` when the disk refuses.
        """
        if self._file is None or self._file.tell() == self._on_disk_bytes:
            return
        try:
            os.fsync(self._file.fileno())
            if not self._on_disk_bytes:
                _folder_to_disk(self._folder)
            self._on_disk_bytes = self._file.tell()
        except OSError as error:
            raise self._refused(error) from error

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


def _folder_to_disk(folder: Path) -> None:
    """Bring the names of a folder's files to the disk: the bytes of a file without a name are lost."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
