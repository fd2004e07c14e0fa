"""Lets every request of a crawl wait for its host's turn, which all processes of this user share.

The downloader's own delays are those of one crawl: two crawls of one host know nothing of
each other. What goes out here is everything that goes out: robots.txt, lists, articles,
counters, redirects and retries.
"""

from __future__ import annotations

import asyncio
import functools
import logging

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

from unioncrawl._layout import __version__
from unioncrawl.archive.capture_folder import ARCHIVE_SETTING
from unioncrawl.archive.crawl_state.shared_pace import shared_pace
from unioncrawl.archive.database import archive_url
from unioncrawl.guard.contact import MISSING
from unioncrawl.guard.pace.host_pace import crawl_name, host_key, host_pace, is_own_machine
from unioncrawl.guard.pace.paces import BothPaces, Pace
from unioncrawl.guard.pace.state_folder import STATE_SETTING, state_folder

# How often a request that waits looks whether the crawl was asked to end.
_LOOK_SECONDS = 1.0
NOT_ASKED = "not asked any more: the run ended first"
logger = logging.getLogger(__name__)


class HostTurn:
    """Holds a crawl's requests back until their hosts may be asked."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._pace, self._name = crawl_pace(crawler), crawl_name()
        self._delay_seconds: float = crawler.settings.getfloat("DOWNLOAD_DELAY")
        self._names_nobody: bool = crawler.settings["USER_AGENT"] == f"unioncrawl/{__version__}"

    async def take(self, request: Request) -> float | None:
        """Wait until the request may go out; the seconds since the last one to its host, None for the first.

        Raises IgnoreRequest when the run ends before that.
        """
        host, waited = host_key(request.url), 0.0
        if self._names_nobody and not is_own_machine(host):
            self._names_nobody = False
            _warn_once(MISSING)
        while seconds := self._claim(request, host):
            if not self._goes_on:
                raise IgnoreRequest(f"{request.url} is {NOT_ASKED}.")
            slept = min(seconds, _LOOK_SECONDS)
            await asyncio.sleep(slept)
            waited += slept
        if waited:
            self._crawler.stats.inc_value("unioncrawl/politeness/waited_milliseconds", round(1000 * waited))
        self._report_unshared()
        return self._pace.since_last(host)

    @property
    def _goes_on(self) -> bool:
        """Whether the run still asks: a spider that closes waits for all that it has asked."""
        engine = self._crawler.engine
        # Scrapy says nowhere else that a spider is closing; a request may have to wait for a database.
        slot = engine._slot  # noqa: SLF001
        return engine.running and slot is not None and slot.closing is None

    def _claim(self, request: Request, host: str) -> float:
        # Where no pause is kept, no answer is told.
        pause_seconds = self._pause_seconds(request)
        return self._pace.claim(host, pause_seconds, self._name if pause_seconds else "")

    def give_back(self, request: Request) -> None:
        """Let the pause of a request's host begin, now that its answer has come, or will not."""
        if pause_seconds := self._pause_seconds(request):
            self._pace.answered(host_key(request.url), pause_seconds)

    def _pause_seconds(self, request: Request) -> float:
        """The delay in force: the site's own, what robots.txt asks, or what AutoThrottle made of it."""
        slot = self._crawler.engine.downloader.slots.get(request.meta.get("download_slot", ""))
        return float(slot.delay) if slot is not None else self._delay_seconds

    def _report_unshared(self) -> None:
        name = "unioncrawl/politeness/unshared"
        if self._pace.unshared and self._crawler.stats.get_value(name) is None:
            self._crawler.stats.set_value(name, self._pace.unshared)
            logger.warning(
                "The pause between two requests to a host is kept within this process alone (%s). "
                "Run no other crawl of the same hosts, or set %s to a folder that can be written.",
                self._pace.unshared,
                STATE_SETTING,
            )


@functools.cache
def _warn_once(text: str) -> None:
    logger.warning("Webmasters can't reach you: %s", text)


def crawl_pace(crawler: Crawler) -> Pace:
    """The pace that a crawl shares with the others of its folder of state, and with those of its archive.

    Only an archive on a server has crawls on several machines.
    """
    of_machine = host_pace(state_folder(crawler.settings.get(STATE_SETTING)))
    address = str(crawler.settings.get(ARCHIVE_SETTING) or "")
    if not address or archive_url(address).get_backend_name() == "sqlite":
        return of_machine
    return BothPaces(of_machine, shared_pace(address))
