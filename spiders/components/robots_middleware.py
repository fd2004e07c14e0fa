"""The robots.txt middleware: a bound on what is parsed, and no page where the rules are not known.

What a robots.txt said is kept for a day, over runs and processes (`unioncrawl.guard.pace.robots_copies`).
"""

from __future__ import annotations

import logging
import time
from typing import Any
from urllib.parse import urlsplit

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response
from scrapy.robotstxt import ProtegoRobotParser, RobotParser
from twisted.internet.defer import Deferred

from unioncrawl import outcomes
from unioncrawl.guard.bounds import ROBOTS_BYTES
from unioncrawl.guard.pace.robots import read_rules, rules_unknown
from unioncrawl.guard.pace.robots_copies import FRESH_SECONDS, RobotsCopies, RobotsCopy
from unioncrawl.guard.pace.state_folder import STATE_SETTING, state_folder
from unioncrawl.outcomes import Reason
from unioncrawl.sites.address_gate import Purpose

from .cut_middleware import CUT
from .decode_middleware import NO_TEXT, REFUSED
from .gate_middleware import PURPOSE, AddressRefused
from .tls.tls_refusals import TlsRefused
from .unpack_middleware import DAMAGED

# What Scrapy's redirect middleware says of a chain without an end.
_ENDLESS = "max redirections"
_FIRST_WITHOUT_RULES = 300
logger = logging.getLogger(__name__)


class RobotsUnreachable(IgnoreRequest):
    """A request was not sent, because the rules of its host could not be fetched; ``reason`` says why."""

    def __init__(self, said: str, reason: Reason = outcomes.ROBOTS_UNREACHABLE) -> None:
        super().__init__(said)
        self.reason = reason


class ExactRobotParser(ProtegoRobotParser):
    """Scrapy's parser on the groups that are this crawler's by its whole product token."""

    @classmethod
    def from_crawler(cls, crawler: Crawler, robotstxt_body: bytes) -> ExactRobotParser:
        """Read the rules for ``ROBOTSTXT_USER_AGENT``."""
        made = cls(b"", crawler.spider)
        agent = crawler.settings.get("ROBOTSTXT_USER_AGENT") or crawler.settings["USER_AGENT"]
        made.rp = read_rules(robotstxt_body, agent)
        return made


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
        # Host (and port) -> the reason, where nothing else of the host can be asked either.
        self._reason: dict[str, Reason] = {}
        self._copies = RobotsCopies(state_folder(crawler.settings.get(STATE_SETTING)))
        # Host (and port) -> the address of its robots.txt, and when what is known of it was fetched.
        self._address: dict[str, str] = {}
        self._fetched_at: dict[str, float] = {}

    async def robot_parser(self, request: Request) -> RobotParser | None:
        """The rules of the request's host: those of this run or a copy, at most a day old, or the file's."""
        parts, now = urlsplit(request.url), time.time()
        host = parts.netloc
        if self._is_known(host) and not now - self._fetched_at.get(host, now) < FRESH_SECONDS:
            del self._parsers[host]
        if host not in self._parsers:
            self._fetched_at[host] = now
            self._address[host] = f"{parts.scheme}://{host}/robots.txt"
            copy = self._copies.find(request.url)
            if copy.is_fresh(now):
                self._stats.inc_value("unioncrawl/robots/copies_used")
                await self._take_copy(copy, host, request)
        return await super().robot_parser(request)

    def _is_known(self, host: str) -> bool:
        return host in self._parsers and not isinstance(self._parsers[host], Deferred)

    async def _take_copy(self, copy: RobotsCopy, host: str, request: Request) -> None:
        self._fetched_at[host] = copy.fetched_at
        parser = self._parserimpl.from_crawler(self.crawler, copy.body)
        self._parsers[host] = parser
        await self.crawler.signals.send_catch_log_async(
            signal=signals.robots_parsed, robotparser=parser, request=request
        )

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
        said = f"The robots.txt of {host} could not be fetched: {why}."
        raise RobotsUnreachable(said, self._reason.get(host, outcomes.ROBOTS_UNREACHABLE))

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        why = _fault(response)
        bounded = self._bounded(response)
        if not why:
            self._unreachable.pop(netloc, None)
            copy = RobotsCopy(time.time(), response.status, bounded.body)
            if not self._copies.keep(request.url, copy):
                self._stats.inc_value("unioncrawl/robots/not_kept")
        elif old := self._forbid(netloc, why):
            bounded = _answer(response, old.body)
        await super()._parse_robots(bounded, netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        old = None
        if isinstance(exc, TlsRefused):
            self._reason[netloc] = exc.reason
        if not isinstance(exc, AddressRefused) and _ENDLESS not in str(exc):
            old = self._forbid(netloc, str(exc) or type(exc).__name__)
        waiting = self._parsers[netloc]
        if old is None or not isinstance(waiting, Deferred):
            super()._robots_error(exc, netloc)
            return
        parser = self._parserimpl.from_crawler(self.crawler, old.body)
        self._parsers[netloc] = parser
        waiting.callback(parser)

    def _forbid(self, netloc: str, why: str) -> RobotsCopy | None:
        """Forbid everything of a host, or return the last copy of rules long unreachable."""
        self._stats.inc_value("unioncrawl/robots/unreachable")
        now = time.time()
        copy = self._copies.note_unreachable(self._address[netloc], now)
        if not copy.may_replace(now):
            self._unreachable[netloc] = why
            return None
        self._unreachable.pop(netloc, None)
        self._stats.inc_value("unioncrawl/robots/old_copies_used")
        days = round((now - copy.unreachable_since) / FRESH_SECONDS)
        logger.warning(
            "%s: robots.txt unreachable for %d days (%s); its last copy is obeyed.", netloc, days, why
        )
        return copy

    def _bounded(self, response: Response) -> Response:
        most = ROBOTS_BYTES.default
        if response.status >= _FIRST_WITHOUT_RULES:
            # The page that says so has no rules.
            return _answer(response, b"")
        if len(response.body) <= most:
            return response
        self._stats.inc_value("unioncrawl/robots/cut")
        # The line in which the bound falls would be another rule.
        return _answer(response, response.body[: response.body.rfind(b"\n", 0, most) + 1])


def _answer(response: Response, body: bytes) -> Response:
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
