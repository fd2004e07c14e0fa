"""E-papers: one index a page of the paper (版) and day, ``/html/2022-07/14/node_5.htm``.

The paper's home page leads to today's first page by a script or a link; each
page links to the other pages of its day, and mostly to the day before. A day
without an issue is passed over.
"""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, ClassVar

from scrapy import Request
from scrapy.http import Response

from unioncrawl.model import Listing
from unioncrawl.urls import absolute_url

from ..crawl.site_spider import Output, SiteSpider
from ..responses import PageResponse, is_page

_JUMP = re.compile(
    r"location(?:\.href)?\s*=\s*[\"'](?P<url>[^\"']+)[\"']|url=(?P<meta>[^\"'>]+)", re.IGNORECASE
)
_LINK = re.compile(r"href=[\"']?(?P<url>[^\"'\s>#]+)", re.IGNORECASE)
# Between the link and its words stand blanks and a few tags (a picture, a span), each of a few attributes.
_DAY_BEFORE = re.compile(
    r"href=[\"']?(?P<url>[^\"'\s>]{1,2083}+)[^>]{0,500}+>(?:\s++|<[^a][^>]{0,500}+>){0,30}上一期"
)
_NOT_FOUND = 404
_DAYS_WITHOUT_ISSUE = 10
_MISSED = "epaper_missed"


class EpaperSpider(SiteSpider):
    """A paper whose issues are walked page by page, day by day."""

    # Searched in an address: year, month and day of the issue whose page it is, and the page's name.
    index_url: ClassVar[re.Pattern[str]]

    def __init__(self, *args: Any, **kwargs: str) -> None:  # noqa: ANN401 - Scrapy's own signature
        super().__init__(*args, **kwargs)
        self._nodes: set[str] = set()
        self._rest_of_day: defaultdict[int, deque[str]] = defaultdict(deque)
        self._first_of_day: dict[int, str] = {}

    def parse_list(self, response: Response, column: int) -> Output:
        """Go to today's issue, pass over a day without one, or read a page of the paper.

        @asks_for_articles
        """
        self._nodes.add(response.url)
        is_dated = self.index_url.search(response.url) is not None
        if is_dated and response.status == _NOT_FOUND:
            yield from self._earlier(response, column)
        elif not (is_dated or self.walks[column].pages) and (today := self._today(response)):
            self._nodes.add(today)
            self._first_of_day[column] = today
            yield self.list_request(today, column)
        else:
            if is_dated:
                self._first_of_day.setdefault(column, response.url)
            yield from super().parse_list(response, column)

    def next_list_request(self, listing: Listing, response: Response, column: int) -> Request | None:
        """The next page of the same issue, then the first page of the issue before."""
        if not is_page(response) or not self.index_url.search(response.url):
            return super().next_list_request(listing, response, column)
        rest = self._rest_of_day[column]
        rest.extend(self._other_pages(response))
        if rest:
            return self.list_request(rest.popleft(), column)
        before = _DAY_BEFORE.search(response.text)
        url = (
            absolute_url(response.url, before["url"])
            if before
            else self._day_before(self._first_of_day[column])
        )
        if not url or url in self._nodes:
            return None
        self._nodes.add(url)
        self._first_of_day[column] = url
        return self.list_request(url, column)

    def _today(self, response: Response) -> str:
        """Return where a home page without articles leads, by its script or a link to a page of the paper."""
        if not is_page(response) or self.read_list(response).links:
            return ""
        jump = _JUMP.search(response.text)
        url = (
            absolute_url(response.url, jump["url"] or jump["meta"])
            if jump
            else next(self._linked_pages(response), "")
        )
        return "" if url in self._nodes else url

    def _linked_pages(self, response: PageResponse) -> Iterator[str]:
        for found in _LINK.finditer(response.text):
            url = absolute_url(response.url, found["url"])
            if self.index_url.search(url):
                yield url

    def _other_pages(self, response: PageResponse) -> Iterator[str]:
        """The pages of the same day that were not asked for yet."""
        day = self._day(response.url)
        for url in self._linked_pages(response):
            if self._day(url) == day and url not in self._nodes:
                self._nodes.add(url)
                yield url

    def _earlier(self, response: Response, column: int) -> Iterator[Request]:
        missed = response.meta.get(_MISSED, 0) + 1
        url = self._day_before(response.url)
        if url and missed <= _DAYS_WITHOUT_ISSUE:
            self._first_of_day[column] = url
            yield self.list_request(url, column, meta={_MISSED: missed})
        else:
            self.walks[column].stopped = "end"

    def _day(self, url: str) -> date | None:
        found = self.index_url.search(url)
        if found is None:
            return None
        try:
            return date(int(found["year"]), int(found["month"]), int(found["day"]))
        except ValueError:
            return None

    def _day_before(self, url: str) -> str:
        """The address of the same page a day earlier; empty when the address has no day."""
        day, found = self._day(url), self.index_url.search(url)
        if day is None or found is None:
            return ""
        earlier = day - timedelta(days=1)
        start, end = found.start("year"), found.end("day")
        gaps = (url[found.end("year") : found.start("month")], url[found.end("month") : found.start("day")])
        return f"{url[:start]}{earlier:%Y}{gaps[0]}{earlier:%m}{gaps[1]}{earlier:%d}{url[end:]}"
