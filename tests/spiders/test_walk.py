"""Tests for `spiders.walk`."""

from __future__ import annotations

from spiders.arguments import CrawlArguments
from spiders.walk import ColumnWalk
from unioncrawl.sites.profile import Column


def walk(arguments: CrawlArguments | None = None) -> ColumnWalk:
    """A walk with a margin of three."""
    return ColumnWalk(Column(name="要闻", url="http://a/"), 3, arguments or CrawlArguments())


def test_pinned_known_articles_do_not_end_the_walk() -> None:
    """Known entries at the top of a list, followed by new ones, leave the walk going."""
    column = walk()
    column.take_page(["p1", "p2", "p3", "n1"], [True, True, True, False])
    assert column.stopped == ""


def test_known_articles_in_a_row_end_the_walk() -> None:
    """As many known entries in a row as the margin asks, over two pages, end the walk."""
    column = walk()
    column.take_page(["a", "b"], [False, True])
    before = column.stopped
    column.take_page(["c", "d"], [True, True])
    assert (before, column.stopped) == ("", "known")


def test_a_full_run_walks_past_known_articles() -> None:
    """With full=1 known articles do not end the walk."""
    column = walk(CrawlArguments(full=True))
    column.take_page(["a", "b", "c"], [True, True, True])
    assert column.stopped == ""


def test_max_pages_ends_the_walk() -> None:
    """The asked number of list pages is not passed."""
    column = walk(CrawlArguments(max_pages=1))
    column.take_page(["a"], [False])
    assert column.stopped == "max-pages"


def test_a_repeated_or_empty_page_ends_the_walk() -> None:
    """A page that shows only what was seen before, or nothing, is the end."""
    column = walk()
    column.take_page(["a", "b"], [False, False])
    column.take_page(["b", "a"], [False, False])
    assert column.stopped == "end"
    empty = walk()
    empty.take_page([], [])
    assert empty.stopped == "end"
