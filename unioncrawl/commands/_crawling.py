"""Runs spiders in this process, a few sites at a time, and reports the outcome of each site."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from unioncrawl.archive.crawl_state.crawl_runs import faults, unwritten
from unioncrawl.errors import ArchiveUnwritable

SITES_AT_ONCE = 4
_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_WATCH_SECONDS = 0.5
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


Watcher = Callable[[str, Mapping[str, object]], None]


@dataclass(frozen=True, slots=True)
class Crawled:
    """The outcomes of all sites that were begun, and the signal that ended the crawl (0 without one)."""

    outcomes: list[SiteOutcome]
    signal: int = 0


def crawl_sites(
    settings: Settings, sites: Sequence[str], arguments: Mapping[str, str], watch: Watcher | None = None
) -> Crawled:
    """Crawl the sites, a few at once; SIGINT or SIGTERM ends them gracefully and starts no other.

    A second signal ends them at once. ``watch`` is called twice a second with each
    running site's stats.
    """
    process = AsyncCrawlerProcess(settings)
    # It logs a traceback for each robots.txt that cannot be had; the summary says it in a line.
    # (Set only now: the process resets the levels of existing loggers.)
    logging.getLogger("scrapy.downloadermiddlewares.robotstxt").setLevel(logging.CRITICAL)
    line = _Line(process, deque(sites), arguments, watch)
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
    waiting: deque[str]
    arguments: Mapping[str, str]
    watch: Watcher | None
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
        watcher = asyncio.create_task(self._watch_all())
        try:
            await asyncio.gather(*(self._work() for _ in range(SITES_AT_ONCE)))
        finally:
            watcher.cancel()
            _stop_reactor()

    async def _work(self) -> None:
        while self.waiting:
            site = self.waiting.popleft()
            outcome = await self._crawl(site)
            self.outcomes.append(outcome)
            if outcome.reason == "shutdown":
                self.waiting.clear()

    async def _crawl(self, site: str) -> SiteOutcome:
        crawler = self.process.create_crawler(site)
        self.running[site] = crawler
        task = self.process.crawl(crawler, **self.arguments)
        await asyncio.wait([task])
        del self.running[site]
        error = task.exception()
        if error is not None:
            is_unwritten = isinstance(error, ArchiveUnwritable)
            return SiteOutcome(site=site, reason="error", error=str(error), is_unwritten=is_unwritten)
        stats = dict(crawler.stats.get_stats())
        if self.watch:
            self.watch(site, stats)
        return _outcome(site, stats)

    async def _watch_all(self) -> None:
        while self.watch is not None:
            await asyncio.sleep(_WATCH_SECONDS)
            for site, crawler in self.running.items():
                if crawler.crawling:
                    self.watch(site, crawler.stats.get_stats())


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
