"""A server whose disk is full refuses a batch, which waits, and takes it when there is room."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import ask
from tests.guard.faults import Disk
from tests.guard.place import Place
from tests.postgres import drop_database, server_user
from unioncrawl.archive.store import Archive
from unioncrawl.archive.verify.check_archive import verify
from unioncrawl.errors import ArchiveUnwritable
from unioncrawl.model import Article

_ARTICLES = 200


@pytest.fixture
def disk(postgres_server: str, tmp_path: Path) -> Iterator[Disk]:
    """A small disk of a server, as the tablespace "small"."""
    # The server's user can't enter the folder of a test, and the server's own goes when a session is killed.
    small = Disk(Path(tempfile.mkdtemp(prefix="unioncrawl-small-")), Place(tmp_path))
    try:
        if not small.is_mounted:
            pytest.skip("only root mounts a disk")
        shutil.chown(small.folder, server_user())
        ask(postgres_server + "postgres", f"CREATE TABLESPACE small LOCATION '{small.folder}'")
        yield small
        ask(postgres_server + "postgres", "DROP TABLESPACE small")
    finally:
        small.close()
        small.folder.rmdir()


@pytest.fixture
def address(postgres_server: str, disk: Disk) -> Iterator[str]:
    """A database on that disk."""
    assert disk.is_mounted
    ask(postgres_server + "postgres", "CREATE DATABASE on_small TABLESPACE small")
    yield postgres_server + "on_small"
    disk.free()
    drop_database(postgres_server + "on_small")


def test_a_full_disk_is_reported_and_what_waits_is_written_later(
    disk: Disk, address: str, tmp_path: Path
) -> None:
    """The server's "no space left" is an unwritable archive; nothing is lost, and nothing comes twice."""
    with Archive.open(address, batch_size=10**9, batch_age_seconds=10**9) as archive:
        run = archive.begin_run("x", {})
        for number in range(_ARTICLES):
            body = f"第{number}篇" + chr(0x4E00 + number) * 900
            url = f"http://x/{number}"
            archive.store(Article(url=url, site="x", title=f"送清凉之{number}", body_text=body), run)
        disk.fill()
        with pytest.raises(ArchiveUnwritable, match="is full") as caught:
            archive.flush()
        assert "Free space" in caught.value.next_step
        assert archive.waiting == _ARTICLES
        disk.free()
        archive.flush()
        assert archive.waiting == 0
        archive.finish_run(run, {}, "finished")
        assert [one for one in verify(archive.engine, tmp_path / "captures") if one.is_harm] == []
    assert ask(address, "SELECT count(*), count(DISTINCT url) FROM article") == [(_ARTICLES, _ARTICLES)]
