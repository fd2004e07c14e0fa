"""One run of a site at a time: locks of the system or of the server, which end with their holder."""

from __future__ import annotations

import errno
import fcntl
import logging
import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import DBAPIError

from unioncrawl.archive.database import archive_url, database_errors, is_file
from unioncrawl.archive.server.connecting import patience_of_connections
from unioncrawl.errors import ArchiveUnwritable
from unioncrawl.guard.disk import refusal

if TYPE_CHECKING:
    from typing import Self

# What fcntl answers where another process has the lock (POSIX allows both).
_TAKEN = (errno.EACCES, errno.EAGAIN)
_BYTES_OF_A_NUMBER = 7
_TAKE = "SELECT pg_try_advisory_lock(:number)"
logger = logging.getLogger(__name__)


class _Locks(Protocol):
    """Locks by number, each of one holder at a time in all the world that shares the archive."""

    def take(self, number: int) -> bool: ...

    def give_back(self, number: int) -> None: ...

    def renew(self) -> set[int]: ...

    def close(self) -> None: ...


class SiteLocks:
    """The sites of an archive that this process is at work on; nobody else may crawl them meanwhile.

    Beside a SQLite file it is ``….lock``, of which each site is one byte (POSIX record locks: one open file
    for all sites, on network file systems too). On PostgreSQL it is an advisory lock of a connection of its
    own. Both end with the process, also after ``kill -9``, so that none is ever stale. An archive in memory
    is nobody else's.
    """

    def __init__(self, address: str) -> None:
        self._locks = _locks_of(address)
        self._own: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def take(self, site: str) -> bool:
        """Take a site's lock; False where it is taken, by another run or by this one.

        Raises `ArchiveUnwritable` where there can be no lock, or the database does not answer.
        """
        if site in self._own or not self._locks.take(site_number(site)):
            return False
        self._own.add(site)
        return True

    def give_back(self, site: str) -> None:
        """Give a site's lock back; nothing for one that was not taken."""
        if site in self._own:
            self._own.remove(site)
            self._locks.give_back(site_number(site))

    def renew(self) -> list[str]:
        """See that the locks still hold; return the sites that another run has begun with meanwhile.

        Only a server forgets locks, with the connection that it ends. Those sites are this run's no longer.
        Raises `ArchiveUnwritable` where the database does not answer.
        """
        lost = self._locks.renew()
        gone = sorted(site for site in self._own if site_number(site) in lost)
        self._own.difference_update(gone)
        return gone

    def close(self) -> None:
        """Give all locks back."""
        self._own.clear()
        self._locks.close()


def site_number(site: str) -> int:
    """The number of a site's lock, the same for all processes and versions.

    >>> site_number("hgzgh") == site_number("hgzgh") != site_number("gsgh")
    True
    """
    return int.from_bytes(sha256(site.encode()).digest()[:_BYTES_OF_A_NUMBER])


def _locks_of(address: str) -> _Locks:
    url = archive_url(address)
    if is_file(url):
        return _FileLocks(Path(str(url.database)))
    if url.get_backend_name() != "postgresql":
        return _NoLocks()
    return _ServerLocks(create_engine(url, connect_args=patience_of_connections(url)))


class _FileLocks:
    """One byte of a file for each number."""

    def __init__(self, archive: Path) -> None:
        # Another name of the same file must lead to the same locks.
        archive = archive.resolve()
        self._path = archive.with_name(f"{archive.name}.lock")
        self._file = self._open(archive)

    def _open(self, archive: Path) -> int:
        try:
            is_new = not self._path.exists()
            file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
            if is_new:
                # Who may write the archive may crawl it.
                with suppress(OSError):
                    os.fchmod(file, archive.stat().st_mode & 0o666)
        except OSError as error:
            raise self._unusable(error) from error
        return file

    def _unusable(self, error: OSError) -> ArchiveUnwritable:
        return ArchiveUnwritable(
            f"sites can't be locked: {refusal(self._path, error)}.",
            next_step="Grant write access to the archive's folder and to that file, or free space there.",
            stage="archive",
        )

    def take(self, number: int) -> bool:
        try:
            fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, number)
        except OSError as error:
            if error.errno in _TAKEN:
                return False
            raise self._unusable(error) from error
        return True

    def give_back(self, number: int) -> None:
        fcntl.lockf(self._file, fcntl.LOCK_UN, 1, number)

    def renew(self) -> set[int]:
        return set()

    def close(self) -> None:
        os.close(self._file)


class _ServerLocks:
    """Advisory locks of one connection (https://www.postgresql.org/docs/current/explicit-locking.html).

    When the server has ended the connection it has forgotten them: the next step takes all of them anew.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._held: set[int] = set()
        self._lost: set[int] = set()
        with database_errors(self._engine):
            self._connection: Connection | None = self._engine.connect()

    def take(self, number: int) -> bool:
        with database_errors(self._engine):
            is_taken = self._surely(_TAKE, number)
        if is_taken:
            self._held.add(number)
        return is_taken

    def give_back(self, number: int) -> None:
        self._held.discard(number)
        # While the server is down it holds no lock; the next that is taken says what became of the others.
        with suppress(DBAPIError):
            self._surely("SELECT pg_advisory_unlock(:number)", number)

    def renew(self) -> set[int]:
        """Take all locks again where the server has ended the connection; those that another has are lost."""
        with database_errors(self._engine):
            self._surely("SELECT :number IS NOT NULL", 0)
        lost, self._lost = self._lost, set()
        return lost

    def _surely(self, question: str, number: int) -> bool:
        """Ask the server; over a new connection, with all locks taken again, when it ended the one before."""
        if self._connection is not None:
            try:
                return self._ask(self._connection, question, number)
            except DBAPIError:
                if self._connection is not None:
                    raise
        return self._ask(self._begin_anew(), question, number)

    def _ask(self, connection: Connection, question: str, number: int) -> bool:
        try:
            return bool(connection.execute(text(question), {"number": number}).scalar_one())
        except DBAPIError as error:
            if error.connection_invalidated:
                # SQLAlchemy takes no further question on it, and answers with an error of another kind.
                connection.close()
                self._connection = None
            raise

    def _begin_anew(self) -> Connection:
        self._connection = connection = self._engine.connect()
        lost = {number for number in self._held if not self._ask(connection, _TAKE, number)}
        taken = f", but for {len(lost)} that another run has begun with; both crawl them" if lost else ""
        logger.warning(
            "The database ended the connection that held the locks of %d sites. They are locked again%s.",
            len(self._held),
            taken,
        )
        self._held -= lost
        self._lost |= lost
        return connection

    def close(self) -> None:
        if self._connection is not None:
            with suppress(DBAPIError):
                self._connection.close()
        self._engine.dispose()


class _NoLocks:
    """An archive that no other process can open."""

    def take(self, number: int) -> bool:
        del number
        return True

    def give_back(self, number: int) -> None:
        del number

    def renew(self) -> set[int]:
        return set()

    def close(self) -> None: ...
