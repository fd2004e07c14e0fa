"""Open the database of an archive: address, settings, schema version, write lock."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError

from unioncrawl.archive.column_types import json_text
from unioncrawl.archive.schema import EXACT_DIGESTS_SINCE, INDEX_WORDS_SINCE, SCHEMA_VERSIONS
from unioncrawl.archive.write_failures import DATABASE_ERRORS, archive_error
from unioncrawl.errors import ArchiveError, ArchiveNotFound, ArchiveTooNew

BUSY_TIMEOUT_SECONDS = 30.0
_PAGE_BYTES = 16_384
# 64 MB of the journal, in which pages that follow each other closely in time are written once.
_CHECKPOINT_PAGES = 4_096
# One number for all writers of an archive on PostgreSQL ("工会" in UTF-16).
_ADVISORY_LOCK = 0x5DE54F1A


def archive_url(address: str) -> URL:
    """The SQLAlchemy URL of an address: a path is a SQLite file.

    >>> archive_url("data/archive.db").database
    'data/archive.db'
    >>> archive_url("postgresql://127.0.0.1/news").drivername
    'postgresql+psycopg'
    """
    if "://" not in address:
        return URL.create("sqlite", database=address)
    try:
        url = make_url(address)
    except ArgumentError as error:
        raise ArchiveNotFound(
            f"{address!r} is no archive address.",
            next_step="Give a SQLite file or a URL like postgresql://user@host/name.",
            stage="archive",
        ) from error
    return url.set(drivername="postgresql+psycopg") if url.drivername in {"postgresql", "postgres"} else url


def _is_file(url: URL) -> bool:
    return url.get_backend_name() == "sqlite" and url.database not in {None, "", ":memory:"}


def open_engine(address: str, *, create: bool, busy_timeout_seconds: float = BUSY_TIMEOUT_SECONDS) -> Engine:
    """An engine on an archive whose schema is the present one.

    Raises `ArchiveNotFound` when there is no archive and ``create`` is false,
    `ArchiveTooNew` when a newer version wrote it, `ArchiveLocked` when its
    schema must be changed and another process holds it.
    """
    url = archive_url(address)
    if _is_file(url):
        _check_file(Path(str(url.database)), create=create)
    is_sqlite = url.get_backend_name() == "sqlite"
    # A connection that the server closed in the meantime is replaced before it is used.
    engine = create_engine(
        url,
        json_serializer=json_text,
        pool_pre_ping=not is_sqlite,
        connect_args={} if is_sqlite else _patience_of_connections(url),
    )
    if is_sqlite:
        _tune_sqlite(engine, busy_timeout_seconds)
    try:
        _bring_up_to_date(engine, address, create=create)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _patience_of_connections(url: URL) -> dict[str, int]:
    """How long libpq waits for a server that went away without a word; the address may say otherwise."""
    waits = {
        "connect_timeout": 10,
        "keepalives_idle": 30,
        "keepalives_interval": 10,
        "keepalives_count": 3,
        "tcp_user_timeout": 60_000,
    }
    return {name: value for name, value in waits.items() if name not in url.query}


def _check_file(path: Path, *, create: bool) -> None:
    if path.exists():
        return
    if not create:
        raise ArchiveNotFound(
            f"there is no archive at {path}.",
            next_step="Crawl first (unioncrawl crawl, or make demo), or name another one with --archive.",
            stage="archive",
        )
    path.parent.mkdir(parents=True, exist_ok=True)


def _tune_sqlite(engine: Engine, busy_timeout_seconds: float) -> None:
    def on_connect(connection: sqlite3.Connection, _record: object) -> None:
        # Python's own transaction control begins too late for an early write lock.
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout={int(busy_timeout_seconds * 1000)}")
        connection.execute(f"PRAGMA page_size={_PAGE_BYTES}")
        # Lets empty pages leave the file, a few at a time (`unioncrawl.archive.merging`).
        connection.execute("PRAGMA auto_vacuum=INCREMENTAL")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA foreign_keys=ON")
        # What a takedown deletes must be overwritten; only some builds of SQLite do so unasked
        # (https://www.sqlite.org/pragma.html#pragma_secure_delete).
        connection.execute("PRAGMA secure_delete=ON")
        # At a million articles the indexes that every batch touches take 200 MB; a
        # smaller archive never fills this.
        connection.execute("PRAGMA cache_size=-262144")
        connection.execute(f"PRAGMA wal_autocheckpoint={_CHECKPOINT_PAGES}")
        connection.execute(f"PRAGMA journal_size_limit={_CHECKPOINT_PAGES * _PAGE_BYTES}")
        connection.execute("PRAGMA temp_store=MEMORY")

    def on_begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("unioncrawl_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    event.listen(engine, "connect", on_connect)
    event.listen(engine, "begin", on_begin)


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that holds the archive's one write lock from its first moment.

    Raises `ArchiveLocked` when another process keeps the lock beyond the timeout,
    `ArchiveUnwritable` when the database can't write anything (disk full, read-only,
    server away), `ArchiveError` when it refuses what was written.
    """
    try:
        with engine.connect().execution_options(unioncrawl_writes=True) as connection, connection.begin():
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
            yield connection
    except DATABASE_ERRORS as error:
        raise archive_error(error, engine) from error


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection to read with; raises `ArchiveUnwritable` where the database can't be asked."""
    try:
        with engine.connect() as connection:
            yield connection
    except DATABASE_ERRORS as error:
        raise archive_error(error, engine) from error


