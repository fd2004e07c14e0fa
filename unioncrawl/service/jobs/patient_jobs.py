"""Procrastinate's door to its tables, which waits for a database that is away, and ends no other's job.

Procrastinate's worker ends when the database does not answer, and waits for its running jobs without a sign
of life. Here a job is fetched later instead, and what has ended is written when the database is back.
Procrastinate ends a job by its number alone; here by its worker too, so that one that was frozen and
declared dead changes nothing of the job that its successor does.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime
from typing import TypeVar

import psycopg
from procrastinate import JobContext
from procrastinate.connector import BaseConnector
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager, NotificationCallback
from procrastinate.worker import Worker

from unioncrawl.errors import UnioncrawlError
from unioncrawl.service.jobs.heart import Heart
from unioncrawl.service.jobs.notes import ADD_NOTE, ADD_PROGRESS, What, note_values
from unioncrawl.service.jobs.ways_to_end import AgainLater
from unioncrawl.service.jobs.worker_name import WorkerName

_T = TypeVar("_T")
_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 0.5, 15.0
# How long a worker that is to end waits for the database; what it can't write then, others put back.
_LEAVING_SECONDS = 20.0
_MINE = """
WITH mine AS MATERIALIZED (
    SELECT id FROM procrastinate_jobs
    WHERE id = %(id)s AND worker_id = %(worker)s AND status = 'doing' FOR UPDATE
) SELECT {} FROM mine
"""
_FINISH = _MINE.format(
    "procrastinate_finish_job_v1(id, %(status)s::procrastinate_job_status, %(delete_job)s)"
)
_RETRY = _MINE.format("procrastinate_retry_job_v2(id, %(at)s, %(priority)s, %(queue)s, %(lock)s)")
_REGISTER = """
INSERT INTO unioncrawl_worker (worker_id, session, name, machine, process_id, does)
VALUES (%(worker)s, %(session)s, %(name)s, %(machine)s, %(process)s, %(does)s) RETURNING worker_id
"""
logger = logging.getLogger(__name__)


class PatientJobs(JobManager):
    """The jobs of a queue, for a worker that outlives outages of the database."""

    def __init__(self, connector: BaseConnector, name: WorkerName, does: str, heart: Heart) -> None:
        super().__init__(connector)
        self._name, self._does, self._heart = name, does, heart
        self._leaves_at: float | None = None
        self._is_away = False

    def leave(self) -> None:
        """Wait for the database no longer than a moment from now on."""
        self._leaves_at = self._leaves_at or time.monotonic() + _LEAVING_SECONDS

    def stay(self) -> None:
        """Wait for the database as long as it takes again."""
        self._leaves_at = None

    async def fetch_job(self, queues: Iterable[str] | None, worker_id: int) -> Job | None:
        """Take a job; None also while the database is away, which is asked again after a pause."""
        job = await self._or(None, lambda: super(PatientJobs, self).fetch_job(queues, worker_id))
        if job is not None and job.id is not None:
            self._heart.hold(job.id)
        return job

    async def list_jobs_to_abort_async(self, queue: str | None = None) -> Iterable[int]:
        """Which jobs are to be cancelled; none while the database is away."""
        return await self._or((), lambda: super(PatientJobs, self).list_jobs_to_abort_async(queue))

    async def defer_periodic_job(self, job: Job, periodic_id: str, defer_timestamp: int) -> int | None:
        """Defer the plan of this minute; while the database is away there is none."""
        return await self._or(
            None, lambda: super(PatientJobs, self).defer_periodic_job(job, periodic_id, defer_timestamp)
        )

    async def listen_for_jobs(
        self, *, on_notification: NotificationCallback, queues: Iterable[str] | None = None
    ) -> None:
        """Hear of new jobs for as long as the worker runs, over new connections where need be."""
        names = list(queues or ())
        while True:
            await self._or(
                None,
                lambda: super(PatientJobs, self).listen_for_jobs(
                    on_notification=on_notification, queues=names
                ),
            )
            await asyncio.sleep(_LONGEST_PAUSE_SECONDS)

    async def finish_job(self, job: Job, status: Status, delete_job: bool) -> None:  # noqa: FBT001 - Procrastinate's
        """Write how a job ended, when the database is there; nothing where it is another worker's by now."""
        given: dict[str, object] = {"id": job.id, "worker": job.worker_id, "status": status.value}
        given["delete_job"] = delete_job
        await self._of_mine(job, _FINISH, given)

    async def retry_job(
        self,
        job: Job,
        retry_at: datetime | None = None,
        priority: int | None = None,
        queue: str | None = None,
        lock: str | None = None,
    ) -> None:
        """Put a job back, when the database is there; nothing where it is another worker's by now."""
        at = retry_at or datetime.now(UTC)
        given: dict[str, object] = {"id": job.id, "worker": job.worker_id, "at": at}
        given |= {"priority": priority, "queue": queue, "lock": lock}
        try:
            await self._of_mine(job, _RETRY, given)
        except UniqueViolation:
            # Another job for the same has come into the queue meanwhile: that one does it all.
            await self.finish_job(job, Status.SUCCEEDED, delete_job=True)

    async def note(self, job: Job, what: What, said: str) -> None:
        """Write down what became of a job, for people; what can't be written is logged alone."""
        given = note_values(job.id or 0, self._name.name, what, said)
        await self._or(None, lambda: self.connector.execute_query_async(ADD_NOTE, **given))

    async def note_progress(self, job: Job) -> None:
        """Write down that a job whose worker died has stored new articles since; nothing for any other."""
        given: dict[str, object] = {"job": job.id, "worker": self._name.name}
        await self._or(None, lambda: self.connector.execute_query_async(ADD_PROGRESS, **given))

    async def note_end(
        self, run: Callable[[], Awaitable[object]], context: JobContext, worker: Worker
    ) -> object:
        """Run a job; write down why it does not end well (a middleware of Procrastinate's)."""
        del worker
        try:
            return await run()
        except AgainLater as error:
            await self.note(context.job, What.AGAIN, str(error))
            raise
        except asyncio.CancelledError:
            await self.note(context.job, What.SAID, "it was cancelled, and ended gracefully.")
            raise
        except Exception as error:
            said = str(error) if isinstance(error, UnioncrawlError) else f"{type(error).__name__}: {error}"
            await self.note(context.job, What.FAILED, said)
            raise

    async def register_worker(self) -> int:
        """Begin as a worker, with the name of this process, when the database is there."""
        number = await self._surely(super().register_worker)
        given = {"session": self._name.session, "name": self._name.name, "machine": self._name.machine}
        given_numbers = {"worker": number, "process": self._name.process_id, "does": self._does}
        await self._surely(
            lambda: self.connector.execute_query_one_async(_REGISTER, **given, **given_numbers)
        )
        self._heart.add(number)
        return number

    async def unregister_worker(self, worker_id: int) -> None:
        """End as a worker; where the database is away, others find out by themselves."""
        self._heart.remove(worker_id)
        await self._or(None, lambda: super(PatientJobs, self).unregister_worker(worker_id))

    async def update_heartbeat(self, worker_id: int) -> None:
        """Do nothing: `Heart` does it, also while the event loop is busy."""

    async def prune_stalled_workers(self, seconds_since_heartbeat: float) -> list[int]:
        """Do nothing: `sweep` does it, and sees to the sessions and jobs of who died."""
        del seconds_since_heartbeat
        return []

    async def _of_mine(self, job: Job, query: str, given: dict[str, object]) -> None:
        rows, is_first = list[dict[str, object]](), True

        async def ask() -> None:
            nonlocal rows, is_first
            was_first, is_first = is_first, False
            found = await self.connector.execute_query_all_async(query, **given)
            # After an answer that was lost the first try may have done it.
            rows = found or ([] if was_first else [{}])

        await self._surely(ask)
        self._heart.let_go(job.id or 0)
        if not rows:
            logger.warning(
                "Job %s (%s) was given to another worker while this one was frozen or cut off; it is left to"
                " that one.",
                *(job.id, job.task_name),
            )

    async def _or(self, otherwise: _T, ask: Callable[[], Awaitable[_T]]) -> _T:
        try:
            answer = await ask()
        except ConnectorException as error:
            if not _is_outage(error):
                raise
            self._say_away(error)
            return otherwise
        self._say_back()
        return answer

    async def _surely(self, ask: Callable[[], Awaitable[_T]]) -> _T:
        """Ask until there is an answer, with growing pauses; raises when the worker is to end before."""
        pause = _FIRST_PAUSE_SECONDS
        while True:
            try:
                answer = await ask()
            except ConnectorException as error:
                is_late = self._leaves_at is not None and time.monotonic() > self._leaves_at
                if is_late or not _is_outage(error):
                    raise
                self._say_away(error)
            else:
                self._say_back()
                return answer
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)

    def _say_away(self, error: ConnectorException) -> None:
        if not self._is_away:
            self._is_away = True
            logger.warning(
                "The queue's database does not answer (%s). Jobs that run go on, and are written down when it"
                " is back.",
                str(error.__cause__ or error).strip(),
            )

    def _say_back(self) -> None:
        if self._is_away:
            self._is_away = False
            logger.warning("The queue's database answers again.")


def _is_outage(error: ConnectorException) -> bool:
    """Whether the server was not to be had; what it refuses is a fault that waiting does not mend."""
    return isinstance(error.__cause__, psycopg.OperationalError | psycopg.InterfaceError)
