"""What the queue says of its jobs and workers, and what a person may do to a job."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

import psycopg
from psycopg import Connection
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from unioncrawl.errors import JobNotFound
from unioncrawl.service.jobs.old_transactions import OldTransaction, old_transactions
from unioncrawl.service.jobs.queue_address import queue_conninfo
from unioncrawl.service.jobs.queue_schema import require_queue, unanswered
from unioncrawl.service.jobs.tasks import HEAVY_QUEUE, PLAN_TASK

_JOBS = """
SELECT j.id, j.task_name, j.args, j.status::text AS state, j.attempts, j.scheduled_at, j.abort_requested,
       coalesce(u.name, '') AS worker,
       (SELECT min(at) FROM procrastinate_events WHERE job_id = j.id AND type = 'deferred') AS made_at,
       (SELECT max(at) FROM procrastinate_events WHERE job_id = j.id AND type <> 'scheduled') AS last_at,
       coalesce((SELECT said FROM unioncrawl_note WHERE job_id = j.id ORDER BY id DESC LIMIT 1), '') AS said
FROM procrastinate_jobs j LEFT JOIN unioncrawl_worker u ON u.worker_id = j.worker_id
WHERE (%(numbers)s::bigint[] IS NULL OR j.id = ANY(%(numbers)s))
  AND (%(states)s::text[] IS NULL OR j.status::text = ANY(%(states)s))
  AND (%(site)s = '' OR j.args ->> 'site' = %(site)s)
  AND (j.task_name <> %(plan)s OR j.status = 'failed' OR %(numbers)s::bigint[] IS NOT NULL)
ORDER BY j.id LIMIT %(limit)s
"""
_COUNTS = """
SELECT status::text AS state, count(*) AS number FROM procrastinate_jobs
WHERE task_name <> %(plan)s OR status = 'failed' GROUP BY status ORDER BY status
"""
_WORKERS = """
SELECT w.id, w.last_heartbeat AS heartbeat_at, u.name, u.machine, u.process_id, u.does, u.begun_at
FROM procrastinate_workers w LEFT JOIN unioncrawl_worker u ON u.worker_id = w.id ORDER BY w.id
"""
_NOTES = "SELECT at, worker, what, said FROM unioncrawl_note WHERE job_id = %s ORDER BY id"
_EVENTS = "SELECT at, type::text AS what FROM procrastinate_events WHERE job_id = %s ORDER BY id"
# What ended is put back whatever way it ended; what waits goes at once.
_RETRY_ENDED = """
UPDATE procrastinate_jobs j SET status = 'todo', scheduled_at = NULL, abort_requested = false
WHERE j.id = ANY(%(numbers)s) AND j.status IN ('failed', 'cancelled', 'aborted', 'todo')
  AND NOT EXISTS (SELECT FROM procrastinate_jobs o
                  WHERE o.queueing_lock = j.queueing_lock AND o.id <> j.id
                    AND (o.status = 'todo' OR o.id > j.id AND o.id = ANY(%(numbers)s)))
RETURNING j.id
"""
_ADD = """
INSERT INTO procrastinate_jobs (queue_name, task_name, args)
VALUES (%(queue)s, %(task)s, %(args)s) RETURNING id
"""
_CANCEL = "SELECT id FROM procrastinate_jobs WHERE id = ANY(%s) AND status IN ('todo', 'doing') ORDER BY id"


class State(StrEnum):
    """The states of jobs; a crawl that succeeded is deleted at once, and a command after some days."""

    TODO = "todo"
    DOING = "doing"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    ABORTED = "aborted"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRecord:
    """A job as it stands in the queue; times are aware."""

    id: int
    task: str
    given: Mapping[str, Any]
    state: str
    attempts: int
    made_at: datetime | None
    last_at: datetime | None
    scheduled_at: datetime | None
    worker: str
    is_to_end: bool
    said: str

    @property
    def site(self) -> str:
        """The site that it crawls; empty for other work."""
        return str(self.given.get("site", ""))

    @property
    def kind(self) -> str:
        """The kind of run."""
        return str(self.given.get("kind", ""))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which jobs are asked for: in these states (any without one), of a site, the first so many."""

    states: Sequence[State] = ()
    site: str = ""
    numbers: Sequence[int] | None = None
    limit: int = 1_000


@dataclass(frozen=True, slots=True)
class Overview:
    """Jobs, how many there are of each state, the workers, and who is in the queue's way."""

    jobs: list[JobRecord]
    counts: dict[str, int]
    workers: list[dict[str, Any]]
    long_transactions: list[OldTransaction]


