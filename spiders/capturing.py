"""The downloader middleware that keeps every raw response in a WARC file."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Request, Response

from unioncrawl.archive.captures import CaptureWriter, Original
from unioncrawl.model import CaptureRef, DecodedPage

from .conditional import ARTICLE_ID, NOT_MODIFIED
from .responses import PageResponse, raw_page

if TYPE_CHECKING:
    from typing import Self


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
        crawler.signals.connect(self._close, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Read the folder from ``UNIONCRAWL_CAPTURES``."""
        folder = crawler.settings.get("UNIONCRAWL_CAPTURES")
        if not folder:
            raise NotConfigured("UNIONCRAWL_CAPTURES is empty: raw responses are not kept.")
        return cls(crawler, Path(folder))

    def process_response(self, request: Request, response: Response) -> Response:
        """Write the response; hand on where it lies. A page that stands for a 304 is written already."""
        if NOT_MODIFIED in response.flags:
            return response
        page = response.page if isinstance(response, PageResponse) else None
        capture = self._write(request, response, page)
        self._crawler.stats.inc_value("unioncrawl/capture/count")
        if isinstance(response, PageResponse):
            response.capture = capture
        else:
            request.meta["unioncrawl_capture"] = capture
        return response

    def _write(self, request: Request, response: Response, page: DecodedPage | None) -> CaptureRef:
        if self._writer is None:
            started = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
            name = self._crawler.spider.name if self._crawler.spider else self._crawler.spidercls.name
            self._writer = CaptureWriter(self._folder, f"{name}-{started}", find_original=self._find_original)
        self._is_revisit = ARTICLE_ID in request.meta
        capture = self._writer.write(
            raw_page(response),
            method=request.method,
            request_headers=_header_pairs(request),
            request_body=request.body,
            metadata=_decoding_facts(page),
        )
        if page is None:
            return capture
        return replace(capture, encoding=page.encoding, encoding_evidence=page.evidence)

    def _find_original(self, digest: str) -> Original | None:
        # Only an article that is known can have been captured before; looking costs a query.
        archive = getattr(self._crawler.spider, "archive", None) if self._is_revisit else None
        return archive.original_capture(digest) if archive else None

    def _close(self) -> None:
        if self._writer is not None:
            self._writer.close()


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
