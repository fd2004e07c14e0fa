"""An export as a WACZ file: the captured pages of articles, to be replayed in a browser.

WACZ 1.1.1 (https://specs.webrecorder.net/wacz/1.1.1/): a ZIP with the records, an index of their
addresses, a list of pages and a description with digests. Records go over byte by byte; a revisit
record becomes a whole one, so that the file needs no other one, and an address that is not ASCII
is encoded.
"""

from __future__ import annotations

import hashlib
import json
import struct
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, select

from unioncrawl._layout import __version__
from unioncrawl.archive.capture_folder import capture_file
from unioncrawl.archive.captures.warc_reader import Place, load_page, read_record
from unioncrawl.archive.captures.warc_records import body_digest, info_record, whole_record
from unioncrawl.archive.exports.mask_numbers import mask_numbers
from unioncrawl.archive.exports.replay.address_index import Indexed, index_blocks, second_index
from unioncrawl.archive.read.stored_articles import StoredArticle
from unioncrawl.archive.schema import capture
from unioncrawl.errors import ArchiveError, ArticleDamaged
from unioncrawl.model import RawPage
from unioncrawl.urls import encoded_url

_BATCH = 100
_RECORDS, _INDEX, _BLOCKS = "data-00000.warc.gz", "indexes/index.cdx.gz", "indexes/index.idx"
_PAGES_HEAD = {"format": "json-pages-1.0", "id": "pages", "title": "All Pages"}
_OK = 200


@dataclass(frozen=True, slots=True)
class Wacz:
    """What to write a WACZ file from, and what came of it."""

    connection: Connection
    captures: Path
    query: str
    damaged: list[ArticleDamaged]
    notes: list[str]


@dataclass(slots=True)
class _Written:
    """The file so far: its entries, and what stands in its index and its list of pages."""

    bundle: zipfile.ZipFile
    resources: list[dict[str, Any]] = field(default_factory=list)
    index: list[Indexed] = field(default_factory=list)
    pages: list[dict[str, str]] = field(default_factory=list)
    without: int = 0

    def add(self, path: str, pieces: Iterable[bytes]) -> None:
        """Write an entry; nothing is packed twice, so that players read a part without the rest."""
        digest, size = hashlib.sha256(), 0
        with self.bundle.open(_entry(path), "w", force_zip64=True) as entry:
            for piece in pieces:
                entry.write(piece)
                digest.update(piece)
                size += len(piece)
        name = path.rpartition("/")[2]
        self.resources.append(
            {"name": name, "path": path, "hash": f"sha256:{digest.hexdigest()}", "bytes": size}
        )


def _entry(path: str) -> zipfile.ZipInfo:
    """Return the head of an entry of any size, with a field of its own in the ZIP's list of entries.

    The field of large sizes stands in the entry's head alone. ReplayWeb.page (wabac 2.27) looks
    there only where the list has a field too; else it reads each entry 20 bytes too early.
    The field is Info-ZIP's "extended timestamp", the time of change as seconds since 1970.
    """
    now = datetime.now(UTC)
    entry = zipfile.ZipInfo(path, now.timetuple()[:6])
    entry.extra = struct.pack("<HHBI", 0x5455, 5, 1, int(now.timestamp()))
    return entry


def write_wacz(articles: Iterable[StoredArticle], file: IO[bytes], wacz: Wacz) -> int:
    """Write the captures of articles; return how many articles have a page in the file.

    A withdrawn article has none. Captures that can't be read are added to ``damaged``.
    """
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as bundle:
        written = _Written(bundle)
        written.add(f"archive/{_RECORDS}", _records(articles, written, wacz))
        blocks = list(index_blocks(written.index))
        written.add(_INDEX, (block for _, block in blocks))
        written.add(_BLOCKS, [second_index(blocks, "index.cdx.gz")])
        written.add("pages/pages.jsonl", _page_lines(written.pages))
        _describe(written, wacz)
    if written.without:
        wacz.notes.append(f"{written.without} articles have no captured page and are not in the file.")
    wacz.notes.append(
        "Pages are as their sites sent them: phone and identity numbers in them are not masked."
    )
    return len(written.pages)


