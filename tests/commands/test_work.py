"""``unioncrawl work`` crawls the sites of the plan that are due, and gives back what it does not end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.archive.conftest import postgres_server, postgres_url
from tests.commands.workers import Workers, workers
from unioncrawl.practice.server import PracticeServer

__all__ = ["postgres_server", "postgres_url"]
ASP, EMPIRE, XUNRUI = "practice-asp", "practice-empire", "practice-xunrui"


@pytest.fixture
def place(tmp_path: Path, postgres_url: str) -> Iterator[Workers]:
    """Practice sites and a fresh archive."""
    with PracticeServer(port=0) as server:
        yield workers(tmp_path, postgres_url, server)


def test_a_worker_crawls_what_is_due_once(place: Workers) -> None:
    """Two sites of the plan are crawled into the archive; their jobs are gone, and none is due again."""
    assert f"added: {ASP} (daily, deep, owed)" in place.run("schedule", "sync", ASP, EMPIRE)
    said = place.run("work", "--until-empty")
    assert f"{ASP}: 17 entries: 17 stored" in said
    runs = place.rows("SELECT spider, reason FROM run ORDER BY spider")
    assert runs == [(ASP, "finished"), (EMPIRE, "finished")]
    assert place.rows("SELECT count(*) FROM article") == [(37,)]
    place.run("work", "--until-empty")
    assert len(place.rows("SELECT id FROM run")) == 2
    assert place.rows("SELECT count(*) FROM procrastinate.procrastinate_jobs") == [(0,)]
    assert place.rows("SELECT count(*) FROM procrastinate.procrastinate_workers") == [(0,)]


def test_two_workers_that_start_together_share_the_sites(place: Workers) -> None:
    """Neither fights for the queue's tables, and each site is crawled by one of them."""
    place.run("schedule", "sync", ASP, EMPIRE, XUNRUI)
    both = [place.start("work", "--until-empty", "--at-once", "2") for _ in range(2)]
    for one in both:
        said, _ = one.communicate()
        assert one.returncode == 0, said
    assert place.rows("SELECT spider FROM run ORDER BY spider") == [(ASP,), (EMPIRE,), (XUNRUI,)]


def test_without_postgresql_it_says_what_is_missing(tmp_path: Path, place: Workers) -> None:
    """A SQLite archive has no queue: both commands say so, and what to do, and make nothing."""
    address = str(tmp_path / "archive.db")
    for command in (("work",), ("schedule", "sync", ASP)):
        said = place.run(*command, "--archive", address, expected=1)
        assert "is a SQLite file" in said
        assert "unioncrawl crawl --due" in said
    assert not Path(address).exists()
