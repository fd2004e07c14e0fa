"""方正翔宇 e-papers: one index a page of the paper (版) and day, ``/html/2022-07/14/node_5.htm``.

The paper's home page leads to today's first page by a script; each page links
to the other pages of its day and to the day before. A day without an issue is
passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from scrapy import Request
from scrapy.http import Response

from unioncrawl.model import Listing

from .base import Output, SiteSpider
from .responses import PageResponse, is_page

_NODE = re.compile(r"href=[\"']?(?P<url>[^\"'\s>]*node_\d+\.html?)", re.IGNORECASE)
_JUMP = re.compile(
    r"location(?:\.href)?\s*=\s*[\"'](?P<url>[^\"']+)[\"']|url=(?P<meta>[^\"'>]+)", re.IGNORECASE
)
_DAY_BEFORE = re.compile(r"href=[\"']?(?P<url>[^\"'\s>]*node_\d+\.html?)[^>]*>(?:\s|<[^a][^>]*>)*上一期")
_DATED = re.compile(r"(?P<year>\d{4})-?(?P<month>\d{2})/(?P<day>\d{2})/(?P<name>node_\d+\.html?)")
_DAYS_WITHOUT_ISSUE = 10
_MISSED = "founder_missed"


class FounderSpider(SiteSpider):
    """A paper on Founder's e-paper system."""

    def __init__(self, *args: Any, **kwargs: str) -> None:  # noqa: ANN401 - Scrapy's own signature
        super().__init__(*args, **kwargs)
        self._nodes: set[str] = set()

    def parse_list(self, response: Response, column: int) -> Output:
        """Read one page of the paper, and ask for the others of its day."""
        if not is_page(response):
            yield from super().parse_list(response, column)
            return
        self._nodes.add(response.url)
        jump = _JUMP.search(response.text) if not _DATED.search(response.url) else None
        if jump and not self.read_list(response).links:
            yield self.list_request(response.urljoin(jump["url"] or jump["meta"]), column)
            return
        if response.status == 404 and _DATED.search(response.url):  # noqa: PLR2004 - a day without an issue
            yield from self._earlier(response, column)
            return
        yield from self._other_pages(response, column)
        yield from super().parse_list(response, column)

    def next_list_request(self, listing: Listing, response: Response, column: int) -> Request | None:
        """The first page of the day before, asked for once a day."""
        del listing
        before = _DAY_BEFORE.search(response.text) if is_page(response) else None
        url = response.urljoin(before["url"]) if before else _day_before(response.url)
        if not url or url in self._nodes:
            return None
        self._nodes.add(url)
        return self.list_request(url, column)

    def _other_pages(self, response: PageResponse, column: int) -> Iterator[Request]:
        folder = response.url.rpartition("/")[0]
        for found in _NODE.finditer(response.text):
            url = response.urljoin(found["url"])
            if url.rpartition("/")[0] == folder and url not in self._nodes:
                self._nodes.add(url)
                yield self.list_request(url, column)

    def _earlier(self, response: Response, column: int) -> Iterator[Request]:
        missed = response.meta.get(_MISSED, 0) + 1
        url = _day_before(response.url)
        if url and missed <= _DAYS_WITHOUT_ISSUE:
            yield self.list_request(url, column, meta={_MISSED: missed})
        else:
            self.walks[column].stopped = "end"


def _day_before(url: str) -> str:
    """The address of the same page a day earlier; empty when the address has no day.

    >>> _day_before("http://a.cn/html/2022-07/01/node_2.htm")
    'http://a.cn/html/2022-06/30/node_2.htm'
    """
    found = _DATED.search(url)
    if found is None:
        return ""
    day = date(int(found["year"]), int(found["month"]), int(found["day"])) - timedelta(days=1)
    dash = "-" if "-" in found[0] else ""
    return url[: found.start()] + f"{day:%Y}{dash}{day:%m}/{day:%d}/{found['name']}"