def _records(articles: Iterable[StoredArticle], written: _Written, wacz: Wacz) -> Iterator[bytes]:
    head = info_record(_RECORDS)
    offset = len(head)
    yield head
    left = iter(articles)
    while some := list(islice(left, _BATCH)):
        kept = [one for one in some if one.withdrawn_at is None]
        places = _places(wacz.connection, [one.id for one in kept])
        for one in kept:
            pages = []
            for place in places[one.id]:
                record, page = _taken(place, one, wacz)
                if page is None:
                    continue
                yield record
                written.index.append(_indexed(page, offset, len(record)))
                offset += len(record)
                pages.append(page)
            _list_page(one, pages, written)


def _places(connection: Connection, numbers: Sequence[int]) -> defaultdict[int, list[Place]]:
    query = select(
        capture.c.article_id, capture.c.file, capture.c.offset, capture.c.length, capture.c.digest
    ).where(capture.c.article_id.in_(numbers), capture.c.file != "")
    found: defaultdict[int, list[Place]] = defaultdict(list)
    for row in connection.execute(query.order_by(capture.c.id)):
        found[row.article_id].append(Place(row.file, row.offset, row.length, row.digest))
    return found


def _taken(place: Place, one: StoredArticle, wacz: Wacz) -> tuple[bytes, RawPage | None]:
    """Return a record and its page; no page where it can't be read, which is then in ``damaged``."""
    try:
        captured = read_record(wacz.captures, place)
        if captured.is_revisit or not captured.page.url.isascii():
            page = load_page(wacz.connection, wacz.captures, place)
            page = replace(page, url=_address(page.url))
            return whole_record(page), page
        with capture_file(wacz.captures, place.file).open("rb") as file:
            file.seek(place.offset)
            return file.read(place.length), captured.page
    except ArchiveError as error:
        message = f"a capture of article {one.id} ({one.record.url}): {error.message}"
        wacz.damaged.append(ArticleDamaged(message, next_step=error.next_step, stage="archive"))
        return b"", None


def _address(url: str) -> str:
    """An address as ASCII: replay states it in a header of HTTP."""
    return encoded_url(url, "utf-8")


def _indexed(page: RawPage, offset: int, length: int) -> Indexed:
    return Indexed(
        url=page.url,
        at=page.fetched_at or datetime.now(UTC),
        mime=_mime(page) or "application/octet-stream",
        status=page.status,
        digest=body_digest(page.body),
        offset=offset,
        length=length,
        file=_RECORDS,
    )


def _mime(page: RawPage) -> str:
    return dict(page.headers).get("content-type", "").partition(";")[0].strip().lower()


def _list_page(one: StoredArticle, pages: Sequence[RawPage], written: _Written) -> None:
    """Add an article to the list of pages: its newest capture at its own address, else any HTML of it."""
    own = {_address(one.record.url), _address(one.record.canonical_url)}
    shown = [page for page in pages if page.status == _OK and (page.url in own or "html" in _mime(page))]
    if not shown:
        written.without += 1
        return
    oldest = datetime.min.replace(tzinfo=UTC)
    page = max(shown, key=lambda page: (page.url in own, page.fetched_at or oldest))
    time = (page.fetched_at or oldest).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    title = mask_numbers(one.record.title)
    written.pages.append({"id": str(one.id), "url": page.url, "ts": time, "title": title})


def _page_lines(pages: Sequence[dict[str, str]]) -> Iterator[bytes]:
    for line in ({**_PAGES_HEAD}, *pages):
        yield json.dumps(line, ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def _describe(written: _Written, wacz: Wacz) -> None:
    package = {
        "profile": "data-package",
        "wacz_version": "1.1.1",
        "title": "Union news articles (工会新闻)",
        "description": f"The captured pages of the query {wacz.query!r}."
        if wacz.query
        else "All captured pages.",
        "created": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "software": f"unioncrawl {__version__}",
        "resources": list(written.resources),
    }
    data = json.dumps(package, ensure_ascii=False, indent=2).encode()
    digest = {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(data).hexdigest()}"}
    written.add("datapackage.json", [data])
    written.add("datapackage-digest.json", [json.dumps(digest).encode()])
