"""Merge the pieces of the full-text index when they have become many, and give back the room they took.

FTS5 writes each batch as a piece and merges pieces of like size. Left to that,
an index takes a third more room than one in a single piece. Here all pieces
become one whenever the largest holds less than its share. What merging leaves
empty goes back to the disk, where SQLite would keep it in the file. Each step
is a short transaction, so that other writers come through.
"""

from __future__ import annotations

from sqlalchemy import Connection, Engine

from unioncrawl.archive.database import writing

_LARGEST_SHARE = 0.7
# Leaves of about 4 kB a step: some tenths of a second.
_STEP_LEAVES = 1_000
# Empty pages below this share of the file wait for the next run, which fills them.
_EMPTY_SHARE = 0.01
# Pages of 16 kB a step.
_STEP_PAGES = 1_000


def merge_pieces(engine: Engine) -> None:
    """Merge the full-text index into one piece unless it nearly is; on PostgreSQL its last pieces."""
    if engine.dialect.name != "sqlite":
        from unioncrawl.archive.search.index.pieces.write_pieces import merge_last  # noqa: PLC0415 - numpy

        with writing(engine) as connection:
            merge_last(connection)
        return
    with engine.connect() as connection:
        if not _is_scattered(connection):
            return
    _merge_all(engine)


def forget_removed_words(engine: Engine) -> None:
    """Overwrite the words of articles that were taken out of the index, and the places where they stood.

    FTS5 writes down that they are gone, and drops them only when their piece is merged: until then
    the text could be put together from its words and their places. Of 90,000 articles it takes 6
    CPU-seconds, in steps of a tenth. On PostgreSQL the pieces that held them are written again, each in
    a step of some CPU-seconds.
    """
    if engine.dialect.name == "sqlite":
        _merge_all(engine)
        return
    from unioncrawl.archive.search.index.pieces.write_pieces import forget_gone  # noqa: PLC0415 - numpy

    is_left = True
    while is_left:
        with writing(engine) as connection:
            is_left = forget_gone(connection)


def _merge_all(engine: Engine) -> None:
    # A negative number begins the merge of all pieces, positive ones go on with it.
    leaves = -_STEP_LEAVES
    while _merge(engine, leaves):
        leaves = _STEP_LEAVES


def give_back_space(engine: Engine) -> None:
    """Shorten the file by its empty pages, if they are more than a few.

    An archive that began before this was kept can't be shortened in steps; it
    can after ``unioncrawl vacuum``. PostgreSQL does this by itself.
    """
    if engine.dialect.name != "sqlite":
        return
    with engine.connect() as connection:
        left = _number(connection, "PRAGMA freelist_count")
        if left < _EMPTY_SHARE * _number(connection, "PRAGMA page_count"):
            return
    while left and (given := _give_back(engine)):
        left -= given


def _give_back(engine: Engine) -> int:
    """Take one step; return by how many pages the file became shorter."""
    with writing(engine) as connection:
        before = _number(connection, "PRAGMA page_count")
        for _ in range(_STEP_PAGES):
            # Asked for more than one, the driver stops after the first.
            connection.exec_driver_sql("PRAGMA incremental_vacuum(1)")
        return before - _number(connection, "PRAGMA page_count")


def _is_scattered(connection: Connection) -> bool:
    counted = connection.exec_driver_sql("SELECT count(*) FROM search_index_idx GROUP BY segid")
    pieces = [row[0] for row in counted]
    return len(pieces) > 1 and max(pieces) < _LARGEST_SHARE * sum(pieces)


# From each piece's number to the next, in the key of FTS5's table: counting its rows reads all of it.
_COUNT_PIECES = (
    "WITH RECURSIVE piece (number) AS (SELECT min(segid) FROM search_index_idx UNION ALL"
    " SELECT (SELECT min(segid) FROM search_index_idx WHERE segid > number) FROM piece"
    " WHERE number IS NOT NULL) SELECT count(number) FROM piece"
)


def count_pieces(connection: Connection) -> int:
    """Return in how many pieces SQLite's full-text index is: each look-up of a word reads all of them."""
    return _number(connection, _COUNT_PIECES)


def _merge(engine: Engine, leaves: int) -> bool:
    """Take one step; return whether it changed anything."""
    with writing(engine) as connection:
        before = _number(connection, "SELECT total_changes()")
        connection.exec_driver_sql(
            "INSERT INTO search_index(search_index, rank) VALUES ('merge', ?)", (leaves,)
        )
        # FTS5's documentation: fewer than two changes mean that there was nothing to merge.
        return _number(connection, "SELECT total_changes()") - before > 1


def _number(connection: Connection, query: str) -> int:
    return int(connection.exec_driver_sql(query).scalar_one())