@dataclass(frozen=True, slots=True)
class Life:
    """A job with what happened to it: its events, and what was written down of it."""

    job: JobRecord
    events: list[dict[str, Any]]
    notes: list[dict[str, Any]] = field(default_factory=list)


@contextmanager
def queue_of(address: str) -> Iterator[Connection[dict[str, Any]]]:
    """A connection to the queue of an archive; raises `QueueUnavailable`."""
    require_queue(address)
    try:
        with psycopg.connect(queue_conninfo(address), autocommit=True, row_factory=dict_row) as connection:
            yield connection
    except psycopg.Error as error:
        raise unanswered(error) from error


def overview(connection: Connection[dict[str, Any]], wanted: Wanted) -> Overview:
    """Look at the queue."""
    counts = connection.execute(_COUNTS, {"plan": PLAN_TASK}).fetchall()
    return Overview(
        jobs=find_jobs(connection, wanted),
        counts={row["state"]: row["number"] for row in counts},
        workers=connection.execute(_WORKERS).fetchall(),
        long_transactions=old_transactions(connection),
    )


def find_jobs(connection: Connection[dict[str, Any]], wanted: Wanted) -> list[JobRecord]:
    """Return the jobs that are asked for, the oldest first."""
    given = {
        "numbers": list(wanted.numbers) if wanted.numbers is not None else None,
        "states": [state.value for state in wanted.states] or None,
        "site": wanted.site,
        "plan": PLAN_TASK,
        "limit": wanted.limit,
    }
    return [_record(row) for row in connection.execute(_JOBS, given)]


def life_of(connection: Connection[dict[str, Any]], number: int) -> Life:
    """Return a job with all that happened to it; raises `JobNotFound`."""
    found = find_jobs(connection, Wanted(numbers=[number]))
    if not found:
        raise _unknown([number])
    events = connection.execute(_EVENTS, [number]).fetchall()
    return Life(found[0], events, connection.execute(_NOTES, [number]).fetchall())


def retry_jobs(connection: Connection[dict[str, Any]], numbers: Sequence[int]) -> list[int]:
    """Let jobs run again, and those that wait at once; return those that will.

    Raises `JobNotFound` where there is none of them. A job that runs stays as it is, and so does one beside
    which another for the same waits; of several for the same the last one runs.
    """
    again = [row["id"] for row in connection.execute(_RETRY_ENDED, {"numbers": list(numbers)})]
    if not again:
        raise _unknown(numbers)
    return sorted(again)


def failed_jobs(connection: Connection[dict[str, Any]]) -> list[int]:
    """Return the numbers of all jobs that have failed; the plan is made anew each minute anyway."""
    ask = "SELECT id FROM procrastinate_jobs WHERE status = 'failed' AND task_name <> %s ORDER BY id"
    rows = connection.execute(ask, [PLAN_TASK])
    return [row["id"] for row in rows]


def add_jobs(connection: Connection[dict[str, Any]], task: str, each: Sequence[Sequence[str]]) -> list[int]:
    """Put a job for a command into the queue for each of these arguments; return their numbers."""
    numbers = list[int]()
    for one in each:
        given = {"queue": HEAVY_QUEUE, "task": task, "args": Jsonb({"arguments": list(one)})}
        numbers += [row["id"] for row in connection.execute(_ADD, given)]
    return numbers


def cancel_jobs(
    connection: Connection[dict[str, Any]], numbers: Sequence[int]
) -> tuple[list[int], list[int]]:
    """Cancel jobs; return those that will not run, and those that run and are to end gracefully.

    Raises `JobNotFound` where none of them waits or runs.
    """
    open_jobs = [row["id"] for row in connection.execute(_CANCEL, [list(numbers)])]
    if not open_jobs:
        raise _unknown(numbers)
    for number in open_jobs:
        connection.execute("SELECT procrastinate_cancel_job_v1(%s, true, false)", [number])
    ending = [one.id for one in find_jobs(connection, Wanted([State.DOING], numbers=open_jobs))]
    return [number for number in open_jobs if number not in ending], ending


def _record(row: dict[str, Any]) -> JobRecord:
    return JobRecord(
        id=row["id"],
        task=row["task_name"],
        given=row["args"],
        state=row["state"],
        attempts=row["attempts"],
        made_at=row["made_at"],
        last_at=row["last_at"],
        scheduled_at=row["scheduled_at"],
        worker=row["worker"],
        is_to_end=row["abort_requested"],
        said=row["said"],
    )


def _unknown(numbers: Sequence[int]) -> JobNotFound:
    named = ", ".join(map(str, numbers))
    return JobNotFound(
        f"there is no such job in the queue, or none that this can be done to: {named}.",
        next_step="See: unioncrawl jobs list",
    )
