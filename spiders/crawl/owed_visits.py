"""Which addresses a run asks for without a list: what was missed, and known articles that are due."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider

from unioncrawl import outcomes
from unioncrawl.archive.crawl_state.crawl_memory import CrawlMemory
from unioncrawl.archive.crawl_state.due_visits import YoungArticle
from unioncrawl.archive.crawl_state.failed_addresses import FailedAddress
from unioncrawl.archive.crawl_state.known_addresses import KnownArticle
from unioncrawl.archive.crawl_state.visit_plan import visit_is_due
from unioncrawl.model import ListLink
from unioncrawl.urls import canonical_url

from ..components.conditional_middleware import ARTICLE_ID
from .article_requests import ArticleSpider

# An article that was rejected for these is stored, as far as it came.
_INCOMPLETE = (outcomes.PART_MISSING, outcomes.BODY_CUT)


class OwedVisitSpider(ArticleSpider):
    """Asks for what is owed.

    A missed address waits for the lists: one of them may have the date that its page lacks.
    """

    def __init__(self, *args: Any, **kwargs: str) -> None:  # noqa: ANN401 - Scrapy's own signature
        super().__init__(*args, **kwargs)
        # Addresses of no article that failed and are owed a request, by canonical URL.
        self.missed: dict[str, FailedAddress] = {}
        # Stored articles of which a part, or the end of a page, did not come: that failure, the
        # article, its canonical URL.
        self._stored_in_part: list[tuple[FailedAddress, KnownArticle, str]] = []

    @classmethod
    def from_crawler(
        cls,
        crawler: Crawler,
        *args: Any,  # noqa: ANN401 - Scrapy's own signature
        **kwargs: Any,  # noqa: ANN401 - the same
    ) -> OwedVisitSpider:
        """Make the spider; what no list named is asked for when it is idle."""
        spider: OwedVisitSpider = super().from_crawler(crawler, *args, **kwargs)  # type: ignore[assignment]
        crawler.signals.connect(spider.ask_missed, signals.spider_idle)
        return spider

    def remember(self, memory: CrawlMemory) -> None:
        """Take what earlier runs left to do; the missed addresses are known before any list comes."""
        super().remember(memory)
        pattern, now = re.compile(self.profile.article_url), datetime.now(UTC)
        owed = {
            canonical_url(address.url, self.profile): address
            for address in memory.missed
            if pattern.search(address.url) and address.is_owed(self.profile.revisit, now)
        }
        stored = memory.archive.known(self.profile.id, owed)
        self.missed = {url: address for url, address in owed.items() if url not in stored}
        self._stored_in_part = [
            (owed[url], article, url)
            for url, article in stored.items()
            if owed[url].outcome.reason in _INCOMPLETE
        ]

    def owed_visits(self, memory: CrawlMemory, now: datetime) -> Iterator[Request]:
        """Yield the visits of known articles that are due."""
        for failed, known, canonical in self._stored_in_part:
            # Unless it was seen whole since.
            if known.last_seen_at <= failed.last_at:
                seen = (known.first_seen_at, known.last_seen_at)
                article = YoungArticle(known.article_id, failed.url, canonical, *seen)
                # What was cut must not stand for the whole where the site answers "not modified".
                is_cut = failed.outcome.reason == outcomes.BODY_CUT
                yield from self._revisit(article, "incomplete", is_cut=is_cut)
        for article in memory.left_open:
            yield from self._revisit(article, "unfinished")
        for article in memory.young_articles:
            if visit_is_due(self.profile.revisit, article.born_at, article.last_visit_at, now):
                yield from self._revisit(article, "due")

    def ask_missed(self) -> None:
        """Ask for the missed addresses that no list of this run has named. Raises `DontCloseSpider` then."""
        missed, self.missed = self.missed, {}
        for canonical, address in missed.items():
            if self.asked.note(canonical):
                self.count("revisit/missed")
                self.crawler.engine.crawl(self.article_request(ListLink(url=address.url), ""))
        if missed:
            raise DontCloseSpider

    def _revisit(self, article: YoungArticle, reason: str, *, is_cut: bool = False) -> Iterator[Request]:
        if not self.asked.note(article.canonical_url):
            return
        self.count(f"revisit/{reason}")
        request = self.article_request(ListLink(url=article.url), "")
        request.cb_kwargs["is_known"] = True
        if not is_cut:
            request.meta[ARTICLE_ID] = article.article_id
        yield request
