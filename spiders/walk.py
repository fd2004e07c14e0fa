"""How far a column's list is walked: from new to old, until what follows is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from unioncrawl.sites.profile import Column, Revisit

from .arguments import CrawlArguments


@dataclass(slots=True)
class ColumnWalk:
    """One column's walk through its list pages.

    ``margin`` known (or too old) entries in a row end it, so that a few pinned
    old articles at the top of a list do not. A page that shows nothing but
    entries of earlier pages ends it too: some systems answer every page number
    beyond the last one with the last page.
    """

    column: Column
    margin: int
    arguments: CrawlArguments
    pages: int = 0
    done_in_a_row: int = 0
    stopped: str = ""
    _urls: set[str] = field(default_factory=set)

    @property
    def complete(self) -> bool:
        """Whether the walk reached the end, or articles that an earlier complete walk had found."""
        limited = self.arguments.max_pages or self.arguments.since or self.arguments.until
        return self.stopped in ("end", "known") and not limited

    def take_page(self, urls: Sequence[str], done: Sequence[bool]) -> None:
        """Take in one list page: its entries in page order, and which of them need no visit."""
        self.pages += 1
        for is_done in done:
            self.done_in_a_row = self.done_in_a_row + 1 if is_done else 0
        self.stopped = self.stopped or self._reason_to_stop(urls)
        self._urls.update(urls)

    def _reason_to_stop(self, urls: Sequence[str]) -> str:
        if self._urls.issuperset(urls):
            return "end"
        if 0 < self.arguments.max_pages <= self.pages:
            return "max-pages"
        if self.done_in_a_row >= self.margin and not self.arguments.full:
            return "known"
        return ""


def visit_is_due(plan: Revisit, born: datetime, last_visit: datetime, now: datetime) -> bool:
    """Whether a known article is owed a visit for its hits and edits.

    >>> from datetime import UTC
    >>> day = lambda n: datetime(2024, 4, n, tzinfo=UTC)
    >>> visit_is_due(Revisit(), born=day(1), last_visit=day(2), now=day(4))
    True
    >>> visit_is_due(Revisit(), born=day(1), last_visit=day(9), now=day(10))
    False
    """
    age = now - born
    if age > timedelta(days=plan.until_days):
        return False
    pause = max(timedelta(hours=plan.minimum_hours), age * plan.share_of_age)
    return now - last_visit >= pause
