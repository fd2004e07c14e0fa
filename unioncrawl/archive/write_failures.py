"""Whose fault a database error is: the database's, which passes, or that of what was written."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

from sqlalchemy import Connection, Engine, select, text
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from unioncrawl.archive.read_file import BESIDE
from unioncrawl.archive.schema import run
from unioncrawl.archive.server.shown_url import shown_url
from unioncrawl.errors import ArchiveError, ArchiveLocked, ArchiveUnwritable
from unioncrawl.guard import disk, rights

# https://www.sqlite.org/rescode.html: what a file, its disk or its lock may answer to any statement.
_SQLITE_LOCKED = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_SQLITE_STATES = frozenset(
    {
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_INTERRUPT,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_NOTADB,
    }
)
# What missing rights answer.
_SQLITE_REFUSED = frozenset({sqlite3.SQLITE_PERM, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN})
_PRIMARY_CODE = 0xFF
# SQLAlchemy wraps all but what the first statements on a new connection raise.
DATABASE_ERRORS = (DBAPIError, sqlite3.Error)
# https://www.postgresql.org/docs/current/errcodes-appendix.html: classes of errors that lie in
# the statement or its values. 54 is "program limit exceeded", such as a row too wide for an index.
_POSTGRES_OF_THE_VALUES = ("0A", "21", "22", "23", "42", "54")
# A page that is torn, and what follows any error in its transaction.
_POSTGRES_DAMAGE = ("XX", "25P02")
_POSTGRES_NO_RIGHTS, _POSTGRES_DISK_FULL, _POSTGRES_LOCKED = "42501", "53100", "55P03"
_POSTGRES_FULL_HOUSE, _POSTGRES_ENDED, _POSTGRES_IDLE = "53300", "57014", "25P03"
# What a server says that is well and refuses all the same: what happened, and the next step.
_POSTGRES_REFUSALS = {
    _POSTGRES_DISK_FULL: ("the disk of the database server of {name} is full", "Free space there."),
    _POSTGRES_NO_RIGHTS: ("no right to do this in {name}", "Grant {user} that right, or name another user."),
    _POSTGRES_FULL_HOUSE: (
        "the database server of {name} takes no more connections",
        "Raise its max_connections, or let fewer programs ask it at once.",
    ),
    _POSTGRES_ENDED: (
        "the database server of {name} ended a statement",
        "If its statement_timeout did: ALTER ROLE {user} SET statement_timeout = 0.",
    ),
    _POSTGRES_IDLE: (
        "the database server of {name} ended a transaction that paused",
        "ALTER ROLE {user} SET idle_in_transaction_session_timeout = 0.",
    ),
}


def archive_error(error: DBAPIError | sqlite3.Error, engine: Engine) -> ArchiveError:
    """Return the project's error for a database's error.

    `ArchiveLocked` or `ArchiveUnwritable` when the database, its disk or the way to
    it is at fault: the same may be written later. A plain `ArchiveError` when the
    written values are at fault: the database will never take them.
    """
    if engine.dialect.name == "sqlite":
        return _of_sqlite(getattr(error, "orig", error), engine)
    return _of_postgres(error, engine)


def _of_sqlite(error: object, engine: Engine) -> ArchiveError:
    path, message = file_of(engine), str(error)
    code = getattr(error, "sqlite_errorcode", 0) & _PRIMARY_CODE
    if code in _SQLITE_LOCKED:
        return _locked(engine)
    if code == sqlite3.SQLITE_FULL or (code == sqlite3.SQLITE_IOERR and disk.is_full(path)):
        return _full(path)
    refused = refused_right(path, to_write=True) if code in _SQLITE_REFUSED else None
    if refused is not None:
        return refused
    if code == sqlite3.SQLITE_READONLY:
        return _unwritable(
            f"the archive {path} is read-only", "Grant write access to the file and its folder."
        )
    if code in _SQLITE_STATES:
        return _unwritable(
            f"the archive {path} can't be used: {message}",
            "Check the disk and the permissions of file and folder, and run unioncrawl verify.",
        )
    return _of_the_values(path.name, message)


def refused_right(path: Path, *, to_write: bool) -> ArchiveUnwritable | None:
    """The error when this user may not read or write an archive; ``None`` when rights forbid nothing."""
    files = [path, *(path.with_name(path.name + ending) for ending in BESIDE)]
    unread = next(filter(None, map(rights.no_right_to_read, files)), None)
    if unread is not None:
        return _unwritable(unread, "Ask the owner for the right to read it, or name another archive.")
    unwritten = rights.no_right_to_write(files) if to_write else None
    if unwritten is None:
        return None
    step = "Grant write access to the file, its folder and what lies beside it, or run this as their owner."
    return _unwritable(unwritten, step)


def file_of(engine: Engine) -> Path:
    """The file of a SQLite engine, which may be opened by its ``file:`` address."""
    name = str(engine.url.database)
    return Path(unquote(urlsplit(name).path) if name.startswith("file:") else name)


def _of_postgres(error: DBAPIError | sqlite3.Error, engine: Engine) -> ArchiveError:
    original = getattr(error, "orig", error)
    state, message = getattr(original, "sqlstate", None) or "", " ".join(str(original).split())
    name = shown_url(engine.url)
    if state == _POSTGRES_LOCKED:
        return _locked(engine)
    if state in _POSTGRES_REFUSALS:
        what, step = _POSTGRES_REFUSALS[state]
        user = engine.url.username or "this user"
        return _unwritable(f"{what.format(name=name)}: {message}", step.format(user=user))
    is_of_values = (
        state.startswith(_POSTGRES_OF_THE_VALUES) if state else isinstance(error, DataError | IntegrityError)
    )
    if is_of_values:
        return _of_the_values(name, message)
    return _unwritable(
        f"the database server of {name} accepts nothing: {message}",
        "Check that it runs and that its user may write.",
    )


def is_no_damage(error: Exception) -> bool:
    """Whether a server, the way to it, a right or a limit of time is at fault, and nothing in the archive.

    Of a file only the end that was put to a statement: what else is wrong with it may be damage.
    """
    original = getattr(error, "orig", error)
    if not isinstance(error, DATABASE_ERRORS):
        return False
    if isinstance(original, sqlite3.Error):
        return getattr(original, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT
    return _is_of_postgres(error, getattr(original, "sqlstate", None) or "")


def _is_of_postgres(error: Exception, state: str) -> bool:
    if not state:
        return not isinstance(error, DataError | IntegrityError)
    return state in _POSTGRES_REFUSALS or not state.startswith((*_POSTGRES_OF_THE_VALUES, *_POSTGRES_DAMAGE))


@contextmanager
def passing_errors(engine: Engine) -> Iterator[None]:
    """Raise the project's error in place of the database's where nothing is damaged: see `is_no_damage`."""
    try:
        yield
    except DATABASE_ERRORS as error:
        if not is_no_damage(error):
            raise
        raise archive_error(error, engine) from error


def _full(path: Path) -> ArchiveUnwritable:
    return _unwritable(f"the archive can't grow: {disk.full(path)}", "Free space there.")


def _unwritable(what: str, next_step: str) -> ArchiveUnwritable:
    return ArchiveUnwritable(f"{what}.", next_step=next_step, stage="archive")


def _of_the_values(archive: str, message: str) -> ArchiveError:
    return ArchiveError(
        f"the archive {archive} refused a value: {message}.",
        next_step="Run unioncrawl verify; if it finds nothing, report the page that caused this.",
        stage="archive",
    )


def _locked(engine: Engine) -> ArchiveLocked:
    return ArchiveLocked(
        f"the archive {engine.url.database} is locked by another process.",
        next_step=f"{_holder(engine)} Nothing is lost: what waits is written with the next flush.",
        stage="archive",
    )


# The other transactions of this database, the oldest first: what they hold is waited for.
_POSTGRES_WRITERS = text(
    "SELECT pid, usename, coalesce(host(client_addr), 'this host') AS host, state FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL "
    "AND wait_event_type IS DISTINCT FROM 'Lock' ORDER BY xact_start LIMIT 1"
)


def _hint(engine: Engine, connection: Connection | None) -> str:
    """How to find the process that holds the lock."""
    if engine.dialect.name == "sqlite":
        return f"See who has it open with: lsof {engine.url.database}."
    row = connection.execute(_POSTGRES_WRITERS).first() if connection else None
    if row is None:
        return "See who is at work with: SELECT * FROM pg_stat_activity."
    return (
        f"The oldest transaction is that of {row.usename} from {row.host} ({row.state}); "
        f"if nobody needs it, end it with: SELECT pg_terminate_backend({row.pid})."
    )


def _holder(engine: Engine) -> str:
    """Say who may hold the lock: the runs that have not finished (readers are never blocked)."""
    try:
        with engine.connect() as connection:
            hint = _hint(engine, connection)
            rows = connection.execute(
                select(run.c.id, run.c.spider, run.c.pid, run.c.host)
                .where(run.c.finished_at.is_(None))
                .order_by(run.c.id.desc())
                .limit(3)
            ).all()
    except DATABASE_ERRORS:
        return _hint(engine, None)
    runs = ", ".join(f"run {row.id} ({row.spider}, process {row.pid} on {row.host})" for row in rows)
    return f"Unfinished: {runs}. {hint}" if runs else hint
