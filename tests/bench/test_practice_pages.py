"""The pages for measuring."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bench.material.practice_pages import bench_listener, bench_pages
from tests.practice.visitor import Visitor
from unioncrawl.practice.listener import Listener

COUNT = 150


@pytest.fixture(scope="module")
def bench() -> Iterator[Listener]:
    """The measuring site with some pages."""
    listener = bench_listener(COUNT)
    listener.start()
    yield listener
    listener.stop()


def test_pages_are_distinct_and_of_one_size() -> None:
    """Each page has its own path and text, and about the size asked for."""
    pages = list(bench_pages(COUNT, 25_000))
    assert len({path for path, _ in pages}) == COUNT
    assert len({body.partition(b'<div class="content">')[2] for _, body in pages}) == COUNT
    assert all(24_500 < len(body) < 25_500 for _, body in pages)


def test_pages_are_the_same_every_time() -> None:
    """Two runs measure the same bytes."""
    assert list(bench_pages(20)) == list(bench_pages(20))


def test_every_fifth_page_is_damaged() -> None:
    """Every fifth page carries pinyin notes, the others no notes."""
    noted = [b"(hu\xc3\xac)" in body or b"(zh\xc3\xad)" in body for _, body in bench_pages(20)]
    assert noted == [place % 5 == 0 for place in range(20)]


def test_lists_reach_every_page(bench: Listener) -> None:
    """From the first list over 下一页 each article is found and can be fetched."""
    visitor = Visitor(bench.url)
    first, second = visitor.get("/news/").text, visitor.get("/news/index_2.html").text
    assert '<a href="/news/index_2.html">下一页</a>' in first
    assert "下一页" not in second
    for path, body in bench_pages(COUNT):
        assert path in first + second
        assert visitor.get(path).body == body
    assert visitor.get("/news/2020-01-01/1.html").status == 404
