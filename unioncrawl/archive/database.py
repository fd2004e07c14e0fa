"""The database of an archive: its address, its settings, its write lock, its errors."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError

from unioncrawl.archive.server.connecting import patience_of_connections
from unioncrawl.archive.server.outages import connected
from unioncrawl.archive.server.shown_url import shown_url
from unioncrawl.archive.stored_text import add_holds
from unioncrawl.archive.write_failures import DATABASE_ERRORS, archive_error
from unioncrawl.errors import ArchiveError, ArchiveNotFound

BUSY_TIMEOUT_SECONDS = 30.0
# The next step when something in the archive differs from what was written.
RESTORE = "Restore a backup with unioncrawl restore."
VERIFY = f"Run unioncrawl verify for all that is damaged. {RESTORE}"
# Lets empty pages leave the file, a few at a time (`unioncrawl.archive.search.index.merge_index`); it takes
# effect in an empty file, and with the next VACUUM.
GIVE_BACK_PAGES = "PRAGMA auto_vacuum=INCREMENTAL"
# The names in addresses of the drivers that are installed with unioncrawl, and what SQLAlchemy calls them.
_DRIVERS = {
    "sqlite": "sqlite",
    "sqlite+pysqlite": "sqlite+pysqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}
_ADDRESSES = "Give a SQLite file or a URL like postgresql://user@host/name."
_PAGE_BYTES = 16_384
# 64 MB of the journal, in which pages that follow each other closely in time are written once.
_CHECKPOINT_PAGES = 4_096
# 16 MB of pages, which a batch touches again and again. With 256 MB a crawl grew by 13 kB an article, up
# to that, and was little faster at 86,000 articles (2,695 us an article; 2,750 with 32 MB, 3,059 with 16):
# what is not here the operating system has, and of a page's cost the difference is a hundredth.
_CACHE_KILOBYTES = 16_384
# Of a large batch, as an import writes it, each item touches random pages of seven indexes. What does not fit
# is written twice: with 64 MB an article at a million took 914 µs instead of 1,038, batches of 1,000.
_CACHE_KILOBYTES_AN_ITEM, _MOST_CACHE_KILOBYTES = 64, 65_536
# One number for all writers of an archive on PostgreSQL ("工会" in UTF-16).
WRITE_LOCK = 0x5DE54F1A


def archive_url(address: str) -> URL:
    """Return the SQLAlchemy URL of an address: a path is a SQLite file.

    Raises `ArchiveNotFound` for an address of no database that an archive can be in.

    >>> archive_url("data/archive.db").database
    'data/archive.db'
    >>> archive_url("postgresql://127.0.0.1/news").drivername
    'postgresql+psycopg'
    """
    if "://" not in address:
        if not address.strip() or "\0" in address:
            raise _no_address(address)
        return URL.create("sqlite", database=address)
    try:
        url = make_url(address)
    except (ArgumentError, ValueError) as error:
        raise _no_address(address) from error
    if url.drivername not in _DRIVERS:
        raise ArchiveNotFound(
            f"an archive can't be in a database of the kind {url.drivername!r}.",
            next_step=_ADDRESSES,
            stage="archive",
        )
    return url.set(drivername=_DRIVERS[url.drivername])


def _no_address(address: str) -> ArchiveNotFound:
    return ArchiveNotFound(f"{address!r} is not an archive address.", next_step=_ADDRESSES, stage="archive")


def shown_address(address: str) -> str:
    """An address as it may be printed, without its password.

    >>> shown_address("postgresql://crawler:秘密@db/news")
    'postgresql://crawler:***@db/news'
    >>> shown_address("data/archive.db")
    'data/archive.db'
    """
    return shown_url(archive_url(address)) if "://" in address else address


def is_file(url: URL) -> bool:
    """Whether a URL names a SQLite file, and not a database in memory or on a server."""
    return url.get_backend_name() == "sqlite" and url.database not in {None, "", ":memory:"}


def server_conninfo(url: URL, **more: str | int) -> str:
    """Return libpq's words for a connection to an archive on a server; ``more``: what they say besides.

    >>> server_conninfo(archive_url("postgresql://linxi@127.0.0.1/news"), options="-c work_mem=64MB")[-26:]
    "options='-c work_mem=64MB'"
    """
    from psycopg.conninfo import make_conninfo  # noqa: PLC0415 - only where there is a server

    given = {name: str(value) for name, value in url.query.items()}
    more = {**patience_of_connections(url), **more}
    options = f"{given.pop('options', '')} {more.pop('options', '')}".strip()
    parts = url.translate_connect_args(username="user", database="dbname")
    return str(make_conninfo(**{**parts, **given, **more, **({"options": options} if options else {})}))


def tune_sqlite(engine: Engine, busy_timeout_seconds: float) -> None:
    """Give each connection of a SQLite engine the archive's settings and its kind of transactions."""

    def on_connect(connection: sqlite3.Connection, _record: object) -> None:
        # Python's own transaction control begins too late for an early write lock.
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout={int(busy_timeout_seconds * 1000)}")
        add_holds(connection)
        _form_empty_file(connection)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA foreign_keys=ON")
        # What a takedown deletes must be overwritten; only some builds of SQLite do so unasked
        # (https://www.sqlite.org/pragma.html#pragma_secure_delete).
        connection.execute("PRAGMA secure_delete=ON")
        connection.execute(f"PRAGMA cache_size=-{_CACHE_KILOBYTES}")
        connection.execute(f"PRAGMA wal_autocheckpoint={_CHECKPOINT_PAGES}")
        connection.execute(f"PRAGMA journal_size_limit={_CHECKPOINT_PAGES * _PAGE_BYTES}")
        connection.execute("PRAGMA temp_store=MEMORY")

    def on_begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("unioncrawl_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    event.listen(engine, "connect", on_connect)
    event.listen(engine, "begin", on_begin)


def _form_empty_file(connection: sqlite3.Connection) -> None:
    """Set the form of an empty file; setting it again would wait for the process that writes."""
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    if pages:
        return
    connection.execute(f"PRAGMA page_size={_PAGE_BYTES}")
    connection.execute(GIVE_BACK_PAGES)


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that holds the archive's one write lock from its first moment.

    A server that is away is waited for: see `unioncrawl.archive.server.outages`.

    Raises `ArchiveLocked` when another process keeps the lock beyond the timeout,
    `ArchiveUnwritable` when the database can't write anything (disk full, read-only,
    server away), `ArchiveError` when it refuses what was written.
    """
    try:
        with _to_write(engine) as connection, connection.begin():
            if connection.dialect.name == "postgresql":
                _lock_postgres(connection)
            yield connection
    except DATABASE_ERRORS as error:
        raise archive_error(error, engine) from error


def keep_pages(connection: Connection, items: int) -> None:
    """Let SQLite keep the pages that a batch of so many items touches, until its next batch.

    `give_back_memory` frees them after the batch.
    """
    if connection.dialect.name == "sqlite":
        wanted = min(_MOST_CACHE_KILOBYTES, items * _CACHE_KILOBYTES_AN_ITEM)
        connection.exec_driver_sql(f"PRAGMA cache_size=-{max(_CACHE_KILOBYTES, wanted)}")


def _to_write(engine: Engine) -> Connection:
    """A connection that sees all that was written when it has the lock, not only what was there before."""
    level = {} if engine.dialect.name == "sqlite" else {"isolation_level": "READ COMMITTED"}
    return connected(engine).execution_options(unioncrawl_writes=True, **level)


def _lock_postgres(connection: Connection) -> None:
    """Take the write lock; for no lock does this transaction wait longer than a file's writer would."""
    seconds = connection.get_execution_options().get("unioncrawl_patience", BUSY_TIMEOUT_SECONDS)
    connection.exec_driver_sql(
        "SELECT set_config('lock_timeout', %s, true), pg_advisory_xact_lock(%s)",
        (str(max(1, int(seconds * 1000))), WRITE_LOCK),
    )


