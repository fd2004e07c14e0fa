"""Asks an article's hit counter: once an article a run, and only where robots.txt lets us.

Most counters change the site with every call (docs/sites.md), so a failed one is
not tried again, and an article that a run reads at two addresses (its list's, and the one of
before a move, which leads there) is counted once: both visits have the one answer.
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
        # The answer of each, as JSON, and the other visits of its article that wait for it.
        self._answered = RunNotes(spider.notes_file)
        self._waiting: dict[str, list[Article]] = {}

    def ask(self, article: Article) -> Iterator[Request | Article | Rejection]:
        """Yield the counter's request, or the article when it has no counter to ask.

        A page with the title and the counter of an article that was read before is
        that article at another address. Where it says the same, the archive makes the
        address an alias, and the count is that of the first visit, which may have to come yet;
        where it says less (a view without the following parts), it is recorded as a twin.
        """
        counter = article.counter
        self._spider.unfinished.pop(article.url, None)
        if counter is None:
            yield article
            return
        key = _key(counter)
        refusal = refuse_body(counter, article.url)
        if refusal is not None:
            yield from self._unsent(article, counter.url, refusal)
        elif (before := self._asked.said(key)) is None:
            self._spider.unfinished[_first_address(article)] = article
            self._asked.note(key, json.dumps((article.title, hash(article.body_text), article.url)))
            yield self._request(counter, article)
        else:
            yield from self._asked_before(article, key, *json.loads(before))

    def _unsent(self, article: Article, url: str, refusal: Refusal) -> Iterator[Article | Rejection]:
        """The article without its hits, and why its counter is not sent what the page wrote."""
        for name in ("refused", refusal.reason):
            self._spider.count(f"gate/{name}")
        yield self._rejection(article, url, "fetch", refusal)
        yield self._settled(article, Answer(HitsStatus.FAILED, refusal.reason))

    def _asked_before(
        self, article: Article, key: str, title: str, text: int, url: str
    ) -> Iterator[Article | Rejection]:
        if article.title != title:
            # Another article's counter: its number is not this one's.
            yield replace(article, hits_status=_without_counter(article.hits_status))
        elif hash(article.body_text) != text:
            refusal = Refusal(outcomes.TWIN, f"another view of {url}")
            yield self._rejection(article, _first_address(article), "extract", refusal)
        elif (answered := self._answered.said(key)) is None:
            self._spider.unfinished[_first_address(article)] = article
            self._waiting.setdefault(key, []).append(article)
        else:
            yield self._settled(article, _answer(answered))

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

    def read(self, response: Response, article: Article) -> Iterator[Article]:
        """Yield the article with the number that its counter returned, or the reason why it is missing."""
        text = response.text if isinstance(response, PageResponse) else ""
        yield from self._all_settled(article, read_answer(article.counter, text, response.status))

    def failed(self, failure: Failure, article: Article) -> Iterator[Article]:
        """Yield the article with the reason why its counter did not answer."""
        reason = failure_reason(failure)
        status = HitsStatus.ROBOTS if reason == "robots" else HitsStatus.FAILED
        yield from self._all_settled(article, Answer(status, reason))

    def _all_settled(self, article: Article, answer: Answer) -> Iterator[Article]:
        """The visit that asked, and those that waited for its answer."""
        key = _key(article.counter)
        self._answered.note(key, json.dumps(answer))
        for one in (article, *self._waiting.pop(key, ())):
            yield self._settled(one, answer)

    def _settled(self, article: Article, answer: Answer) -> Article:
        self._spider.unfinished.pop(_first_address(article), None)
        self._spider.count(f"hits/{answer.status.value}")
        return with_answer(article, answer)


def _key(counter: Counter | None) -> str:
    """What a counter is asked, as notes name it."""
    return json.dumps((counter.url, counter.body) if counter else None)


def _answer(noted: str) -> Answer:
    status, raw, hits = json.loads(noted)
    return Answer(HitsStatus(status), raw, hits)


def _first_address(article: Article) -> str:
    """The address that was asked for an article: two visits of a run never have the same."""
    return (*article.redirected_from, article.url)[0]
