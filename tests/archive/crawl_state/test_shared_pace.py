"""The pause between two requests to a host holds over all crawls into an archive on a server."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest

from tests.postgres import PostgresServer, running_postgres
from tests.processes import wait_until
from unioncrawl.archive.crawl_state.shared_pace import SharedPace
from unioncrawl.archive.store import Archive

HOST, LONG_SECONDS = "www.linxi-gh.example", 100.0


@pytest.fixture
def address(postgres_url: str) -> str:
    """An archive on a server."""
    Archive.open(postgres_url).close()
    return postgres_url


@pytest.fixture
def pace(address: str) -> Iterator[SharedPace]:
    """The pace of one crawl."""
    with closing(SharedPace(address)) as opened:
        yield opened


@pytest.fixture
def other(address: str) -> Iterator[SharedPace]:
    """The pace of another crawl."""
    with closing(SharedPace(address)) as opened:
        yield opened


def age(address: str, seconds: float) -> None:
    """Let all that was asked be so long ago."""
    change = "UPDATE host_pace SET asked_at = asked_at - make_interval(secs => %s)"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(change, [seconds])


def test_a_host_is_asked_once_in_a_pause_whoever_asks(
    address: str, pace: SharedPace, other: SharedPace
) -> None:
    """Another crawl waits the rest of the pause, asks when it is over, and other hosts are free."""
    assert pace.claim(HOST, LONG_SECONDS) == 0
    assert pace.since_last(HOST) is None
    assert LONG_SECONDS - 50 < other.claim(HOST, LONG_SECONDS) <= LONG_SECONDS
    assert other.claim("nanhu-gh.example", LONG_SECONDS) == 0
    age(address, LONG_SECONDS)
    assert other.claim(HOST, LONG_SECONDS) == 0
    since = other.since_last(HOST)
    assert since is not None
    assert LONG_SECONDS <= since < LONG_SECONDS + 50


def test_the_longer_pause_wins(address: str, pace: SharedPace, other: SharedPace) -> None:
    """After a request that waits long, one that waits shortly waits as long; and the other way round."""
    assert pace.claim(HOST, LONG_SECONDS) == 0
    assert other.claim(HOST, 1.0) > LONG_SECONDS - 50
    age(address, LONG_SECONDS)
    assert other.claim(HOST, 1.0) == 0
    age(address, 2.0)
    assert other.claim(HOST, LONG_SECONDS) > LONG_SECONDS - 50


def test_the_pause_begins_anew_with_the_answer(address: str, pace: SharedPace) -> None:
    """What another asked for meanwhile may end later; the gap to the next request is from the request on."""
    assert pace.claim(HOST, LONG_SECONDS) == 0
    age(address, LONG_SECONDS - 1)
    pace.answered(HOST, LONG_SECONDS)
    assert pace.claim(HOST, LONG_SECONDS) > LONG_SECONDS - 50
    assert pace.claim("nanhu-gh.example", 0.0) == 0
    age(address, LONG_SECONDS)
    pace.answered("nanhu-gh.example", 0.0)
    assert pace.claim("nanhu-gh.example", 0.0) == 0
    since = pace.since_last("nanhu-gh.example")
    assert since is not None
    assert LONG_SECONDS <= since < LONG_SECONDS + 50


def test_another_crawls_request_is_counted_from_its_answer(
    address: str, pace: SharedPace, other: SharedPace
) -> None:
    """When the answer took long, the next crawl's diary says how long ago it came."""
    assert other.claim(HOST, LONG_SECONDS) == 0
    age(address, LONG_SECONDS)
    other.answered(HOST, 1.0)
    age(address, 1.0)
    assert pace.claim(HOST, 1.0) == 0
    since = pace.since_last(HOST)
    assert since is not None
    assert 1.0 <= since < LONG_SECONDS


def test_a_host_that_asks_to_be_left_alone_is(pace: SharedPace, other: SharedPace) -> None:
    """``Retry-After`` holds for all crawls, is not shortened by an answer, and not by a shorter hold."""
    assert pace.claim(HOST, 1.0) == 0
    pace.hold(HOST, LONG_SECONDS)
    pace.hold(HOST, 2.0)
    pace.answered(HOST, 1.0)
    assert other.claim(HOST, 1.0) > LONG_SECONDS - 50
    pace.hold("nanhu-gh.example", LONG_SECONDS)
    assert other.claim("nanhu-gh.example", 0.0) > LONG_SECONDS - 50


