"""The base of every part of a site's spider: the site, the run's arguments, the archive, the stats."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, TypeAlias

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings
from twisted.python.failure import Failure

from unioncrawl.archive.crawl_state.crawl_memory import CrawlMemory
from unioncrawl.archive.crawl_state.crawl_runs import SHORT_LISTS
from unioncrawl.archive.crawl_state.entry_ledger import EntryLedger
from unioncrawl.archive.crawl_state.run_notes import NotesFile, RunNotes
from unioncrawl.guard.bounds import BODY_BYTES, ENTRIES, LIST_PAGES, SITEMAPS
from unioncrawl.guard.contact import CONTACT_SETTING, agent_with_contact
from unioncrawl.model import Article, Rejection
from unioncrawl.outcomes import Cause, outcome_of
from unioncrawl.sites.profile import Column, SiteProfile

from .arguments import read_arguments
from .health_notes import HealthNotes
from .job_folder import open_job
from .list_walk import ColumnWalk, WalkLimits
from .rejections import fetch_rejection

Output: TypeAlias = Iterator[Request | Article | Rejection]


class FoundationSpider(Spider):
    """A site and one run over it; the classes above this one decide what is asked and read."""

    profile: SiteProfile
    # What earlier runs left to do; None without an archive.
    memory: CrawlMemory | None = None
    # Whether the crawl before this one in the same JOBDIR was killed.
    follows_killed = False

    def __init__(self, *args: Any, **kwargs: str) -> None:  # noqa: ANN401 - Scrapy's own signature
        # scrapyd adds arguments of its own, named with an underscore.
        given = {name: str(value) for name, value in kwargs.items() if not name.startswith("_")}
        self.arguments = read_arguments(given)
        self.given_arguments = given
        super().__init__(*args)
        self.walks: list[ColumnWalk] = []
        # What is remembered of every address, in memory or in a temporary file.
        self.notes_file = NotesFile()
        # Canonical addresses of articles that this run has asked for.
        self.asked = RunNotes(self.notes_file)
        # What the lists showed, each entry once; the archive pipeline closes it.
        self.ledger = EntryLedger(self.notes_file)
        # Articles that wait for a part or for their counter, by URL: a run that is stopped
        # stores them as they are.
        self.unfinished: dict[str, Article] = {}
        # What health compares with other runs.
        self.notes = HealthNotes()

    def remember(self, memory: CrawlMemory) -> None:
        """Take what earlier runs left to do; the archive pipeline calls it before the first request."""
        self.memory = memory

    def settled_at(self, walk: ColumnWalk) -> datetime | None:
        """Return when the last complete walk of a column finished; None without such a walk or an archive."""
        return self.memory.settled_at.get(walk.column.url) if self.memory else None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> FoundationSpider:  # noqa: ANN401 - Scrapy's own signature
        """Make the spider; the margin of its walks is ``UNIONCRAWL_KNOWN_MARGIN``."""
        spider: FoundationSpider = super().from_crawler(crawler, *args, **kwargs)
        spider.follows_killed = open_job(crawler.settings)
        margin = crawler.settings.getint("UNIONCRAWL_KNOWN_MARGIN", 5)
        limits = WalkLimits(*(bound.given(crawler.settings) for bound in (LIST_PAGES, ENTRIES, SITEMAPS)))
        spider.walks = [
            ColumnWalk(column, margin, spider.arguments, limits, RunNotes(spider.notes_file))
            for column in spider.columns()
        ]
        return spider

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Put the operator's contact into the User-Agent, unless that was given whole; bound downloads."""
        super().update_settings(settings)
        settings.set("DOWNLOAD_MAXSIZE", BODY_BYTES.given(settings), priority="spider")
        contact = settings.get(CONTACT_SETTING)
        given = settings.getpriority("USER_AGENT") or 0
        if contact and given <= SETTINGS_PRIORITIES["project"]:
            settings.set("USER_AGENT", agent_with_contact(contact, settings["USER_AGENT"]), priority="spider")

    def columns(self) -> tuple[Column, ...]:
        """The columns to walk; the home page when the site file names no columns."""
        home = Column(name="首页", url=f"{self.profile.scheme}://{self.profile.hosts[0]}/")
        return self.profile.columns or (home,)

    def fetch_rejection(self, failure: Failure) -> Rejection:
        """A rejection for a request that brought no page; the network's failures are counted."""
        rejection = fetch_rejection(failure, self.profile.id)
        if outcome_of(rejection.reason).cause is Cause.NETWORK:
            self.count("fetch/network_failures")
        return rejection

    def name_short_list(self, line: str) -> None:
        """Note a list of which pages were not read, for the summary of the run."""
        stats = self.crawler.stats
        stats.set_value(SHORT_LISTS, [*stats.get_value(SHORT_LISTS, []), line])
        self.count("walk/short")

    def count(self, name: str, times: int = 1) -> None:
        """Count in the crawl's stats, under ``unioncrawl/``."""
        self.crawler.stats.inc_value(f"unioncrawl/{name}", times)

    def set_number(self, name: str, number: int) -> None:
        """Set a number of the crawl's stats, under ``unioncrawl/``."""
        self.crawler.stats.set_value(f"unioncrawl/{name}", number)
