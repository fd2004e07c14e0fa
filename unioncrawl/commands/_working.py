"""Runs a worker: Scrapy and Procrastinate in one event loop, through outages and graceful ends."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

import psycopg
from procrastinate import App
from procrastinate.exceptions import ConnectorException

from unioncrawl.commands._crawl_jobs import CrawlJobs
from unioncrawl.commands._due import plan_sites
from unioncrawl.commands._heavy_jobs import HeavyJobs
from unioncrawl.commands._work import Work
from unioncrawl.errors import UnioncrawlError
from unioncrawl.service.jobs.heart import Heart
from unioncrawl.service.jobs.patient_jobs import PatientJobs
from unioncrawl.service.jobs.plan import read_plan, wanted_crawls
from unioncrawl.service.jobs.queue_app import (
    put_crawls,
    put_plan,
    queue_app,
    sites_at_work,
    unfinished_jobs,
)
from unioncrawl.service.jobs.queue_schema import unanswered
from unioncrawl.service.jobs.tasks import (
    CRAWL_QUEUE,
    CRAWL_TASK,
    HEAVY_QUEUE,
    HEAVY_TASKS,
    PLAN_PRIORITY,
    PLAN_TASK,
    Kind,
)
from unioncrawl.service.jobs.ways_to_end import PutBack, keep_ends_out_of_the_log
from unioncrawl.service.jobs.worker_name import WorkerName
from unioncrawl.service.schedule.clock import now

_EACH_MINUTE = "* * * * *"
_LOOK_SECONDS = 1.0
_RENEW_SECONDS = 5.0
# How long a worker waits that ended by an error of its own, before it begins again.
_AFTER_ERROR_SECONDS = 5.0
logger = logging.getLogger(__name__)


class Worker:
    """A worker's shifts: each is a row of the queue, under which jobs are fetched until something ends it."""

    def __init__(self, jobs: CrawlJobs, name: WorkerName, work: Work) -> None:
        self._jobs, self._work, self._name = jobs, work, name
        self._heavy = HeavyJobs(jobs.archive)
        self._heart = Heart(jobs.archive, name, self._declared_dead)
        self._app, self._heavy_app = queue_app(jobs.archive), queue_app(jobs.archive)
        self._doors = list[PatientJobs]()
        self._ended, self._dead = asyncio.Event(), asyncio.Event()
        self._is_stopping = False

    async def run(self) -> None:
        """Work until `stop`, or until nothing is left to do; raises `QueueUnavailable` at the beginning."""
        self._loop = asyncio.get_running_loop()
        keep_ends_out_of_the_log()
        self._open_door(self._app, CRAWL_QUEUE)
        self._open_door(self._heavy_app, HEAVY_QUEUE)
        self._register_tasks()
        self._heart.start()
        helpers = [asyncio.create_task(self._keep_locks()), asyncio.create_task(self._note_progress())]
        try:
            async with self._app.open_async(), self._heavy_app.open_async():
                if self._work.until_empty:
                    await put_plan(self._app)
                    helpers.append(asyncio.create_task(self._end_when_empty()))
                while not self._ended.is_set():
                    await self._shift()
        except (psycopg.Error, ConnectorException) as error:
            raise unanswered(error) from error
        finally:
            for helper in helpers:
                helper.cancel()
            self._heart.stop()
            self._jobs.close()

    def stop(self) -> None:
        """Fetch no further job; end those that run gracefully and hand the rest of them back."""
        logger.warning("The worker stops; send the signal again to stop at once.")
        self._is_stopping = True
        for door in self._doors:
            door.leave()
        self._ended.set()

    def _declared_dead(self) -> None:
        logger.warning(
            "This worker was taken for dead: it was frozen, or cut off from the database. Others have its"
            " jobs; its crawls end, and it begins anew."
        )
        self._loop.call_soon_threadsafe(self._dead.set)

    def _open_door(self, app: App, does: str) -> None:
        door = PatientJobs(app.connector, self._name, does, self._heart)
        app.job_manager = door
        self._doors.append(door)

    def _register_tasks(self) -> None:
        self._app.task(name=CRAWL_TASK, queue=CRAWL_QUEUE, pass_context=True, retry=PutBack())(
            self._jobs.crawl
        )
        for name in HEAVY_TASKS:
            do = self._heavy.task(name, self._doors[1].note)
            self._heavy_app.task(name=name, queue=HEAVY_QUEUE, pass_context=True, retry=PutBack())(do)
        plan = self._app.task(
            name=PLAN_TASK,
            queue=CRAWL_QUEUE,
            lock=PLAN_TASK,
            queueing_lock=PLAN_TASK,
            priority=PLAN_PRIORITY,
        )(self._planned)
        self._app.periodic(cron=_EACH_MINUTE)(plan)

    async def _planned(self, timestamp: int) -> None:
        """Put a job into the queue for each site of the plan that is due, for all workers."""
        del timestamp
        try:
            at_work = await sites_at_work(self._app)
            wanted = await asyncio.to_thread(self._due, at_work)
            await put_crawls(self._app, wanted)
        except (UnioncrawlError, ConnectorException) as error:
            said = error.__cause__ if isinstance(error, ConnectorException) else error
            logger.warning("What is due could not be found out, and is asked in a minute: %s", said)

    def _due(self, at_work: frozenset[str]) -> list[tuple[str, Kind]]:
        planned = read_plan(self._jobs.archive)
        # To no names all open sites would be the answer.
        if not (names := [site for site in planned if site not in at_work]):
            return []
        return wanted_crawls(plan_sites(self._jobs.archive, names, now()).sites, planned, at_work)

    async def _shift(self) -> None:
        """Work under one row of the queue until the end, an error, or the word that we are dead."""
        self._dead.clear()
        workers = [asyncio.create_task(self._worker(self._app, CRAWL_QUEUE))]
        if self._work.for_heavy:
            workers.append(asyncio.create_task(self._worker(self._heavy_app, HEAVY_QUEUE)))
        ends = [asyncio.create_task(event.wait()) for event in (self._ended, self._dead)]
        await asyncio.wait([*workers, *ends], return_when=asyncio.FIRST_COMPLETED)
        broke = [one for one in workers if one.done() and not one.cancelled()]
        for task in (*workers, *ends):
            task.cancel()
        if self._is_stopping or self._dead.is_set():
            await self._end_jobs(workers)
        await asyncio.gather(*workers, *ends, return_exceptions=True)
        if self._dead.is_set():
            await self._begin_anew()
        for one in broke:
            await self._say_broken(one)

    async def _begin_anew(self) -> None:
        """Forget the locks of sites, when the database is there."""
        while not self._is_stopping:
            try:
                self._jobs.begin_anew()
            except UnioncrawlError as error:
                logger.warning("The worker can't begin anew yet: %s", error)
                await asyncio.sleep(_AFTER_ERROR_SECONDS)
            else:
                return

    async def _worker(self, app: App, queue: str) -> None:
        is_heavy = queue == HEAVY_QUEUE
        await app.run_worker_async(
            queues=[queue],
            name=self._name.name,
            concurrency=self._work.for_heavy if is_heavy else self._work.at_once,
            install_signal_handlers=False,
            # What a crawl has done stands in its run; of a command only its job knows.
            delete_jobs="never" if is_heavy else "successful",
            worker_middleware=[self._doors[is_heavy].note_end],
        )

    async def _end_jobs(self, workers: Sequence[asyncio.Task[None]]) -> None:
        """End crawls gracefully, again and again: some may just have begun."""
        while not all(one.done() for one in workers):
            await asyncio.gather(self._jobs.stop(), self._heavy.stop())
            await asyncio.wait(workers, timeout=_LOOK_SECONDS)

    async def _say_broken(self, worker: asyncio.Task[None]) -> None:
        error = worker.exception()
        logger.error("The worker's queue ended: %s. It begins again.", error or "without a word")
        await asyncio.sleep(_AFTER_ERROR_SECONDS)

    async def _keep_locks(self) -> None:
        while True:
            await asyncio.sleep(_RENEW_SECONDS)
            try:
                self._jobs.leave_lost_sites()
            except UnioncrawlError as error:
                logger.debug("The locks of sites could not be renewed: %s", error)

    async def _note_progress(self) -> None:
        """Write down which jobs are not what kills workers."""
        while True:
            await asyncio.sleep(_RENEW_SECONDS)
            for job in self._jobs.take_progress():
                try:
                    await self._doors[0].note_progress(job)
                except ConnectorException as error:
                    logger.warning("That job %s has stored articles could not be written: %s", job.id, error)

    async def _end_when_empty(self) -> None:
        while not self._ended.is_set():
            await asyncio.sleep(_LOOK_SECONDS)
            try:
                queues = [CRAWL_QUEUE, HEAVY_QUEUE] if self._work.for_heavy else [CRAWL_QUEUE]
                if not await unfinished_jobs(self._app, queues):
                    self._ended.set()
            except ConnectorException:
                continue
