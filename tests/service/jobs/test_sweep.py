"""The jobs of workers that died run again, and what is in the way of others ends."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from typing import Any

import psycopg
import pytest

from tests.processes import wait_until
from unioncrawl.archive.crawl_state.shared_pace import SharedPace, forget_awaited
from unioncrawl.archive.store import Archive
from unioncrawl.service.jobs.notes import ADD_PROGRESS, What, add_note
from unioncrawl.service.jobs.queue_address import queue_conninfo
from unioncrawl.service.jobs.queue_schema import bring_queue_up_to_date
from unioncrawl.service.jobs.sweep import KEPT_DAYS, MANY_DEATHS, STALLED_SECONDS, Swept, delete_old, sweep

Queue = psycopg.Connection[Any]


@pytest.fixture
def queue(postgres_url: str) -> Iterator[Queue]:
    """A connection to the queue of a fresh archive."""
    Archive.open(postgres_url).close()
    bring_queue_up_to_date(postgres_url)
    with psycopg.connect(queue_conninfo(postgres_url), autocommit=True) as connection:
        yield connection


def worker(queue: Queue, name: str, silent_seconds: float, session: str = "") -> int:
    """The number of a worker that was heard of so long ago."""
    ask = (
        "INSERT INTO procrastinate_workers (last_heartbeat)"
        " VALUES (now() - make_interval(secs => %s)) RETURNING id"
    )
    number = int(value(queue, ask, silent_seconds))
    row = "INSERT INTO unioncrawl_worker (worker_id, session, name, machine, process_id, does)"
    queue.execute(f"{row} VALUES (%s, %s, %s, 'linxi', 7, 'crawl')".encode(), [number, session or name, name])
    return number


def job(queue: Queue, site: str, by: int | None = None) -> int:
    """The number of a job that waits, or that a worker has begun."""
    ask = (
        "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock)"
        " VALUES ('crawl', 'crawl', %s, %s) RETURNING id"
    )
    number = int(value(queue, ask, site, site))
    if by is not None:
        given = "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s WHERE id = %s"
        queue.execute(given, [by, number])
    return number


def value(queue: Queue, ask: str, *given: object) -> Any:
    """The one value that a question has for an answer; None without one."""
    row = queue.execute(ask.encode(), given).fetchone()
    return row[0] if row else None


def state(queue: Queue, number: int) -> str | None:
    """The state of a job; None for one that is gone."""
    found: str | None = value(queue, "SELECT status::text FROM procrastinate_jobs WHERE id = %s", number)
    return found


def test_only_the_jobs_of_silent_workers_run_again(queue: Queue) -> None:
    """A worker that was heard of keeps its job; the row of a silent one goes, and its job says why."""
    silent, alive = worker(queue, "first", STALLED_SECONDS + 5), worker(queue, "second", STALLED_SECONDS - 15)
    lost, kept = job(queue, "hgzgh", silent), job(queue, "gsgh", alive)
    assert sweep(queue, "second", []) == Swept(["first"], [lost], [])
    assert (state(queue, lost), state(queue, kept)) == ("todo", "doing")
    assert value(queue, "SELECT said FROM unioncrawl_note") == "its worker died; it runs again."
    assert value(queue, "SELECT count(*) FROM procrastinate_workers") == 1
    assert sweep(queue, "second", []) == Swept([], [], [])


def test_a_killed_worker_awaits_no_answer(postgres_url: str, queue: Queue) -> None:
    """Its process has no session any more: the hosts that it had asked may be asked. Others' wait on."""
    names = ("unioncrawl work 1", "unioncrawl work 2")
    for name in names:
        worker(queue, name, 0, name)
    with ExitStack() as open_paces:
        killed, other, asks = (open_paces.enter_context(closing(SharedPace(postgres_url))) for _ in range(3))
        killed.fence, other.fence = names
        assert (killed.claim("a.cn", 0.001, "7-1-ab"), other.claim("b.cn", 0.001, "7-1-cd")) == (0, 0)
        time.sleep(0.01)
        assert asks.claim("a.cn", 0.001, "8-1-ef") > 0
        queue.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 h' WHERE id = 1")
        gone = sweep(queue, "second", []).gone
        assert gone == [names[0]]
        forget_awaited(postgres_url, gone)
        assert asks.claim("a.cn", 0.001, "8-1-ef") == 0
        assert asks.claim("b.cn", 0.001, "8-1-ef") > 0


def test_a_job_that_a_worker_never_heard_of_runs_again(queue: Queue) -> None:
    """It was given, and the answer was lost with the connection."""
    alive = worker(queue, "first", 0)
    lost, runs = job(queue, "hgzgh", alive), job(queue, "gsgh", alive)
    assert sweep(queue, "first", [lost]).again == [lost]
    assert state(queue, runs) == "doing"


