"""What a crawl shows on a terminal while it goes on: a bar over the sites, and a line for each of a few."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

from unioncrawl.commands._crawling import Watcher
from unioncrawl.commands._site_outcome import SiteOutcome

# More lines than these would push the terminal's own text away.
_LINES = 8
T = TypeVar("T")


class SitesProgress:
    """A bar over all sites with what came so far, and below it each site, if they are few."""

    def __init__(self, progress: Progress, sites: int) -> None:
        self._progress = progress
        self._total = progress.add_task("", total=sites)
        self._has_lines = sites <= _LINES
        self._lines: dict[str, TaskID] = {}
        self._counts: dict[str, tuple[int, int]] = {}
        self._pages = self._articles = 0

    def running(self, site: str, stats: Mapping[str, object]) -> None:
        """Show how far a site is."""
        counted = [stats.get(name, 0) for name in ("response_received_count", "item_scraped_count")]
        pages, articles = (number if isinstance(number, int) else 0 for number in counted)
        before = self._counts.get(site, (0, 0))
        self._counts[site] = (pages, articles)
        self._pages, self._articles = self._pages + pages - before[0], self._articles + articles - before[1]
        if self._has_lines:
            if site not in self._lines:
                self._lines[site] = self._progress.add_task("", total=None)
            self._progress.update(self._lines[site], description=_said(site, pages, articles))
        self._show_total()

    def ended(self, outcome: SiteOutcome) -> None:
        """Count a site as done."""
        if outcome.stats:
            self.running(outcome.site, outcome.stats)
        if outcome.site in self._lines:
            self._progress.update(self._lines[outcome.site], total=1, completed=1)
        self._progress.advance(self._total)
        self._show_total()

    def _show_total(self) -> None:
        self._progress.update(self._total, description=_said("sites", self._pages, self._articles))


def _said(name: str, pages: int, articles: int) -> str:
    return f"{name}: {pages:,} responses, {articles:,} articles"


def with_progress(sites: int, crawl: Callable[[Watcher | None], T]) -> T:
    """Call what crawls, with something that shows it where a terminal is looked at."""
    console = Console(stderr=True)
    if not console.is_terminal:
        return crawl(None)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as progress:
        return crawl(SitesProgress(progress, sites))
