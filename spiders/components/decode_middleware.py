"""The downloader middleware that decodes: `unioncrawl.decode.order` decides, not Scrapy's guess."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy.crawler import Crawler
from scrapy.http import Request, Response, TextResponse

from unioncrawl.decode.order import decode_raw
from unioncrawl.errors import DecodeError
from unioncrawl.outcomes import Reason

from ..responses import PageResponse, raw_page

if TYPE_CHECKING:
    from typing import Self

    from scrapy.statscollectors import StatsCollector

# Pages served as application/octet-stream or without a type still begin like this.
_MARKUP = (b"<!doctype", b"<html", b"<?xml", b"<head")
_SNIFFED_BYTES = 512
# Keys of a request's meta: why its response is not text, and the rejection's reason where it has a name.
NO_TEXT, REFUSED = "unioncrawl_no_text", "unioncrawl_refused"


def mark_unread(meta: dict[str, Any], reason: Reason, detail: str) -> None:
    """Note in a request's meta why its response is not text, for the rejection."""
    meta[REFUSED], meta[NO_TEXT] = reason, detail


class DecodeMiddleware:
    """Turns each text response into a `PageResponse`; counts encodings and undecodable pages.

    Stands between HttpCompression (590), which unpacks the body, and
    MetaRefresh (580), which reads the text.
    """

    def __init__(self, stats: StatsCollector) -> None:
        self._stats = stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Count in the crawler's stats."""
        return cls(crawler.stats)

    def process_response(self, request: Request, response: Response) -> Response:
        """Decode a page; anything that is not text stays as it is, with the reason in ``meta``."""
        if isinstance(response, PageResponse) or REFUSED in request.meta or not _is_text(response):
            return response
        try:
            page = decode_raw(raw_page(response))
        except DecodeError as error:
            self._stats.inc_value("unioncrawl/decode/no_text")
            request.meta[NO_TEXT] = error.message
            return response
        self._stats.inc_value(f"unioncrawl/decode/{page.encoding}")
        if page.undecodable:
            self._stats.inc_value("unioncrawl/decode/undecodable_pages")
        return PageResponse.of(response, page)


def _is_text(response: Response) -> bool:
    if isinstance(response, TextResponse):
        return True
    start = response.body[:_SNIFFED_BYTES].lstrip().lower()
    return any(mark in start for mark in _MARKUP)
