"""The pipeline that turns printed dates, hits and names into normal fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy.crawler import Crawler

from unioncrawl.model import Article

from .items import ItemLine

if TYPE_CHECKING:
    from typing import Self


class NormalizePipeline:
    """Normalises an article's fields, after repair; a rejection passes."""

    def __init__(self, items: ItemLine) -> None:
        self._items = items

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Read items with the crawl's field names."""
        return cls(ItemLine.of(crawler))

    def process_item(self, item: Any) -> Any:  # noqa: ANN401 - any item
        """Return the article with normal fields, in its own type."""
        return self._items.through(item, "normalize", self._normalized)

    @staticmethod
    def _normalized(article: Article) -> Article:
        from unioncrawl.normalize import normalize_article  # noqa: PLC0415 - the first article loads it

        return normalize_article(article)
