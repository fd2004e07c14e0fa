"""Runs spiders in this process, many sites at a time, and reports the outcome of each site."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import signal
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from unioncrawl.archive.crawl_state.crawl_runs import (
    NOT_BEGUN,
    SHUT_DOWN,
    WINDOW_CLOSED,
    faults,
    unwritten,
)
from unioncrawl.errors import ArchiveUnwritable, UnioncrawlError
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


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteOutcome:
    """How one site's run ended: Scrapy's closing reason, its stats, and an error in words."""

    site: str
    reason: str
    stats: Mapping[str, object] = field(default_factory=dict)
    error: str = ""
    # Whether something that was fetched is not stored, because archive or disk refused it.
    is_unwritten: bool = False

    def number(self, name: str) -> int:
        """A stat of ours as a number; 0 when it was never counted."""
        value = self.stats.get(f"unioncrawl/{name}", 0)
        return value if isinstance(value, int) else 0

    def lines(self, name: str) -> list[str]:
        """A stat of ours that is a list of texts; empty when nothing was noted."""
        value = self.stats.get(f"unioncrawl/{name}")
        return [str(line) for line in value] if isinstance(value, (list, tuple)) else []

    def total(self, group: str) -> dict[str, int]:
        """The stats of a group by the last part of their names."""
        prefix = f"unioncrawl/{group}/"
        return {
            name.removeprefix(prefix): value
            for name, value in self.stats.items()
            if name.startswith(prefix) and isinstance(value, int) and value
        }

    @property
    def failed(self) -> bool:
        """Whether the run failed: an error, something unwritten, or one of `faults`."""
        return bool(self.error) or self.is_unwritten or bool(faults(self.stats))


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
    process = AsyncCrawlerProcess(settings)
    # It logs a traceback for each robots.txt that cannot be had; the summary says it in a line.
    # (Set only now: the process resets the levels of existing loggers.)
    logging.getLogger("scrapy.downloadermiddlewares.robotstxt").setLevel(logging.CRITICAL)
    line = _Line(process, deque(jobs), way)
    loop = asyncio.get_event_loop_policy().get_event_loop()
    main = loop.create_task(line.run())
    before = [signal.signal(number, line.interrupt) for number in _SIGNALS]
    try:
        # Scrapy's own handlers would stop the reactor before the sites' outcomes are printed.
        process.start(stop_after_crawl=False, install_signal_handlers=False)
    finally:
        for number, handler in zip(_SIGNALS, before, strict=True):
            signal.signal(number, handler)
    if main.done() and not main.cancelled() and main.exception() is not None:
        main.result()
    line.give_up_running()
    return Crawled(line.outcomes, line.signal)


@dataclass
class _Line:
    process: AsyncCrawlerProcess
    waiting: deque[SiteJob]
    way: Way
    outcomes: list[SiteOutcome] = field(default_factory=list)
    running: dict[str, Crawler] = field(default_factory=dict)
    signal: int = 0

    def interrupt(self, number: int, _: object) -> None:
        """End gracefully at the first signal, at once at the second; called by Python between two steps."""
        from twisted.internet import reactor  # noqa: PLC0415 - the process has installed it by now

        is_first, self.signal = not self.signal, self.signal or number
        reactor.callFromThread(self._stop if is_first else _stop_reactor)

    def _stop(self) -> None:
        logger.warning(
            "Stopping (%s); send the signal again to stop at once.", signal.Signals(self.signal).name
        )
        self.waiting.clear()
        self._stopping = asyncio.ensure_future(self.process.stop())

    def give_up_running(self) -> None:
        """Add the outcomes of sites that a second signal ended in the middle."""
        for site, crawler in self.running.items():
            stats = dict(crawler.stats.get_stats())
            error = "ended by a second signal; what waited to be written is not stored. Crawl again."
            self.outcomes.append(
                SiteOutcome(site=site, reason="forced", stats=stats, error=error, is_unwritten=True)
            )

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
            _stop_reactor()

    async def _work(self, begins_after_seconds: float = 0.0) -> None:
        await asyncio.sleep(begins_after_seconds)
        while self.waiting:
            job = self.waiting.popleft()
            outcome = await self._crawl(job)
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
            room = self.way.at_once - len(self.running)
            if self.signal or self.waiting or room <= 0:
                continue
            try:
                jobs = self.way.more()
            except UnioncrawlError as error:
                logger.warning("Whether other sites are due could not be found out: %s", error)
                continue
            self.waiting.extend(jobs)
            workers = range(min(room, len(jobs)))
            later |= {asyncio.create_task(self._work(_BEGIN_SECONDS * place)) for place in workers}

    async def _crawl(self, job: SiteJob) -> SiteOutcome:
        if job.closes_at is not None and job.closes_at <= now():
            return SiteOutcome(site=job.site, reason=WINDOW_CLOSED)
        try:
            crawler = self.process.create_crawler(job.site)
        except Exception as wrong:  # noqa: BLE001 - whatever a site's file or module raises stops no other site
            return _not_begun(job.site, wrong)
        self.running[job.site] = crawler
        task = self.process.crawl(crawler, **job.arguments)
        closing = asyncio.create_task(_close_in_time(crawler, job)) if job.closes_at else None
        await asyncio.wait([task])
        if closing:
            closing.cancel()
        del self.running[job.site]
        error = task.exception()
        return (
            _outcome(job.site, dict(crawler.stats.get_stats()))
            if error is None
            else _not_begun(job.site, error)
        )

    async def _watch_all(self) -> None:
        while self.way.watch is not None:
            await asyncio.sleep(_WATCH_SECONDS)
            for site, crawler in list(self.running.items()):
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


def _not_begun(site: str, error: BaseException) -> SiteOutcome:
    """The outcome of a site whose run could not begin, with the error's own words."""
    is_unwritten = isinstance(error, ArchiveUnwritable)
    said = str(error) or type(error).__name__
    if not isinstance(error, UnioncrawlError):
        said = f"{type(error).__name__}: {said}"
        logger.error("%s: the run could not begin.", site, exc_info=error)
    return SiteOutcome(site=site, reason=NOT_BEGUN, error=said, is_unwritten=is_unwritten)


def _outcome(site: str, stats: Mapping[str, object]) -> SiteOutcome:
    reason, error = str(stats.get("finish_reason", "")), unwritten(stats)
    is_unwritten = bool(error)
    if not error and reason == "start_error":
        error = "the crawl could not ask for everything it owed; the log says why. Crawl again."
    return SiteOutcome(site=site, reason=reason, stats=stats, error=error, is_unwritten=is_unwritten)


def _stop_reactor() -> None:
    from twisted.internet import reactor  # noqa: PLC0415 - the process has installed it by now

    # Stopped already, or not running yet.
    with contextlib.suppress(RuntimeError):
        reactor.stop()  # type: ignore[misc]
