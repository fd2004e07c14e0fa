from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, func, select

from bench import kills
from tests.databases import archive_at, writing_lock
from tests.processes import ROOT, start
from unioncrawl.archive.care.backup import back_up
from unioncrawl.archive.exports.export import ExportRequest, export_rows
from unioncrawl.archive.schema import article, observation
from unioncrawl.archive.search.answer import SearchRequest, search
from unioncrawl.archive.store import Archive
from unioncrawl.archive.verify.check_archive import verify

# Writes articles NAME-0 … NAME-(COUNT-1) that are not known yet, saying each batch that is in.
_WRITER = """
import random, sys
from datetime import UTC, datetime
from unioncrawl.archive.captures.warc_writer import CaptureWriter
from unioncrawl.archive.store import Archive
from unioncrawl.model import Article, RawPage
path, captures, name, count = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
with Archive.open(path, batch_size=10**9) as archive:
    run = archive.begin_run(name, {})
    writer = CaptureWriter(captures, f"{name}-{datetime.now(UTC):%Y%m%dT%H%M%S%f}Z")
    known = archive.known(name, [f"http://{name}/{n}" for n in range(count)])
    for n in range(count):
        url = f"http://{name}/{n}"
        if url in known:
            continue
        chance = random.Random(url)
        body = "总工会" + "".join(chr(chance.randrange(0x4E00, 0x5000)) for _ in range(120))
        reference = writer.write(RawPage(url=url, body=body.encode()))
        article = Article(url=url, site=name, title=f"第{n}篇", body_text=body, captures=(reference,))
        archive.store(article, run)
        if n % 5 == 4:
            archive.flush()
            print(n, flush=True)
    writer.close()
    archive.finish_run(run, {}, "finished")
"""


def _start(address: str, captures: Path, name: str, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", _WRITER, address, str(captures), name, str(count)]
    return start(command, stdout=subprocess.PIPE, cwd=ROOT)


def test_two_writers_share_an_archive(any_archive: str, tmp_path: Path) -> None:
    """Two processes write at once, a reader reads all the while, and everything is there once."""
    Archive.open(any_archive).close()
    writers = [_start(any_archive, tmp_path / "w", name, 60) for name in "ab"]
    with Archive.open(any_archive) as reader:
        while any(writer.poll() is None for writer in writers):
            with reader.engine.connect() as connection:
                connection.execute(select(func.count()).select_from(article)).scalar_one()
        for writer in writers:
            assert writer.communicate()[0].split()[-1] == "59"
            assert writer.returncode == 0
        with reader.engine.connect() as connection:
            assert connection.execute(select(func.count()).select_from(article)).scalar_one() == 120
            assert connection.execute(select(func.count()).select_from(observation)).scalar_one() == 120
        assert list(verify(reader.engine, tmp_path / "w")) == []


def test_care_goes_on_beside_two_writers(tmp_path: Path) -> None:
    """Verify, backup, export and search beside two writers see a sound archive each time."""
    address, captures = archive_at(tmp_path / "a.db"), tmp_path / "w"
    Archive.open(address).close()
    writers = [_start(address, captures, name, 150) for name in "ab"]
    rounds, writing = 0, True
    with Archive.open(address) as reader:
        while writing:
            writing = any(writer.poll() is None for writer in writers)
            rounds += 1
            for care in _cares(reader, captures, tmp_path / f"backup-{rounds}"):
                care()
        assert [(writer.communicate()[0].split()[-1], writer.returncode) for writer in writers] == [
            ("149", 0),
            ("149", 0),
        ]
        with reader.engine.connect() as connection:
            assert len(list(export_rows(connection, ExportRequest(query="总工会")))) == 300
        assert list(verify(reader.engine, captures)) == []


def test_care_waits_for_no_writer(tmp_path: Path) -> None:
    """While a writer's transaction is open, verify, backup, export and search come to their end."""
    address, captures = archive_at(tmp_path / "a.db"), tmp_path / "w"
    Archive.open(address).close()
    assert _start(address, captures, "a", 20).communicate()[0].split()[-1] == "19"
    with (
        Archive.open(address, create=False, busy_timeout_seconds=0.01) as reader,
        writing_lock(address, "UPDATE article SET url = 'half'"),
    ):
        for care in _cares(reader, captures, tmp_path / "backup"):
            care()


def _cares(reader: Archive, captures: Path, backup: Path) -> list[Callable[[], None]]:
    """What a user does beside a crawl, each with what must hold."""

    def verifies() -> None:
        # A file of a run that goes on and has stored nothing yet is reported, and is no harm.
        assert [found for found in verify(reader.engine, captures) if found.is_harm] == []

    def backs_up() -> None:
        assert back_up(reader.engine, captures, backup)["files"]

    def exports() -> None:
        with reader.engine.connect() as connection:
            seen = _count(connection)
            rows = list(export_rows(connection, ExportRequest()))
        assert len({row["id"] for row in rows}) == len(rows) >= seen

    def searches() -> None:
        with reader.engine.connect() as connection:
            seen = _count(connection)
            assert (search(connection, SearchRequest(query="总工会")).total or 0) >= seen

    return [verifies, backs_up, exports, searches]


def _count(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(article)).scalar_one()


def test_kills_at_random_moments_lose_nothing(tmp_path: Path) -> None:
    """Crawls that are killed leave a sound archive that keeps what it had, and the next one completes it."""
    rounds = list(kills.run(2, 20, 7, tmp_path))
    assert [one.faults for one in rounds] == [(), ()]
    assert all(one.stored_after >= one.stored_before for one in rounds)
