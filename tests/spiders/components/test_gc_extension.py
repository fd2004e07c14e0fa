"""Tests for `spiders.components.gc_extension`: what a crawl leaves in cycles does not stay."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest
from scrapy import Spider, signals
from scrapy.crawler import Crawler

from spiders.components import gc_extension
from spiders.components.gc_extension import (
    COLLECTED_AFTER_RESPONSES,
    TRIMMED_AFTER_RESPONSES,
    GarbageCollectionExtension,
)


class Circle:
    """An object that refers to itself, as the traceback of a failed request does."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def without_collections() -> Iterator[None]:
    """Python collects nothing by its own count."""
    was_enabled = gc.isenabled()
    gc.disable()
    yield
    if was_enabled:
        gc.enable()


@pytest.mark.usefixtures("without_collections")
def test_a_circle_that_has_become_old_is_freed_after_some_responses(monkeypatch: pytest.MonkeyPatch) -> None:
    """What lived through collections before it was given up is freed after so many responses."""
    trimmed: list[int] = []
    monkeypatch.setattr(gc_extension, "_responses", iter(range(1, 10 * COLLECTED_AFTER_RESPONSES)))
    monkeypatch.setattr(gc_extension, "_trim", trimmed.append)
    crawler = Crawler(Spider, {"UNIONCRAWL_COLLECT_AFTER": 50_000})
    extension = GarbageCollectionExtension.from_crawler(crawler)
    circle = Circle()
    gc.collect()
    held = weakref.ref(circle)
    del circle
    for _ in range(COLLECTED_AFTER_RESPONSES - 1):
        crawler.signals.send_catch_log(signals.response_received)
    assert held() is not None
    crawler.signals.send_catch_log(signals.response_received)
    assert held() is None
    assert trimmed == [0] * (COLLECTED_AFTER_RESPONSES // TRIMMED_AFTER_RESPONSES)
    assert extension is not None
