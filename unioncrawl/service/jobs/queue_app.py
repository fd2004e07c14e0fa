"""The queue as Procrastinate knows it: its connections, and the jobs that are put into it."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued

from unioncrawl.service.jobs.queue_address import queue_conninfo
from unioncrawl.service.jobs.tasks import (
    CRAWL_QUEUE,
    CRAWL_TASK,
    PLAN_PRIORITY,
    PLAN_TASK,
    PRIORITY,
    Kind,
    site_lock,
)

# A job asks at its beginning and its end; some hundred of them share these.
_CONNECTIONS = 4
# How long one of them is waited for, before the database counts as away.
_POOL_SECONDS = 10.0
# One plan is made at a time, and one more may wait.
PLAN_OPTIONS: dict[str, Any] = {
    "queue": CRAWL_QUEUE, "lock": PLAN_TASK, "queueing_lock": PLAN_TASK, "priority": PLAN_PRIORITY,
}  # fmt: skip
_UNFINISHED = """
SELECT count(*) AS number FROM procrastinate_jobs
WHERE status IN ('todo', 'doing') AND queue_name = ANY(%(queues)s)
"""
_AT_WORK = """
SELECT DISTINCT lock FROM procrastinate_jobs
WHERE status IN ('todo', 'doing') AND task_name = %(task)s AND lock IS NOT NULL
"""


def queue_app(address: str) -> App:
    """Return Procrastinate's app for the queue of an archive; raises `QueueUnavailable`."""
    # It says how it is for each connection that it can't make; we say it once.
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)
    connector = PsycopgConnector(
        conninfo=queue_conninfo(address), min_size=1, max_size=_CONNECTIONS, timeout=_POOL_SECONDS
    )
    return App(connector=connector)


async def sites_at_work(app: App) -> frozenset[str]:
    """Return the sites that have a job which waits or runs."""
    rows = await app.connector.execute_query_all_async(_AT_WORK, task=CRAWL_TASK)
    prefix = site_lock("")
    return frozenset(str(row["lock"]).removeprefix(prefix) for row in rows)


async def unfinished_jobs(app: App, queues: Iterable[str]) -> int:
    """Return how many jobs of queues wait or run, at all workers."""
    row = await app.connector.execute_query_one_async(_UNFINISHED, queues=list(queues))
    return int(row["number"])


async def put_crawls(app: App, wanted: Iterable[tuple[str, Kind]]) -> list[str]:
    """Put a job into the queue for each site that has none; return the sites."""
    put = []
    for site, kind in wanted:
        if await _put(app, CRAWL_TASK, crawl_options(site, kind), {"site": site, "kind": kind.value}):
            put.append(site)
    return put


async def put_plan(app: App) -> None:
    """Let some worker put into the queue what is due now; one at a time does, and asks what is at work first.

    Were it done by each worker that begins, a site could be crawled twice: by one, and by another that had
    asked whether it is due before the first was through.
    """
    await _put(app, PLAN_TASK, PLAN_OPTIONS, {"timestamp": 0})


def crawl_options(site: str, kind: Kind) -> dict[str, Any]:
    """Return how a site's job stands in the queue: one runs and one waits, news before what is owed."""
    lock = site_lock(site)
    return {"queue": CRAWL_QUEUE, "lock": lock, "queueing_lock": lock, "priority": PRIORITY[kind]}


async def _put(app: App, task: str, options: dict[str, Any], given: dict[str, Any]) -> bool:
    try:
        await app.configure_task(task, **options).defer_async(**given)
    except AlreadyEnqueued:
        return False
    return True
