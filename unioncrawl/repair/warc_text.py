"""The text of each page in a WARC file, for those who build corpora."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from fastwarc.warc import ArchiveIterator, WarcRecordType

from unioncrawl.decode import decode_raw
from unioncrawl.errors import UnioncrawlError
from unioncrawl.extract.parse import parse_document
from unioncrawl.model import RawPage
from unioncrawl.repair.bulk import BadLine, written

_TEXT_TYPES = ("text/html", "application/xhtml+xml", "text/plain")


def warc_pages(stream: BinaryIO) -> Iterator[bytes | BadLine]:
    """One line of JSON, ``url`` and ``text``, for each HTML response of a WARC file.

    Other records and media types are passed over. A page that can't be decoded
    or parsed is answered as a `BadLine` that counts the records.
    """
    for number, record in enumerate(ArchiveIterator(stream, record_types=WarcRecordType.response), start=1):
        url = record.headers.get("WARC-Target-URI") or ""
        headers = tuple((name.lower(), value) for name, value in record.http_headers or ())
        media_type = dict(headers).get("content-type", "text/html").partition(";")[0].strip().lower()
        if media_type not in _TEXT_TYPES:
            continue
        try:
            page = decode_raw(RawPage(url=url, body=record.reader.read(), headers=headers))
            is_plain = media_type == "text/plain"
            text = page.text if is_plain else "\n".join(line.text for line in parse_document(page).lines)
        except UnioncrawlError as error:
            yield BadLine(number, str(error))
            continue
        yield written({"url": url, "text": text}) + b"\n"
