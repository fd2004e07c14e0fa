"""The storage of feed files: whole lines, and a torn end cut at the next start."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

from scrapy.crawler import Crawler
from scrapy.extensions.feedexport import FileFeedStorage

from unioncrawl.guard.disk import refusal
from unioncrawl.guard.whole_lines import WholeLines

if TYPE_CHECKING:
    from typing import Self

    from scrapy import Spider

_LINE_FORMATS = ("jsonlines", "jsonl", "jl")
_SHOWN_CHARACTERS = 200
logger = logging.getLogger(__name__)


class WholeLineFeedStorage(FileFeedStorage):
    """Appends JSON lines to a local file, each whole; other formats and overwriting as Scrapy has it.

    Rows that the disk refuses wait (up to ``UNIONCRAWL_MAX_UNSAVED``) and are tried
    with each following row and at the end; what is missing then is logged and
    counted in ``unioncrawl/feed/unwritten``.
    """

    def __init__(self, crawler: Crawler, uri: str, *, feed_options: dict[str, Any] | None = None) -> None:
        super().__init__(uri, feed_options=feed_options)
        self._crawler = crawler
        options = feed_options or {}
        path = Path(self.path)
        is_lines = options.get("format") in _LINE_FORMATS and not options.get("postprocessing")
        # A pipe has no end that could be cut.
        self._is_lines = is_lines and self.write_mode == "ab" and (path.is_file() or not path.exists())

    @classmethod
    def from_crawler(cls, crawler: Crawler, uri: str, *, feed_options: dict[str, Any] | None = None) -> Self:
        """Keep the crawler, whose stats count what could not be written."""
        return cls(crawler, uri, feed_options=feed_options)

    def open(self, spider: Spider) -> IO[bytes]:
        """Open the file; a feed of lines opens it with its first row."""
        if not self._is_lines:
            return super().open(spider)
        waiting = self._crawler.settings.getint("UNIONCRAWL_MAX_UNSAVED", 1_000)
        return cast("IO[bytes]", _ReportingLines(Path(self.path), waiting, self._crawler))

    def store(self, file: IO[bytes]) -> None:
        """Close the file, and say what could not be written."""
        file.close()


class _ReportingLines(WholeLines):
    """Whole lines whose troubles are logged once and counted."""

    def __init__(self, path: Path, max_waiting: int, crawler: Crawler) -> None:
        super().__init__(path, max_waiting)
        self._crawler = crawler
        self._is_reported = False
        self._is_torn_reported = False

    def flush(self) -> None:
        """Write the lines that wait; log the first refusal, and a torn end."""
        super().flush()
        if self.torn and not self._is_torn_reported:
            self._is_torn_reported = True
            self._report_torn()
        if self.error and not self._is_reported:
            logger.warning("Rows of a feed wait to be written: %s.", refusal(self.path, self.error))
        self._is_reported = self.error is not None

    def close(self) -> None:
        """Write what waits; count and log what can't be written."""
        super().close()
        missing = len(self.waiting) + self.lost
        if missing or self.error:
            said = refusal(self.path, self.error) if self.error else f"too many rows waited for {self.path}"
            said = f"Rows that the feed {self.path} lacks: {missing}; {said}."
            self._crawler.stats.inc_value("unioncrawl/feed/unwritten", missing)
            self._crawler.stats.set_value("unioncrawl/feed/error", said)
            logger.error("%s unioncrawl export writes those that the archive has.", said)

    def _report_torn(self) -> None:
        self._crawler.stats.inc_value("unioncrawl/feed/torn_bytes", len(self.torn))
        begun = self.torn.decode("utf-8", "replace")[:_SHOWN_CHARACTERS]
        logger.warning(
            "The feed %s ended within a line, which was cut (%d bytes; its article is in the archive, "
            "if it was stored): %s …",
            self.path,
            len(self.torn),
            begun,
        )
