"""The mark of a copy that has not come to its end: until it is complete, nothing else opens it.

The mark stands where an archive keeps the version of its schema, so that an older unioncrawl
refuses such an archive too. What is known of the copy stands in a table of its own, which is
no part of the schema and goes when the copy is complete.
"""

from __future__ import annotations

import shlex

from sqlalchemy import BigInteger, Column, Connection, MetaData, Row, Table, Text, inspect, select

from unioncrawl.archive.column_types import UtcTime
from unioncrawl.archive.server.shown_url import shown_url
from unioncrawl.errors import ArchiveUnfinished

# In the place of the schema's version.
COPYING = "copying"

unfinished_copy = Table(
    "unfinished_copy",
    MetaData(),
    # The address that the rows come from, without its password, and what makes known that archive again.
    Column("source", Text, nullable=False),
    Column("identity", Text, nullable=False),
    Column("begun_at", UtcTime, nullable=False),
    # The process that copies now: one that finds another here stops.
    Column("copied_by", Text, nullable=False),
    # The last document that is in the full-text index; the index is built when all rows are there.
    Column("indexed_to", BigInteger, nullable=False),
    # The foreign keys as PostgreSQL writes them, which are absent while rows are copied.
    Column("foreign_keys", Text, nullable=False),
)


def mark_of(connection: Connection) -> Row[tuple[object, ...]] | None:
    """Return what is known of the copy that goes on in a database; ``None`` where none does."""
    if not inspect(connection).has_table(unfinished_copy.name):
        return None
    return connection.execute(select(unfinished_copy)).first()


def unfinished(connection: Connection) -> ArchiveUnfinished:
    """The error to raise for a database that holds a copy which has not come to its end."""
    url, mark = connection.engine.url, mark_of(connection)
    target = shown_url(url)
    if url.get_backend_name() == "sqlite":
        target = str(url.database).removeprefix("file://")
    if mark is None:
        return ArchiveUnfinished(
            f"{target} is a copy that was never completed, and what it was copied from is not known.",
            next_step="Delete it, and copy again.",
            stage="archive",
        )
    source = str(mark.source)
    return ArchiveUnfinished(
        f"{target} is a copy of {source}, begun at {mark.begun_at:%Y-%m-%d %H:%M} UTC, that is not complete.",
        next_step="Go on with it: "
        f"unioncrawl archive copy {shlex.quote(source)} {shlex.quote(target)} (or delete it).",
        stage="archive",
    )
