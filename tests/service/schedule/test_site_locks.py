"""A site is crawled by one process at a time, and no lock outlives its holder."""

from __future__ import annotations

import os
import signal
import stat
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.processes import wait_until
from tests.warm import start_module
from unioncrawl.archive.database import archive_url
from unioncrawl.errors import ArchiveError, ArchiveUnwritable
from unioncrawl.service.schedule.site_locks import SiteLocks

_HOLDER = """
import sys, time
from unioncrawl.service.schedule.site_locks import SiteLocks
locks = SiteLocks(sys.argv[1])
print(locks.take("lxgh"), flush=True)
time.sleep(600)
"""


def test_a_lock_ends_with_its_process_even_after_a_kill(any_archive: str, tmp_path: Path) -> None:
    """Another process's site is taken, other sites are free; kill -9 frees it."""
    (tmp_path / "holder.py").write_text(_HOLDER, encoding="utf-8")
    holder = start_module(("holder", any_archive), {"PYTHONPATH": str(tmp_path)}, text=True, stdout=-1)
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "True\n"
        with SiteLocks(any_archive) as locks:
            assert not locks.take("lxgh")
            assert locks.take("dhgh")
            os.kill(holder.pid, signal.SIGKILL)
            holder.wait()
            wait_until(lambda: locks.take("lxgh"))
    finally:
        holder.kill()
        holder.communicate()


def test_a_site_is_taken_once_until_it_is_given_back(any_archive: str) -> None:
    """The same process does not crawl a site twice at once either."""
    with SiteLocks(any_archive) as locks:
        assert locks.take("lxgh")
        assert not locks.take("lxgh")
        locks.give_back("lxgh")
        locks.give_back("nhgh")
        assert locks.take("lxgh")


def test_two_names_of_an_archive_have_the_same_locks(tmp_path: Path) -> None:
    """A link to the archive leads to the same file of locks, which has the archive's own rights."""
    (tmp_path / "archive.db").touch(0o660)
    (tmp_path / "archive.db").chmod(0o660)
    (tmp_path / "link").mkdir()
    (tmp_path / "link" / "news.db").symlink_to(tmp_path / "archive.db")
    with SiteLocks(str(tmp_path / "link" / "news.db")):
        assert stat.S_IMODE((tmp_path / "archive.db.lock").stat().st_mode) == 0o660


def test_an_archive_where_no_lock_can_be_says_so(tmp_path: Path) -> None:
    """What stands in the place of the file of locks is named, with the next step."""
    (tmp_path / "archive.db.lock").mkdir()
    with pytest.raises(ArchiveUnwritable, match=r"archive\.db\.lock"):
        SiteLocks(str(tmp_path / "archive.db"))


def _end_connections(address: str) -> None:
    """End every connection of the database that has an advisory lock, as a restart of the server does."""
    engine = create_engine(archive_url(address))
    with engine.begin() as connection:
        asked = text(
            "SELECT pg_terminate_backend(pid) FROM (SELECT DISTINCT pid FROM pg_locks "
            "WHERE locktype = 'advisory' AND database = "
            "(SELECT oid FROM pg_database WHERE datname = current_database())) AS holders"
        )
        assert connection.execute(asked).scalars().all() == [True]
    engine.dispose()


def test_a_server_that_ended_the_connection_gets_all_locks_again(
    postgres_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    """After a restart of the server the next site locks the others again, and a line says so."""
    with SiteLocks(postgres_url) as locks, SiteLocks(postgres_url) as other:
        assert locks.take("lxgh")
        _end_connections(postgres_url)
        assert locks.take("dhgh")
        assert [other.take("lxgh"), other.take("dhgh"), other.take("nhgh")] == [False, False, True]
    assert "the locks of 1 sites. They are locked again." in caplog.text


def test_a_site_that_another_run_took_meanwhile_is_said(
    postgres_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A lock that is gone when the server is back is said, and the site's end frees nothing of it."""
    with SiteLocks(postgres_url) as locks, SiteLocks(postgres_url) as other:
        assert locks.take("lxgh")
        _end_connections(postgres_url)
        assert other.take("lxgh")
        assert locks.take("dhgh")
        locks.give_back("lxgh")
        with SiteLocks(postgres_url) as third:
            assert not third.take("lxgh")
    assert "but for 1 that another run has begun with; both crawl them." in caplog.text


def test_a_server_that_stays_away_ends_no_crawl(
    postgres_url: str, postgres_server: str, caplog: pytest.LogCaptureFixture
) -> None:
    """While the database takes no connection, sites are given back, and one more is refused as such."""
    locks = SiteLocks(postgres_url)
    assert [locks.take(site) for site in ("lxgh", "dhgh", "nhgh")] == [True] * 3
    name, outside = (
        archive_url(postgres_url).database,
        create_engine(archive_url(f"{postgres_server}postgres")),
    )

    def allow(answer: str) -> None:
        with outside.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS {answer}'))

    _end_connections(postgres_url)
    allow("false")
    try:
        locks.give_back("lxgh")
        locks.give_back("dhgh")
        with pytest.raises(ArchiveError):
            locks.take("bhgh")
    finally:
        allow("true")
        outside.dispose()
    assert locks.take("bhgh")
    assert "the locks of 1 sites. They are locked again." in caplog.text
    locks.close()
