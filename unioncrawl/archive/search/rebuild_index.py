"""Build the full-text index again from the texts."""

from __future__ import annotations

from sqlalchemy import Connection, delete, select, text

from unioncrawl.archive.schema import article, search_document
from unioncrawl.archive.search.fulltext_index import add_entries
from unioncrawl.archive.search.index_rows import indexed_entries
from unioncrawl.archive.sql import chunks

_BATCH = 1_000


def rebuild_index(connection: Connection) -> int:
    """Empty the index and fill it again, within the caller's transaction; return how many articles."""
    connection.execute(delete(search_document))
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("INSERT INTO search_index(search_index) VALUES ('delete-all')")
    else:
        connection.execute(text("TRUNCATE search_index"))
    numbers = present_revisions(connection)
    for some in chunks(numbers, _BATCH):
        add_entries(connection, indexed_entries(connection, some))
    return len(numbers)


def present_revisions(connection: Connection) -> list[int]:
    """Return the present revisions of all articles that were not withdrawn, oldest article first."""
    query = select(article.c.revision_id).where(article.c.withdrawn_at.is_(None)).order_by(article.c.id)
    return list(connection.execute(query).scalars())
