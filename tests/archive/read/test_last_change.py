from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.archive.small_archive import fill
from unioncrawl.archive.care.takedown import take_down
from unioncrawl.archive.read.last_change import last_change
from unioncrawl.archive.store import Archive

NOW = datetime(2124, 4, 8, 1, 0, tzinfo=UTC)


def _asked(archive: Archive, now: datetime = NOW) -> datetime | None:
    with archive.engine.connect() as connection:
        return last_change(connection, now)


def test_sqlite_knows_it_by_its_files(tmp_path: Path) -> None:
    """The younger of file and log says it; a change of this second is not yet one to rely on."""
    path = tmp_path / "archive.db"
    with Archive.open(str(path)) as archive:
        fill(archive, tmp_path / "captures")
        old = 1_700_000_000
        for file in (path, Path(f"{path}-wal")):
            os.utime(file, (old, old))
        assert _asked(archive) == datetime.fromtimestamp(old, UTC)
        assert _asked(archive, datetime.fromtimestamp(old + 1, UTC)) is None
        take_down(archive.engine, tmp_path / "captures", "1", "asked for")
        after = _asked(archive)
        assert after is not None
        assert after > datetime.fromtimestamp(old, UTC)


@pytest.mark.parametrize("going_on", [True, False])
def test_postgresql_knows_it_by_its_runs(postgres_url: str, tmp_path: Path, going_on: bool) -> None:  # noqa: FBT001 - a parameter
    """While a run goes on nothing is known; after its end that is the time, until something is withdrawn."""
    with Archive.open(postgres_url) as archive:
        fill(archive, tmp_path / "captures")
        before = datetime.now(UTC)
        if going_on:
            assert _asked(archive, before + timedelta(minutes=1)) is None
            return
        for number in (1, 2):
            archive.finish_run(number, {}, "finished")
        ended = _asked(archive)
        assert ended is not None
        assert abs(ended - before) < timedelta(minutes=5)
        take_down(archive.engine, tmp_path / "captures", "1", "asked for")
        withdrawn = _asked(archive)
        assert withdrawn is not None
        assert withdrawn >= ended
