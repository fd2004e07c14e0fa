"""An archive of news with all that an archive can hold, and places to copy it to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import insert

from bench.parity import differences, fill
from tests.archive.conftest import Templates
from tests.archive.small_archive import TIME
from unioncrawl.archive.service_tables import notice, watch
from unioncrawl.archive.store import Archive
from unioncrawl.archive.verify.check_archive import verify

ARTICLES = 24


def fill_whole(archive: Archive, captures: Path) -> None:
    """News with edits, visits, groups, captures and rejections; a watch and its notice."""
    fill(archive, captures, ARTICLES)
    with archive.engine.begin() as connection:
        watched = {"name": "清凉", "kind": "query", "channels": ["mail"], "created_at": TIME, "paused": False}
        connection.execute(insert(watch).values(id=1, position={"revision": 7, "share": 1.0}, **watched))
        event = {"title": "送清凉\u0001“🏮”", "number": 1e300}
        sent = {"channel": "mail", "watch_id": 1, "created_at": TIME, "tries": 0, "next_try_at": TIME}
        connection.execute(insert(notice).values(id=3, event_id="e1", event=event, **sent))


@dataclass
class Places:
    """The address of an archive, its captures, and addresses where nothing is yet."""

    source: str
    captures: Path
    empty: Callable[[str], str]


@pytest.fixture
def places(stored_in: str, templates: Templates, tmp_path: Path, request: pytest.FixtureRequest) -> Places:
    """An archive in each database in turn."""
    (tmp_path / "source").mkdir()
    source = templates.copy(stored_in, tmp_path / "source" / "archive.db", fill_whole)
    captures = templates.copy_captures(stored_in, tmp_path / "source" / "captures", fill_whole)

    def empty(database: str) -> str:
        if database == "sqlite":
            return str(tmp_path / "target" / "archive.db")
        return str(request.getfixturevalue("other_postgres_url"))

    return Places(source, captures, empty)


def assert_same(source: str, target: str, captures: Path) -> None:
    """Both archives verify, and answer every question alike."""
    with Archive.open(source, create=False) as one, Archive.open(target, create=False) as other:
        assert list(verify(other.engine, captures)) == []
        assert list(differences(one, other, ["工会", "劳模 OR 慰问", "site:site1"], seed=3)) == []
