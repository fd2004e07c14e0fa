"""The extension that waits as long as a site asks: ``Crawl-delay``, ``Retry-After``, refusals.

AutoThrottle adapts the delay to the site's speed and may lower it again; this
extension is called after it and keeps the delay at what robots.txt asks.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy import signals
from scrapy.core.downloader import Slot
from scrapy.crawler import Crawler
from scrapy.http import Request, Response
from scrapy.robotstxt import RobotParser

from unioncrawl.guard.pace.host_pace import host_key
from unioncrawl.outcomes import FIRST_ERROR_STATUS, Owed, outcome_of, reason_of_status

from .host_turn import crawl_pace

if TYPE_CHECKING:
    from typing import Self

# Sent by a spider at a refusal, with ``request`` and ``walls_in_a_row``.
wall_met = object()
# Slots without a delay never wait; this is enough to make one do so.
_LEAST_DELAY_SECONDS = 0.01


class PatienceExtension:
    """Holds a host's requests back for as long as it asks, up to ``UNIONCRAWL_PATIENCE_SECONDS``."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._longest: float = crawler.settings.getfloat("UNIONCRAWL_PATIENCE_SECONDS", 300.0)
        self._crawl_delays: dict[str, float] = {}
        self._pace = crawl_pace(crawler)
        crawler.signals.connect(self._read_robots, signals.robots_parsed)
        crawler.signals.connect(self._look_at, signals.response_downloaded)
        crawler.signals.connect(self._back_off, wall_met)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Read the longest wait from the settings."""
        return cls(crawler)

    def _read_robots(self, robotparser: RobotParser, request: Request) -> None:
        agent = self._crawler.settings.get("ROBOTSTXT_USER_AGENT") or self._crawler.settings["USER_AGENT"]
        asked = robotparser.crawl_delay(agent) or 0.0
        if asked > 0:
            host = urlsplit(request.url).hostname or ""
            self._crawl_delays[host] = min(asked, self._longest)
            self._crawler.stats.set_value("unioncrawl/politeness/crawl_delay_seconds", asked)
            self._keep_delay(host)

    def _look_at(self, response: Response, request: Request) -> None:
        key = request.meta.get("download_slot", "")
        self._keep_delay(key)
        header = response.headers.get("Retry-After")
        if header is None or not _passes_soon(response.status):
            return
        seconds = retry_after_seconds(header.decode("latin-1"), datetime.now(UTC))
        if self._delay_next_request(request, seconds):
            self._crawler.stats.inc_value("unioncrawl/politeness/retry_after")

    def _back_off(self, request: Request, walls_in_a_row: int) -> None:
        """At each further refusal leave the host alone twice as long: 2, 4, 8 … times the site's delay."""
        delay = self._crawler.settings.getfloat("DOWNLOAD_DELAY")
        if self._delay_next_request(request, delay * 2**walls_in_a_row):
            self._crawler.stats.inc_value("unioncrawl/politeness/backed_off")

    def _delay_next_request(self, request: Request, seconds: float) -> bool:
        """Leave a host alone, in all crawls; False without a downloader slot or a time to wait."""
        slot = self._slot(request.meta.get("download_slot", ""))
        if slot is None or seconds <= 0:
            return False
        slot.delay = max(slot.delay, _LEAST_DELAY_SECONDS)
        wait_seconds = min(seconds, self._longest)
        slot.lastseen = max(slot.lastseen, time.monotonic() + wait_seconds)
        self._pace.hold(host_key(request.url), wait_seconds)
        return True

    def _keep_delay(self, key: str) -> None:
        slot, asked = self._slot(key), self._crawl_delays.get(key, 0.0)
        if slot is not None and slot.delay < asked:
            slot.delay = asked
            slot.jitter = 0.0  # a variation would at times ask sooner

    def _slot(self, key: str) -> Slot | None:
        return self._crawler.engine.downloader.slots.get(key)


def _passes_soon(status: int) -> bool:
    """Whether a site that sends this status asks to come back later (429, 503 and the like)."""
    return status >= FIRST_ERROR_STATUS and outcome_of(reason_of_status(status)).owed is Owed.SOON


def retry_after_seconds(value: str, now: datetime) -> float:
    """The seconds that a ``Retry-After`` asks for (RFC 9110, 10.2.3: seconds or a date).

    A value that is neither asks for nothing.

    >>> retry_after_seconds("120", datetime(2024, 4, 8, tzinfo=UTC))
    120.0
    >>> retry_after_seconds("Mon, 08 Apr 2024 00:01:00 GMT", datetime(2024, 4, 8, tzinfo=UTC))
    60.0
    >>> retry_after_seconds("稍后", datetime(2024, 4, 8, tzinfo=UTC))
    0.0
    """
    if value.strip().isascii() and value.strip().isdigit():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return 0.0
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())
