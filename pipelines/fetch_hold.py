"""Holds a crawl's fetching back while the archive takes nothing, and ends the crawl when that lasts."""

from __future__ import annotations

import logging

from scrapy.crawler import Crawler
from scrapy.utils.defer import deferred_from_coro

from unioncrawl.errors import ArchiveUnwritable
from unioncrawl.guard.outage import Outage

# Scrapy's closing reason of a crawl that ended because its archive could not be written.
ARCHIVE_UNWRITABLE = "archive-unwritable"
# After Ctrl-C or SIGTERM nobody wants to wait as long as within a crawl.
_SHUTDOWN_PATIENCE_SECONDS = 20.0
logger = logging.getLogger(__name__)


class FetchHold:
    """What a crawl does about an archive that takes nothing for now.

    Fetching goes on until ``UNIONCRAWL_MAX_UNSAVED`` articles wait, or until the
    spider needs the archive itself; then it pauses. After
    ``UNIONCRAWL_UNWRITABLE_SECONDS`` the spider is closed.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        settings = crawler.settings
        self._max_waiting: int = settings.getint("UNIONCRAWL_MAX_UNSAVED", 1_000)
        self.outage = Outage(settings.getfloat("UNIONCRAWL_UNWRITABLE_SECONDS", 300.0))
        self._is_blind = False
        self._is_paused = False
        self._is_ending = False

    def failed(self, error: ArchiveUnwritable, waiting: int) -> None:
        """Note that the archive took nothing; the first failure of an outage is logged as a warning."""
        self._crawler.stats.inc_value("unioncrawl/archive/failures")
        level = logging.INFO if self.outage.is_on else logging.WARNING
        self.outage.failed()
        seconds = round(self.outage.pause_seconds)
        logger.log(level, "%d records wait to be written (next try in %d s): %s", waiting, seconds, error)
        self.apply(waiting)

    def failed_to_read(self, error: ArchiveUnwritable, waiting: int) -> None:
        """Note that the spider could not ask the archive: nothing is fetched until it can."""
        self._is_blind = True
        self.failed(error, waiting)

    def worked(self) -> None:
        """Note that the archive answers; fetching goes on."""
        if self.outage.is_on:
            logger.warning("The archive accepts articles again, after %d s.", round(self.outage.seconds))
        self.outage.ended()
        self._is_blind = False
        if self._is_paused:
            self._is_paused = False
            self._crawler.engine.unpause()

    def apply(self, waiting: int) -> None:
        """Pause fetching when enough waits, and close the spider when the patience is used up."""
        if not self.outage.is_on:
            return
        if (self._is_blind or waiting >= self._max_waiting) and not self._is_paused:
            self._is_paused = True
            logger.warning("Fetching pauses until the archive has written the waiting records (%d).", waiting)
            self._crawler.engine.pause()
        if self.outage.is_hopeless and not self._is_ending and self._crawler.engine.spider is not None:
            self._is_ending = True
            deferred_from_coro(self._crawler.engine.close_spider_async(reason=ARCHIVE_UNWRITABLE))

    def shorten_at_shutdown(self) -> None:
        """Wait for less when the crawl was asked to stop."""
        if not self._crawler.engine.running:
            self.outage.shorten(_SHUTDOWN_PATIENCE_SECONDS)
