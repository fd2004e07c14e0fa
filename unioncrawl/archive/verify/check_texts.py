"""Check every text against its digest, and the full-text index against the texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from operator import mul
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.exc import DatabaseError, DBAPIError

from unioncrawl.archive.database import RESTORE
from unioncrawl.archive.schema import article, revision, search_document, site, site_column
from unioncrawl.archive.search.index.document_numbers import day_of_number, day_of_time
from unioncrawl.archive.search.index.index_rows import index_entry, with_site
from unioncrawl.archive.search.index.index_words import IndexEntry, entry_text
from unioncrawl.archive.sql import chunks
from unioncrawl.archive.verify.findings import REINDEX, SHOWN, Finding
from unioncrawl.archive.write.exact_digest import DIGEST_COLUMNS, Held, held_to_digests
from unioncrawl.archive.write_failures import is_no_damage

# Weight of a document's number in a sum over all documents and words.
_SPREAD = 0x9E3779B97F4A7C15
# More than the words of any text: a place in one weighs less than a document.
_PLACES = 1 << 32


@dataclass(frozen=True, slots=True)
class _Indexed:
    """A present text and its entry in the index."""

    held: Held
    entry: IndexEntry

    @property
    def document(self) -> int:
        """Its number in the index."""
        return int(self.held.row.document)


def check_texts(connection: Connection) -> Iterator[Finding]:
    """Check the digests against the texts, and the index against the texts word by word."""
    total = 0
    for one in _present_texts(connection):
        number = one.entry.article_id
        if not one.held.is_same:
            yield _changed(one.held.row)
        if day_of_number(one.document) != day_of_time(one.entry.published_at):
            yield Finding("index", f"article {number} stands in the index under another day", REINDEX)
        total += _placed_weight(one)
    yield from _check_other_texts(connection)
    yield from _check_vocabulary(connection, total)


def check_changed_texts(connection: Connection) -> Iterator[Finding]:
    """Check the digests alone, when other values of the archive are damaged: no revision ends the check."""
    numbers = connection.execute(select(revision.c.id).order_by(revision.c.id)).scalars().all()
    for some in chunks(numbers):
        try:
            yield from list(_changed_of(connection, some))
        except (DBAPIError, ValueError) as error:
            if is_no_damage(error):
                raise
            for number in some:
                yield from _changed_alone(connection, number)


def _changed_alone(connection: Connection, number: int) -> Iterator[Finding]:
    try:
        yield from list(_changed_of(connection, [number]))
    except (DBAPIError, ValueError) as error:
        if is_no_damage(error):
            raise
        query = select(revision.c.number, revision.c.article_id).where(revision.c.id == number)
        row = connection.execute(query).one()
        detail = f"revision {row.number} of article {row.article_id} can't be read ({error})"
        yield Finding("hashes", detail, RESTORE)


def _changed_of(connection: Connection, numbers: Sequence[int]) -> Iterator[Finding]:
    query = select(*DIGEST_COLUMNS).join(article, article.c.id == revision.c.article_id)
    query = query.where(revision.c.id.in_(numbers)).order_by(revision.c.id)
    # Whether it is the present revision matters for the mark of a mirror alone.
    for held in held_to_digests(connection, query, are_present=False):
        if not held.is_same:
            yield _changed(held.row)


def _check_other_texts(connection: Connection) -> Iterator[Finding]:
    """Check the revisions that are not present ones, and what withdrawn articles keep."""
    is_other = (revision.c.id != article.c.revision_id) | article.c.withdrawn_at.is_not(None)
    query = select(*DIGEST_COLUMNS).join(article, article.c.id == revision.c.article_id).where(is_other)
    for held in held_to_digests(connection, query.order_by(revision.c.id), are_present=False):
        if not held.is_same:
            yield _changed(held.row)


def _changed(row: Any) -> Finding:  # noqa: ANN401 - a row
    detail = f"revision {row.number} of article {row.article_id} is not what was stored"
    return Finding("hashes", detail, RESTORE)


def _present_texts(connection: Connection) -> Iterator[_Indexed]:
    query = (
        select(
            *DIGEST_COLUMNS,
            site.c.key.label("site_key"),
            site_column.c.name.label("column_name"),
            search_document.c.id.label("document"),
        )
        .select_from(with_site().join(search_document, search_document.c.article_id == article.c.id))
        .where(article.c.withdrawn_at.is_(None))
        .order_by(article.c.id)
    )
    for held in held_to_digests(connection, query, are_present=True):
        yield _Indexed(held, index_entry(held.row))


def _check_vocabulary(connection: Connection, total: int) -> Iterator[Finding]:
    """Check how often each word stands in the articles, in which, and where in them.

    ``total`` sums over each article's words; only unequal sums are worth
    looking for the articles at fault.
    """
    indexed: Counter[str] = Counter()
    try:
        if sum(hash(word) * held for word, held in _vocabulary(connection)) == total:
            return
        for word, held in _vocabulary(connection):
            indexed[word] += held
    except (DatabaseError, ValueError) as error:
        yield Finding("index", str(getattr(error, "orig", error)), REINDEX)
        return
    wanted: Counter[str] = Counter()
    for one in _present_texts(connection):
        for word, weight in _weights(one):
            wanted[word] += weight
    wrong = [word for word in {*wanted, *indexed} if wanted[word] != indexed[word]]
    shown = " ".join(sorted(wrong)[:SHOWN])
    yield Finding("index", f"{len(wrong)} words are not indexed as the texts have them: {shown}", REINDEX)


def _weight(numbers: int, documents: int = 1) -> int:
    """Return the weight of a word in so many documents, whose numbers have this sum."""
    return documents + _SPREAD * numbers * _PLACES


def _placed_weight(one: _Indexed) -> int:
    """Return the sum of the hashes of an article's words, each with the weight of its place."""
    hashes = list(map(hash, entry_text(one.entry).split()))
    placed: int = sum(map(mul, hashes, count()))
    return sum(hashes) * _weight(one.document) + _SPREAD * placed


def _weights(one: _Indexed) -> Iterator[tuple[str, int]]:
    """Yield each word of an article, as often as it stands there, with the weight of its places."""
    for place, word in enumerate(entry_text(one.entry).split()):
        yield word, _weight(one.document) + _SPREAD * place


def _vocabulary(connection: Connection) -> Iterator[tuple[str, int]]:
    """Yield each word of the index, perhaps in parts, with the weight of its places."""
    if connection.dialect.name == "postgresql":
        from unioncrawl.archive.search.index.pieces.read_vocabulary import read_vocabulary  # noqa: PLC0415 - numpy

        for held in read_vocabulary(connection):
            yield held.word, _weight(held.numbers, held.times) + _SPREAD * held.places
        return
    connection.exec_driver_sql(
        "CREATE VIRTUAL TABLE IF NOT EXISTS temp.search_words"
        " USING fts5vocab('main', 'search_index', 'instance')"
    )
    words = connection.exec_driver_sql(
        "SELECT term, count(*), sum(doc), sum(offset) FROM temp.search_words GROUP BY term"
    )
    for rows in words.partitions(10_000):
        for word, number, documents, places in rows:
            yield word, _weight(documents, number) + _SPREAD * places
