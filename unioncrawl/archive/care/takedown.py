"""Withdraw an article: delete its text and captures, keep the fact that it existed."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fastwarc.warc import ArchiveIterator, WarcRecordType
from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Engine,
    Row,
    Select,
    delete,
    func,
    insert,
    or_,
    select,
    union,
    update,
)

from unioncrawl.archive.capture_folder import capture_file, refuse_unwritable
from unioncrawl.archive.captures.warc_reader import BLANKED_ID, is_blanked, refuse_missing
from unioncrawl.archive.database import writing
from unioncrawl.archive.read.stored_articles import find_article
from unioncrawl.archive.reprints.fingerprints import sketch
from unioncrawl.archive.reprints.same_story import Story
from unioncrawl.archive.schema import (
    article,
    attachment,
    capture,
    fingerprint,
    image,
    recent_fingerprint,
    reprint_group,
    reprint_member,
    revision,
    story_part,
    url_alias,
)
from unioncrawl.archive.search.index.beside.forget_words import forget_words
from unioncrawl.archive.search.index.fulltext_index import remove_entries
from unioncrawl.archive.search.index.index_rows import indexed_entries
from unioncrawl.archive.search.index.merge_index import forget_removed_words
from unioncrawl.archive.search.matching_articles import find_candidates
from unioncrawl.archive.search.query import parse_query
from unioncrawl.archive.service_tables import notice
from unioncrawl.archive.sql import chunks, next_id
from unioncrawl.archive.write.exact_digest import write_digests
from unioncrawl.errors import ArchiveError
from unioncrawl.model import CaptureRef
from unioncrawl.model.article_fields import WORDS

_WITHDRAWN_TEXTS = (*WORDS, "markup")
_WITHDRAWN_VALUES = ("evidence", "raw", "steps", "unresolved", "content_hash", "read_in_text")
# The least gzip member: header of ten bytes, a comment, an empty block, a trailer.
_COMMENT_FLAG = 16
_OF_THE_EXCHANGE = (WarcRecordType.request, WarcRecordType.metadata)


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What a takedown withdrew."""

    article_id: int
    url: str
    revisions: int
    captures: int
    # The folder of a search index beside the database whose files still hold words of the text.
    words_left_in: Path | None = None


def find_present(connection: Connection, query: str) -> list[int]:
    """Return the numbers of a query's articles whose text is there, by rising number.

    Raises `QueryError` for a query that can't be read.
    """
    found = sorted(one.article_id for one in find_candidates(connection, parse_query(query)))
    gone = select(article.c.id).where(article.c.withdrawn_at.is_not(None))
    withdrawn = set(connection.execute(gone).scalars())
    return [number for number in found if number not in withdrawn]


def take_down(engine: Engine, folder: Path, reference: str, reason: str) -> Withdrawn:
    """Withdraw an article given by number or URL; later visits won't store it again.

    First the rows are emptied, so that a takedown that is killed is known as such; then the captures
    are overwritten in their files, in place, so that every other record stays where it is. An article
    that was withdrawn before stays unchanged, but what a takedown that was killed left goes.
    Raises `ArticleNotFound`; `ArchiveError` when a file of captures is missing or may not be written
    (then no row is changed), or can't be overwritten (then another takedown ends it).
    """
    with writing(engine) as connection:
        number = find_article(connection, reference)
        known = select(article.c.url, article.c.withdrawn_at).where(article.c.id == number)
        url, withdrawn_at = connection.execute(known).one()
        _refuse_captures(folder, connection.execute(_places(number)).all())
        revisions = _withdraw(connection, number, reason) if withdrawn_at is None else 0
    with writing(engine) as connection:
        captures = _blank_captures(connection, folder, number)
    forget_removed_words(engine)
    _empty_journal(engine)
    return Withdrawn(number, url, revisions, captures, forget_words(engine))


def _withdraw(connection: Connection, number: int, reason: str) -> int:
    """Empty the rows of an article; return how many revisions it had."""
    _leave_indexes(connection, number)
    _forget_notices(connection, number)
    revisions = _empty_revisions(connection, number)
    _add_last_revision(connection, number, reason)
    # Digests of what is left: the old ones would still prove a guess at the text.
    numbers = select(revision.c.id).where(revision.c.article_id == number)
    write_digests(connection, list(connection.execute(numbers).scalars()))
    return revisions


def _empty_journal(engine: Engine) -> None:
    """Let no page from before the takedown lie in SQLite's write-ahead log.

    While somebody reads, the log stays; the next writer that finds it unread cuts it.
    """
    if engine.dialect.name == "sqlite":
        raw = engine.raw_connection()
        try:
            raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            raw.close()


def _leave_indexes(connection: Connection, number: int) -> None:
    present = connection.execute(select(article.c.revision_id).where(article.c.id == number)).scalar_one()
    entries = indexed_entries(connection, [present])
    remove_entries(connection, entries)
    for entry in entries:
        prints = sorted(sketch(Story.of(entry.body_text).text))
        for table in (fingerprint, recent_fingerprint):
            connection.execute(delete(table).where(table.c.hash.in_(prints), table.c.article_id == number))
    connection.execute(delete(reprint_member).where(reprint_member.c.article_id == number))
    # The last member takes its group along.
    has_member = select(reprint_member.c.group_id).where(reprint_member.c.group_id == reprint_group.c.id)
    connection.execute(delete(reprint_group).where(~has_member.exists()))
    mentions = update(reprint_member).where(reprint_member.c.matched_article_id == number)
    connection.execute(mentions.values(matched_article_id=None))
    places = or_(story_part.c.article_id == number, story_part.c.part_article_id == number)
    connection.execute(delete(story_part).where(places))


