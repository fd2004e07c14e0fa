"""What a walk and the counters of a run hold in memory does not grow with the articles."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from scrapy.http import Response
from twisted.python.failure import Failure

from spiders.crawl.arguments import CrawlArguments
from spiders.crawl.counter_requests import CounterVisits
from spiders.crawl.list_walk import ColumnWalk, Entry
from unioncrawl.archive.crawl_state.run_notes import NotesFile
from unioncrawl.model import Article, Counter, Rejection
from unioncrawl.sites.profile import Column

_FEW, _MANY = 600, 2_000
# Of 1,400 articles; a set of addresses took 180 kB, the counters in a dict 350 kB.
_MOST_BYTES = 60_000


class Visitor:
    """A spider, as counters know it."""

    def __init__(self) -> None:
        self.unfinished: dict[str, Article] = {}
        self.notes_file = NotesFile()

    def count(self, name: str, times: int = 1) -> None:
        """Count nothing."""

    def parse_counter(self, response: Response, article: Article) -> Iterator[Article]:  # noqa: ARG002
        """Complete nothing."""
        yield article

    def counter_failed(self, failure: Failure) -> Iterator[Article | Rejection]:  # noqa: ARG002
        """Complete nothing."""
        yield from ()


def growth(step: Callable[[int], None]) -> int:
    """How many bytes of Python's objects stay when a step is made for many numbers, beyond those for few."""
    tracemalloc.start()
    try:
        held = []
        for number in range(_MANY + 1):
            if number in {_FEW, _MANY}:
                held.append(tracemalloc.get_traced_memory()[0])
            step(number)
        return held[1] - held[0]
    finally:
        tracemalloc.stop()


def test_a_long_walk_takes_no_more_memory_than_a_short_one() -> None:
    """The entries of thousands of list pages do not stay in memory."""
    walk = ColumnWalk(Column(name="要闻", url="http://gh.linxi.example/"), 5, CrawlArguments())

    def take(number: int) -> None:
        walk.take_page([Entry(f"http://gh.linxi.example/art/2024/3/5/art_1229_{number}.html", "list", False)])

    assert growth(take) < _MOST_BYTES
    assert walk.pages_read == _MANY + 1


def test_the_counters_of_many_articles_take_no_more_memory_than_those_of_few() -> None:
    """What counters were asked for stays out of memory, and is known: none is asked twice."""
    spider = Visitor()
    visits = CounterVisits(spider)

    def article(number: int) -> Article:
        url = f"http://gh.linxi.example/art/2024/3/5/art_1229_{number}.html"
        counter = Counter(url=f"http://gh.linxi.example/hits?id={number}", family="generic")
        at = datetime(2024, 3, 5, tzinfo=UTC)
        return Article(url=url, site="linxi", title=f"要闻{number}", counter=counter, fetched_at=at)

    def ask(number: int) -> None:
        assert len(list(visits.ask(article(number)))) == 1
        spider.unfinished.clear()

    assert growth(ask) < _MOST_BYTES
    # It waits for the answer that the first visit has asked for.
    assert list(visits.ask(article(_FEW))) == []
