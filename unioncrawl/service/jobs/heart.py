"""The thread that says that a worker lives, and looks after those that have ceased to say so.

It is a thread, because a crawl may keep the event loop busy, or wait for the archive's write lock, for longer
than a worker may be silent.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from threading import Event, Lock, Thread

import psycopg
from psycopg import Connection

from unioncrawl.archive.crawl_state.shared_pace import forget_awaited
from unioncrawl.service.jobs.old_transactions import old_transactions
from unioncrawl.service.jobs.queue_address import queue_conninfo
from unioncrawl.service.jobs.sweep import BEAT_SECONDS, STALLED_SECONDS, Swept, delete_old, sweep
from unioncrawl.service.jobs.worker_name import WorkerName

_BEAT = """
UPDATE procrastinate_workers SET last_heartbeat = clock_timestamp() WHERE id = ANY(%s) RETURNING id
"""
# Jobs that this worker has, by the queue; what it knows nothing of was lost with an answer of the server.
_GIVEN = "SELECT id FROM procrastinate_jobs WHERE status = 'doing' AND worker_id = ANY(%s)"
# How often old jobs are deleted, and old transactions named.
_HOUSEKEEPING_SECONDS = 600.0
logger = logging.getLogger(__name__)


class Heart(Thread):
    """Renews the rows of a process's workers, and sweeps.

    ``declared_dead`` is called in this thread when a row is gone: another worker has taken this one's jobs.
    """

    def __init__(self, address: str, name: WorkerName, declared_dead: Callable[[], None]) -> None:
        super().__init__(name="unioncrawl-heart", daemon=True)
        self._address, self._conninfo, self._name = address, queue_conninfo(address), name
        self._declared_dead = declared_dead
        self._workers: set[int] = set()
        self._held: set[int] = set()
        self._guard, self._ended = Lock(), Event()
        self._connection: Connection | None = None
        self._beats_since: float | None = None
        self._unheard: set[int] = set()
        self._kept_house_at = time.monotonic() - _HOUSEKEEPING_SECONDS

    def add(self, worker: int) -> None:
        """Renew the row of a worker from now on."""
        with self._guard:
            self._workers.add(worker)

    def remove(self, worker: int) -> None:
        """Renew the row of a worker no longer, because it goes."""
        with self._guard:
            self._workers.discard(worker)

    def hold(self, job: int) -> None:
        """Know of a job that this process was given, until it is written down how it ended."""
        with self._guard:
            self._held.add(job)

    def let_go(self, job: int) -> None:
        """Know no longer of a job."""
        with self._guard:
            self._held.discard(job)

    def stop(self) -> None:
        """Let the thread end."""
        self._ended.set()

    def run(self) -> None:
        """Beat until `stop`."""
        while not self._ended.is_set():
            try:
                self._beat()
            except psycopg.Error as error:
                self._lose(error)
            except Exception:
                # A heart that stands still would be taken for a dead worker's, without a word.
                logger.exception("The worker's heart stumbled; it goes on.")
            self._ended.wait(BEAT_SECONDS)
        if self._connection is not None:
            self._connection.close()

    def _lose(self, error: psycopg.Error) -> None:
        if self._beats_since is not None or self._connection is not None:
            logger.warning("The queue's database does not answer the worker's heart: %s", str(error).strip())
        if self._connection is not None:
            self._connection.close()
        self._connection = self._beats_since = None

    def _beat(self) -> None:
        if self._connection is None:
            self._connection = psycopg.connect(self._conninfo, autocommit=True)
        with self._guard:
            mine = set(self._workers)
        found = {row[0] for row in self._connection.execute(_BEAT, [sorted(mine)])}
        with self._guard:
            gone = (mine - found) & self._workers
            self._workers -= gone
        if gone:
            self._declared_dead()
            return
        now = time.monotonic()
        self._beats_since = self._beats_since or now
        # Whoever was cut off itself knows nothing of others: they may have been so too.
        if now - self._beats_since >= STALLED_SECONDS:
            self._look_after(self._connection, sorted(mine), now)

    def _look_after(self, connection: Connection, mine: list[int], now: float) -> None:
        given = {row[0] for row in connection.execute(_GIVEN, [mine])}
        with self._guard:
            unheard = given - self._held
        lost, self._unheard = sorted(unheard & self._unheard), unheard
        swept = sweep(connection, self._name.name, lost)
        _say(swept)
        if swept.gone:
            forget_awaited(self._address, swept.gone)
        if now - self._kept_house_at < _HOUSEKEEPING_SECONDS:
            return
        self._kept_house_at = now
        delete_old(connection)
        for one in old_transactions(connection):
            logger.warning("%s", one.said)


def _say(swept: Swept) -> None:
    if swept.dead:
        logger.warning(
            "Workers are dead or frozen, and their sessions were ended: %s.", ", ".join(swept.dead)
        )
    if swept.again:
        logger.warning("Jobs of workers that died run again: %s.", ", ".join(map(str, swept.again)))
    if swept.later:
        logger.error(
            "Jobs wait before they run again, because worker after worker that did them died: %s."
            " See: unioncrawl jobs show ID",
            ", ".join(map(str, swept.later)),
        )
