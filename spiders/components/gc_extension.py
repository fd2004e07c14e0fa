"""The extension that keeps Python's garbage collector from walking the lexicon again and again.

The tables that repair reads are a million objects that live as long as the
process; every full collection would visit each of them. A parsed page, on the
other hand, is freed by reference counting.
"""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

if TYPE_CHECKING:
    from typing import Self


class GarbageCollectionExtension:
    """Freezes what is loaded when the spider opens, and collects less often."""

    def __init__(self, threshold: int) -> None:
        self._threshold = threshold

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Read ``UNIONCRAWL_COLLECT_AFTER``."""
        threshold = crawler.settings.getint("UNIONCRAWL_COLLECT_AFTER")
        if not threshold:
            raise NotConfigured("UNIONCRAWL_COLLECT_AFTER is 0: the garbage collector stays as it is.")
        extension = cls(threshold)
        crawler.signals.connect(extension.spider_opened, signals.spider_opened)
        return extension

    def spider_opened(self) -> None:
        """Leave what exists now out of collections; once, or crawls that run now would never be freed."""
        if not gc.get_freeze_count():
            gc.collect()
            gc.freeze()
        gc.set_threshold(self._threshold, 20, 50)