def test_a_servers_clock_that_was_set_back_costs_one_pause(address: str, pace: SharedPace) -> None:
    """A last request in the future is taken for one that goes out now, and no longer."""
    assert pace.claim(HOST, LONG_SECONDS) == 0
    age(address, -1e6)
    assert LONG_SECONDS - 50 < pace.claim(HOST, 1.0) <= LONG_SECONDS
    age(address, LONG_SECONDS)
    assert pace.claim(HOST, 1.0) == 0


def test_a_worker_without_its_row_asks_nobody(address: str, pace: SharedPace) -> None:
    """Whoever was declared dead sends no request, however long ago the host was asked."""
    made = (
        "CREATE SCHEMA procrastinate; CREATE TABLE procrastinate.unioncrawl_worker (session text);"
        "INSERT INTO procrastinate.unioncrawl_worker VALUES ('here')"
    )
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(made)
        pace.fence = "here"
        assert pace.claim(HOST, 0.0) == 0
        connection.execute("DELETE FROM procrastinate.unioncrawl_worker")
    age(address, LONG_SECONDS)
    assert pace.claim(HOST, 0.0) > 0
    assert pace.claim("nanhu-gh.example", 0.0) > 0
    pace.fence = ""
    assert pace.claim(HOST, 0.0) == 0


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    """A server that can be stopped and started again."""
    with running_postgres() as running:
        yield running


def test_no_request_goes_out_while_the_database_is_away(
    server: PostgresServer, caplog: pytest.LogCaptureFixture
) -> None:
    """That is said once, with the reason; what could not be told is told before the next request."""
    address = server.url + "postgres"
    Archive.open(address).close()
    with closing(SharedPace(address)) as pace:
        outlive_an_outage(server, pace, caplog)
    with closing(SharedPace(address)) as other:
        assert other.claim(HOST, 0.0) > LONG_SECONDS - 50


def outlive_an_outage(server: PostgresServer, pace: SharedPace, caplog: pytest.LogCaptureFixture) -> None:
    """Ask while the server is away, and after."""
    assert pace.claim(HOST, 0.0) == 0
    server.stop()
    with caplog.at_level(logging.WARNING):
        assert pace.claim(HOST, 0.0) > 0
        pace.hold(HOST, LONG_SECONDS)
        assert pace.claim("nanhu-gh.example", 0.0) > 0
    assert len([one for one in caplog.messages if "no request goes out" in one]) == 1
    server.start()
    wait_until(lambda: pace.claim("nanhu-gh.example", 0.0) == 0)
    assert pace.claim(HOST, 0.0) > LONG_SECONDS - 50


def test_no_crawl_asks_while_another_awaits_an_answer(
    address: str, pace: SharedPace, other: SharedPace
) -> None:
    """However long ago a request was allowed; its own crawl may ask beside it, and so may all in a minute."""
    assert pace.claim(HOST, 1.0, "1-1-a") == 0
    age(address, 2.0)
    assert 0 < other.claim(HOST, 1.0, "1-1-b") < 1
    assert 0 < other.claim(HOST, 1.0) < 1
    assert pace.claim(HOST, 1.0, "1-1-a") == 0
    pace.answered(HOST, 1.0)
    age(address, 2.0)
    assert other.claim(HOST, 1.0, "1-1-b") == 0
    age(address, 61.0)
    assert pace.claim(HOST, 1.0, "1-1-a") == 0


def test_a_database_without_an_archive_keeps_nobody_waiting(postgres_url: str) -> None:
    """`scrapy check` asks hosts where no crawl has made tables yet; once there are some, the pause holds."""
    with closing(SharedPace(postgres_url)) as pace:
        assert [pace.claim(HOST, LONG_SECONDS) for _ in range(2)] == [0, 0]
        pace.answered(HOST, LONG_SECONDS)
        pace.hold(HOST, LONG_SECONDS)
        Archive.open(postgres_url).close()
        assert pace.claim(HOST, LONG_SECONDS) == 0
        assert pace.claim(HOST, LONG_SECONDS) > LONG_SECONDS - 50
    with closing(SharedPace(postgres_url)) as worker:
        worker.fence = "unioncrawl work 1"
        assert worker.claim("b.cn", 1.0) > 0
