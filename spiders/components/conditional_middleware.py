"""The downloader middleware that asks for a known article only if it has changed.

It sends the validators of the article's last capture (``ETag``,
``Last-Modified``). When the site answers 304, the captured page stands for the
response, so that its counter is still found and asked; nothing is captured
again.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import HtmlResponse, Request, Response

from unioncrawl.archive.capture_folder import crawl_captures
from unioncrawl.archive.crawl_state.crawl_memory import memory_of
from unioncrawl.archive.crawl_state.last_page import last_page
from unioncrawl.model import RawPage

if TYPE_CHECKING:
    from typing import Self

# Key of a request's meta: the archive's number of the article that is visited again.
ARTICLE_ID = "unioncrawl_article_id"
# Flag of a response that replaces a 304.
NOT_MODIFIED = "not-modified"
_LAST_PAGE = "unioncrawl_last_page"
_STATUS_NOT_MODIFIED = 304


class ConditionalMiddleware:
    """Adds validators to revisits and turns a 304 back into the page."""

    def __init__(self, crawler: Crawler, folder: Path) -> None:
        self._crawler = crawler
        self._folder = folder

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Captures lie where `crawl_captures` says."""
        folder = crawl_captures(crawler.settings)
        if folder is None:
            raise NotConfigured("UNIONCRAWL_CAPTURES is empty: there is nothing to compare with.")
        return cls(crawler, folder)

    def process_request(self, request: Request) -> None:
        """Add ``If-None-Match`` and ``If-Modified-Since`` where the last capture had validators."""
        memory = memory_of(self._crawler.spider) if ARTICLE_ID in request.meta else None
        if memory is None:
            return
        page = last_page(memory.archive.engine, self._folder, request.meta[ARTICLE_ID], request.url)
        headers = dict(page.headers) if page else {}
        if headers.get("etag"):
            request.headers["If-None-Match"] = headers["etag"]
        if headers.get("last-modified"):
            request.headers["If-Modified-Since"] = headers["last-modified"]
        if headers.keys() & {"etag", "last-modified"}:
            request.meta[_LAST_PAGE] = page

    def process_response(self, request: Request, response: Response) -> Response:
        """Let the captured page stand for a 304."""
        page: RawPage | None = request.meta.pop(_LAST_PAGE, None)
        if response.status != _STATUS_NOT_MODIFIED or page is None:
            return response
        self._crawler.stats.inc_value("unioncrawl/revisit/not_modified")
        headers = {name: value for name, value in page.headers if not name.startswith("x-archive-")}
        return HtmlResponse(
            url=response.url, headers=headers, body=page.body, request=request, flags=[NOT_MODIFIED]
        )
