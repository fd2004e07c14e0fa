from __future__ import annotations

import os
import sqlite3
import stat
from pathlib import Path

import pytest
from sqlalchemy import event, text

from unioncrawl.archive.database import reading, writing
from unioncrawl.archive.migrations.upgrade import open_engine
from unioncrawl.archive.store import Archive
from unioncrawl.archive.write_failures import archive_error
from unioncrawl.errors import ArchiveError, ArchiveLocked, ArchiveUnwritable


def test_a_read_only_database_is_named_as_such(tmp_path: Path) -> None:
    """Writing into an archive that may only be read is an ArchiveUnwritable that says so."""
    path = tmp_path / "a.db"
    Archive.open(str(path)).close()
    engine = open_engine(str(path), create=False)
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA query_only=ON"))
    engine.dispose()
    with pytest.raises(ArchiveUnwritable, match="read-only") as raised, writing(engine) as connection:
        connection.execute(text("DELETE FROM site"))
    assert not isinstance(raised.value, ArchiveLocked)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_file_and_folder_are_reported(tmp_path: Path) -> None:
    """A file and folder without the right to write refuse a batch with an ArchiveUnwritable."""
    path = tmp_path / "a.db"
    Archive.open(str(path)).close()
    path.chmod(stat.S_IRUSR)
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        with pytest.raises(ArchiveError):
            Archive.open(str(path)).begin_run("xian", {})
    finally:
        tmp_path.chmod(stat.S_IRWXU)


def test_a_file_that_is_no_database_any_more_is_unwritable(tmp_path: Path) -> None:
    """An archive that was overwritten beneath an open engine is unwritable; no article is at fault."""
    path = tmp_path / "a.db"
    Archive.open(str(path)).close()
    engine = open_engine(str(path), create=False)
    engine.dispose()
    path.write_bytes(b"no database" * 4096)
    with pytest.raises(ArchiveUnwritable, match="not a database"), reading(engine) as connection:
        connection.execute(text("SELECT * FROM site"))


def test_a_constraint_is_the_fault_of_what_was_written(any_archive: str) -> None:
    """A value that the database refuses is a plain ArchiveError: waiting does not help."""
    with Archive.open(any_archive) as archive:
        with (
            pytest.raises(ArchiveError, match="refused a value") as raised,
            writing(archive.engine) as connection,
        ):
            connection.execute(text("INSERT INTO site_column (id, site_id, name) VALUES (1, 99, 'x')"))
        assert not isinstance(raised.value, ArchiveUnwritable)


def test_a_full_sqlite_is_reported_with_its_path(tmp_path: Path) -> None:
    """SQLITE_FULL and an I/O error name the archive; the first says that it can't grow."""
    path = tmp_path / "a.db"
    engine = open_engine(str(path), create=True)
    full, torn = (
        sqlite3.OperationalError("database or disk is full"),
        sqlite3.OperationalError("disk I/O error"),
    )
    full.sqlite_errorcode, torn.sqlite_errorcode = sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE
    assert "can't grow" in str(archive_error(full, engine))
    assert "disk I/O error" in str(archive_error(torn, engine))
    assert all(str(path) in str(archive_error(one, engine)) for one in (full, torn))
