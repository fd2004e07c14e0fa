"""Asks an article's hit counter: once an article a run, and only where robots.txt lets us.

Most counters change the site with every call (docs/sites.md), so a failed one is
not tried again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Protocol

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from unioncrawl import outcomes
from unioncrawl.archive.crawl_state.run_notes import NotesFile, RunNotes
from unioncrawl.fields.hits.counter_answers import Answer, read_answer, with_answer
from unioncrawl.fields.hits.counter_forms import refuse_body
from unioncrawl.guard.web_address import Refusal
from unioncrawl.model import Article, Counter, HitsStatus, Rejection
from unioncrawl.outcomes import Stage
from unioncrawl.sites.address_gate import Purpose

from ..components.gate_middleware import PURPOSE, request_for
from ..responses import PageResponse
from .failures import failure_reason

COUNTER_PRIORITY = 30


def _without_counter(status: HitsStatus) -> HitsStatus:
    """The status when the counter was another article's: no request is pending then."""
    return HitsStatus.NO_COUNTER if status is HitsStatus.PENDING else status


class CounterSpider(Protocol):
    """What counters need of the spider that asks them."""

    unfinished: dict[str, Article]
    notes_file: NotesFile

    def count(self, name: str, times: int = 1) -> None:
        """Count in the crawl's stats, under ``unioncrawl/``."""
        ...

    def parse_counter(self, response: Response, article: Article) -> Iterator[Article]:
        """Complete an article with what its counter answered."""
        ...

    def counter_failed(self, failure: Failure) -> Iterator[Article | Rejection]:
        """Complete an article whose counter did not answer."""
        ...


class CounterVisits:
    """The counters of one run: builds the requests and reads the answers."""

    def __init__(self, spider: CounterSpider) -> None:
        self._spider = spider
        # What the article of each counter that was asked is called, and what it says, as JSON.
        self._asked = RunNotes(spider.notes_file)

    def ask(self, article: Article) -> Iterator[Request | Article | Rejection]:
        """Yield the counter's request, or the article when it has no counter to ask.

        A page with the title and the counter of an article that was read before is
        that article at another address. Where it says the same, the archive makes the
        address an alias; where it says less (a view without the following parts), it is
        recorded as a twin.
        """
        counter = article.counter
        self._spider.unfinished.pop(article.url, None)
        if counter is None:
            yield article
            return
        key = json.dumps((counter.url, counter.body))
        refusal = refuse_body(counter, article.url)
        if refusal is not None:
            yield from self._unsent(article, counter.url, refusal)
        elif (before := self._asked.said(key)) is None:
            self._spider.unfinished[article.url] = article
            self._asked.note(key, json.dumps((article.title, hash(article.body_text), article.url)))
            yield self._request(counter, article)
        else:
            yield self._asked_before(article, *json.loads(before))

    def _unsent(self, article: Article, url: str, refusal: Refusal) -> Iterator[Article | Rejection]:
        """The article without its hits, and why its counter is not sent what the page wrote."""
        for name in ("refused", refusal.reason):
            self._spider.count(f"gate/{name}")
        yield self._rejection(article, url, "fetch", refusal)
        yield self._settled(article, Answer(HitsStatus.FAILED, refusal.reason))

    def _asked_before(self, article: Article, title: str, text: int, url: str) -> Article | Rejection:
        if article.title == title and hash(article.body_text) != text:
            return self._rejection(
                article,
                (*article.redirected_from, article.url)[0],
                "extract",
                Refusal(outcomes.TWIN, f"another view of {url}"),
            )
        return replace(article, hits_status=_without_counter(article.hits_status))

    def _request(self, counter: Counter, article: Article) -> Request:
        json_body = counter.body.lstrip().startswith("{")
        content_type = "application/json" if json_body else "application/x-www-form-urlencoded"
        headers = {"Referer": article.url, "X-Requested-With": "XMLHttpRequest"}
        return request_for(
            counter.url,
            method=counter.method,
            body=counter.body,
            headers={**headers, "Content-Type": content_type} if counter.body else headers,
            callback=self._spider.parse_counter,
            errback=self._spider.counter_failed,
            cb_kwargs={"article": article},
            priority=COUNTER_PRIORITY,
            dont_filter=True,
            meta={"dont_retry": True, PURPOSE: Purpose.COUNTER},
        )

    @staticmethod
    def _rejection(article: Article, url: str, stage: Stage, refusal: Refusal) -> Rejection:
        return Rejection(
            url=url,
            site=article.site,
            stage=stage,
            reason=refusal.reason,
            detail=refusal.detail,
            at=article.fetched_at,
            captures=article.captures,
        )

    def read(self, response: Response, article: Article) -> Article:
        """The article with the number that its counter returned, or with the reason why it is missing."""
        text = response.text if isinstance(response, PageResponse) else ""
        return self._settled(article, read_answer(article.counter, text, response.status))

    def failed(self, failure: Failure, article: Article) -> Article:
        """The article with the reason why its counter did not answer."""
        reason = failure_reason(failure)
        status = HitsStatus.ROBOTS if reason == "robots" else HitsStatus.FAILED
        return self._settled(article, Answer(status, reason))

    def _settled(self, article: Article, answer: Answer) -> Article:
        self._spider.unfinished.pop(article.url, None)
        self._spider.count(f"hits/{answer.status.value}")
        return with_answer(article, answer)
