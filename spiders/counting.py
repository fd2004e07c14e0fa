"""Asks an article's hit counter: once an article a run, and only where robots.txt lets us.

Most counters change the site with every call (docs/sites.md), so a failed one is
not tried again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from unioncrawl.extract.counters import read_counter
from unioncrawl.model import Article, Evidence, HitsStatus

from .failures import failure_reason
from .responses import PageResponse

if TYPE_CHECKING:
    from .base import SiteSpider

COUNTER_PRIORITY = 30
_RAW_CHARACTERS = 200
_OK = 200
# Challenges and refusals of web application firewalls, as against a broken counter.
_REFUSALS = frozenset({401, 403, 405, 412, 429, 503, 521, 567})


class CounterVisits:
    """The counters of one run: builds the requests and reads the answers."""

    def __init__(self, spider: SiteSpider) -> None:
        self._spider = spider
        self._asked: set[tuple[str, str]] = set()

    def ask(self, article: Article) -> Iterator[Request | Article]:
        """Yield the counter's request, or the article when it has no counter to ask."""
        counter = article.counter
        self._spider.unfinished.pop(article.url, None)
        if counter is None or (counter.url, counter.body) in self._asked:
            yield article
            return
        self._spider.unfinished[article.url] = article
        self._asked.add((counter.url, counter.body))
        json_body = counter.body.lstrip().startswith("{")
        content_type = "application/json" if json_body else "application/x-www-form-urlencoded"
        headers = {"Referer": article.url, "X-Requested-With": "XMLHttpRequest"}
        yield Request(
            counter.url,
            method=counter.method,
            body=counter.body,
            headers={**headers, "Content-Type": content_type} if counter.body else headers,
            callback=self._spider.parse_counter,
            errback=self._spider.counter_failed,
            cb_kwargs={"article": article},
            priority=COUNTER_PRIORITY,
            dont_filter=True,
            meta={"dont_retry": True, "allow_offsite": True},
        )

    def read(self, response: Response, article: Article) -> Article:
        """The article with the number that its counter told, or with the reason for none."""
        text = response.text if isinstance(response, PageResponse) else ""
        if response.status in _REFUSALS:
            return self._settled(article, HitsStatus.BLOCKED, f"http-{response.status}")
        hits = read_counter(article.counter, text) if article.counter and response.status == _OK else None
        if hits is None:
            return self._settled(article, HitsStatus.FAILED, text[:_RAW_CHARACTERS])
        told = self._settled(article, HitsStatus.COUNTER, text[:_RAW_CHARACTERS])
        return replace(told, hits=hits)

    def failed(self, failure: Failure, article: Article) -> Article:
        """The article with the reason for which its counter did not answer."""
        reason = failure_reason(failure)
        status = HitsStatus.ROBOTS if reason == "robots" else HitsStatus.FAILED
        return self._settled(article, status, reason)

    def _settled(self, article: Article, status: HitsStatus, raw: str) -> Article:
        self._spider.unfinished.pop(article.url, None)
        self._spider.count(f"hits/{status.value}")
        evidence = Evidence("hits", f"counter:{article.counter.family if article.counter else ''}", raw)
        return replace(
            article, hits=None, hits_raw=raw, hits_status=status, evidence=(*article.evidence, evidence)
        )
