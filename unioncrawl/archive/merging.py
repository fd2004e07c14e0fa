"""Merge the pieces of the full-text index when they have become many.

FTS5 writes each batch as a piece and merges pieces of like size. Left to that,
an index takes a third more room than one in a single piece. Here all pieces
become one whenever the largest holds less than its share; each step is a short
transaction, so that other writers come through.
"""

from __future__ import annotations

from sqlalchemy import Connection, Engine

from unioncrawl.archive.database import writing

_LARGEST_SHARE = 0.7
# Leaves of about 4 kB a step: some tenths of a second.
_STEP_LEAVES = 1_000


def merge_pieces(engine: Engine) -> None:
    """Make the full-text index one piece if it is not nearly; on PostgreSQL there is nothing to do."""
    if engine.dialect.name != "sqlite":
        return
    with engine.connect() as connection:
        if not _is_scattered(connection):
            return
    # A negative number begins the merge of all pieces, positive ones go on with it.
    leaves = -_STEP_LEAVES
    while _merge(engine, leaves):
        leaves = _STEP_LEAVES


def _is_scattered(connection: Connection) -> bool:
    counted = connection.exec_driver_sql("SELECT count(*) FROM search_index_idx GROUP BY segid")
    pieces = [row[0] for row in counted]
    return len(pieces) > 1 and max(pieces) < _LARGEST_SHARE * sum(pieces)


def _merge(engine: Engine, leaves: int) -> bool:
    """One step; whether it changed anything."""
    with writing(engine) as connection:
        before = _changes(connection)
        connection.exec_driver_sql(
            "INSERT INTO search_index(search_index, rank) VALUES ('merge', ?)", (leaves,)
        )
        # FTS5's documentation: fewer than two changes mean that there was nothing to merge.
        return _changes(connection) - before > 1


def _changes(connection: Connection) -> int:
    return int(connection.exec_driver_sql("SELECT total_changes()").scalar_one())
