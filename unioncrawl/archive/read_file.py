"""Read a SQLite file without a right to write it: no journal is passed over, no file is left beside it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, NullPool, create_engine, event
from sqlalchemy.engine import URL

from unioncrawl.archive.column_types import json_text
from unioncrawl.archive.stored_text import add_holds
from unioncrawl.errors import ArchiveUnwritable
from unioncrawl.guard import disk

# What SQLite keeps beside a file: the journal, and the index of the journal, which lies in shared memory.
BESIDE = ("-wal", "-shm")
# https://www.sqlite.org/uri.html and https://www.sqlite.org/wal.html#read_only_databases
_LOCKED = "mode=ro"
_INDEXED = "mode=ro&readonly_shm=1"
# Without locks, and with the journal's index in its own memory (PRAGMA locking_mode=EXCLUSIVE).
_ALONE = "mode=ro&vfs=unix-none"
_AS_IT_LIES = "immutable=1"
_Written = tuple[int, int, int]


class FileState(NamedTuple):
    """Inode, size and time of the last write of a file and of its journal; ``None`` for what is not there."""

    file: _Written | None
    journal: _Written | None
    has_index: bool = False


class _File(sqlite3.Connection):
    """A connection to a file; ``state`` is the file's before it was opened, where no lock keeps it so."""

    path: Path
    state: FileState | None = None

    def refuse_change(self) -> None:
        """Raise `ArchiveUnwritable` when the file was written since it was opened without a lock."""
        if self.state is not None and state_of(self.path)[:2] != self.state[:2]:
            raise ArchiveUnwritable(
                f"the archive {self.path} was written while it was read, and what was read may be wrong.",
                next_step="Run the command again.",
                stage="archive",
            )


def can_write(path: Path) -> bool:
    """Whether SQLite can write a file: it needs its folder too, for the journal."""
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)


def state_of(path: Path) -> FileState:
    """Look at a file, its journal and the journal's index."""
    journal, index = (path.with_name(path.name + ending) for ending in BESIDE)
    return FileState(_written(path), _written(journal), index.exists())


def _written(path: Path) -> _Written | None:
    """Look at one file; ``None`` where there is none."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def way_to_read(state: FileState, *, may_write: bool, is_remote: bool) -> str:
    """Return how SQLite is to open a file that it will not change, as the query of the file's address.

    Who may not write a file makes no index of its journal either: the owner could not write
    that. The index of a file on another machine does not lie in this machine's memory.

    >>> written = (1, 4096, 0)
    >>> way_to_read(FileState(written, None), may_write=True, is_remote=False)
    'mode=ro'
    >>> way_to_read(FileState(written, None), may_write=False, is_remote=False)
    'immutable=1'
    >>> way_to_read(FileState(written, written, has_index=True), may_write=False, is_remote=False)
    'mode=ro&readonly_shm=1'
    >>> way_to_read(FileState(written, written), may_write=False, is_remote=False)
    'mode=ro&vfs=unix-none'
    """
    if may_write and not is_remote:
        return _LOCKED
    if state.journal is None:
        return _AS_IT_LIES
    return _INDEXED if state.has_index and not is_remote else _ALONE


def read_only_engine(file: Path, busy_timeout_seconds: float) -> Engine:
    """An engine on a file that it cannot change; each transaction reads one state of it.

    Where no lock keeps a writer away, the file is compared at each transaction's end, which then
    raises `ArchiveUnwritable`.
    """
    path = file.resolve()
    url = URL.create("sqlite", database=path.as_uri(), query={"mode": "ro", "uri": "true"})
    rights = {"may_write": can_write(path), "is_remote": disk.is_remote(path)}
    # What lies beside the file of somebody else comes and goes between two connections.
    pool = {} if way_to_read(state_of(path), **rights) == _LOCKED else {"poolclass": NullPool}
    engine = create_engine(url, json_serializer=json_text, **pool)

    def on_connect(
        _dialect: object, _record: object, _arguments: Sequence[Any], options: Mapping[str, Any]
    ) -> _File:
        return _open(path, rights, {**options, "timeout": busy_timeout_seconds})

    event.listen(engine, "do_connect", on_connect)
    event.listen(engine, "begin", _begin)
    for end in ("commit", "rollback"):
        event.listen(engine, end, _compare)
    return engine


def _open(path: Path, rights: Mapping[str, bool], options: Mapping[str, Any]) -> _File:
    state = state_of(path)
    way = way_to_read(state, **rights)
    connection = sqlite3.connect(f"{path.as_uri()}?{way}", factory=_File, isolation_level=None, **options)
    if way == _ALONE:
        connection.execute("PRAGMA locking_mode=EXCLUSIVE")
    connection.path, connection.state = path, state if way in {_ALONE, _AS_IT_LIES} else None
    connection.execute("PRAGMA temp_store=MEMORY")
    add_holds(connection)
    return connection


def _begin(connection: Connection) -> None:
    # What is going to write is refused before it changes a file of captures.
    writes = connection.get_execution_options().get("unioncrawl_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _compare(connection: Connection) -> None:
    file = connection.connection.dbapi_connection
    if isinstance(file, _File):
        file.refuse_change()
