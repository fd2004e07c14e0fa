"""The pipeline that undoes text damage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy.crawler import Crawler

from unioncrawl.model import Article

from .items import ItemLine

if TYPE_CHECKING:
    from typing import Self

    from scrapy.statscollectors import StatsCollector


class RepairPipeline:
    """Repairs every text field of an article; counts steps by kind, and damage that stays."""

    def __init__(self, stats: StatsCollector, items: ItemLine) -> None:
        self._stats = stats
        self._items = items

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Count in the crawler's stats."""
        return cls(crawler.stats, ItemLine.of(crawler))

    def process_item(self, item: Any) -> Any:  # noqa: ANN401 - any item
        """Repair an article and return it in its own type; a rejection passes."""
        return self._items.through(item, "repair", self._repaired)

    def _repaired(self, article: Article) -> Article:
        # The first article loads the tables of repair (0.6 CPU-seconds): many crawls find nothing new.
        from unioncrawl.repair.article import repair_article  # noqa: PLC0415

        repaired = repair_article(article)
        for field_step in repaired.steps:
            self._stats.inc_value(f"unioncrawl/repair/{field_step.step.kind}")
        if repaired.steps:
            self._stats.inc_value("unioncrawl/repair/articles")
        if repaired.unresolved:
            self._stats.inc_value("unioncrawl/repair/unresolved", len(repaired.unresolved))
        return repaired