def _forget_notices(connection: Connection, number: int) -> None:
    """Delete what was to be sent, or was sent, of an article: a notice holds its title."""
    known = select(article.c.url, article.c.canonical_url).where(article.c.id == number)
    aliases = select(url_alias.c.url).where(url_alias.c.article_id == number)
    addresses = {*connection.execute(known).one(), *connection.execute(aliases).scalars()}
    rows = connection.execute(select(notice.c.id, notice.c.event)).all()
    for some in chunks([row.id for row in rows if row.event.get("url") in addresses]):
        connection.execute(delete(notice).where(notice.c.id.in_(some)))


def _empty_revisions(connection: Connection, number: int) -> int:
    ids = list(connection.execute(select(revision.c.id).where(revision.c.article_id == number)).scalars())
    values: dict[str, Any] = dict.fromkeys(_WITHDRAWN_TEXTS, "")
    values.update(dict.fromkeys(_WITHDRAWN_VALUES))
    connection.execute(update(revision).where(revision.c.id.in_(ids)).values(**values, text_digest=0))
    for table in (image, attachment):
        connection.execute(delete(table).where(table.c.revision_id.in_(ids)))
    return len(ids)


def _add_last_revision(connection: Connection, number: int, reason: str) -> None:
    """Add a revision without text that says when the article was withdrawn; exports pass it on."""
    now = datetime.now(UTC)
    last = connection.execute(
        select(func.max(revision.c.number)).where(revision.c.article_id == number)
    ).scalar_one()
    fresh = next_id(connection, revision)
    values = {"id": fresh, "article_id": number, "number": last + 1, "kind": "withdrawn", "seen_at": now}
    connection.execute(insert(revision).values(**values, text_digest=0))
    withdrawn = {"withdrawn_at": now, "withdrawn_reason": reason, "content_hash": None}
    current = {"revision_id": fresh, "revision_number": last + 1}
    connection.execute(update(article).where(article.c.id == number).values(**withdrawn, **current))
    connection.execute(update(url_alias).where(url_alias.c.article_id == number).values(shown_digest=None))


def _concerned(number: int) -> ColumnElement[bool]:
    """The captures that hold the text of an article.

    The same body under another address has the same text, and a page at its own address that was
    rejected may have it.
    """
    own = select(capture.c.digest).where(capture.c.article_id == number)
    is_rejected = capture.c.article_id.is_(None) & capture.c.url.in_(_addresses(number))
    return (capture.c.article_id == number) | capture.c.digest.in_(own) | is_rejected


def _places(number: int) -> Select[tuple[str, int]]:
    held = select(capture.c.file, capture.c.offset).where(_concerned(number), capture.c.file != "")
    return held.distinct()


def _refuse_captures(folder: Path, places: Sequence[Row[tuple[str, int]]]) -> None:
    """Where one file is missing or may not be written, nothing is overwritten in the others."""
    refuse_missing(folder, {row.file for row in places})
    refuse_unwritable(capture_file(folder, row.file) for row in places)


def _blank_captures(connection: Connection, folder: Path, number: int) -> int:
    places = connection.execute(_places(number)).all()
    _refuse_captures(folder, places)
    for row in places:
        try:
            blank_record(capture_file(folder, row.file), row.offset)
        except OSError as error:
            raise ArchiveError(
                f"the captures in {row.file} can't be overwritten: {error}.",
                next_step="Grant write access, then run takedown again.",
                stage="archive",
            ) from error
    connection.execute(update(capture).where(_concerned(number)).values(file=""))
    return len(places)


def _addresses(number: int) -> CompoundSelect[str]:
    """The addresses at which an article was ever found."""
    return union(
        select(article.c.url).where(article.c.id == number),
        select(article.c.canonical_url).where(article.c.id == number),
        select(url_alias.c.url).where(url_alias.c.article_id == number),
    )


def blank_captures(folder: Path, captures: Iterable[CaptureRef]) -> None:
    """Overwrite the captures of a visit to an article that was withdrawn."""
    for reference in captures:
        blank_record(capture_file(folder, reference.file), reference.offset)


def blank_record(path: Path, offset: int) -> None:
    """Overwrite a response and the request and metadata records after it, in place.

    One gzip member of the same length takes their place, so that the file stays
    valid and every other record keeps its offset.
    """
    end = _end_of_exchange(path, offset)
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(_filler(end - offset))


def _end_of_exchange(path: Path, offset: int) -> int:
    with path.open("rb") as file:
        file.seek(offset)
        for record in ArchiveIterator(file, parse_http=False):
            is_next = record.record_type not in _OF_THE_EXCHANGE or is_blanked(record)
            if record.stream_pos > offset and is_next:
                return int(record.stream_pos)
    return path.stat().st_size


def _filler(length: int) -> bytes:
    """Return a gzip member of exactly this length with a record that says what was here."""
    block = b"withdrawn: yes\r\n"
    head = (
        b"WARC/1.1\r\nWARC-Type: metadata\r\nWARC-Record-ID: <%b%012d>\r\n"
        b"WARC-Date: %b\r\nContent-Type: application/warc-fields\r\nContent-Length: %d\r\n\r\n"
    ) % (BLANKED_ID.encode(), length, datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ").encode(), len(block))
    record = head + block + b"\r\n\r\n"
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(record) + packer.flush()
    trailer = zlib.crc32(record).to_bytes(4, "little") + len(record).to_bytes(4, "little")
    spare = length - len(packed) - len(trailer) - 11
    if spare < 0:
        raise OSError(f"the record of {length} bytes is too short to overwrite")
    # RFC 1952 section 2.3: a comment before the data, ended by a zero byte.
    header = b"\x1f\x8b\x08" + bytes([_COMMENT_FLAG]) + b"\0\0\0\0\x02\xff"
    return header + b" " * spare + b"\0" + packed + trailer