def give_back_memory(engine: Engine) -> None:
    """Free the pages that SQLite keeps for the next batch; each site of a crawl has a connection of its own.

    Any other writer's batch makes them useless, and reading them again costs nothing measurable.
    """
    if engine.dialect.name == "sqlite":
        with reading(engine) as connection:
            connection.exec_driver_sql("PRAGMA shrink_memory")


@contextmanager
def database_errors(engine: Engine) -> Iterator[None]:
    """Raise the project's errors in place of the database's: see `archive_error`."""
    try:
        yield
    except DATABASE_ERRORS as error:
        raise archive_error(error, engine) from error


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection to read with; raises `ArchiveUnwritable` where the database can't be asked.

    A server that is away is waited for, as by `writing`.
    """
    with database_errors(engine), connected(engine) as connection:
        yield connection


@contextmanager
def closed_on_error(engine: Engine) -> Iterator[None]:
    """Close the connections of an engine that nobody gets, because what is done with it first raises."""
    try:
        yield
    except BaseException:
        engine.dispose()
        raise


def unreadable(error: DBAPIError | sqlite3.Error, engine: Engine, address: str) -> ArchiveError:
    """The error to raise when the database at ``address`` cannot be read at all."""
    # libpq's words stand on several lines, and may end in a question.
    message = " ".join(str(getattr(error, "orig", error)).split()).rstrip(".?")
    if "not a database" in message or "malformed" in message:
        return ArchiveError(
            f"{address} is not a sound SQLite file ({message}).",
            next_step=RESTORE,
            stage="archive",
        )
    if engine.url.get_backend_name() != "sqlite" and isinstance(error, OperationalError):
        return ArchiveNotFound(
            f"no database answers at {shown_url(engine.url)}: {message}.",
            next_step="Check that the server runs and the database exists.",
            stage="archive",
        )
    return archive_error(error, engine)