def test_a_job_that_takes_workers_with_it_waits(queue: Queue) -> None:
    """After so many deaths it runs again later; what was to be cancelled is; what is doubled goes."""
    dead = [worker(queue, f"w{place}", STALLED_SECONDS + 5) for place in range(3)]
    deadly, ending, doubled = (job(queue, site, by) for site, by in zip("abc", dead, strict=True))
    for _ in range(MANY_DEATHS - 1):
        add_note(queue, deadly, "linxi-1", What.DIED, "its worker died; it runs again.")
    queue.execute("UPDATE procrastinate_jobs SET abort_requested = true WHERE id = %s", [ending])
    waits = job(queue, "c")
    assert sweep(queue, "second", []) == Swept(["w0", "w1", "w2"], [], [deadly])
    assert (state(queue, deadly), state(queue, ending)) == ("todo", "aborted")
    waiting = "SELECT scheduled_at - now() BETWEEN '55 s' AND '60 s' FROM procrastinate_jobs WHERE id = %s"
    assert value(queue, waiting, deadly)
    assert (state(queue, doubled), state(queue, waits)) == (None, "todo")


def test_a_job_that_goes_on_is_not_held_back(queue: Queue) -> None:
    """New articles between deaths clear a job; only the deaths after them count, and none is a try."""
    number = job(queue, "a", worker(queue, "w0", STALLED_SECONDS + 5))
    for _ in range(2 * MANY_DEATHS):
        add_note(queue, number, "linxi-1", What.DIED, "its worker died; it runs again.")
    for _ in range(2):
        queue.execute(ADD_PROGRESS.encode(), {"job": number, "worker": "linxi-2"})
    assert value(queue, "SELECT count(*) FROM unioncrawl_note WHERE what = 'went-on'") == 1
    for again in (True,) * (MANY_DEATHS - 1) + (False,):
        given = "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s WHERE id = %s"
        queue.execute(given, [worker(queue, "w1", STALLED_SECONDS + 5), number])
        assert bool(sweep(queue, "second", []).again) is again
    assert value(queue, "SELECT attempts FROM procrastinate_jobs WHERE id = %s", number) == 0
    assert "5 times in a row" in value(queue, "SELECT said FROM unioncrawl_note ORDER BY id DESC LIMIT 1")


def test_progress_is_noted_of_jobs_alone_whose_workers_died(queue: Queue) -> None:
    """Of the others, nearly all, nothing is written."""
    number = job(queue, "a", worker(queue, "w0", 0))
    add_note(queue, number, "linxi-1", What.AGAIN, "another run is at work on the site.")
    queue.execute(ADD_PROGRESS.encode(), {"job": number, "worker": "linxi-2"})
    assert value(queue, "SELECT count(*) FROM unioncrawl_note") == 1


def test_the_sessions_of_a_frozen_worker_end(postgres_url: str, queue: Queue) -> None:
    """They may hold a site's lock, or the archive's; sessions of others stay."""
    worker(queue, "first", STALLED_SECONDS + 5, "unioncrawl work 1")
    frozen = psycopg.connect(postgres_url, application_name="unioncrawl work 1", autocommit=True)
    other = psycopg.connect(postgres_url, application_name="unioncrawl work 2", autocommit=True)
    with frozen, other:
        frozen.execute("SELECT pg_advisory_lock(7)")
        assert not value(queue, "SELECT pg_try_advisory_lock(7)")
        assert sweep(queue, "second", []).gone == []
        wait_until(lambda: bool(value(queue, "SELECT pg_try_advisory_lock(7)")))
        with pytest.raises(psycopg.OperationalError):
            frozen.execute("SELECT 1")
        assert other.execute("SELECT 1").fetchone() == (1,)


def test_what_ended_long_ago_is_deleted(queue: Queue) -> None:
    """With its events and notes; what waits or runs stays, however old it is."""
    queue.execute(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, status)"
        " SELECT 'crawl', 'plan', 'failed' FROM generate_series(1, 5)"
    )
    queue.execute(
        "INSERT INTO procrastinate_events (job_id, type) SELECT id, 'failed' FROM procrastinate_jobs"
    )
    assert (delete_old(queue), delete_old(queue)) == (2, 0)
    old, young, waits = job(queue, "a"), job(queue, "b"), job(queue, "c")
    queue.execute("UPDATE procrastinate_jobs SET status = 'failed' WHERE id IN (%s, %s)", [old, young])
    add_note(queue, old, "first", What.FAILED, "临溪")
    ago = "UPDATE procrastinate_events SET at = at - make_interval(days => %s) WHERE job_id IN (%s, %s)"
    queue.execute(ago, [KEPT_DAYS + 1, old, waits])
    assert delete_old(queue) == 1
    assert [state(queue, number) for number in (old, young, waits)] == [None, "failed", "todo"]
    assert value(queue, "SELECT count(*) FROM unioncrawl_note") == 0
    assert value(queue, "SELECT count(*) FROM procrastinate_events WHERE job_id = %s", old) == 0
