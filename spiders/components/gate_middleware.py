"""The one way out: the downloader middleware that every request passes, and its refusal.

It stands in front of robots.txt, retries, redirects and all handlers. What those ask
again (a redirect's target, a retry, robots.txt itself) enters the downloader anew and
passes here too.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

from unioncrawl.archive.crawl_state.crawl_memory import profile_of
from unioncrawl.guard.web_address import Refusal
from unioncrawl.model import Rejection
from unioncrawl.sites.address_gate import AddressGate, Purpose

if TYPE_CHECKING:
    from typing import Self

logger = logging.getLogger(__name__)

# Keys of a request's meta: what it is asked for (a `Purpose`), and an address of which
# Scrapy makes no request.
PURPOSE, UNASKABLE = "unioncrawl_purpose", "unioncrawl_unaskable"
_NOWHERE = "about:refused"


class AddressRefused(IgnoreRequest):
    """The gate refused a request's address: ``reason``, ``detail``, and the address."""

    def __init__(self, refusal: Refusal, url: str) -> None:
        super().__init__(refusal.detail)
        self.reason = refusal.reason
        self.detail = refusal.detail
        self.url = url


class GateMiddleware:
    """Refuses every request whose address the site may not be asked for."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """The site is the spider's; ``scrapy shell`` and the like, without one, ask any public host."""
        return cls(crawler)

    @cached_property
    def _gate(self) -> AddressGate:
        return AddressGate(profile_of(self._crawler.spider))

    async def process_request(self, request: Request) -> None:
        """Let the request pass, or raise `AddressRefused`."""
        url = request.meta.get(UNASKABLE, request.url)
        refusal = self._gate.refuse(url, request.meta.get(PURPOSE, Purpose.PAGE))
        if refusal is not None:
            refused = AddressRefused(refusal, url)
            await report_refusal(self._crawler, request, refused)
            raise refused


async def report_refusal(crawler: Crawler, request: Request, refused: AddressRefused) -> None:
    """Count a refusal; record it where no errback would (robots.txt that leads elsewhere)."""
    crawler.stats.inc_value("unioncrawl/gate/refused")
    crawler.stats.inc_value(f"unioncrawl/gate/{refused.reason}")
    if request.errback is not None:
        return
    next_step = "If the host is the site's own, name it in the site file."
    logger.warning("Refused to ask for %s: %s (%s). %s", refused.url, refused, refused.reason, next_step)
    if profile_of(crawler.spider) is None or crawler.spider is None:
        return
    rejection = Rejection(
        url=refused.url,
        site=crawler.spider.name,
        stage="fetch",
        reason=refused.reason,
        detail=refused.detail,
        at=datetime.now(UTC),
    )
    await crawler.engine.scraper.start_itemproc_async(rejection, response=None)


def request_for(url: str, **options: Any) -> Request:  # noqa: ANN401 - Request's own
    """A request for an address that a page named; ``options`` are those of a Request.

    Of some texts Scrapy makes no request (``javascript:…``, a host that cannot be read).
    Such a one gets a request that the gate refuses, so that it reaches its errback.
    """
    try:
        return Request(url, **options)
    except ValueError:
        meta = {**options.pop("meta", {}), UNASKABLE: url}
        return Request(_NOWHERE, meta=meta, **{**options, "dont_filter": True})


def asked_address(url: str) -> str:
    r"""The address as a request for it goes out (``\`` is ``/``); one of which none can be made stays.

    >>> asked_address("http://a.cn/xw\\1.html"), asked_address("javascript:go(2)")
    ('http://a.cn/xw/1.html', 'javascript:go(2)')
    """
    request = request_for(url)
    address: str = request.meta.get(UNASKABLE, request.url)
    return address
