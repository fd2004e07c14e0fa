"""Open an archive and bring its schema to the present version."""

from __future__ import annotations

import logging
import shlex
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, inspect, text
from sqlalchemy.engine import URL

from unioncrawl.archive.column_types import json_text
from unioncrawl.archive.database import (
    BUSY_TIMEOUT_SECONDS,
    archive_url,
    closed_on_error,
    is_file,
    tune_sqlite,
    unreadable,
    writing,
)
from unioncrawl.archive.read_file import can_write, read_only_engine
from unioncrawl.archive.schema import SCHEMA_VERSIONS
from unioncrawl.archive.search.index.beside.chosen_index import choose_index
from unioncrawl.archive.server.connecting import server_engine
from unioncrawl.archive.server.outages import WAITS
from unioncrawl.archive.server.unfit import refuse_unfit
from unioncrawl.archive.unfinished_copy import COPYING, unfinished
from unioncrawl.archive.write_failures import DATABASE_ERRORS, refused_right
from unioncrawl.errors import ArchiveError, ArchiveNotFound, ArchiveTooNew, ArchiveUnwritable

# An upgrade of so many articles takes a few seconds.
_MANY_ARTICLES = 2_000
logger = logging.getLogger(__name__)


def open_engine(address: str, *, create: bool, busy_timeout_seconds: float = BUSY_TIMEOUT_SECONDS) -> Engine:
    """An engine on an archive whose schema is the present one.

    An archive in a file that may not be written, or whose folder may not, is opened to be
    read (``create`` false alone): each attempt to write then raises `ArchiveUnwritable`.

    Raises `ArchiveNotFound` when there is no archive and ``create`` is false,
    `ArchiveTooNew` when a newer version wrote it, `ArchiveUnfinished` when it is a copy that
    has not come to its end, `ArchiveLocked` when its schema must be changed and another process holds it.
    """
    url = archive_url(address)
    if is_file(url):
        path = Path(str(url.database))
        _check_file(path, create=create)
        if not create and not can_write(path):
            return _open_to_read(path, address, busy_timeout_seconds)
    engine = writable_engine(url, busy_timeout_seconds)
    with closed_on_error(engine):
        _bring_up_to_date(engine, address, create=create)
        choose_index(engine)
    return engine


def writable_engine(url: URL, busy_timeout_seconds: float = BUSY_TIMEOUT_SECONDS) -> Engine:
    """An engine with the archive's settings, on whatever the database holds."""
    is_sqlite = url.get_backend_name() == "sqlite"
    if is_sqlite:
        engine = create_engine(url, json_serializer=json_text)
        tune_sqlite(engine, busy_timeout_seconds)
    else:
        engine = server_engine(url, busy_timeout_seconds)
    return engine


# The engine of each archive that crawls of this process write, by address and file.
_SHARED: dict[tuple[str, int], Engine] = {}


def shared_engine(address: str) -> Engine:
    """The one engine of this process for all crawls into an archive, made (with the archive) if need be.

    Each engine has connections, a cache of pages and compiled statements of its own: a megabyte a crawl,
    and a tenth of a CPU-second to compile them. Raises as `open_engine`. `Engine.dispose` closes its idle
    connections alone, so that each crawl may call it at its end.
    """
    known = _SHARED.get((address, _file_number(address)))
    if known is not None:
        return known
    engine = open_engine(address, create=True)
    # A crawl goes on while its archive is away, and tries again itself (`pipelines.archive`).
    engine.update_execution_options(**{WAITS: 0})
    return _SHARED.setdefault((address, _file_number(address)), engine)


def _file_number(address: str) -> int:
    """The number of an archive's file, another one for a file that took its place; 0 without a file."""
    url = archive_url(address)
    try:
        return Path(str(url.database)).stat().st_ino if is_file(url) else 0
    except OSError:
        return 0


