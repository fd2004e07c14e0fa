"""The foreign keys of an archive that is being copied into: absent while rows are copied, checked at the end.

A copy that is taken up again may have to delete and write rows that others refer to. On SQLite a
connection can leave the keys unchecked; PostgreSQL lets only an administrator do that, so that
there the keys are dropped and added again, which checks every row.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from unioncrawl.archive.database import VERIFY
from unioncrawl.errors import ArchiveError

_KEYS_OF_POSTGRESQL = (
    "SELECT quote_ident(owner.relname) AS owner, quote_ident(key.conname) AS name,"
    " pg_get_constraintdef(key.oid) AS definition"
    " FROM pg_constraint AS key JOIN pg_class AS owner ON owner.oid = key.conrelid"
    " JOIN pg_namespace AS place ON place.oid = key.connamespace"
    " WHERE key.contype = 'f' AND place.nspname = current_schema() ORDER BY key.oid"
)


def drop_foreign_keys(connection: Connection) -> list[list[str]]:
    """Drop the foreign keys; return of each its table, its name and its definition. On SQLite do nothing."""
    if connection.dialect.name == "sqlite":
        return []
    keys = [list(row) for row in connection.execute(text(_KEYS_OF_POSTGRESQL))]
    for owner, name, _ in keys:
        connection.exec_driver_sql(f"ALTER TABLE {owner} DROP CONSTRAINT {name}")
    return keys


def add_foreign_keys(connection: Connection, keys: Sequence[Sequence[str]], archive: str) -> None:
    """Add foreign keys again, or check those that are there; raises `ArchiveError` when a row breaks one."""
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if broken is not None:
            raise _broken(f"row {broken[1]} of {broken[0]} refers to no {broken[2]}", archive)
    for owner, name, definition in keys:
        try:
            connection.exec_driver_sql(f"ALTER TABLE {owner} ADD CONSTRAINT {name} {definition}")
        except IntegrityError as error:
            raise _broken(" ".join(str(error.orig).split()), archive) from error


def _broken(what: str, archive: str) -> ArchiveError:
    return ArchiveError(
        f"all rows are copied as they are, and contradict each other: {what}. {archive} stays unfinished.",
        next_step=f"{VERIFY} Do so for the archive that is copied.",
        stage="archive",
    )
