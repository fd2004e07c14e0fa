"""Where the archives of tests are: in files or, with ``--archive-database postgresql``, in PostgreSQL.

A test names its archive by a path and takes the address from here, so that one option lets the whole
suite run on the other database. What only a file can show is in `tests.sqlite_only`.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from psycopg.errors import UndefinedTable

from tests.postgres import ask_postgres, drop_database, fresh_database, shared_server
from unioncrawl.archive.database import WRITE_LOCK

_CAPTURES = "UNIONCRAWL_CAPTURES"
_END_OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ?"
KINDS = ("sqlite", "postgresql")
# The PostgreSQL database of each path.
_MADE: dict[Path, str] = {}
_CHOSEN = [""]
# What is raised by `ask` where no archive is yet, or no table in it.
NO_TABLE_YET = (sqlite3.OperationalError, UndefinedTable)


def choose(kind: str) -> None:
    """Choose one database for the whole run; empty: tests that concern both run on each, others on files."""
    _CHOSEN[0] = kind


def is_chosen(kind: str) -> bool:
    """Whether tests of a kind of database are to run."""
    return _CHOSEN[0] in {"", kind}


def in_files() -> bool:
    """Whether the archive that a test names by a path is a SQLite file."""
    return _CHOSEN[0] != "postgresql"


def archive_at(path: Path) -> str:
    """The address of the archive that a test knows by a path.

    The folder of a file must be there; a database is made when its path is first named.
    """
    if in_files():
        return str(path)
    if path not in _MADE:
        _MADE[path] = fresh_database(shared_server())
    _keep_captures_beside(path)
    return _MADE[path]


def _keep_captures_beside(path: Path) -> None:
    """Let commands look for captures where they look for those of a file."""
    os.environ[_CAPTURES] = str(path.parent / "captures")


def variables_at(path: Path) -> dict[str, str]:
    """What a command's environment needs, whose working directory makes ``path`` its archive."""
    return {} if in_files() else {"UNIONCRAWL_ARCHIVE": archive_at(path), _CAPTURES: os.environ[_CAPTURES]}


def copy_archive(address: str, path: Path) -> str:
    """The address of a copy that a test knows by a path; nobody writes into the original."""
    if in_files():
        return str(shutil.copyfile(address, path))
    return copy_database(address, path)


def copy_database(address: str, path: Path) -> str:
    """The address of a copy of a PostgreSQL database, which is removed with the test's folder."""
    if path in _MADE:
        drop_database(_MADE.pop(path))
    server, _, name = address.rpartition("/")
    # A reader that has it open takes another connection when it is asked next.
    ask_postgres(server + "/postgres", _END_OTHERS, name)
    _MADE[path] = fresh_database(server + "/", name)
    if not in_files():
        _keep_captures_beside(path)
    return _MADE[path]


def remove_archive(path: Path) -> None:
    """Remove the archive of a path, if there is one."""
    if in_files():
        path.unlink(missing_ok=True)
    elif path in _MADE:
        drop_database(_MADE.pop(path))


def forget() -> None:
    """Forget all databases: their server stops."""
    _MADE.clear()


def remove_archives_below(folder: Path) -> None:
    """Remove the databases of all paths below a folder; files go with their folder."""
    if not in_files():
        os.environ.pop(_CAPTURES, None)
    for path in [path for path in _MADE if path.is_relative_to(folder)]:
        remove_archive(path)


@contextmanager
def writing_lock(address: str, *statements: str) -> Iterator[None]:
    """Hold the lock of an archive as its one writer does; what the statements change is undone at the end."""
    if "://" in address:
        with psycopg.connect(address) as holder:
            for statement in (f"SELECT pg_advisory_xact_lock({WRITE_LOCK})", *statements):
                holder.execute(statement.encode())
            yield
            holder.rollback()
        return
    with closing(sqlite3.connect(address, isolation_level=None)) as other:
        for statement in ("BEGIN IMMEDIATE", *statements):
            other.execute(statement)
        yield
        other.execute("ROLLBACK")


def ask(address: str, statement: str, *values: object) -> list[tuple[Any, ...]]:
    """Run a statement by the driver alone, past all of our code; its values are marked by ``?``.

    JSON and times are the texts that SQLite has.
    """
    if "://" in address:
        return ask_postgres(address, statement, *values)
    with closing(sqlite3.connect(f"file:{quote(address)}?mode=rw", uri=True)) as connection, connection:
        return connection.execute(statement, values).fetchall()


def ask_at(path: Path, statement: str, *values: object) -> list[tuple[Any, ...]]:
    """The same of the archive that a test knows by a path."""
    return ask(archive_at(path), statement, *values)


def made_at(address: str, folder: Path) -> list[str]:
    """What was made where an archive would be: the tables of a server's database, the files of a folder."""
    if "://" in address:
        tables = ask(address, "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        return [name for (name,) in tables]
    return sorted(path.name for path in folder.iterdir())
