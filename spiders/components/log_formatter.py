"""The log formatter that makes no messages which no log takes."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from scrapy.logformatter import LogFormatter, LogFormatterResult

if TYPE_CHECKING:
    from typing import Any, Self

    from scrapy import Spider
    from scrapy.crawler import Crawler
    from scrapy.http import Request, Response
    from twisted.python.failure import Failure


class QuietLogFormatter(LogFormatter):
    """Says of each page and item that it came where ``LOG_LEVEL`` is DEBUG.

    Above it Scrapy makes two records a page all the same, which its handler throws
    away: 2 % of what a crawl does outside reading and repair.
    """

    def __init__(self, *, is_verbose: bool) -> None:
        self._is_verbose = is_verbose

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Read ``LOG_LEVEL``, a name or a number, as a log's handler does."""
        handler = logging.NullHandler()
        handler.setLevel(crawler.settings.get("LOG_LEVEL"))
        return cls(is_verbose=handler.level <= logging.DEBUG)

    def crawled(self, request: Request, response: Response, spider: Spider) -> LogFormatterResult | None:  # type: ignore[override] # Scrapy takes None as "no message"
        """Return the message of a page that came; None for no message."""
        return super().crawled(request, response, spider) if self._is_verbose else None

    def scraped(  # type: ignore[override] # the same
        self,
        item: Any,  # noqa: ANN401 - any item
        response: Response | Failure | None,
        spider: Spider,
    ) -> LogFormatterResult | None:
        """Return the message of an item that went through the pipelines; None for no message."""
        return super().scraped(item, response, spider) if self._is_verbose else None
