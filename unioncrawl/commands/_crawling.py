"""Runs spiders in this process, a few sites at a time, and tells what became of each."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

SITES_AT_ONCE = 4
_WATCH_SECONDS = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteOutcome:
    """How one site's run ended: Scrapy's closing reason, its stats, and an error in words."""

    site: str
    reason: str
    stats: Mapping[str, object] = field(default_factory=dict)
    error: str = ""

    def number(self, name: str) -> int:
        """A stat of ours as a number; 0 when it was never counted."""
        value = self.stats.get(f"unioncrawl/{name}", 0)
        return value if isinstance(value, int) else 0

    def total(self, group: str) -> dict[str, int]:
        """The stats of a group by the last part of their names."""
        prefix = f"unioncrawl/{group}/"
        return {
            name.removeprefix(prefix): value
            for name, value in self.stats.items()
            if name.startswith(prefix) and isinstance(value, int)
        }

    @property
    def failed(self) -> bool:
        """Whether the run counts as a failure: an error, articles unsaved, none on any list, a bound."""
        counted = ("archive/unsaved", "crawl/empty", "walk/limited")
        return bool(self.error) or any(self.number(name) > 0 for name in counted)


Watcher = Callable[[str, Mapping[str, object]], None]


def crawl_sites(
    settings: Settings, sites: Sequence[str], arguments: Mapping[str, str], watch: Watcher | None = None
) -> list[SiteOutcome]:
    """Crawl the sites, a few at once; SIGINT ends them gracefully and starts no other.

    ``watch`` is called twice a second with each running site's stats.
    """
    process = AsyncCrawlerProcess(settings)
    # It logs a traceback for each robots.txt that cannot be had; the summary says it in a line.
    # (Set only now: the process resets the levels of existing loggers.)
    logging.getLogger("scrapy.downloadermiddlewares.robotstxt").setLevel(logging.CRITICAL)
    line = _Line(process, deque(sites), arguments, watch)
    loop = asyncio.get_event_loop_policy().get_event_loop()
    main = loop.create_task(line.run())
    process.start(stop_after_crawl=False)
    if main.done() and main.exception() is not None:
        main.result()
    return line.outcomes


@dataclass
class _Line:
    process: AsyncCrawlerProcess
    waiting: deque[str]
    arguments: Mapping[str, str]
    watch: Watcher | None
    outcomes: list[SiteOutcome] = field(default_factory=list)
    running: dict[str, Crawler] = field(default_factory=dict)

    async def run(self) -> None:
        from twisted.internet import reactor  # noqa: PLC0415 - the process has installed it by now

        watcher = asyncio.create_task(self._watch_all())
        try:
            await asyncio.gather(*(self._work() for _ in range(SITES_AT_ONCE)))
        finally:
            watcher.cancel()
            if reactor.running:
                reactor.stop()  # type: ignore[misc]

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
            return SiteOutcome(site=site, reason="error", error=str(error))
        stats = dict(crawler.stats.get_stats())
        if self.watch:
            self.watch(site, stats)
        return SiteOutcome(site=site, reason=str(stats.get("finish_reason", "")), stats=stats)

    async def _watch_all(self) -> None:
        while self.watch is not None:
            await asyncio.sleep(_WATCH_SECONDS)
            for site, crawler in self.running.items():
                if crawler.crawling:
                    self.watch(site, crawler.stats.get_stats())
