"""A connection that is lost in the middle: the server is waited for, all is written, and each once."""

from __future__ import annotations

import gc
import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from tests.archive.server.cut_off import CutOff, When, way_to
from tests.archive.small_archive import fill
from tests.archive.write.test_write_queue import _article, _counts
from tests.commands.run_command import run
from tests.databases import writing_lock
from unioncrawl.archive.database import reading, writing
from unioncrawl.archive.read.stored_articles import load_articles
from unioncrawl.archive.store import Archive
from unioncrawl.archive.verify.check_archive import verify
from unioncrawl.errors import ArchiveLocked, ArchiveUnwritable


@pytest.fixture
def way(postgres_url: str) -> Iterator[CutOff]:
    """A way to an empty database that can be cut."""
    with way_to(postgres_url) as opened:
        yield opened


def _full(address: str, **more: Any) -> Archive:
    """An archive with ten articles that wait to be written."""
    archive = Archive.open(address, batch_size=10**9, batch_age_seconds=10**9, **more)
    run_id = archive.begin_run("xian", {})
    for number in range(10):
        archive.store(_article(number), run_id)
    return archive


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("word", ["COMMIT", "INSERT INTO revision", "pg_advisory_xact_lock"])
def test_a_batch_is_written_once_wherever_its_connection_is_cut(way: CutOff, word: str, when: When) -> None:
    """Also between a commit and its answer: the archive is asked whether it has the batch."""
    archive = _full(way.url)
    way.cut_at(word, when)
    archive.flush()
    assert way.cuts == 1
    assert (archive.waiting, archive.counts["new"]) == (0, 10)
    assert _counts(archive)[:2] == (10, 10)
    archive.close()


def test_a_crawl_tries_again_itself(way: CutOff) -> None:
    """Where nobody may wait, the error comes at once, and the next flush writes what is missing, once."""
    archive = _full(way.url, busy_timeout_seconds=0)
    way.cut_at("COMMIT", "after")
    with pytest.raises(ArchiveUnwritable):
        archive.flush()
    assert archive.waiting == 10
    archive.flush()
    assert (archive.waiting, archive.counts["new"]) == (0, 10)
    assert _counts(archive)[:2] == (10, 10)
    archive.close()


def test_a_way_that_is_shut_for_a_while_is_waited_for(way: CutOff, caplog: pytest.LogCaptureFixture) -> None:
    """Reads and writes begin when the server takes connections again; who waits is told."""
    archive = _full(way.url)
    way.is_shut = True
    way.cut_all()
    opener = threading.Timer(1.0, setattr, (way, "is_shut", False))
    opener.start()
    archive.flush()
    way.is_shut = True
    way.cut_all()
    threading.Timer(0.5, setattr, (way, "is_shut", False)).start()
    with reading(archive.engine) as connection:
        assert connection.execute(text("SELECT count(*) FROM article")).scalar_one() == 10
    assert "is away; it is waited for, at most 30 seconds" in caplog.text
    archive.close()


def test_a_terminated_connection_is_replaced(postgres_url: str) -> None:
    """Connections that the server ended while they lay idle, or in the middle, cost nothing."""
    archive = _full(postgres_url)
    archive.flush()
    _terminate(postgres_url)
    assert _counts(archive)[:2] == (10, 10)
    with pytest.raises(ArchiveUnwritable, match="terminating connection"):
        _delete_all(archive, postgres_url)
    assert _counts(archive)[:2] == (10, 10)
    archive.close()


@pytest.mark.parametrize("word", ["DECLARE", "FETCH"])
def test_a_reading_that_is_cut_leaves_no_open_cursor(way: CutOff, word: str) -> None:
    """The driver warns of one whenever it is found, here at once; a warning fails the test."""
    archive = _full(way.url)
    archive.flush()
    way.cut_at(word, "before")
    with pytest.raises(ArchiveUnwritable, match="accepts nothing"):
        _read_by_cursor(archive)
    gc.collect()
    assert way.cuts == 1
    archive.close()


def test_who_holds_the_lock_is_named(postgres_url: str) -> None:
    """A writer that is waited for in vain is named, with the statement that ends it; nothing is written."""
    with Archive.open(postgres_url, busy_timeout_seconds=0.2) as archive, writing_lock(postgres_url):
        with pytest.raises(ArchiveLocked) as caught:
            archive.begin_run("xian", {})
        assert re.search(
            r"tester from 127\.0\.0\.1 \(idle in transaction\).*SELECT pg_terminate_backend\(\d+\)",
            caught.value.next_step,
        )


def _read_by_cursor(archive: Archive) -> None:
    with reading(archive.engine) as connection:
        connection.execution_options(yield_per=2).execute(text("SELECT * FROM article")).all()


def _delete_all(archive: Archive, address: str) -> None:
    with writing(archive.engine) as connection:
        connection.execute(text("DELETE FROM observation"))
        _terminate(address)
        connection.execute(text("DELETE FROM revision"))


def _terminate(address: str) -> None:
    with psycopg.connect(address) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.mark.parametrize(
    ("word", "when"), [("COMMIT", "after"), ("COMMIT", "before"), ("INSERT INTO observation", "before")]
)
def test_an_import_goes_on_over_a_lost_connection(way: CutOff, tmp_path: Path, word: str, when: When) -> None:
    """It exits 0, each row is there once, and the archive verifies; another import finds all known."""
    rows = [{"url": f"http://a.cn/{n}", "title": f"题{n}", "body_text": f"第{n}篇" * 20} for n in range(30)]
    table = tmp_path / "old.jsonl"
    table.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    Archive.open(way.url).close()
    way.cut_at(word, when, following="INSERT INTO article")
    run(way.url, "import", str(table), "--site", "x")
    assert way.cuts == 1
    with Archive.open(way.url) as archive:
        assert _counts(archive)[:2] == (30, 30)
        assert list(verify(archive.engine, tmp_path / "captures")) == []
    run(way.url, "import", str(table), "--site", "x")
    with Archive.open(way.url) as archive:
        assert _counts(archive)[:2] == (30, 30)


# A cursor of the server that nobody can close any more.
@pytest.mark.filterwarnings("ignore:.* was deleted while still open:ResourceWarning")
def test_a_lost_connection_is_not_taken_for_damage(way: CutOff, tmp_path: Path) -> None:
    """Verify, an export and the loading of articles end with what happened, and name no article."""
    with Archive.open(way.url) as archive:
        fill(archive, tmp_path / "captures")
    with Archive.open(way.url) as archive:
        way.cut_at("FROM revision", "before")
        with pytest.raises(ArchiveUnwritable, match="database server of"):
            list(verify(archive.engine, tmp_path / "captures"))
        way.cut_at("revision", "before")
        with pytest.raises(ArchiveUnwritable), reading(archive.engine) as connection:
            load_articles(connection, [1, 2, 3])
    for command in (("export",), ("search", "工会"), ("show", "1"), ("verify",), ("cite", "1")):
        way.cut_at("revision", "before")
        error = run(way.url, *command, expected=1).exception
        assert isinstance(error, ArchiveUnwritable), command
        assert "Restore" not in f"{error}{error.next_step}"
