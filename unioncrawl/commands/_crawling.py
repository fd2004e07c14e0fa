"""Runs spiders in this process, many sites at a time, and reports the outcome of each site."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import signal
from collections import deque
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Protocol

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from unioncrawl.archive.crawl_state.crawl_runs import SHUT_DOWN, WINDOW_CLOSED
from unioncrawl.commands._site_outcome import SiteOutcome, ended, not_begun
from unioncrawl.errors import UnioncrawlError
from unioncrawl.service.schedule.clock import now
from unioncrawl.service.schedule.site_locks import SiteLocks

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_WATCH_SECONDS = 0.5
# Sites begin one after the other: to open a spider takes a tenth of a second, in which no other is served.
_BEGIN_SECONDS = 0.05
# A full collection takes a third of a second; what still is referred to (0.2 MB a site) stays.
_COLLECTED_AFTER_SITES = 100
# How long a site that has become due waits while others are crawled.
_MORE_SECONDS = 300.0
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SiteJob:
    """A site to crawl with its spider's arguments; ``closes_at``: when its window ends the run."""

    site: str
    arguments: Mapping[str, str] = field(default_factory=dict)
    closes_at: datetime | None = None


class Watcher(Protocol):
    """What is shown of a crawl while it goes on."""

    def running(self, site: str, stats: Mapping[str, object]) -> None:
        """Twice a second, for each site that is crawled."""

    def ended(self, outcome: SiteOutcome) -> None:
        """Once for each site."""


