"""How one site's run ended, read from its stats and from what kept it from beginning."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field

from unioncrawl.archive.crawl_state.crawl_runs import NOT_BEGUN, faults, unwritten
from unioncrawl.errors import ArchiveNotFound, ArchiveUnwritable, UnioncrawlError

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteOutcome:
    """How one site's run ended: Scrapy's closing reason, its stats, and an error in words."""

    site: str
    reason: str
    stats: Mapping[str, object] = field(default_factory=dict)
    error: str = ""
    # Whether something that was fetched is not stored, because archive or disk refused it.
    is_unwritten: bool = False

    def number(self, name: str) -> int:
        """A stat of ours as a number; 0 when it was never counted."""
        value = self.stats.get(f"unioncrawl/{name}", 0)
        return value if isinstance(value, int) else 0

    def lines(self, name: str) -> list[str]:
        """A stat of ours that is a list of texts; empty when nothing was noted."""
        value = self.stats.get(f"unioncrawl/{name}")
        return [str(line) for line in value] if isinstance(value, (list, tuple)) else []

    def total(self, group: str) -> dict[str, int]:
        """The stats of a group by the last part of their names."""
        prefix = f"unioncrawl/{group}/"
        return {
            name.removeprefix(prefix): value
            for name, value in self.stats.items()
            if name.startswith(prefix) and isinstance(value, int) and value
        }

    @property
    def failed(self) -> bool:
        """Whether the run failed: an error, something unwritten, or one of `faults`."""
        return bool(self.error) or self.is_unwritten or bool(faults(self.stats))


def not_begun(site: str, error: BaseException) -> SiteOutcome:
    """The outcome of a site whose run could not begin, with the error's own words."""
    # A server that answers nobody when a run begins is away; the archive was there a moment ago.
    is_unwritten = isinstance(error, ArchiveUnwritable | ArchiveNotFound)
    said = str(error) or type(error).__name__
    if not isinstance(error, UnioncrawlError):
        said = f"{type(error).__name__}: {said}"
        logger.error("%s: the run could not begin.", site, exc_info=error)
    return SiteOutcome(site=site, reason=NOT_BEGUN, error=said, is_unwritten=is_unwritten)


def ended(site: str, stats: Mapping[str, object]) -> SiteOutcome:
    """The outcome of a site whose run has ended, by its stats."""
    reason, error = str(stats.get("finish_reason", "")), unwritten(stats)
    is_unwritten = bool(error)
    if not error and reason == "start_error":
        error = "the crawl could not ask for everything it owed; the log says why. Crawl again."
    return SiteOutcome(site=site, reason=reason, stats=stats, error=error, is_unwritten=is_unwritten)
