"""The downloader middleware that looks whether a body came whole, and asks again where it did not.

Scrapy takes what came before a connection was closed for the whole body where the
server named no length, and throws it away where the server named one. Here the body
decides (`unioncrawl.guard.body_end`): a page with its last tag is whole whatever its
headers say, and one without is asked again; what is still cut at the last try is kept,
with the cause in ``meta``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.http import Request, Response

from unioncrawl.guard.body_end import is_whole, may_be_whole

from .decode_middleware import REFUSED
from .unpack_middleware import DAMAGED

if TYPE_CHECKING:
    from typing import Self

# Key of a request's meta: why the end of its body is missing.
CUT = "unioncrawl_body_cut"
_OK = 200
# Scrapy's flags: the connection was closed before the length or the last chunk that was
# announced; or it was closed, and no length was announced.
_DATALOSS, _NO_LENGTH = "dataloss", "partial"


class CutBodyMiddleware:
    """Asks again for a body that ended too early, as often as for any other failure."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._may_retry = crawler.settings.getbool("RETRY_ENABLED")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Retry as ``RETRY_ENABLED`` and ``RETRY_TIMES`` say."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Ask a server that did not finish its answer to close the connection after the next one.

        So the end of the answer shows even where its Content-Length is too large (RFC 9112, 9.6).
        """
        if request.meta.get("retry_times"):
            request.headers["Connection"] = "close"

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """Pass on a whole body; ask again for a cut one, and pass that on with its cause at the last try."""
        request.meta.pop(CUT, None)
        cause = _cause(request, response)
        if not cause:
            return response
        spider = self._crawler.spider
        self._crawler.stats.inc_value("unioncrawl/body/cut")
        if self._may_retry and spider is not None and not request.meta.get("dont_retry"):
            again = get_retry_request(request, spider=spider, reason="body cut", give_up_log_level="INFO")
            if again is not None:
                again.meta.pop(DAMAGED, None)
                return again
        self._crawler.stats.inc_value("unioncrawl/body/kept_cut")
        request.meta[CUT] = cause
        return response


def _cause(request: Request, response: Response) -> str:
    """Why the end of a body is missing; empty for a whole one, and for what is no page."""
    if response.status != _OK or REFUSED in request.meta:
        return ""
    if request.meta.get(DAMAGED):
        return "" if is_whole(response.body) else "its packing ends too early"
    if _DATALOSS in response.flags:
        return "" if is_whole(response.body) else "the connection was closed before its announced end"
    if _NO_LENGTH in response.flags and not may_be_whole(response.body):
        return "the connection was closed without a length, and the page does not end"
    return ""
