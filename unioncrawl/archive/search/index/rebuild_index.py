"""Build the full-text index again from the texts."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, delete, select

from unioncrawl.archive.schema import article, search_document
from unioncrawl.archive.search.index.document_numbers import day_of_number, day_of_time
from unioncrawl.archive.search.index.fulltext_index import add_entries, write_words
from unioncrawl.archive.search.index.index_rows import indexed_entries
from unioncrawl.archive.search.index.index_words import IndexEntry
from unioncrawl.archive.sql import chunks

_BATCH = 1_000


def rebuild_index(connection: Connection) -> int:
    """Empty the index and fill it again, within the caller's transaction; return how many articles.

    An article keeps its number where that is one of its day: a reader
    that is running knows articles by them.
    """
    present = select(article.c.id).where(article.c.withdrawn_at.is_(None))
    connection.execute(delete(search_document).where(search_document.c.article_id.not_in(present)))
    empty_index(connection)
    numbers = present_revisions(connection)
    for some in chunks(numbers, _BATCH):
        _fill(connection, indexed_entries(connection, some))
    return len(numbers)


def empty_index(connection: Connection) -> None:
    """Take all words out of the index; the documents keep their numbers."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("INSERT INTO search_index(search_index) VALUES ('delete-all')")
    else:
        from unioncrawl.archive.search.index.pieces.write_pieces import remove_all  # noqa: PLC0415 - numpy

        remove_all(connection)


def _fill(connection: Connection, entries: Sequence[IndexEntry]) -> None:
    known: dict[int, int] = {}
    for some in chunks([entry.article_id for entry in entries]):
        query = select(search_document.c.article_id, search_document.c.id)
        rows = connection.execute(query.where(search_document.c.article_id.in_(some)))
        known.update((row.article_id, row.id) for row in rows)
    kept = [
        (known[entry.article_id], entry)
        for entry in entries
        if entry.article_id in known
        and day_of_number(known[entry.article_id]) == day_of_time(entry.published_at)
    ]
    write_words(connection, sorted(kept, key=lambda pair: pair[0]))
    in_place = {entry.article_id for _, entry in kept}
    fresh = [entry for entry in entries if entry.article_id not in in_place]
    for some in chunks([entry.article_id for entry in fresh]):
        connection.execute(delete(search_document).where(search_document.c.article_id.in_(some)))
    add_entries(connection, fresh)


def present_revisions(connection: Connection) -> list[int]:
    """Return the present revisions of all articles that were not withdrawn, oldest article first."""
    query = select(article.c.revision_id).where(article.c.withdrawn_at.is_(None)).order_by(article.c.id)
    return list(connection.execute(query).scalars())
