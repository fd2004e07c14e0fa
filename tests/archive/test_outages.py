"""A database server that goes away in the middle: what was to be written waits, and is written once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, text

from tests.archive.write.test_write_queue import _article, _counts
from tests.postgres import PostgresServer, running_postgres
from tests.processes import HANG_SECONDS, wait_until
from tests.spiders.conftest import practice
from tests.spiders.test_stopped_crawl import Gate, one_at_a_time
from tests.spiders.test_unwritable import wait_for_failures
from unioncrawl.archive.store import Archive
from unioncrawl.archive.verify.check_archive import verify
from unioncrawl.errors import ArchiveUnwritable


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    """A server of this test's own, which it may stop."""
    with running_postgres() as running:
        yield running


@pytest.fixture
def address(server: PostgresServer) -> str:
    """The address of an empty database on it."""
    with psycopg.connect(server.url + "postgres", autocommit=True) as connection:
        connection.execute(b"CREATE DATABASE news")
    return server.url + "news"


def test_a_server_that_stops_and_starts_loses_nothing(server: PostgresServer, address: str) -> None:
    """Reads and writes are ArchiveUnwritable while the server is away; afterwards all comes, each once."""
    archive = Archive.open(address, batch_size=10**9, batch_age_seconds=10**9, busy_timeout_seconds=0.1)
    run_id = archive.begin_run("xian", {})
    for number in range(10):
        archive.store(_article(number), run_id)
    server.stop()
    for _ in range(2):
        with pytest.raises(ArchiveUnwritable, match="accepts nothing"):
            archive.flush()
    with pytest.raises(ArchiveUnwritable):
        archive.known("xian", ["http://example.cn/1.html"])
    archive.store(_article(10), run_id)
    server.start()
    archive.flush()
    assert _counts(archive) == (11, 11, 0)
    archive.close()


def test_a_crawl_goes_on_when_its_server_is_back(
    server: PostgresServer, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A crawl waits for its database, asks lists again that it could not compare, and stores all once."""
    with practice(tmp_path) as place:
        one_at_a_time(place, "practice-xunrui")
        gate = Gate(monkeypatch)
        place.environment["UNIONCRAWL_ARCHIVE"] = address
        process = place.start("unioncrawl", "crawl", "practice-xunrui", "--json")
        feed = place.folder / "data" / "feeds" / "practice-xunrui.jsonl"
        wait_until(lambda: feed.exists() and feed.stat().st_size > 0, process)
        server.stop()
        gate.open()
        wait_for_failures(process, "records wait to be written")
        server.start()
        out, err = process.communicate(timeout=HANG_SECONDS)
    record = json.loads(out)[0]
    assert process.returncode == 0, err
    assert (record["new"], record["hits"], record["unsaved"], record["ok"]) == (21, 21, 0, True)
    with Archive.open(address, create=False) as archive:
        assert _counts(archive)[:2] == (21, 21)
        assert [
            found for found in verify(archive.engine, tmp_path / "data" / "captures") if found.is_harm
        ] == []


def test_a_server_that_stays_away_ends_the_crawl_with_code_3(
    server: PostgresServer, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The crawl names the server, exits 3, and the next run brings what is missing."""
    with practice(tmp_path) as place:
        one_at_a_time(place, "practice-xunrui")
        gate = Gate(monkeypatch)
        place.environment |= {"UNIONCRAWL_ARCHIVE": address, "UNIONCRAWL_UNWRITABLE_SECONDS": "2"}
        process = place.start("unioncrawl", "crawl", "practice-xunrui", "--json")
        feed = place.folder / "data" / "feeds" / "practice-xunrui.jsonl"
        wait_until(lambda: feed.exists() and feed.stat().st_size > 0, process)
        server.stop()
        gate.open()
        out, err = process.communicate(timeout=HANG_SECONDS)
        assert process.returncode == 3, err
        assert json.loads(out)[0]["unsaved"] > 0
        assert "the database server of" in json.loads(out)[0]["error"]
        server.start()
        again = place.run("unioncrawl", "crawl", "practice-xunrui")
        assert again.returncode == 0, again.stderr
    with Archive.open(address, create=False) as archive:
        assert _counts(archive)[0] == 21


def test_a_server_that_only_reads_is_reported(address: str) -> None:
    """A database that was made read-only is unwritable; that is not the articles' fault."""
    with Archive.open(address, batch_size=10**9, batch_age_seconds=10**9) as archive:
        run_id = archive.begin_run("xian", {})
        archive.store(_article(1), run_id)
        _set_read_only(address, "on")
        archive.engine.dispose()
        with pytest.raises(ArchiveUnwritable, match="read-only"):
            archive.flush()
        _set_read_only(address, "off")
        archive.engine.dispose()
        archive.flush()
        assert _counts(archive) == (1, 1, 0)


def _set_read_only(address: str, value: str) -> None:
    engine = create_engine(address.replace("postgresql", "postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("SET default_transaction_read_only = off"))
        connection.execute(text(f"ALTER DATABASE news SET default_transaction_read_only = {value}"))
    engine.dispose()
