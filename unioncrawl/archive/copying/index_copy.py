"""Build the full-text index of a copied archive from the texts that it holds, piece by piece.

The index is built and not copied: its form differs by database, on SQLite between versions too, and
a built one is proven to be that of the texts. The documents' numbers are rows, and come with them.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, func, select, text

from unioncrawl.archive.copying.target import Target, note_indexed
from unioncrawl.archive.database import reading
from unioncrawl.archive.schema import article, search_document
from unioncrawl.archive.search.index.asks import Words
from unioncrawl.archive.search.index.document_numbers import ZONES
from unioncrawl.archive.search.index.fulltext_index import write_words
from unioncrawl.archive.search.index.index_rows import indexed_entries
from unioncrawl.archive.search.index.index_words import EVERY_ARTICLE
from unioncrawl.archive.search.index.merge_index import merge_pieces
from unioncrawl.errors import ArchiveError

_PIECE_DOCUMENTS = 250


def build_index(target: Target, advance: Callable[[int], None]) -> int:
    """Index what is not indexed yet; return how many articles the whole index holds.

    Raises `ArchiveError` when that is not the number of documents.
    """
    while indexed := _index_piece(target):
        advance(indexed)
    merge_pieces(target.engine)
    with reading(target.engine) as connection:
        documents = connection.execute(select(func.count()).select_from(search_document)).scalar_one()
        found = _count_indexed(connection)
    if found != documents:
        raise ArchiveError(
            f"the full-text index of {target.name} holds {found} articles instead of {documents}.",
            next_step=f"Delete {target.name}, and copy again.",
            stage="archive",
        )
    return found


def _index_piece(target: Target) -> int:
    with target.writing(changes_rows=False) as (connection, mark):
        query = (
            select(search_document.c.id, search_document.c.article_id, article.c.revision_id)
            .join(article, article.c.id == search_document.c.article_id)
            .where(search_document.c.id > mark.indexed_to)
            .order_by(search_document.c.id)
            .limit(_PIECE_DOCUMENTS)
        )
        documents = connection.execute(query).all()
        if not documents:
            return 0
        entries = indexed_entries(connection, [row.revision_id for row in documents])
        by_article = {entry.article_id: entry for entry in entries}
        write_words(
            connection,
            [(row.id, by_article[row.article_id]) for row in documents if row.article_id in by_article],
        )
        note_indexed(connection, documents[-1].id)
        return len(documents)


def _count_indexed(connection: Connection) -> int:
    if connection.dialect.name == "sqlite":
        query = text("SELECT count(*) FROM search_index WHERE search_index MATCH :word")
        return int(connection.execute(query, {"word": f'"{EVERY_ARTICLE}"'}).scalar_one())
    from unioncrawl.archive.search.index.pieces.piece_view import PieceView  # noqa: PLC0415 - loads numpy

    return PieceView(connection).count(Words((EVERY_ARTICLE,)), 0, ZONES[-1].end)