def _open_to_read(path: Path, address: str, busy_timeout_seconds: float) -> Engine:
    engine = read_only_engine(path, busy_timeout_seconds)
    with closed_on_error(engine):
        try:
            with engine.connect() as connection:
                refuse_other_schema(connection, address)
        except DATABASE_ERRORS as error:
            raise unreadable(error, engine, address) from error
        choose_index(engine)
    return engine


def _check_file(path: Path, *, create: bool) -> None:
    refused = refused_right(path, to_write=create)
    if refused is not None:
        raise refused
    if path.is_dir():
        raise ArchiveNotFound(
            f"{path} is a folder, not an archive.",
            next_step="Name the file, such as archive.db in it.",
            stage="archive",
        )
    if path.exists():
        return
    if not create:
        raise ArchiveNotFound(
            f"there is no archive at {path}.",
            next_step="Crawl first (unioncrawl crawl, or make demo), or name another one with --archive.",
            stage="archive",
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ArchiveUnwritable(
            f"the folder {path.parent} of the archive can't be made: {error.strerror or error}.",
            next_step="Grant write access, or name another place with --archive.",
            stage="archive",
        ) from error


def schema_version(connection: Connection) -> str | None:
    """The version of the schema of a database; ``None`` when it holds no archive.

    Raises `ArchiveUnfinished` for a copy that has not come to its end.
    """
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if version == COPYING:
        raise unfinished(connection)
    return version


def _bring_up_to_date(engine: Engine, address: str, *, create: bool) -> None:
    try:
        with engine.connect() as connection:
            refuse_unfit(connection)
            version = schema_version(connection)
    except DATABASE_ERRORS as error:
        raise unreadable(error, engine, address) from error
    if version is None and not create:
        raise ArchiveNotFound(
            f"the database {engine.url.database} holds no archive.",
            next_step="Crawl into it first (unioncrawl crawl), or name another one with --archive.",
            stage="archive",
        )
    if version == SCHEMA_VERSIONS[-1]:
        return
    if version is not None:
        refuse_newer(version, engine)
    # Alembic takes a third of a second to import, and an archive of the present schema needs none of it.
    from unioncrawl.archive.migrations.migrate import migrate_from  # noqa: PLC0415

    with writing(engine) as connection:
        if version is not None:
            _announce(connection, version)
        migrate_from(connection, version)


def _announce(connection: Connection, version: str) -> None:
    """Say that an upgrade begins which takes more than a moment, so that nobody takes it for a hang."""
    articles: int = connection.execute(text("SELECT max(id) FROM article")).scalar() or 0
    if articles >= _MANY_ARTICLES:
        logger.warning(
            "The archive %s is brought from schema %s to %s: its %d articles are read again, about a minute"
            " for 50,000. If it is interrupted, the archive stays as it was.",
            *(connection.engine.url.database, version, SCHEMA_VERSIONS[-1], articles),
        )


def refuse_newer(version: str, engine: Engine) -> None:
    """Raise `ArchiveTooNew` for a schema that only a newer unioncrawl knows."""
    if version not in SCHEMA_VERSIONS:
        raise ArchiveTooNew(
            f"the archive {str(engine.url.database).removeprefix('file://')} has schema {version}; "
            f"this unioncrawl knows {SCHEMA_VERSIONS[-1]}.",
            next_step="Upgrade unioncrawl (pip install --upgrade unioncrawl); nothing was changed.",
            stage="archive",
        )


def refuse_other_schema(connection: Connection, address: str) -> None:
    """Refuse a database that cannot be read as it is: no archive, a newer or an older one."""
    version = schema_version(connection)
    name = address
    if version is None:
        raise ArchiveNotFound(
            f"the database {name} holds no archive.", next_step="Give another address.", stage="archive"
        )
    refuse_newer(version, connection.engine)
    if version != SCHEMA_VERSIONS[-1]:
        raise ArchiveError(
            f"the archive {name} has the older schema {version}; it is opened to be read only, "
            f"and this unioncrawl reads {SCHEMA_VERSIONS[-1]}.",
            next_step="Bring it up to date once, by a user who may write it: "
            f"unioncrawl vacuum --archive {shlex.quote(address)}",
            stage="archive",
        )
