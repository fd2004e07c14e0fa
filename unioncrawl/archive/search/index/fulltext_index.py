"""The full-text index of the database, kept in step by the writer.

On SQLite it is FTS5 without contents; on PostgreSQL pieces of sorted numbers
(`unioncrawl.archive.search.index.pieces`). Both keep where each word stands.
The number of a document gives the day of its publication
(`unioncrawl.archive.search.index.document_numbers`), so that walking the index backwards
walks the news newest first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, delete, select

from unioncrawl.archive.schema import search_document
from unioncrawl.archive.search.index.document_numbers import day_of_time, give_numbers
from unioncrawl.archive.search.index.index_words import IndexEntry, entry_text
from unioncrawl.archive.sql import chunks, insert_rows


def add_entries(connection: Connection, entries: Sequence[IndexEntry]) -> None:
    """Put articles into the index (each must be absent from it)."""
    if not entries:
        return
    # In rising order, which FTS5 writes as one segment.
    ordered = sorted(entries, key=lambda entry: day_of_time(entry.published_at))
    numbers = give_numbers(connection, (day_of_time(entry.published_at) for entry in ordered))
    numbered = sorted(zip(numbers, ordered, strict=True), key=lambda pair: pair[0])
    documents = [{"id": number, "article_id": entry.article_id} for number, entry in numbered]
    insert_rows(connection, search_document, documents)
    write_words(connection, numbered)


def write_words(connection: Connection, numbered: Sequence[tuple[int, IndexEntry]]) -> None:
    """Put the words of numbered articles into the index, in rising order of their numbers."""
    if not numbered:
        return
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(
            "INSERT INTO search_index(rowid, tokens) VALUES (?, ?)",
            [(number, entry_text(entry)) for number, entry in numbered],
        )
    else:
        from unioncrawl.archive.search.index.pieces.write_pieces import add_documents  # noqa: PLC0415 - numpy

        add_documents(connection, numbered)


def remove_entries(connection: Connection, entries: Iterable[IndexEntry]) -> None:
    """Take articles out; ``entries`` must say what was put in (FTS5 keeps no contents)."""
    by_article = {entry.article_id: entry for entry in entries}
    for some in chunks(list(by_article)):
        query = select(search_document.c.id, search_document.c.article_id)
        rows = connection.execute(query.where(search_document.c.article_id.in_(some))).all()
        if connection.dialect.name == "sqlite":
            for number, article_id in rows:
                connection.exec_driver_sql(
                    "INSERT INTO search_index(search_index, rowid, tokens) VALUES ('delete', ?, ?)",
                    (number, entry_text(by_article[article_id])),
                )
        else:
            _remove_from_pieces(connection, [row.id for row in rows])
        connection.execute(delete(search_document).where(search_document.c.article_id.in_(some)))


def _remove_from_pieces(connection: Connection, numbers: Sequence[int]) -> None:
    from unioncrawl.archive.search.index.pieces.write_pieces import remove_documents  # noqa: PLC0415 - numpy

    remove_documents(connection, numbers)
