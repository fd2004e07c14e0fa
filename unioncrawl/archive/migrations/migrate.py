"""Bring an older schema to the present version, and fill what it did not have."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, delete

from unioncrawl.archive.migrations.old_revision_digests import write_old_revision_digests
from unioncrawl.archive.migrations.renewed_digests import renew_digests
from unioncrawl.archive.schema import (
    EXACT_DIGESTS_SINCE,
    INDEX_PIECES_SINCE,
    INDEX_PLACES_SINCE,
    INDEX_WORDS_SINCE,
    search_document,
)
from unioncrawl.archive.search.index.rebuild_index import rebuild_index


def migrate_from(connection: Connection, version: str | None) -> None:
    """Make the schema in an empty database (``None``), or bring that of an older archive up to date."""
    migrate(connection)
    if version is not None:
        _fill_what_is_new(connection, version)


def migrate(connection: Connection, target: str = "head") -> None:
    """Bring the schema to ``target`` within the transaction of ``connection``."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, target)


def _fill_what_is_new(connection: Connection, version: str) -> None:
    """What a newer schema keeps of the texts, for an archive that comes from an older one."""
    if version < INDEX_WORDS_SINCE:
        # Its documents are numbered in another way.
        connection.execute(delete(search_document))
    is_sqlite = connection.dialect.name == "sqlite"
    if version < (INDEX_PLACES_SINCE if is_sqlite else INDEX_PIECES_SINCE):
        rebuild_index(connection)
    if version < EXACT_DIGESTS_SINCE:
        write_old_revision_digests(connection)
    else:
        renew_digests(connection, version)
