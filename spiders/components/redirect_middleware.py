"""Scrapy's redirects, for pages that redirect to an invalid address.

Scrapy raises a ValueError there. Here a response without another place to go is its own
refusal, and a page with a broken meta refresh is the page that a reader sees.
"""

from __future__ import annotations

from scrapy import Request
from scrapy.downloadermiddlewares.redirect import MetaRefreshMiddleware, RedirectMiddleware
from scrapy.http import Response

from unioncrawl import outcomes
from unioncrawl.guard.web_address import Refusal

from .gate_middleware import AddressRefused, report_refusal


def _never_filtered(found: Request | Response) -> Request | Response:
    """The target of a redirect is asked even if it was asked before: the redirecting address is new.

    Scrapy's filter would drop the request silently, and with it the article under that
    address (twenty articles that all redirect to one busy page).
    """
    return found.replace(dont_filter=True) if isinstance(found, Request) else found


class GateRedirectMiddleware(RedirectMiddleware):
    """Follows a ``Location``; raises `AddressRefused` for one that cannot be read."""

    async def process_response(  # type: ignore[override] # Scrapy awaits it
        self, request: Request, response: Response
    ) -> Request | Response:
        """Follow, or refuse."""
        try:
            return _never_filtered(super().process_response(request, response))
        except ValueError as error:
            location = (response.headers.get("Location") or b"").decode("latin-1")
            refusal = Refusal(outcomes.ADDRESS_INVALID, f"redirected to {location!r}: {error}")
            refused = AddressRefused(refusal, request.url)
            await report_refusal(self.crawler, request, refused)
            raise refused from error


class GateMetaRefreshMiddleware(MetaRefreshMiddleware):
    """Follows a meta refresh; one that cannot be read is ignored and counted."""

    def process_response(  # type: ignore[override] # without Scrapy's old third argument
        self, request: Request, response: Response
    ) -> Request | Response:
        """Follow, or pass on the page."""
        try:
            return _never_filtered(super().process_response(request, response))
        except ValueError:
            self.crawler.stats.inc_value("unioncrawl/gate/refresh_unreadable")
            return response
