from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text

from tests.archive.small_archive import BODY, TIME, Kept
from unioncrawl.archive.care.backup import back_up, restore
from unioncrawl.archive.read.json_records import full_record
from unioncrawl.archive.read.stored_articles import count_all
from unioncrawl.archive.service_tables import watch
from unioncrawl.archive.store import Archive
from unioncrawl.errors import ArchiveError
from unioncrawl.model import Article


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_backup_comes_back_whole(
    kept: Kept, tmp_path: Path, database: str, request: pytest.FixtureRequest
) -> None:
    """A backup of either database restores into either, with captures, and verifies."""
    values = {"name": "清凉", "kind": "query", "channels": ["mail"], "created_at": TIME, "paused": False}
    with kept.archive.engine.begin() as connection:
        connection.execute(insert(watch).values(id=1, **values))
    back_up(kept.archive.engine, kept.captures, tmp_path / "backup")
    target = (
        str(tmp_path / "new.db")
        if database == "sqlite"
        else str(request.getfixturevalue("other_postgres_url"))
    )
    restore(tmp_path / "backup", target, tmp_path / "restored")
    with Archive.open(target, create=False) as restored:
        again = Kept(restored, tmp_path / "restored")
        assert again.findings() == []
        assert again.found("工会") == [5, 4, 3, 2, 1]
        with restored.engine.connect() as new, kept.archive.engine.connect() as old:
            assert count_all(new) == count_all(old)
            assert full_record(new, "3") == full_record(old, "3")
            assert new.execute(select(watch.c.name)).scalars().all() == ["清凉"]


def test_damaged_backup_is_refused(kept: Kept, tmp_path: Path) -> None:
    """A backup that changed since is not restored, and nothing is overwritten."""
    back_up(kept.archive.engine, kept.captures, tmp_path / "backup")
    with pytest.raises(ArchiveError, match="already exists"):
        back_up(kept.archive.engine, kept.captures, tmp_path / "backup")
    (tmp_path / "backup" / "captures" / "a-00000.warc.gz").write_bytes(b"")
    with pytest.raises(ArchiveError, match="not as it was backed up"):
        restore(tmp_path / "backup", str(tmp_path / "new.db"), tmp_path / "restored")
    assert not (tmp_path / "new.db").exists()


def test_backup_while_a_writer_writes(tmp_path: Path) -> None:
    """An open write transaction neither stops the backup nor gets into it."""
    path = tmp_path / "a.db"
    with Archive.open(str(path)) as archive:
        number = archive.begin_run("x", {})
        archive.store(Article(url="http://x/1", site="x", body_text=BODY), number)
        archive.flush()
        writer = sqlite3.connect(path, isolation_level=None)
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("UPDATE article SET url = 'half'")
        back_up(archive.engine, tmp_path / "none", tmp_path / "backup")
        writer.execute("ROLLBACK")
        writer.close()
    with (
        Archive.open(str(tmp_path / "backup" / "archive.db"), create=False) as copy,
        copy.engine.connect() as c,
    ):
        assert c.execute(text("SELECT url FROM article")).scalar() == "http://x/1"


@pytest.mark.parametrize("left", ["archive.db-wal", "archive.db-shm"])
def test_a_journal_that_was_left_is_not_taken_for_the_restored_one(
    kept: Kept, tmp_path: Path, left: str
) -> None:
    """SQLite would play the journal of the archive that was there before into the restored one."""
    back_up(kept.archive.engine, kept.captures, tmp_path / "backup")
    folder = tmp_path / "new"
    folder.mkdir()
    (folder / left).write_bytes(b"left")
    with pytest.raises(ArchiveError, match=f"{left} already exists. Move it away"):
        restore(tmp_path / "backup", str(folder / "archive.db"), tmp_path / "restored")
    assert [path.name for path in folder.iterdir()] == [left]
