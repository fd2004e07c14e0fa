"""The robots.txt middleware, with a bound on what is parsed."""

from __future__ import annotations

from typing import Any

from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.http import Request, Response

from unioncrawl.guard.bounds import ROBOTS_BYTES

from .decode_middleware import REFUSED

_FORBID_ALL = b"User-agent: *\nDisallow: /\n"


class BoundedRobotsMiddleware(RobotsTxtMiddleware):
    """Obeys robots.txt as Scrapy does, by its first bytes alone (RFC 9309, section 2.5).

    One that can't be unpacked within the bounds forbids everything: what it says is not known.
    """

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        await super()._parse_robots(self._bounded(response), netloc, request)

    def _bounded(self, response: Response) -> Response:
        most = ROBOTS_BYTES.default
        if response.meta.get(REFUSED):
            self._stats.inc_value("unioncrawl/robots/unreadable")
            return _with_body(response, _FORBID_ALL)
        if len(response.body) <= most:
            return response
        self._stats.inc_value("unioncrawl/robots/cut")
        # The line in which the bound falls would be another rule.
        return _with_body(response, response.body[: response.body.rfind(b"\n", 0, most) + 1])


def _with_body(response: Response, body: bytes) -> Response:
    about: dict[str, Any] = {"status": response.status, "request": response.request}
    return Response(response.url, body=body, **about)
