"""Tests for `spiders.crawl.list_walk`."""

from __future__ import annotations

from spiders.crawl.arguments import CrawlArguments
from spiders.crawl.list_walk import ColumnWalk, Entry
from unioncrawl.sites.profile import Column


def walk(arguments: CrawlArguments | None = None) -> ColumnWalk:
    """A walk with a margin of three."""
    return ColumnWalk(Column(name="要闻", url="http://a/"), 3, arguments or CrawlArguments())


def entries(block: str, **done: bool) -> list[Entry]:
    """Entries of one block, by their address, and whether each needs no visit."""
    return [Entry(url, block, is_done) for url, is_done in done.items()]


def test_pinned_known_articles_do_not_end_the_walk() -> None:
    """Known entries at the top of a list, followed by new ones, leave the walk going."""
    column = walk()
    column.take_page(entries("list", p1=True, p2=True, p3=True, n1=False))
    assert column.stopped == ""


def test_known_articles_in_a_row_end_the_walk() -> None:
    """As many known entries in a row as the margin asks, over two pages, end the walk."""
    column = walk()
    column.take_page(entries("list", a=False, b=True))
    before = column.stopped
    column.take_page(entries("list", c=True, d=True))
    assert (before, column.stopped) == ("", "known")


def test_a_list_of_known_articles_alone_ends_the_walk() -> None:
    """A page that shows known articles only ends the walk, be they fewer than the margin."""
    column = walk()
    column.take_page(entries("list", a=True, b=True))
    assert column.stopped == "known"


def test_a_box_of_known_articles_says_nothing_about_the_list() -> None:
    """Popular known articles beside a list of new ones leave the walk going, above or below it."""
    box = entries("hot", h1=True, h2=True, h3=True, h4=True)
    news = entries("list", n1=False, n2=False)
    for page in ([*news, *box], [*box, *news]):
        column = walk()
        column.take_page(page)
        assert column.stopped == ""


def test_a_small_box_with_a_new_article_does_not_keep_the_walk_going() -> None:
    """Beside a list that ends, a box of few entries ends with all but one of them known."""
    ended = entries("list", n=False, a=True, b=True, c=True)
    for box, stopped in (
        (entries("hot", h1=False, h2=True, h3=True), "known"),
        (entries("hot", h1=False, h2=False, h3=True), ""),
    ):
        column = walk()
        column.take_page([*box, *ended])
        assert column.stopped == stopped


def test_a_box_that_every_page_repeats_does_not_keep_the_walk_going() -> None:
    """A box with a new article counts on the first page only; then the list decides."""
    column = walk()
    box = entries("hot", h1=True, h2=False)  # the newest stands last
    column.take_page([*entries("list", n=False, a=True, b=True, c=True), *box])
    before = column.stopped
    column.take_page([*entries("list", d=True), *box])
    assert (before, column.stopped) == ("", "known")


def test_a_full_run_walks_past_known_articles() -> None:
    """With full=1 known articles do not end the walk."""
    column = walk(CrawlArguments(full=True))
    column.take_page(entries("list", a=True, b=True, c=True))
    assert column.stopped == ""


def test_max_pages_ends_the_walk() -> None:
    """The asked number of list pages is not passed."""
    column = walk(CrawlArguments(max_pages=1))
    column.take_page(entries("list", a=False))
    assert column.stopped == "max-pages"


def test_a_repeated_or_empty_page_ends_the_walk() -> None:
    """A page that shows only what was seen before, or nothing, is the end."""
    column = walk()
    column.take_page(entries("list", a=False, b=False))
    column.take_page(entries("list", b=False, a=False))
    assert column.stopped == "end"
    empty = walk()
    empty.take_page([])
    assert empty.stopped == "end"