@dataclass(frozen=True, slots=True)
class Crawled:
    """The outcomes of all sites that were begun, and the signal that ended the crawl (0 without one)."""

    outcomes: list[SiteOutcome]
    signal: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How sites are crawled together: how many at once, what shows it, with which locks, what comes after.

    ``more`` is asked every few minutes, while a site of the beginning is still crawled, for others that
    have become due: one long walk must not keep all other sites waiting.
    """

    at_once: int
    watch: Watcher | None = None
    locks: SiteLocks | None = None
    more: Callable[[], Sequence[SiteJob]] | None = None


def crawl_sites(settings: Settings, jobs: Sequence[SiteJob], way: Way) -> Crawled:
    """Crawl the sites; SIGINT or SIGTERM ends them gracefully and starts no other.

    A second signal ends them at once. An error of one site ends no other.
    """
    crawls = SiteCrawls(settings)
    line = _Line(crawls, deque(jobs), way)
    run_loop(crawls, line.run(), line.stop)
    return Crawled([*line.outcomes, *crawls.given_up()], crawls.signal)


def run_loop(
    crawls: SiteCrawls,
    main: Coroutine[object, object, None],
    stop: Callable[[], None],
    signals: Sequence[int] = _SIGNALS,
) -> None:
    """Run ``main`` and the crawls in this process until ``main`` has ended; raise what it raised.

    The first of the signals calls ``stop``; a second one ends everything at once.
    """
    task = asyncio.get_event_loop_policy().get_event_loop().create_task(_to_its_end(main))
    before = [signal.signal(number, partial(crawls.interrupt, stop)) for number in signals]
    try:
        # Scrapy's own handlers would stop the reactor before the sites' outcomes are printed.
        crawls.process.start(stop_after_crawl=False, install_signal_handlers=False)
    finally:
        for number, handler in zip(signals, before, strict=True):
            signal.signal(number, handler)
    if task.done() and not task.cancelled():
        task.result()


async def _to_its_end(main: Coroutine[object, object, None]) -> None:
    try:
        await main
    finally:
        _stop_reactor()


class SiteCrawls:
    """The sites that this process crawls, each by a spider of its own."""

    def __init__(self, settings: Settings) -> None:
        self.process = AsyncCrawlerProcess(settings)
        # It logs a traceback for each robots.txt that cannot be had; the summary says it in a line.
        # (Set only now: the process resets the levels of existing loggers.)
        logging.getLogger("scrapy.downloadermiddlewares.robotstxt").setLevel(logging.CRITICAL)
        self.running: dict[str, Crawler] = {}
        self.signal = 0

    def interrupt(self, stop: Callable[[], None], number: int, _: object) -> None:
        """End gracefully at the first signal, at once at the second; called by Python between two steps."""
        from twisted.internet import reactor  # noqa: PLC0415 - the process has installed it by now

        is_first, self.signal = not self.signal, self.signal or number
        reactor.callFromThread(stop if is_first else self._end_at_once)

    def _end_at_once(self) -> None:
        for crawler in self.process.crawlers:
            # Else the end of the reactor waits for those that the first signal has not reached yet.
            crawler.crawling = False
        _stop_reactor()

    async def crawl(self, job: SiteJob) -> SiteOutcome:
        """Crawl a site to its end, or until its window closes."""
        if job.closes_at is not None and job.closes_at <= now():
            return SiteOutcome(site=job.site, reason=WINDOW_CLOSED)
        try:
            crawler = self.process.create_crawler(job.site)
        except Exception as wrong:  # noqa: BLE001 - whatever a site's file or module raises stops no other site
            return not_begun(job.site, wrong)
        self.running[job.site] = crawler
        task = self.process.crawl(crawler, **job.arguments)
        closing = asyncio.create_task(_close_in_time(crawler, job)) if job.closes_at else None
        await asyncio.wait([task])
        if closing:
            closing.cancel()
        del self.running[job.site]
        error = task.exception()
        return (
            ended(job.site, dict(crawler.stats.get_stats())) if error is None else not_begun(job.site, error)
        )

    def given_up(self) -> list[SiteOutcome]:
        """The outcomes of sites that a second signal ended in the middle."""
        error = "ended by a second signal; what waited to be written is not stored. Crawl again."
        return [
            SiteOutcome(
                site=site,
                reason="forced",
                stats=dict(crawler.stats.get_stats()),
                error=error,
                is_unwritten=True,
            )
            for site, crawler in self.running.items()
        ]


@dataclass
class _Line:
    crawls: SiteCrawls
    waiting: deque[SiteJob]
    way: Way
    outcomes: list[SiteOutcome] = field(default_factory=list)

    def stop(self) -> None:
        logger.warning(
            "Stopping (%s); send the signal again to stop at once.", signal.Signals(self.crawls.signal).name
        )
        self.waiting.clear()
        self._stopping = asyncio.ensure_future(self.crawls.process.stop())

    async def run(self) -> None:
        helpers = [asyncio.create_task(self._watch_all())]
        later: set[asyncio.Task[None]] = set()
        try:
            workers = range(min(self.way.at_once, len(self.waiting)))
            first = [asyncio.create_task(self._work(_BEGIN_SECONDS * place)) for place in workers]
            helpers.append(asyncio.create_task(self._take_more(later)))
            await asyncio.gather(*first)
            helpers[1].cancel()
            await asyncio.gather(*later)
        finally:
            for helper in helpers:
                helper.cancel()

    async def _work(self, begins_after_seconds: float = 0.0) -> None:
        await asyncio.sleep(begins_after_seconds)
        while self.waiting:
            job = self.waiting.popleft()
            outcome = await self.crawls.crawl(job)
            self.outcomes.append(outcome)
            # What a crawl leaves refers to itself in circles, and the collector runs seldom during crawls.
            if len(self.outcomes) % _COLLECTED_AFTER_SITES == 0:
                gc.collect()
            if self.way.locks:
                self.way.locks.give_back(job.site)
            if self.way.watch:
                self.way.watch.ended(outcome)
            if outcome.reason == SHUT_DOWN:
                self.waiting.clear()

    async def _take_more(self, later: set[asyncio.Task[None]]) -> None:
        """Begin with sites that have become due meanwhile, as far as there is room for them."""
        while self.way.more is not None:
            await asyncio.sleep(_MORE_SECONDS)
            room = self.way.at_once - len(self.crawls.running)
            if self.crawls.signal or self.waiting or room <= 0:
                continue
            try:
                jobs = self.way.more()
            except UnioncrawlError as error:
                logger.warning("Whether other sites are due could not be found out: %s", error)
                continue
            self.waiting.extend(jobs)
            workers = range(min(room, len(jobs)))
            later |= {asyncio.create_task(self._work(_BEGIN_SECONDS * place)) for place in workers}

    async def _watch_all(self) -> None:
        while self.way.watch is not None:
            await asyncio.sleep(_WATCH_SECONDS)
            for site, crawler in list(self.crawls.running.items()):
                if crawler.crawling:
                    self.way.watch.running(site, crawler.stats.get_stats())


async def _close_in_time(crawler: Crawler, job: SiteJob) -> None:
    """End a run gracefully when its site's window closes; what it did not come to is owed."""
    # A clock that is set meanwhile must not keep a run in a window that has closed; nobody says when it is.
    while (job.closes_at and now() < job.closes_at) or (crawler.crawling and not crawler.engine.spider):  # noqa: ASYNC110
        await asyncio.sleep(_WATCH_SECONDS)
    if crawler.crawling:
        logger.warning("%s: its window closes; the run ends, and the next one asks for the rest.", job.site)
        # It goes on when this task is cancelled, because the spider has closed.
        await asyncio.shield(crawler.engine.close_spider_async(reason=WINDOW_CLOSED))


def _stop_reactor() -> None:
    from twisted.internet import reactor  # noqa: PLC0415 - the process has installed it by now

    # Stopped already, or not running yet.
    with contextlib.suppress(RuntimeError):
        reactor.stop()  # type: ignore[misc]
