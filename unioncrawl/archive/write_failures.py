"""Whose fault a database error is: the database's, which passes, or that of what was written."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from urllib.parse import unquote, urlsplit

from sqlalchemy import Engine, select
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from unioncrawl.archive.read_file import BESIDE
from unioncrawl.archive.schema import run
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
_POSTGRES_NO_RIGHTS, _POSTGRES_DISK_FULL, _POSTGRES_LOCKED = "42501", "53100", "55P03"


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
    state, message = getattr(original, "sqlstate", None), " ".join(str(original).split())
    name = engine.url.render_as_string(hide_password=True)
    if state == _POSTGRES_LOCKED:
        return _locked(engine)
    if state == _POSTGRES_DISK_FULL:
        return _unwritable(
            f"the disk of the database server of {name} is full: {message}", "Free space there."
        )
    is_of_values = (
        isinstance(error, DataError | IntegrityError)
        if state is None
        else state.startswith(_POSTGRES_OF_THE_VALUES)
    )
    if state == _POSTGRES_NO_RIGHTS:
        user = engine.url.username or "this user"
        return _unwritable(
            f"no right to do this in {name}: {message}", f"Grant {user} that right, or name another user."
        )
    if is_of_values:
        return _of_the_values(name, message)
    return _unwritable(
        f"the database server of {name} accepts nothing: {message}",
        "Check that it runs and that its user may write.",
    )


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


def _holder(engine: Engine) -> str:
    """Say who may hold the lock: the runs that have not finished (readers are never blocked)."""
    hint = f"See who has it open with: lsof {engine.url.database}."
    try:
        with engine.connect() as connection:
            rows = connection.execute(
                select(run.c.id, run.c.spider, run.c.pid, run.c.host)
                .where(run.c.finished_at.is_(None))
                .order_by(run.c.id.desc())
                .limit(3)
            ).all()
    except DATABASE_ERRORS:
        return hint
    runs = ", ".join(f"run {row.id} ({row.spider}, process {row.pid} on {row.host})" for row in rows)
    return f"Unfinished: {runs}. {hint}" if runs else hint
