"""The last run of each site: what became of the entries that its lists showed, and what was not read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from unioncrawl.archive.crawl_state.crawl_runs import SHORT_LISTS
from unioncrawl.archive.crawl_state.entry_ledger import ENTRIES_STAT, counted_entries, entries_in_words
from unioncrawl.archive.schema import run
from unioncrawl.archive.sql import bytewise


@dataclass(frozen=True, slots=True)
class LastRun:
    """A site's last run that closed its ledger; ``short_lists``: pagers that were shown and not followed."""

    site: str
    finished_at: datetime
    reason: str
    entries: Mapping[str, int]
    short_lists: tuple[str, ...]

    def as_record(self) -> dict[str, object]:
        """Return it for a machine."""
        times = {"finished_at": self.finished_at.isoformat(), "reason": self.reason}
        return {**times, "entries": dict(self.entries), "short_lists": list(self.short_lists)}

    def lines(self) -> Iterator[str]:
        """Say it in words."""
        yield f"{self.finished_at:%Y-%m-%d %H:%M} UTC, {self.reason}: {entries_in_words(self.entries)}"
        yield from self.short_lists


def last_runs(connection: Connection, site: str = "") -> list[LastRun]:
    """Return the last run of each site, or of one, that counted the entries of its lists."""
    counted = run.c.stats[f"{ENTRIES_STAT}/total"].as_integer().is_not(None)
    ended = [run.c.finished_at.is_not(None), counted, *([run.c.spider == site] if site else [])]
    latest = select(func.max(run.c.id)).where(*ended).group_by(run.c.spider)
    rows = connection.execute(select(run).where(run.c.id.in_(latest)).order_by(bytewise(run.c.spider))).all()
    return [
        LastRun(row.spider, row.finished_at, row.reason, numbers, _noted(row.stats.get(SHORT_LISTS, ())))
        for row in rows
        if (numbers := counted_entries(row.stats)) is not None
    ]


def _noted(lines: object) -> tuple[str, ...]:
    """Return the lines of a stat, which an earlier version kept as one text."""
    return tuple(map(str, lines)) if isinstance(lines, (list, tuple)) else (str(lines),)
