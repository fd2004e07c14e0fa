"""The pipeline that turns an item that is not an article into a rejection with stage and reason."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from scrapy.crawler import Crawler

from unioncrawl import outcomes
from unioncrawl.archive.crawl_state.crawl_memory import DayWindow, site_crawl
from unioncrawl.model import Article, Rejection
from unioncrawl.validate import reason_to_reject

from .items import ItemLine, RecordedDrop, rejected

if TYPE_CHECKING:
    from typing import Self


class ValidatePipeline:
    """Lets sound articles pass; the others become rejections, never a silent drop."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._items = ItemLine.of(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Count in the crawler's stats; the asked window is the spider's."""
        return cls(crawler)

    def process_item(self, item: Any) -> Any:  # noqa: ANN401 - any item
        """Return the article, or the rejection that stands for it; another project's item is dropped then."""
        if isinstance(item, Rejection):
            self._count(item)
            return self._for_the_archive(item)
        return self._for_the_archive(self._items.through(item, "validate", self._counted))

    def _for_the_archive(self, item: Any) -> Any:  # noqa: ANN401 - any item
        """Drop a rejection that no archive takes: in a feed it would stand among the articles."""
        if isinstance(item, Rejection) and self._items.record is None:
            raise RecordedDrop(f"{item.stage}: {item.reason}: {item.url}", log_level="INFO")
        return item

    def _counted(self, article: Article) -> Article | Rejection:
        checked = self._checked(article)
        if isinstance(checked, Rejection):
            self._count(checked)
        return checked

    def _count(self, rejection: Rejection) -> None:
        self._crawler.stats.inc_value(f"unioncrawl/rejected/{rejection.stage}/{rejection.reason}")

    def _checked(self, article: Article) -> Article | Rejection:
        found = reason_to_reject(article, datetime.now(UTC))
        if found is None and self._window and not self._window.admits(article.published_at):
            found = (outcomes.OUTSIDE_WINDOW, f"published {article.published_at}")
        if found is None:
            return article
        return rejected(article, *found)

    @cached_property
    def _window(self) -> DayWindow | None:
        """The days that the run was asked for; None for a spider of another project."""
        crawl = site_crawl(self._crawler.spider)
        return crawl.arguments if crawl else None
