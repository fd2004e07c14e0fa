"""The text of each page in a WARC file, for those who build corpora."""

from __future__ import annotations

from collections.abc import Iterator
from io import BufferedIOBase
from typing import Any, BinaryIO, cast

from fastwarc.warc import ArchiveIterator, WarcRecordType

from unioncrawl.archive.captures.content_coding import unpacked
from unioncrawl.archive.captures.warc_reader import RECORD_DAMAGE
from unioncrawl.decode.order import decode_raw
from unioncrawl.errors import UnioncrawlError
from unioncrawl.guard.bounds import BODY_BYTES
from unioncrawl.model import RawPage
from unioncrawl.page.parse import parse_document
from unioncrawl.repair.bulk.json_lines import BadLine, written
from unioncrawl.repair.bulk.streams import DAMAGE

_TEXT_TYPES = ("text/html", "application/xhtml+xml", "text/plain")


def warc_pages(stream: BinaryIO) -> Iterator[bytes | BadLine]:
    """Yield one line of JSON, ``url`` and ``text``, for each HTML response of a WARC file.

    Other records and media types are passed over. A page that can't be decoded
    or parsed is answered as a `BadLine` that counts the records, and so is the
    place where the file is cut off or damaged: there it ends. Bodies are unpacked
    within the bounds of `unioncrawl.guard.bounds`.
    """
    number = 0
    whole = _UntilDamage(stream)
    source = cast("BinaryIO", whole)
    try:
        records = ArchiveIterator(source, record_types=WarcRecordType.response, auto_decode="none")
        for number, record in enumerate(records, start=1):
            page = _page(number, record)
            if page is not None:
                yield page
    except RECORD_DAMAGE as error:
        whole.damage = whole.damage or error
    if whole.damage:
        yield BadLine(number + 1, f"the file ends too early or is damaged ({whole.damage})")


class _UntilDamage:
    """A stream that ends where it is cut off or damaged, with all that came before."""

    def __init__(self, stream: BinaryIO) -> None:
        self.damage: Exception | None = None
        self._stream = stream
        self._length = 0

    def read(self, size: int) -> bytes:
        """Return at most so many bytes; no bytes at the end."""
        try:
            data = cast("BufferedIOBase", self._stream).read1(size)
        except DAMAGE as error:
            self.damage = error
            return b""
        self._length += len(data)
        return data

    def tell(self) -> int:
        """Return how many bytes were read."""
        return self._length


def _page(number: int, record: Any) -> bytes | BadLine | None:  # noqa: ANN401 - a FastWARC record
    url = record.headers.get("WARC-Target-URI") or ""
    headers = tuple((name.lower(), value) for name, value in record.http_headers or ())
    media_type = dict(headers).get("content-type", "text/html").partition(";")[0].strip().lower()
    if media_type not in _TEXT_TYPES:
        return None
    try:
        page = decode_raw(RawPage(url=url, body=_body(record, dict(headers)), headers=headers))
        is_plain = media_type == "text/plain"
        text = page.text if is_plain else "\n".join(line.text for line in parse_document(page).lines)
    except (UnioncrawlError, ValueError) as error:
        return BadLine(number, str(error))
    return written({"url": url, "text": text}) + b"\n"


def _body(record: Any, headers: dict[str, str]) -> bytes:  # noqa: ANN401 - a FastWARC record
    """Return the body without its codings; raises ValueError when it is damaged or beyond the bounds."""
    length, most = record.content_length, BODY_BYTES.now()
    if length > most:
        raise ValueError(f"the page has {length:,} bytes, more than {most:,} ({BODY_BYTES.name})")
    body: bytes = record.reader.read()
    if len(body) < length:
        raise ValueError("the page is cut off")
    return unpacked(body, headers)
