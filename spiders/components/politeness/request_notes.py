"""Notes every request of a crawl in the diary beside its captures, and what came of it."""

from __future__ import annotations

import logging
import time
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response

from unioncrawl.archive.capture_folder import ARCHIVE_SETTING, crawl_captures
from unioncrawl.archive.captures.request_diary import RequestDiary, request_diary
from unioncrawl.sites.address_gate import Purpose

from ..gate_middleware import PURPOSE

_MILLISECONDS = 3
logger = logging.getLogger(__name__)


class RequestNotes:
    """The diary of a crawl; a crawl without captures keeps none."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._diary = _diary_of(crawler)
        crawler.signals.connect(self._close, signals.spider_closed)

    def out(self, request: Request, pause_seconds: float | None) -> tuple[str, float]:
        """Note a request that goes out, so long after the one before; return its number and its time."""
        at_seconds = time.time()
        if self._diary is None:
            return "", at_seconds
        said: dict[str, object] = {
            "site": self._crawler.spider.name if self._crawler.spider else "",
            "for": _purpose(request),
            "url": request.url,
        }
        if request.method != "GET":
            said["method"] = request.method
        if cause := _cause(request):
            said["cause"] = cause
        if pause_seconds is not None:
            said["pause"] = round(pause_seconds, _MILLISECONDS)
        return self._diary.asked(at_seconds, said), at_seconds

    def back(self, noted: tuple[str, float], came: Response | BaseException | None) -> None:
        """Note the answer of a request, or why there was none."""
        number, at_seconds = noted
        if self._diary is None:
            return
        said: dict[str, object] = {"seconds": round(time.time() - at_seconds, _MILLISECONDS)}
        if isinstance(came, Response):
            said |= {"status": came.status, "bytes": len(came.body)}
        else:
            said["error"] = f"{type(came).__name__}: {came}"
        self._diary.answered(number, said)

    def _close(self) -> None:
        if self._diary is None:
            return
        self._diary.close()
        if self._diary.trouble:
            self._crawler.stats.set_value("unioncrawl/diary/unwritten", self._diary.trouble)
            logger.error("The diary of requests is not whole: %s.", self._diary.trouble)


def _diary_of(crawler: Crawler) -> RequestDiary | None:
    # Scrapy's shell and the like have an archive no more than captures.
    captures = crawl_captures(crawler.settings) if crawler.settings.get(ARCHIVE_SETTING) else None
    return request_diary(captures) if captures else None


def _purpose(request: Request) -> str:
    if urlsplit(request.url).path == "/robots.txt" or request.meta.get("dont_obey_robotstxt"):
        return "robots.txt"
    return str(Purpose(request.meta.get(PURPOSE, Purpose.PAGE)).value)


def _cause(request: Request) -> str:
    """What asked for it again: a failure or an error before, or a redirect."""
    if request.meta.get("retry_times"):
        return "retry"
    return "redirect" if request.meta.get("redirect_times") else ""
