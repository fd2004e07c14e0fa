"""The robots.txt middleware: a bound on what is parsed, and no page where the rules are not known."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response
from scrapy.robotstxt import RobotParser

from unioncrawl.guard.bounds import ROBOTS_BYTES
from unioncrawl.guard.robots import rules_unknown
from unioncrawl.sites.address_gate import Purpose

from .cut_middleware import CUT
from .decode_middleware import NO_TEXT, REFUSED
from .gate_middleware import PURPOSE, AddressRefused
from .unpack_middleware import DAMAGED

# What Scrapy's redirect middleware says of a chain without an end.
_ENDLESS = "max redirections"


class RobotsUnreachable(IgnoreRequest):
    """A request was not sent, because the rules of its host could not be fetched."""


class BoundedRobotsMiddleware(RobotsTxtMiddleware):
    """Obeys robots.txt by its first bytes (RFC 9309, section 2.5), and asks nothing without knowing it.

    A robots.txt that is *unavailable* (4xx, or redirects that lead nowhere) allows
    everything (section 2.3.1.3). One that is *unreachable* (5xx, 429, no answer, one that
    is cut off, can't be unpacked within the bounds or can't be captured) forbids
    everything (section 2.3.1.4) in this run. Scrapy takes both for "everything is allowed".
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        # Host (and port) -> why its rules are not known.
        self._unreachable: dict[str, str] = {}

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        """Raise IgnoreRequest for what the rules forbid, `RobotsUnreachable` where they are not known."""
        host = urlsplit(request.url).netloc
        why = self._unreachable.get(host)
        if why is None:
            super().process_request_2(rp, request)
            return
        # An article is stored without its counter, and says so.
        if request.meta.get(PURPOSE) is not Purpose.COUNTER:
            self._stats.inc_value("unioncrawl/robots/pages_not_asked")
        raise RobotsUnreachable(f"The robots.txt of {host} could not be fetched: {why}.")

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        why = _fault(response)
        if why:
            self._forbid(netloc, why)
        await super()._parse_robots(self._bounded(response), netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        if not isinstance(exc, AddressRefused) and _ENDLESS not in str(exc):
            self._forbid(netloc, str(exc) or type(exc).__name__)
        super()._robots_error(exc, netloc)

    def _forbid(self, netloc: str, why: str) -> None:
        self._stats.inc_value("unioncrawl/robots/unreachable")
        self._unreachable[netloc] = why

    def _bounded(self, response: Response) -> Response:
        most = ROBOTS_BYTES.default
        if len(response.body) <= most:
            return response
        self._stats.inc_value("unioncrawl/robots/cut")
        # The line in which the bound falls would be another rule.
        body = response.body[: response.body.rfind(b"\n", 0, most) + 1]
        about: dict[str, Any] = {"status": response.status, "request": response.request}
        return Response(response.url, body=body, **about)


def _fault(response: Response) -> str:
    """Return why an answer does not give the rules; empty when it does, or says that there are no rules."""
    if rules_unknown(response.status):
        return f"the server answered {response.status}"
    if response.meta.get(REFUSED):
        return f"{response.meta[REFUSED]}, {response.meta.get(NO_TEXT, '')}"
    cut: str = response.meta.get(CUT, "")
    return "its packing is damaged" if response.meta.get(DAMAGED) else cut
