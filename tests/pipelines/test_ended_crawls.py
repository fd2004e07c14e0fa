"""What a process keeps of the crawls that have ended."""

from __future__ import annotations

import gc
import weakref

from scrapy.statscollectors import MemoryStatsCollector
from scrapy.utils.test import get_crawler

from pipelines.items import ItemLine


def test_an_ended_crawl_is_freed_with_its_items() -> None:
    """A process that crawls thousands of sites keeps none of those that have ended."""
    crawler = get_crawler(settings_dict={"UNIONCRAWL_SITE": "linxi"})
    crawler.stats = MemoryStatsCollector(crawler)
    assert ItemLine.of(crawler) is ItemLine.of(crawler)
    ended = weakref.ref(crawler)
    del crawler
    gc.collect()
    assert ended() is None
