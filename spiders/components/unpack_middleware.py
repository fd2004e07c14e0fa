"""The downloader middleware that unpacks bodies, within bounds."""

from __future__ import annotations

import zlib

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response

from unioncrawl import outcomes
from unioncrawl.archive.captures.content_coding import most_unpacked, unpacked
from unioncrawl.errors import UnpacksTooLarge
from unioncrawl.guard.bounds import BODY_BYTES, UNPACK_RATIO
from unioncrawl.outcomes import Reason

from .decode_middleware import mark_unread

# Key of a request's meta: the body's packing is damaged, and the readable part of it was read.
DAMAGED = "unioncrawl_damaged_packing"
# The content of these before the damage can be read, as browsers show it.
_LENIENT = frozenset({b"gzip", b"x-gzip", b"deflate"})


class BoundedCompressionMiddleware(HttpCompressionMiddleware):
    """Unpacks as Scrapy does, and reports what it could not unpack.

    A body that unpacks beyond the bounds, or is damaged, goes on packed: it is
    captured as it came, and is not a page. Scrapy's own middleware takes the start of a
    cut gzip stream for the whole; here the article says that it was cut.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler=crawler)
        self._stats = crawler.stats
        self._limit = BODY_BYTES.given(crawler.settings)
        self._ratio = UNPACK_RATIO.given(crawler.settings)
        self._is_damaged = False

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        """The response unpacked, or as it came with the reason in ``meta``."""
        del spider
        self._is_damaged = False
        try:
            done = super().process_response(request, response)
        except UnpacksTooLarge as error:
            return self._refused(request, response, outcomes.UNPACKS_TOO_LARGE, error.message)
        except (ValueError, OSError, EOFError, zlib.error, IgnoreRequest) as error:
            return self._refused(request, response, outcomes.DAMAGED_PACKING, str(error))
        if self._is_damaged:
            self._stats.inc_value("unioncrawl/unpack/damaged")
            request.meta[DAMAGED] = True
        return done

    def _handle_encoding(
        self, body: bytes, content_encoding: list[bytes], max_size: int
    ) -> tuple[bytes, list[bytes]]:
        to_undo, to_keep = self._split_encodings(content_encoding)
        codings = b",".join(reversed(to_undo)).decode("latin-1")
        try:
            return unpacked(body, {"content-encoding": codings}, self._limit, self._ratio), to_keep
        except UnpacksTooLarge:
            raise
        except ValueError:
            if not _LENIENT.issuperset(to_undo):
                raise
        most = most_unpacked(len(body), self._limit, self._ratio)
        self._is_damaged = True
        return super()._handle_encoding(body, content_encoding, min(most, max_size or most))

    def _refused(self, request: Request, response: Response, reason: Reason, detail: str) -> Response:
        self._stats.inc_value(f"unioncrawl/unpack/{reason}")
        mark_unread(request.meta, reason, detail)
        return response
