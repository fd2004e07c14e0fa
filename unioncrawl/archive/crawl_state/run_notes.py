"""What one run must remember of every address: in memory while it is little, then in a temporary file.

A run that lists 100,000 addresses would keep some 100 MB of them. SQLite has a database
for this: without a name it lies in a file that no other process sees, that is gone with
the process however it ends, and of which memory holds so many pages as it is given.
https://www.sqlite.org/inmemorydb.html#temp_db
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterable, Iterator
from weakref import finalize

# A run of a known site lists some dozens of addresses, and opens no file.
NOTES_IN_MEMORY = 500
# Of 100,000 addresses, each took 32 µs with 256 kB as with 1 MB.
_CACHE_KILOBYTES = 256
_READ_AT_ONCE = 500
logger = logging.getLogger(__name__)


class NotesFile:
    """The temporary file of one run, which all its notes share; made when it is needed first."""

    def __init__(self) -> None:
        self.connection: sqlite3.Connection | None = None
        self._tables = 0

    def new_table(self) -> tuple[sqlite3.Connection, str]:
        """Make a table of texts by text. Raises `sqlite3.Error`."""
        if self.connection is None:
            self.connection = sqlite3.connect("", isolation_level=None, check_same_thread=False)
            # Python 3.13 warns of one that is only let go.
            finalize(self, self.connection.close)
            # Nothing outlives the process; a note that the disk refuses must leave the others sound.
            self.connection.execute("PRAGMA journal_mode=MEMORY")
            self.connection.execute(f"PRAGMA cache_size=-{_CACHE_KILOBYTES}")
        self._tables += 1
        name = f"notes_{self._tables}"
        self.connection.execute(
            f"CREATE TABLE {name} (place INTEGER PRIMARY KEY, name BLOB UNIQUE NOT NULL, said BLOB NOT NULL)"
        )
        return self.connection, name


class RunNotes:
    """Texts by text, in the order in which they were noted first.

    A disk that takes nothing costs memory and no note: what it refuses stays here.

    >>> notes = RunNotes(in_memory=1)
    >>> notes.note("http://gh.linxi.example/1", "要闻"), notes.note("http://gh.linxi.example/2")
    (True, True)
    >>> notes.note("http://gh.linxi.example/1", "公告"), notes.said("http://gh.linxi.example/1")
    (False, '要闻')
    >>> "http://gh.linxi.example/3" in notes, notes.said("http://gh.linxi.example/3"), len(notes)
    (False, None, 2)
    """

    def __init__(self, file: NotesFile | None = None, *, in_memory: int = NOTES_IN_MEMORY) -> None:
        self._file = file or NotesFile()
        self._in_memory = in_memory
        self._kept: dict[str, str] = {}
        self._connection: sqlite3.Connection | None = None
        self._table = ""
        self._is_refused = False
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __contains__(self, name: str) -> bool:
        return self.said(name) is not None

    def said(self, name: str) -> str | None:
        """Return what was noted under a name; None when nothing was."""
        said = self._kept.get(name)
        if said is not None or self._connection is None:
            return said
        asked = f"SELECT said FROM {self._table} WHERE name = ?"  # noqa: S608
        row = self._connection.execute(asked, (_bytes(name),)).fetchone()
        return None if row is None else _text(row[0])

    def note(self, name: str, said: str = "") -> bool:
        """Note a text under a name that is not noted yet; whether it was new."""
        if name in self:
            return False
        self._count += 1
        self._kept[name] = said
        if len(self._kept) > self._in_memory or self._connection is not None:
            self._pour()
        return True

    def forget(self, name: str) -> None:
        """Take a name back, if it is noted."""
        if name not in self:
            return
        self._count -= 1
        if self._kept.pop(name, None) is None and self._connection is not None:
            self._connection.execute(f"DELETE FROM {self._table} WHERE name = ?", (_bytes(name),))  # noqa: S608

    def items(self) -> Iterator[tuple[str, str]]:
        """Yield the names and what was noted; what is noted meanwhile may be yielded too."""
        place = 0
        asked = f"SELECT place, name, said FROM {self._table} WHERE place > ? ORDER BY place LIMIT ?"  # noqa: S608
        while self._connection is not None and (
            rows := self._connection.execute(asked, (place, _READ_AT_ONCE)).fetchall()
        ):
            yield from ((_text(name), _text(said)) for _, name, said in rows)
            place = rows[-1][0]
        yield from list(self._kept.items())

    def names(self) -> Iterator[str]:
        """Yield the names."""
        return (name for name, _ in self.items())

    def _pour(self) -> None:
        """Move what memory holds into the file; what the disk refuses stays, and is not tried again."""
        if self._is_refused:
            return
        try:
            if self._connection is None:
                self._connection, self._table = self._file.new_table()
            for name, said in list(self._kept.items()):
                self._insert(name, said)
                del self._kept[name]
        except sqlite3.Error as error:
            self._is_refused = True
            logger.warning(
                "The addresses of this run stay in memory: no temporary file takes them (%s).", error
            )

    def _insert(self, name: str, said: str) -> None:
        assert self._connection is not None  # noqa: S101 - `_pour` has opened it
        statement = f"INSERT INTO {self._table} (name, said) VALUES (?, ?)"  # noqa: S608
        self._connection.execute(statement, (_bytes(name), _bytes(said)))


def noted(names: Iterable[str], file: NotesFile | None = None) -> RunNotes:
    """Return notes of these names.

    >>> list(noted(["工会", "职工", "工会"]).names())
    ['工会', '职工']
    """
    notes = RunNotes(file)
    for name in names:
        notes.note(name)
    return notes


def _bytes(text: str) -> bytes:
    """The text as SQLite stores any of them; its own texts hold no half of a surrogate pair."""
    return text.encode("utf-8", "surrogatepass")


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogatepass")
