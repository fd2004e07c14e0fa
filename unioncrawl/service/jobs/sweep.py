"""What is done about workers that have died or are frozen: their sessions end, their jobs run again.

A job whose worker was killed stays ``doing`` in the queue for ever, and its lock with it. A worker is taken
for dead when its row was not renewed for `STALLED_SECONDS`. To delete that row is to declare it dead: from
then on it sends no request (`unioncrawl.archive.crawl_state.shared_pace`) and ends no job
(`unioncrawl.service.jobs.patient_jobs`), should it wake up again.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from psycopg import Connection
from psycopg.rows import dict_row

from unioncrawl.service.jobs.notes import What, add_note
from unioncrawl.service.jobs.tasks import PLAN_TASK

BEAT_SECONDS = 5.0
STALLED_SECONDS = 30.0
# A job whose worker died so often in a row, and that stored no new article in between, may be the cause. It
# runs again after a pause, which each death doubles: a worker that dies takes jobs with it that have done
# nothing, so that none is given up for it.
MANY_DEATHS = 5
_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 60, 3_600
# How long what failed, was cancelled or aborted is shown.
KEPT_DAYS = 14
_DEAD = """
SELECT w.id, coalesce(u.session, '') AS session, coalesce(u.name, '') AS name
FROM procrastinate_workers w LEFT JOIN unioncrawl_worker u ON u.worker_id = w.id
WHERE w.last_heartbeat < clock_timestamp() - make_interval(secs => %(seconds)s)
ORDER BY w.id FOR UPDATE OF w SKIP LOCKED
"""
_END_SESSIONS = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
WHERE application_name = ANY(%(sessions)s) AND datname = current_database() AND pid <> pg_backend_pid()
"""
# A process that is gone has no session; one that is frozen has.
_SESSIONS = "SELECT DISTINCT application_name FROM pg_stat_activity WHERE application_name = ANY(%s)"
_ORPHANS = """
SELECT id, abort_requested, (
    SELECT count(*) FROM unioncrawl_note n WHERE n.job_id = procrastinate_jobs.id AND n.what = 'died'
    AND NOT EXISTS (
        SELECT FROM unioncrawl_note w WHERE w.job_id = n.job_id AND w.what = 'went-on' AND w.id > n.id)
) AS deaths, EXISTS (
    SELECT FROM procrastinate_jobs other
    WHERE other.status = 'todo' AND other.queueing_lock = procrastinate_jobs.queueing_lock
) AS is_doubled FROM procrastinate_jobs
WHERE status = 'doing' AND (worker_id IS NULL OR id = ANY(%(lost)s)) ORDER BY id FOR UPDATE SKIP LOCKED
"""
_OLD = """
DELETE FROM procrastinate_jobs WHERE status NOT IN ('todo', 'doing') AND NOT EXISTS (
    SELECT FROM procrastinate_events e
    WHERE e.job_id = procrastinate_jobs.id AND e.at > now() - make_interval(days => %(days)s))
"""
_AGAIN = "SELECT procrastinate_retry_job_v2(%s, now() + make_interval(secs => %s), NULL, NULL, NULL)"
# The death of a worker is no try of the job's: by its tries a job fails, and waits the longer.
_NO_TRY = "UPDATE procrastinate_jobs SET attempts = greatest(attempts - 1, 0) WHERE id = %s"
# The making of the plan fails for one cause each minute until that is mended: the latest say enough.
_MANY_PLANS = """
DELETE FROM procrastinate_jobs WHERE task_name = %(plan)s AND status = 'failed' AND id NOT IN (
    SELECT id FROM procrastinate_jobs WHERE task_name = %(plan)s AND status = 'failed'
    ORDER BY id DESC LIMIT %(kept)s)
"""
_PLANS_KEPT = 3


@dataclass(frozen=True, slots=True)
class Swept:
    """The workers that were declared dead, by name, and the jobs that run again at once or after a pause.

    ``gone`` are the sessions of those whose processes are gone: they were killed, and not frozen.
    """

    dead: list[str]
    again: list[int]
    later: list[int]
    gone: list[str] = field(default_factory=list, compare=False)


def sweep(connection: Connection, worker: str, lost: list[int]) -> Swept:
    """Declare dead what is; put its jobs back. ``lost``: jobs that this worker was given and never heard of.

    ``connection`` commits by itself; ``worker`` is who does it, for the notes.
    """
    with connection.transaction(), connection.cursor(row_factory=dict_row) as cursor:
        dead = cursor.execute(_DEAD, {"seconds": STALLED_SECONDS}).fetchall()
        cursor.execute("DELETE FROM procrastinate_workers WHERE id = ANY(%s)", [[one["id"] for one in dead]])
    sessions = sorted({one["session"] for one in dead if one["session"]})
    gone = sorted({*sessions}.difference(row[0] for row in connection.execute(_SESSIONS, [sessions])))
    if sessions:
        # They may hold locks of sites, or the archive's own, in which all others would wait.
        connection.execute(_END_SESSIONS, {"sessions": sessions})
    again, later = _put_back(connection, worker, lost)
    return Swept(sorted({one["name"] or str(one["id"]) for one in dead}), again, later, gone)


def _put_back(connection: Connection, worker: str, lost: list[int]) -> tuple[list[int], list[int]]:
    """Put back the jobs that nobody does; return those that run again at once, and those after a pause."""
    again, later = list[int](), list[int]()
    with connection.transaction(), connection.cursor(row_factory=dict_row) as cursor:
        for job in cursor.execute(_ORPHANS, {"lost": lost}).fetchall():
            number, deaths = job["id"], job["deaths"] + 1
            if job["is_doubled"]:
                # Another job for the same waits, and does it all.
                connection.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [number])
                continue
            if job["abort_requested"]:
                _end(connection, number, "aborted")
                said = "its worker died; it was to be cancelled, and is."
            else:
                pause = pause_seconds(deaths)
                connection.execute(_AGAIN, [number, pause])
                connection.execute(_NO_TRY, [number])
                (later if pause else again).append(number)
                said = f"its worker died, {deaths} times in a row; it runs again in {pause // 60} minutes."
                said = said if pause else "its worker died; it runs again."
            add_note(connection, number, worker, What.DIED, said)
    return again, later


def pause_seconds(deaths: int) -> int:
    """Return how long a job waits whose workers died so often.

    >>> [pause_seconds(deaths) for deaths in (1, 4, 5, 7, 50)]
    [0, 0, 60, 240, 3600]
    """
    if deaths < MANY_DEATHS:
        return 0
    doubled: int = _FIRST_PAUSE_SECONDS * 2 ** min(deaths - MANY_DEATHS, 10)
    return min(doubled, _LONGEST_PAUSE_SECONDS)


def _end(connection: Connection, number: int, status: str) -> None:
    connection.execute(
        "SELECT procrastinate_finish_job_v1(%s, %s::procrastinate_job_status, false)", [number, status]
    )


def delete_old(connection: Connection) -> int:
    """Delete what ended badly more than `KEPT_DAYS` ago, with its events and notes; return how many."""
    plans = connection.execute(_MANY_PLANS, {"plan": PLAN_TASK, "kept": _PLANS_KEPT}).rowcount
    return connection.execute(_OLD, {"days": KEPT_DAYS}).rowcount + plans
