"""Scrapy's feed exports, which say when a row did not get into its feed."""

from __future__ import annotations

import logging
from typing import Any

from scrapy import Spider
from scrapy.extensions.feedexport import FeedExporter

logger = logging.getLogger(__name__)


class ReportingFeedExporter(FeedExporter):
    """Counts the rows that an exporter refuses; the run then ends as not all written.

    Scrapy logs the error, and goes on as if the row were in the feed.
    """

    def item_scraped(self, item: Any, spider: Spider) -> None:  # noqa: ANN401 - Scrapy's own signature
        """Pass a row to the feeds; count it when one of them raises."""
        is_written = False
        try:
            super().item_scraped(item, spider)
            is_written = True
        finally:
            if not is_written:
                self._count_lost(item)

    def _count_lost(self, item: Any) -> None:  # noqa: ANN401 - as above
        stats = self.crawler.stats
        stats.inc_value("unioncrawl/export/lost")
        lost = stats.get_value("unioncrawl/export/lost")
        said = f"Rows that a feed could not take: {lost}; the log says why. unioncrawl export writes them."
        stats.set_value("unioncrawl/export/error", said)
        url = item.get("url") if isinstance(item, dict) else None
        logger.error("The row of %s is not in every feed.", url)
