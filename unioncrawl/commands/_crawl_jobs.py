"""Does the crawl jobs of a worker: each as ``crawl --due`` crawls its site, and what follows a crawl."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from procrastinate import JobContext
from procrastinate.jobs import Job
from scrapy.settings import Settings
from scrapy.spiderloader import get_spider_loader

from unioncrawl import settings as defaults
from unioncrawl.archive.crawl_state.crawl_runs import NOT_BEGUN, RUN_NUMBER, SHUT_DOWN
from unioncrawl.commands._crawl_summary import LEFT_TO_ANOTHER, say_entries
from unioncrawl.commands._crawling import Crawled, SiteCrawls, SiteJob
from unioncrawl.commands._due_end import record_not_begun
from unioncrawl.commands._site_outcome import SiteOutcome
from unioncrawl.commands._terminal import say
from unioncrawl.errors import ArchiveError, ArchiveUnwritable
from unioncrawl.service.jobs.tasks import Kind
from unioncrawl.service.jobs.ways_to_end import AgainLater, JobFailed
from unioncrawl.service.schedule.clock import now
from unioncrawl.service.schedule.due import Plan
from unioncrawl.service.schedule.site_locks import SiteLocks
from unioncrawl.service.watches.after_crawl import judge_ended_runs, watch_after_crawl
from unioncrawl.sites.catalogue import own_folders
from unioncrawl.sites.present_files import present_catalogue
from unioncrawl.sites.profile import SiteProfile

# What could not be stored is fetched again so often before a person must look.
_MOST_UNWRITTEN = 4
_NEW_ARTICLES = "unioncrawl/archive/new"
logger = logging.getLogger(__name__)


class CrawlJobs:
    """The sites that a worker crawls, each under its lock."""

    def __init__(self, settings: Settings, crawls: SiteCrawls, language: str) -> None:
        self.archive = str(settings["UNIONCRAWL_ARCHIVE"])
        self._settings, self._crawls, self._language = settings, crawls, language
        self._locks = SiteLocks(self.archive)
        self._after = _Aftercare(self.archive, language)
        # By site, until its crawl has stored a new article.
        self._without_news: dict[str, Job] = {}
        self._catalogue = present_catalogue(own_folders(defaults.UNIONCRAWL_SITES_DIRS))

    async def crawl(self, context: JobContext, site: str, kind: str) -> None:
        """Crawl a site; raises `AgainLater` or `JobFailed` where that is not all that there is to do."""
        with self._locked(site):
            self._without_news[site] = context.job
            try:
                outcome, cancelled = await self._to_its_end(self._job(site, kind))
            finally:
                self._without_news.pop(site, None)
        say_entries(outcome, self._language)
        await self._after.take(outcome)
        if cancelled is not None:
            raise cancelled
        if outcome.reason == SHUT_DOWN:
            raise AgainLater("the worker was stopped; another one, or the next, goes on.", is_now=True)
        was_away = outcome.is_unwritten and outcome.reason == NOT_BEGUN
        if was_away or (outcome.is_unwritten and context.job.attempts < _MOST_UNWRITTEN):
            raise AgainLater(outcome.error)
        if outcome.error:
            raise JobFailed(outcome.error)

    def take_progress(self) -> list[Job]:
        """Return the jobs whose crawls have stored a new article since this was last asked, each once."""
        running = self._crawls.running
        sites = [
            site
            for site in self._without_news
            if (crawler := running.get(site)) is not None and crawler.stats.get_value(_NEW_ARTICLES)
        ]
        return [self._without_news.pop(site) for site in sites]

    def begin_anew(self) -> None:
        """Forget all locks of sites: this worker was declared dead, and others may have them."""
        self._locks.close()
        self._locks = SiteLocks(self.archive)

    async def stop(self) -> None:
        """End all crawls gracefully; those that are just beginning too, when they have begun."""
        await self._crawls.process.stop()

    def leave_lost_sites(self) -> None:
        """End the crawls of sites whose locks another run has, after the server had ended our session."""
        for site in self._locks.renew():
            logger.warning("%s: another run has its lock by now; this one's crawl ends.", site)
            if (crawler := self._crawls.running.get(site)) is not None:
                self._ending = asyncio.ensure_future(crawler.stop_async())

    def close(self) -> None:
        """Give all locks back."""
        self._locks.close()

    @contextmanager
    def _locked(self, site: str) -> Iterator[None]:
        locks = self._locks
        try:
            is_free = locks.take(site)
        except ArchiveUnwritable as error:
            raise AgainLater(str(error)) from error
        if not is_free:
            say(f"{site}: {LEFT_TO_ANOTHER.of(self._language)}", err=True)
            raise AgainLater("another run is at work on the site.")
        try:
            yield
        finally:
            locks.give_back(site)

    def _job(self, site: str, kind: str) -> SiteJob:
        profile = self._profile(site)
        plan = Plan(defaults.UNIONCRAWL_WINDOW, defaults.UNIONCRAWL_ZONE)
        closes_at = plan.closes_at(profile, now()) if profile is not None else None
        return SiteJob(site, {"full": "1"} if kind == Kind.DEEP else {}, closes_at)

    def _profile(self, site: str) -> SiteProfile | None:
        """A site's file as it is now: a worker runs for months, and files change."""
        present = present_catalogue(own_folders(defaults.UNIONCRAWL_SITES_DIRS))
        if present is not self._catalogue:
            self._catalogue = present
            self._crawls.process.spider_loader = get_spider_loader(self._settings)
        return present.profiles.get(site)

    async def _to_its_end(self, job: SiteJob) -> tuple[SiteOutcome, asyncio.CancelledError | None]:
        """Crawl a site; end it gracefully when its job is cancelled, and say that it was."""
        crawl = asyncio.create_task(self._crawls.crawl(job))
        try:
            return await asyncio.shield(crawl), None
        except asyncio.CancelledError as cancelled:
            logger.warning("%s: its job is cancelled; what was fetched is stored.", job.site)
            while not crawl.done():
                if (crawler := self._crawls.running.get(job.site)) is not None:
                    await crawler.stop_async()
                await asyncio.wait([crawl], timeout=1.0)
            return crawl.result(), cancelled


class _Aftercare:
    """What follows the crawls that have ended since, in a thread and for all of them at once."""

    def __init__(self, archive: str, language: str) -> None:
        self._archive, self._language = archive, language
        self._waiting: list[SiteOutcome] = []
        self._one_at_a_time = asyncio.Lock()

    async def take(self, outcome: SiteOutcome) -> None:
        """Judge the run of a crawl and run the watches; what goes wrong is logged, and harms no crawl."""
        self._waiting.append(outcome)
        async with self._one_at_a_time:
            outcomes, self._waiting = self._waiting, []
            if outcomes:
                for line in await asyncio.to_thread(self._follow_up, outcomes):
                    say(line, err=True)

    def _follow_up(self, outcomes: list[SiteOutcome]) -> list[str]:
        try:
            recorded = record_not_begun(self._archive, Crawled(outcomes), None).outcomes
        except ArchiveError as error:
            names = ", ".join(one.site for one in outcomes if one.reason == NOT_BEGUN)
            logger.warning("That the runs of %s could not begin could not be written: %s", names, error)
            recorded = outcomes
        numbers = {one.site: one.stats.get(RUN_NUMBER) for one in recorded}
        runs = {site: number for site, number in numbers.items() if isinstance(number, int)}
        judged = judge_ended_runs(self._archive, runs)
        return [*judged.lines(self._language), *watch_after_crawl(self._archive, self._language)]
