"""The pipeline that stores articles and rejections, and hands rows on to the feeds."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, DontCloseSpider
from scrapy.http import Response
from scrapy.utils.asyncio import create_looping_call
from twisted.python.failure import Failure

from unioncrawl import outcomes
from unioncrawl.archive.capture_folder import crawl_captures
from unioncrawl.archive.care.takedown import blank_captures
from unioncrawl.archive.crawl_state.crawl_memory import recall, site_crawl
from unioncrawl.archive.crawl_state.crawl_runs import EMPTY_CRAWL, RUN_BEGUN, RUN_ENDED, RUN_NUMBER, RunRows
from unioncrawl.archive.crawl_state.vanished import mark_vanished
from unioncrawl.archive.database import database_errors
from unioncrawl.archive.migrations.upgrade import shared_engine
from unioncrawl.archive.store import Archive
from unioncrawl.errors import ArchiveError, ArchiveUnwritable
from unioncrawl.guard.disk import refusal
from unioncrawl.model import Article, CaptureRef, HitsStatus, Rejection
from unioncrawl.rows import article_row
from unioncrawl.validate import reason_to_reject

from .entry_account import account_for, count_entries, unanswered_rows
from .fetch_hold import ARCHIVE_UNWRITABLE, FetchHold
from .items import ItemLine, RecordedDrop, failed, page_of, rejected
from .run_stats import count_health, count_rows
from .write_turns import TURNS

if TYPE_CHECKING:
    from typing import Self


_NEVER = 10**9
# How often the pipeline looks whether anything has waited long enough.
_LOOK_SECONDS = 2.0
logger = logging.getLogger(__name__)


class ArchivePipeline:
    """Writes in batches: when enough wait, every half minute, when idle, and at the end.

    While the archive takes nothing (locked, disk full, server away), what waits is
    kept and tried again in growing pauses, as `FetchHold` says. A site's spider is given
    what earlier runs left to do, as its `CrawlMemory`.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        settings = crawler.settings
        self._url: str = settings["UNIONCRAWL_ARCHIVE"]
        self._captures = crawl_captures(settings)
        self._batch: int = settings.getint("UNIONCRAWL_FLUSH_ARTICLES", 250)
        self._pause_seconds: float = settings.getfloat("UNIONCRAWL_FLUSH_SECONDS", 30.0)
        self._is_open = False
        self._hold = FetchHold(crawler)
        self._items = ItemLine.of(crawler)
        self._refused: list[CaptureRef] = []
        self._timer = create_looping_call(self._look)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Read the archive's address from ``UNIONCRAWL_ARCHIVE``."""
        pipeline = cls(crawler)
        connect = crawler.signals.connect
        connect(pipeline._look_idle, signals.spider_idle)
        connect(pipeline._finish, signals.spider_closed)
        connect(pipeline._record_drop, signals.item_dropped)
        connect(pipeline._record_item_error, signals.item_error)
        connect(pipeline._record_spider_error, signals.spider_error)
        return pipeline

    def open_spider(self) -> None:
        """Open the archive, making or migrating it, and begin the run."""
        try:
            self._begin()
        except ArchiveUnwritable as error:
            self._crawler.stats.set_value("unioncrawl/archive/error", f"The crawl did not begin: {error}")
            raise CloseSpider(ARCHIVE_UNWRITABLE) from error

    def _begin(self) -> None:
        crawl = site_crawl(self._crawler.spider)
        # This pipeline decides when to write: the archive must not while the spider asks it.
        engine = shared_engine(self._url)
        self._archive = Archive(engine, batch_size=_NEVER, batch_age_seconds=_NEVER)
        if crawl is not None:
            self._archive.ensure_site(crawl.profile)
        self._run_id = self._archive.begin_run(self._spider_name(), crawl.given_arguments if crawl else {})
        self._rows = RunRows(self._archive.engine, self._run_id)
        self._crawler.stats.set_value(RUN_BEGUN, 1)
        self._crawler.stats.set_value(RUN_NUMBER, self._run_id)
        self._is_open = True
        self._items.record = self._reject
        if crawl is not None:
            with database_errors(self._archive.engine):
                crawl.remember(recall(self._archive, crawl.profile, crawl.name, self._run_id, self._captures))
        self._timer.start(min(self._pause_seconds, _LOOK_SECONDS), now=False)
        TURNS.join(self, lambda: self._archive.waiting, self._flush)

    def process_item(self, item: Any) -> Any:  # noqa: ANN401 - any item
        """Take in an article and return its feed row; a rejection is stored and dropped.

        Another project's item is returned as it is.
        """
        if isinstance(item, Rejection):
            self._reject(item)
            raise RecordedDrop(f"{item.stage}: {item.reason}: {item.url}", log_level="INFO")
        stored = self._items.through(item, "archive", self._stored)
        if isinstance(stored, Rejection):
            raise RecordedDrop(f"{stored.stage}: {stored.reason}: {stored.url}", log_level="WARNING")
        return article_row(stored) if isinstance(stored, Article) else stored

    def _reject(self, rejection: Rejection) -> None:
        self._archive.reject(rejection, self._run_id)
        self._took_one()

    def _stored(self, article: Article) -> Article | Rejection:
        taken = self._archive.store(article, self._run_id)
        self._took_one()
        if isinstance(taken, Rejection):
            self._crawler.stats.inc_value(f"unioncrawl/rejected/{taken.stage}/{taken.reason}")
        elif taken is not article:
            self._crawler.stats.inc_value("unioncrawl/archive/replaced_characters")
        return taken

    def close_spider(self) -> None:
        """Write what waits, and what a stopped run has fetched but not finished."""
        if self._timer.running:
            self._timer.stop()
        if self._is_open:
            crawl = site_crawl(self._crawler.spider)
            for article in tuple(crawl.unfinished.values()) if crawl else ():
                self._store_unfinished(article)
            self._flush()

    def _store_unfinished(self, article: Article) -> None:
        """Store an article whose counter or next part the run did not come to; its hits are pending."""
        from unioncrawl.line import finish  # noqa: PLC0415 - it loads the reader, and few crawls need it here

        # The status is what makes the next run visit it again.
        finished = replace(finish(article), hits=None, hits_status=HitsStatus.PENDING)
        if reason_to_reject(finished, datetime.now(UTC)) is not None:
            return
        taken = self._archive.store(finished, self._run_id)
        if isinstance(taken, Article):
            self._crawler.stats.inc_value("unioncrawl/archive/unfinished")
            # The feeds are still open; they take what is announced in this way.
            self._crawler.signals.send_catch_log(
                signals.item_scraped, item=article_row(taken), response=None, spider=self._crawler.spider
            )

    def _took_one(self) -> None:
        if self._archive.waiting >= self._batch:
            self._flush()
        TURNS.took_one(self._batch)

    def _look(self) -> None:
        """Write what has waited long enough; an archive that failed is tried as often as its pauses allow."""
        if self._hold.outage.is_on or self._archive.waiting_seconds >= self._pause_seconds:
            self._flush()

    def _flush(self) -> None:
        """Write what waits, or see whether an archive that failed answers again; never raises its errors."""
        if not self._archive.waiting and not self._hold.outage.is_on:
            return
        if not self._hold.outage.may_try():
            self._hold.apply(self._archive.waiting)
            return
        try:
            self._write()
        except ArchiveUnwritable as error:
            self._hold.failed(error, self._archive.waiting)

    def _write(self) -> None:
        try:
            if not self._archive.waiting:
                self._archive.ask()
            self._archive.flush()
        finally:
            for outcome, number in self._archive.counts.items():
                self._crawler.stats.set_value(f"unioncrawl/archive/{outcome}", number)
        self._hold.worked()
        self._refused += self._archive.take_refused()
        if self._captures and self._refused:
            self._blank(self._captures)

    def _blank(self, folder: Path) -> None:
        """Overwrite the captures of withdrawn articles that visits brought again."""
        try:
            blank_captures(folder, self._refused)
        except OSError as error:
            raise ArchiveUnwritable(
                f"a withdrawn article's capture could not be overwritten: {refusal(folder, error)}.",
                next_step="Free space there, or grant write access.",
                stage="archive",
            ) from error
        self._refused = []

    def _look_idle(self) -> None:
        """Keep a spider that has nothing to fetch open while something waits for the archive."""
        self._flush()
        if self._hold.outage.is_hopeless:
            raise CloseSpider(ARCHIVE_UNWRITABLE)
        if self._hold.outage.is_on:
            raise DontCloseSpider

    async def _finish(self, reason: str) -> None:
        if not self._is_open:  # the archive refused: Scrapy has logged why
            return
        self._hold.shorten_at_shutdown()
        TURNS.leave(self)
        try:
            await self._patiently(self._write)
            await self._patiently(lambda: self._close_ledger(reason))
            await self._patiently(self._write)
            await self._patiently(lambda: self._end_run(reason))
        except ArchiveError as error:
            self._report_unsaved(error)
        finally:
            self._archive.engine.dispose()

    async def _patiently(self, action: Callable[[], None]) -> None:
        """Do something with the archive, in growing pauses until it works or the patience is used up."""
        while True:
            try:
                action()
            except ArchiveUnwritable as error:
                self._hold.failed(error, self._archive.waiting)
                if self._hold.outage.is_hopeless:
                    raise
                await asyncio.sleep(self._hold.outage.pause_seconds)
            else:
                return

    def _close_ledger(self, reason: str) -> None:
        """Account for every entry that the lists showed; what has no answer is owed, with a row."""
        crawl = site_crawl(self._crawler.spider)
        if crawl is None:
            return
        account = account_for(crawl, self._archive, self._rows, reason)
        logger.info("%s: %s.", crawl.name, count_entries(account, self._crawler.stats, reason))
        for row in unanswered_rows(crawl, account, reason):
            self._archive.reject(row, self._run_id)

    def _end_run(self, reason: str) -> None:
        stats = self._crawler.stats
        if self._is_own and not stats.get_value(EMPTY_CRAWL):
            with database_errors(self._archive.engine):
                vanished = mark_vanished(self._archive.engine, self._site_key(), datetime.now(UTC))
            stats.set_value("unioncrawl/archive/vanished", vanished)
        count_rows(self._rows, stats)
        if self._is_own:
            count_health(self._rows, stats, self._archive.counts["duplicate"])
        self._archive.finish_run(self._run_id, stats.get_stats(), reason)
        stats.set_value(RUN_ENDED, 1)

    def _report_unsaved(self, error: ArchiveError) -> None:
        waiting = self._archive.waiting
        said = (
            f"Articles and rejections not written: {waiting}; {error.message} {error.next_step} "
            "Then crawl again: the next run fetches what is missing."
        )
        self._crawler.stats.set_value("unioncrawl/archive/unsaved", waiting)
        self._crawler.stats.set_value("unioncrawl/archive/error", said)
        logger.error(said)

    def _record_item_error(self, item: object, failure: Failure) -> None:
        if isinstance(item, Article):
            self._reject(failed(item, "pipeline", failure))

    def _record_drop(self, item: object, exception: Exception) -> None:
        """Record what another project's pipeline dropped of ours; our own drops are recorded already."""
        if isinstance(exception, RecordedDrop) or not self._is_open:
            return
        if isinstance(item, Article):
            self._reject(rejected(item, outcomes.DROPPED, str(exception), "pipeline"))
        elif isinstance(item, Rejection):
            self._reject(item)

    def _record_spider_error(self, failure: Failure, response: Response | Failure | None) -> None:
        if isinstance(failure.value, ArchiveUnwritable):
            self._ask_again(failure.value, response)
        elif response is not None and self._is_own:
            self._reject(failed(page_of(response, self._site_key()), "extract", failure))

    def _ask_again(self, error: ArchiveUnwritable, response: Response | Failure | None) -> None:
        """Fetch a page again when the spider could not compare its links with the archive."""
        self._crawler.stats.inc_value("unioncrawl/archive/unread")
        self._hold.failed_to_read(error, self._archive.waiting)
        request = getattr(response, "request", None)
        if request is not None:
            # Fetching is paused; the request goes out when the archive answers.
            self._crawler.engine.crawl(request.replace(dont_filter=True))

    def _site_key(self) -> str:
        """The site of the run; the name of a spider of another project."""
        crawl = site_crawl(self._crawler.spider)
        return crawl.profile.id if crawl else self._spider_name()

    def _spider_name(self) -> str:
        return self._crawler.spider.name if self._crawler.spider else self._crawler.spidercls.name

    @property
    def _is_own(self) -> bool:
        """Whether the spider is a site's, and not another project's."""
        return site_crawl(self._crawler.spider) is not None
