"""The pipeline that stores articles and rejections, and hands rows on to the feeds."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem
from scrapy.http import Response
from scrapy.utils.asyncio import create_looping_call
from twisted.python.failure import Failure

from unioncrawl.archive.due import missed_addresses, unfinished_articles, young_articles
from unioncrawl.archive.runs import last_complete_walks
from unioncrawl.archive.store import Archive
from unioncrawl.archive.takedown import blank_captures
from unioncrawl.archive.tombstones import mark_vanished
from unioncrawl.errors import ArchiveLocked
from unioncrawl.line import finish
from unioncrawl.model import Article, HitsStatus, Rejection
from unioncrawl.rows import article_row
from unioncrawl.validate import reason_to_reject

if TYPE_CHECKING:
    from typing import Self


_NEVER = 10**9
LAST_TRIES = 10
logger = logging.getLogger(__name__)


class ArchivePipeline:
    """Writes in batches: when enough wait, every few seconds, when idle, and at the end.

    While another process holds the archive's lock, what waits is kept and tried
    again. The spider finds the archive as its ``archive``.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        settings = crawler.settings
        self._url: str = settings["UNIONCRAWL_ARCHIVE"]
        self._captures: str = settings.get("UNIONCRAWL_CAPTURES") or ""
        self._batch: int = settings.getint("UNIONCRAWL_FLUSH_ARTICLES", 100)
        self._pause_seconds: float = settings.getfloat("UNIONCRAWL_FLUSH_SECONDS", 2.0)
        self._is_open = False
        self._waiting = 0
        self._timer = create_looping_call(self._flush)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Read the archive's address from ``UNIONCRAWL_ARCHIVE``."""
        pipeline = cls(crawler)
        connect = crawler.signals.connect
        connect(pipeline._flush, signals.spider_idle)
        connect(pipeline._finish, signals.spider_closed)
        connect(pipeline._record_item_error, signals.item_error)
        connect(pipeline._record_spider_error, signals.spider_error)
        return pipeline

    def open_spider(self) -> None:
        """Open the archive, making or migrating it, and begin the run."""
        spider: Any = self._crawler.spider
        # This pipeline decides when to write: the archive must not while the spider asks it.
        self._archive = Archive.open(self._url, batch_size=_NEVER, batch_age_seconds=_NEVER)
        self._archive.ensure_site(spider.profile)
        self._run_id = self._archive.begin_run(spider.name, spider.given_arguments)
        self._is_open = True
        spider.archive = self._archive
        oldest = datetime.now(UTC) - timedelta(days=spider.profile.revisit.until_days)
        spider.young_articles = young_articles(self._archive.engine, spider.profile.id, oldest)
        spider.left_open = unfinished_articles(self._archive.engine, spider.profile.id)
        spider.missed = missed_addresses(self._archive.engine, spider.profile.id, oldest)
        spider.settled_at = last_complete_walks(self._archive.engine, spider.name)
        self._timer.start(self._pause_seconds, now=False)

    def process_item(self, item: Article | Rejection) -> dict[str, object]:
        """Take in an article and return its feed row; a rejection is stored and dropped."""
        if isinstance(item, Rejection):
            self._archive.reject(item, self._run_id)
            self._took_one()
            raise DropItem(f"{item.stage}: {item.reason}: {item.url}", log_level="INFO")
        self._archive.store(item, self._run_id)
        self._took_one()
        return article_row(item)

    def close_spider(self) -> None:
        """Write what waits, and what a stopped run has fetched but not finished."""
        if self._timer.running:
            self._timer.stop()
        if self._is_open:
            for article in tuple(self._site().unfinished.values()):
                self._store_unfinished(article)
            self._flush()

    def _store_unfinished(self, article: Article) -> None:
        """Store an article whose counter or next part the run did not come to; its hits are pending."""
        # The status is what makes the next run visit it again.
        finished = replace(finish(article), hits=None, hits_status=HitsStatus.PENDING)
        if reason_to_reject(finished, datetime.now(UTC)) is None:
            self._archive.store(finished, self._run_id)
            self._crawler.stats.inc_value("unioncrawl/archive/unfinished")
            self._took_one()
            # The feeds are still open; they take what is announced in this way.
            self._crawler.signals.send_catch_log(
                signals.item_scraped, item=article_row(finished), response=None, spider=self._site()
            )

    def _took_one(self) -> None:
        self._waiting += 1
        if self._waiting >= self._batch:
            self._flush()

    def _flush(self) -> None:
        if not self._waiting:
            return
        try:
            self._archive.flush()
        except ArchiveLocked as error:
            self._crawler.stats.inc_value("unioncrawl/archive/locked")
            logger.warning("%d articles wait to be written: %s", self._waiting, error)
            return
        self._waiting = 0
        if self._captures:
            blank_captures(Path(self._captures), self._archive.take_refused())
        for outcome, number in self._archive.counts.items():
            self._crawler.stats.set_value(f"unioncrawl/archive/{outcome}", number)

    def _finish(self, reason: str) -> None:
        if not self._is_open:  # the archive refused: Scrapy has told why
            return
        self._flush_patiently()
        stats = self._crawler.stats
        if not self._waiting:
            vanished = mark_vanished(self._archive.engine, self._site().profile.id, datetime.now(UTC))
            stats.set_value("unioncrawl/archive/vanished", vanished)
            self._archive.finish_run(self._run_id, stats.get_stats(), reason)
            self._archive.close()

    def _flush_patiently(self) -> None:
        """At the end nothing is left to do but to wait for the lock."""
        for _ in range(LAST_TRIES):
            self._flush()
            if not self._waiting:
                return
        self._crawler.stats.set_value("unioncrawl/archive/unsaved", self._waiting)
        logger.error(
            "%d articles could not be written. The captures keep their pages, and the next crawl fetches "
            "them again, because nothing calls them known.",
            self._waiting,
        )

    def _record_item_error(self, item: object, failure: Failure) -> None:
        if isinstance(item, Article):
            self._record_error(item.url, "pipeline", failure, item.captures)

    def _record_spider_error(self, failure: Failure, response: Response | None) -> None:
        if response is not None:
            capture = getattr(response, "capture", None)
            self._record_error(response.url, "extract", failure, (capture,) if capture else ())

    def _record_error(self, url: str, stage: str, failure: Failure, captures: tuple[Any, ...]) -> None:
        """Keep a trace of a page on which our own code failed; Scrapy logs the traceback."""
        site = self._site().profile.id
        reason = failure.type.__name__ if failure.type else "unknown"
        rejection = Rejection(
            url=url,
            site=site,
            stage=stage,
            reason=reason,
            detail=failure.getErrorMessage(),
            captures=captures,
        )
        self._archive.reject(rejection, self._run_id)
        self._took_one()

    def _site(self) -> Any:  # noqa: ANN401 - the spider's class lives under another package name in a wheel
        return self._crawler.spider
