"""The pipeline that undoes text damage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.crawler import Crawler

from unioncrawl.model import Article, Rejection
from unioncrawl.repair.article import repair_article

if TYPE_CHECKING:
    from typing import Self

    from scrapy.statscollectors import StatsCollector


class RepairPipeline:
    """Repairs every text field of an article; counts steps by kind, and damage that stays."""

    def __init__(self, stats: StatsCollector) -> None:
        self._stats = stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Count in the crawler's stats."""
        return cls(crawler.stats)

    def process_item(self, item: Article | Rejection) -> Article | Rejection:
        """Repair an article; a rejection passes."""
        if not isinstance(item, Article):
            return item
        repaired = repair_article(item)
        for field_step in repaired.steps:
            self._stats.inc_value(f"unioncrawl/repair/{field_step.step.kind}")
        if repaired.steps:
            self._stats.inc_value("unioncrawl/repair/articles")
        if repaired.unresolved:
            self._stats.inc_value("unioncrawl/repair/unresolved", len(repaired.unresolved))
        return repaired
