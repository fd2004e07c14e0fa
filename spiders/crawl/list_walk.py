"""How far a column's list is walked: from new to old, until what follows is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from unioncrawl import outcomes
from unioncrawl.archive.crawl_state.crawl_runs import WALK_COMPLETE
from unioncrawl.archive.crawl_state.run_notes import RunNotes
from unioncrawl.guard.bounds import ENTRIES, LIST_PAGES, SITEMAPS
from unioncrawl.outcomes import Reason
from unioncrawl.sites.profile import Column

from .arguments import CrawlArguments

_LIMITS = (
    *(outcomes.TOO_MANY_PAGES, outcomes.TOO_MANY_ENTRIES, outcomes.TOO_MANY_SITEMAPS),
    *(outcomes.TOO_MANY_FORM_FIELDS, outcomes.TOO_MANY_FORM_BYTES),
)


class Entry(NamedTuple):
    """An entry of a list page: its address, the block it stands in, whether it needs no visit."""

    url: str
    block: str
    done: bool


@dataclass(frozen=True, slots=True)
class WalkLimits:
    """How far one column's list is walked in one run, whatever it says."""

    pages: int = LIST_PAGES.default
    entries: int = ENTRIES.default
    sitemaps: int = SITEMAPS.default


@dataclass(slots=True)
class ColumnWalk:
    """One column's walk through its list pages.

    ``margin`` known (or too old) entries in a row end it, so that a few pinned
    old articles at the top of a list do not; a block whose entries are all known
    has nothing new either. A box of few entries can't show as many: beside a longer
    list that ends, all but one of its entries are enough. Each block of a page is looked at by itself: what a
    box beside the list shows says nothing about the list. A page that shows
    nothing but entries of earlier pages ends the walk too: some systems answer
    every page number beyond the last one with the last page.
    """

    column: Column
    margin: int
    arguments: CrawlArguments
    limits: WalkLimits = WalkLimits()
    # The entries of its pages.
    seen: RunNotes = field(default_factory=RunNotes)
    pages: int = 0
    stopped: str = ""
    # Pages that had entries of their own, and the most pages that any of them names.
    pages_read: int = 0
    page_count: int = 0
    _done_in_a_row: Counter[str] = field(default_factory=Counter)
    _blocks_with_news: set[str] = field(default_factory=set)
    # How many entries each block of the latest page has.
    _sizes: Counter[str] = field(default_factory=Counter)

    # How many entries the longest block of the first page has.
    _page_size: int = 0
    # Sitemaps that were named, and how many.
    _sitemaps: set[str] = field(default_factory=set)

    @property
    def limit(self) -> Reason | None:
        """The bound that ended the walk, so that older entries may be missing; None where no bound did."""
        return next((limit for limit in _LIMITS if limit == self.stopped), None)

    def new_sitemaps(self, urls: Iterable[str]) -> list[str]:
        """The sitemaps among these that no index named before, as many as the bound lets in."""
        fresh = [url for url in dict.fromkeys(urls) if url not in self._sitemaps]
        room = self.limits.sitemaps - len(self._sitemaps)
        if len(fresh) > room:
            self.stopped = outcomes.TOO_MANY_SITEMAPS
        self._sitemaps.update(fresh[:room])
        return fresh[:room]

    def admitted(self, urls: Iterable[str]) -> set[str]:
        """The entries among these that the bound on a run's entries lets in; earlier pages' always are."""
        given = list(urls)
        fresh = [url for url in given if url not in self.seen]
        left_out = fresh[max(0, self.limits.entries - len(self.seen)) :]
        if left_out:
            self.stopped = "too-many-entries"
        return set(given).difference(left_out)

    @property
    def is_short(self) -> bool:
        """Whether the list ended before the pages that it names, and without their entries.

        A walk that ended for a reason (known articles, a limit, a failure) is not short. Where
        one answer brought the entries of several pages, these are counted.
        """
        if self.stopped not in ("end", outcomes.PAGES_UNREAD) or self.pages_read >= self.page_count:
            return False
        return len(self.seen) <= (self.page_count - 1) * self._page_size

    @property
    def complete(self) -> bool:
        """Whether the walk reached the end, or articles that an earlier complete walk had found."""
        limited = self.arguments.max_pages or self.arguments.since or self.arguments.until
        return self.stopped in ("end", "known") and not limited

    def take_page(self, entries: Sequence[Entry]) -> None:
        """Take in one list page: its entries in page order."""
        self.pages += 1
        fresh = [entry for entry in entries if entry.url not in self.seen]
        self.pages_read += bool(fresh)
        self._sizes = Counter(entry.block for entry in entries)
        self._page_size = self._page_size or max(self._sizes.values(), default=0)
        for entry in fresh:
            self._done_in_a_row[entry.block] = self._done_in_a_row[entry.block] + 1 if entry.done else 0
            if not entry.done:
                self._blocks_with_news.add(entry.block)
        self.stopped = self.stopped or self._reason_to_stop(fresh)
        for entry in fresh:
            self.seen.note(entry.url)

    def _reason_to_stop(self, fresh: Sequence[Entry]) -> str:
        if not fresh:
            return "end"
        if 0 < self.arguments.max_pages <= self.pages:
            return "max-pages"
        if not self.arguments.full and all(self._is_known(entry.block) for entry in fresh):
            return "known"
        if self.pages >= self.limits.pages:
            return outcomes.TOO_MANY_PAGES
        return outcomes.TOO_MANY_ENTRIES if len(self.seen) + len(fresh) >= self.limits.entries else ""

    def _is_known(self, block: str) -> bool:
        if self._done_in_a_row[block] >= self.margin or block not in self._blocks_with_news:
            return True
        size = self._sizes[block]
        beside_ended = any(
            self._sizes[other] > size and self._done_in_a_row[other] >= self.margin for other in self._sizes
        )
        return beside_ended and self._done_in_a_row[block] >= max(1, size - 1)


def walk_stats(walks: Sequence[ColumnWalk], *, is_finished: bool) -> Iterator[tuple[str, int]]:
    """Yield the stats that say which walks of a run were complete, and how many broke off.

    A walk of a finished run that nothing has ended was lost: its list's callback failed.
    """
    complete = [walk.column.url for walk in walks if is_finished and walk.complete]
    yield WALK_COMPLETE, int(len(complete) == len(walks))
    yield from ((f"{WALK_COMPLETE}/{url}", 1) for url in complete)
    failed = sum(walk.stopped in ("", "failed") for walk in walks)
    if failed and is_finished:
        yield "unioncrawl/walk/failed", failed
