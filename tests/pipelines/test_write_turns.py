"""What waits for the archive in many crawls of one process is bounded together."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from scrapy.exceptions import DropItem
from scrapy.statscollectors import MemoryStatsCollector
from scrapy.utils.test import get_crawler

from pipelines.archive import ArchivePipeline
from pipelines.write_turns import TURNS
from tests.databases import archive_at, ask_at
from tests.event_loops import run_apart
from unioncrawl import outcomes
from unioncrawl.model import Rejection

AT = datetime(2024, 3, 5, tzinfo=UTC)
_BATCH, _CRAWLS, _EACH = 10, 5, 9


def opened(archive: Path) -> ArchivePipeline:
    """The archive's pipeline of a crawl that writes ten items at a time, and not by the clock."""
    settings = {
        "UNIONCRAWL_ARCHIVE": archive_at(archive),
        "UNIONCRAWL_FLUSH_ARTICLES": _BATCH,
        "UNIONCRAWL_FLUSH_SECONDS": 3_600,
    }
    crawler = get_crawler(settings_dict=settings)
    crawler.stats = MemoryStatsCollector(crawler)
    pipeline = ArchivePipeline.from_crawler(crawler)
    pipeline.open_spider()
    return pipeline


async def take_all(archive: Path) -> int:
    """Give five crawls their rejections by turns; return how many waited at most in all."""
    crawls = [opened(archive) for _ in range(_CRAWLS)]
    most = 0
    for number in range(_EACH * _CRAWLS):
        url = f"http://gh.linxi.example/{number}.html"
        refused = Rejection(url=url, site="linxi", stage="fetch", reason=outcomes.TIMEOUT, at=AT)
        with suppress(DropItem):
            crawls[number % _CRAWLS].process_item(refused)
        most = max(most, sum(crawl._archive.waiting for crawl in crawls))
    for crawl in crawls:
        TURNS.leave(crawl)
        crawl.close_spider()
    return most


def test_many_crawls_together_hold_no_more_than_two_batches(tmp_path: Path) -> None:
    """Five crawls of which none has a batch write before the items of three batches wait in memory."""
    archive = tmp_path / "archive.db"
    most = run_apart(take_all(archive))
    ((written,),) = ask_at(archive, "select count(*) from rejection")
    assert most < 2 * _BATCH
    assert written == _EACH * _CRAWLS
