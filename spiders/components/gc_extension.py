"""The extension that keeps Python's garbage collector from walking the lexicon again and again.

The tables that repair reads are hundreds of thousands of objects that live as long as the
process; every full collection visits each of them. A parsed page, on the other hand, is
freed by reference counting.

What only a full collection frees are requests that failed late: the traceback of each refers
to itself, and holds the article whose counter robots.txt forbids. Python counts objects, and
these are few and large; by its count none was ever due, and a crawl kept 4 kB of each article.
So full collections are counted in responses.
"""

from __future__ import annotations

import ctypes
import gc
from functools import cache
from itertools import count
from typing import TYPE_CHECKING

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self

# A full collection takes 0.05 to 0.1 CPU-seconds, giving free memory back 0.01 to 0.02.
TRIMMED_AFTER_RESPONSES, COLLECTED_AFTER_RESPONSES = 250, 1_000
# The responses of all crawls of this process.
_responses = count(1)


class GarbageCollectionExtension:
    """Freezes what is loaded when the spider opens, and collects by the number of responses."""

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
        crawler.signals.connect(extension.response_received, signals.response_received)
        return extension

    def spider_opened(self) -> None:
        """Leave what exists now out of collections; once, or crawls that run now would never be freed."""
        _freeze_once()
        gc.set_threshold(self._threshold, 20, 50)

    def response_received(self) -> None:
        """Collect what the latest responses left, and give what is free back to the system."""
        number = next(_responses)
        if number % COLLECTED_AFTER_RESPONSES == 0:
            gc.collect()
        if number % TRIMMED_AFTER_RESPONSES == 0:
            _trim(0)


@cache
def _freeze_once() -> None:
    # By a flag of its own: what starts a command has frozen its imports before.
    gc.collect()
    gc.freeze()


def _no_trim(_: int) -> int:
    """Other libraries than glibc keep no megabytes between two pieces in use, or have no such call."""
    return 0


def _find_trim() -> Callable[[int], int]:
    """Find malloc_trim of glibc, which keeps 4 to 12 MB after a batch of the archive."""
    try:
        return ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):
        return _no_trim


_trim = _find_trim()
