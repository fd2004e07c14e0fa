"""The downloader middleware that keeps every raw response in a WARC file."""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import Request, Response
from scrapy.utils.defer import deferred_from_coro

from unioncrawl.archive.capture_folder import crawl_captures
from unioncrawl.archive.captures.warc_records import crawl_account
from unioncrawl.archive.captures.warc_writer import CaptureWriter, Original
from unioncrawl.archive.crawl_state.crawl_memory import memory_of, profile_of
from unioncrawl.errors import ArchiveUnwritable
from unioncrawl.guard.contact import CONTACT_SETTING
from unioncrawl.guard.outage import Outage
from unioncrawl.model import CaptureRef, DecodedPage
from unioncrawl.urls import canonical_url

from ..responses import PageResponse, raw_page
from .conditional_middleware import ARTICLE_ID, NOT_MODIFIED

if TYPE_CHECKING:
    from typing import Self

# How often a held response checks whether the crawl was asked to stop.
_LOOK_SECONDS = 0.5
# A takedown while a crawl runs is seen after so long.
_KNOWN_SECONDS = 30.0
logger = logging.getLogger(__name__)


class CaptureMiddleware:
    """Writes lists, articles, counters and refusals as they came, with the encoding decided.

    The file is opened with the first response, one name a run. Articles find
    their capture on the `PageResponse`.
    """

    def __init__(self, crawler: Crawler, folder: Path) -> None:
        self._crawler = crawler
        self._folder = folder
        self._writer: CaptureWriter | None = None
        self._is_revisit = False
        self._is_ending = False
        self._error: ArchiveUnwritable | None = None
        self._gone: frozenset[str] = frozenset()
        self._ask_at = 0.0
        self._outage = Outage(crawler.settings.getfloat("UNIONCRAWL_UNWRITABLE_SECONDS", 300.0))
        crawler.signals.connect(self._close, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Keep the captures beside the archive, or where ``UNIONCRAWL_CAPTURES`` names a folder."""
        folder = crawl_captures(crawler.settings)
        if folder is None:
            raise NotConfigured("UNIONCRAWL_CAPTURES is empty: raw responses are not kept.")
        return cls(crawler, folder)

    async def process_response(self, request: Request, response: Response) -> Response:
        """Write the response and pass on its place. A page that replaces a 304 is written already.

        What an address of a withdrawn article answers is not written, whatever becomes of it.

        While the disk refuses, the response is held, and with it the download slot it
        came through, so that little is fetched. What can't be captured in the end is
        handed on to nobody: the spider's errback records it, and the next run fetches it.
        """
        if NOT_MODIFIED in response.flags:
            return response
        if self._is_withdrawn(request, response):
            self._crawler.stats.inc_value("unioncrawl/capture/withdrawn")
            return response
        page = response.page if isinstance(response, PageResponse) else None
        capture = await self._patiently(request, response, page)
        self._crawler.stats.inc_value("unioncrawl/capture/count")
        if isinstance(response, PageResponse):
            response.capture = capture
        else:
            request.meta["unioncrawl_capture"] = capture
        return response

    async def _patiently(self, request: Request, response: Response, page: DecodedPage | None) -> CaptureRef:
        while True:
            if self._outage.may_try():
                try:
                    capture = self._write(request, response, page)
                except ArchiveUnwritable as error:
                    self._failed(error)
                else:
                    self._worked()
                    return capture
            if self._outage.is_hopeless or not self._crawler.engine.running:
                self._crawler.stats.inc_value("unioncrawl/capture/unwritten")
                raise IgnoreRequest(f"could not be captured: {self._error}")
            await asyncio.sleep(min(_LOOK_SECONDS, self._outage.pause_seconds))

    def _failed(self, error: ArchiveUnwritable) -> None:
        """Note and log a refusal of the disk; when the patience is used up, end the crawl."""
        if not self._outage.is_on:
            logger.warning("Responses are held until their captures can be written: %s", error)
        self._error = error
        self._outage.failed()
        if self._outage.is_hopeless and not self._is_ending:
            self._is_ending = True
            deferred_from_coro(self._crawler.engine.close_spider_async(reason="archive-unwritable"))

    def _worked(self) -> None:
        if self._outage.is_on:
            logger.warning("Captures are written again, after %d s.", round(self._outage.seconds))
        self._outage.ended()

    def _report(self, error: ArchiveUnwritable) -> None:
        said = f"{error.message} {error.next_step} Then crawl again: the next run fetches what is missing."
        self._crawler.stats.set_value("unioncrawl/capture/error", said)
        logger.error(said)

    def _write(self, request: Request, response: Response, page: DecodedPage | None) -> CaptureRef:
        writer = self._writer = self._writer or self._begin()
        self._is_revisit = ARTICLE_ID in request.meta
        capture = writer.write(
            raw_page(response),
            method=request.method,
            request_headers=_header_pairs(request),
            request_body=request.body,
            metadata=_decoding_facts(page),
        )
        if page is None:
            return capture
        return replace(capture, encoding=page.encoding, encoding_evidence=page.evidence)

    def _begin(self) -> CaptureWriter:
        started = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
        name = self._crawler.spider.name if self._crawler.spider else self._crawler.spidercls.name
        writer = CaptureWriter(
            self._folder,
            f"{name}-{started}",
            find_original=self._find_original,
            about=_account(self._crawler, name),
        )
        memory = memory_of(self._crawler.spider)
        if memory is not None:
            memory.archive.write_after(writer.to_disk)
        return writer

    def _is_withdrawn(self, request: Request, response: Response) -> bool:
        gone = self._withdrawn()
        if not gone:
            return False
        profile = profile_of(self._crawler.spider)
        led = (response.url, request.url, *request.meta.get("redirect_urls", ()))
        return not gone.isdisjoint({*led, *(canonical_url(url, profile) for url in led)})

    def _withdrawn(self) -> frozenset[str]:
        """Return the addresses of withdrawn articles, as they were at most `_KNOWN_SECONDS` ago."""
        memory = memory_of(self._crawler.spider)
        if memory is not None and time.monotonic() >= self._ask_at:
            self._ask_at = time.monotonic() + _KNOWN_SECONDS
            # An archive that can't be asked is asked again; until then what it said last holds.
            with suppress(ArchiveUnwritable):
                self._gone = memory.archive.withdrawn_addresses()
        return self._gone

    def _find_original(self, digest: str) -> Original | None:
        # Only an article that is known can have been captured before; looking costs a query.
        memory = memory_of(self._crawler.spider) if self._is_revisit else None
        try:
            return memory.archive.original_capture(digest) if memory else None
        except ArchiveUnwritable:
            # An archive that can't be asked costs a second copy of the body, no more.
            return None

    def _close(self) -> None:
        try:
            if self._writer is not None:
                self._writer.close()
        except ArchiveUnwritable as error:
            self._error = error
            self._outage.failed()
        if self._outage.is_on and self._error is not None:
            self._report(self._error)


def _account(crawler: Crawler, site: str) -> dict[str, str]:
    settings = crawler.settings
    return crawl_account(
        {
            "operator": settings.get("UNIONCRAWL_OPERATOR") or "",
            "contact": settings.get(CONTACT_SETTING) or "",
            "agent": settings["USER_AGENT"],
            "robots": "obey" if settings.getbool("ROBOTSTXT_OBEY") else "ignore",
            "site": site,
        }
    )


def _header_pairs(request: Request) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in request.headers.items()
        for value in values
    )


def _decoding_facts(page: DecodedPage | None) -> dict[str, str]:
    if page is None:
        return {}
    return {
        "encoding": page.encoding,
        "encoding-evidence": "; ".join(f"{item.rule}: {item.raw}" for item in page.evidence),
        "undecodable-bytes": str(page.undecodable),
    }