def schema_version(connection: Connection) -> str | None:
    """The version of the schema of a database; ``None`` when it holds no archive."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _bring_up_to_date(engine: Engine, address: str, *, create: bool) -> None:
    try:
        with engine.connect() as connection:
            version = schema_version(connection)
    except DATABASE_ERRORS as error:
        raise _unreadable(error, engine, address) from error
    if version is None and not create:
        raise ArchiveNotFound(
            f"the database {engine.url.database} holds no archive.",
            next_step="Crawl into it first (unioncrawl crawl), or name another one with --archive.",
            stage="archive",
        )
    if version == SCHEMA_VERSIONS[-1]:
        return
    if version is not None and version not in SCHEMA_VERSIONS:
        raise ArchiveTooNew(
            f"the archive {engine.url.database} has schema {version}; "
            f"this unioncrawl knows {SCHEMA_VERSIONS[-1]}.",
            next_step="Upgrade unioncrawl (pip install --upgrade unioncrawl); nothing was changed.",
            stage="archive",
        )
    with writing(engine) as connection:
        migrate(connection)
        if version is not None:
            _fill_what_is_new(connection, version)


def _fill_what_is_new(connection: Connection, version: str) -> None:
    """What a newer schema keeps of the texts, for an archive that comes from an older one."""
    # They stand on the tables, which stand on this module.
    from unioncrawl.archive.first_digests import write_first_digests  # noqa: PLC0415
    from unioncrawl.archive.reindexing import rebuild_index  # noqa: PLC0415

    if version < INDEX_WORDS_SINCE:
        rebuild_index(connection)
    if version < EXACT_DIGESTS_SINCE:
        write_first_digests(connection)


def _unreadable(error: DBAPIError | sqlite3.Error, engine: Engine, address: str) -> ArchiveError:
    message = str(getattr(error, "orig", error)).strip()
    if "not a database" in message or "malformed" in message:
        return ArchiveError(
            f"{address} is no sound SQLite file ({message}).",
            next_step="Bring a backup back with unioncrawl restore.",
            stage="archive",
        )
    if engine.url.get_backend_name() != "sqlite" and isinstance(error, OperationalError):
        return ArchiveNotFound(
            f"no database answers at {engine.url.render_as_string(hide_password=True)}: {message}.",
            next_step="Look whether the server runs and the database exists.",
            stage="archive",
        )
    return archive_error(error, engine)


def migrate(connection: Connection, target: str = "head") -> None:
    """Bring the schema to ``target`` within the transaction of ``connection``."""
    # Alembic takes a third of a second to import and is needed once an upgrade.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, target)
