"""Tests for `spiders.components.log_formatter`."""

from __future__ import annotations

import pytest
from scrapy import Spider
from scrapy.http import Request, Response
from scrapy.utils.test import get_crawler

from spiders.components.log_formatter import QuietLogFormatter

REQUEST = Request("http://a.cn/1.html")
RESPONSE = Response(REQUEST.url)


@pytest.mark.parametrize(
    ("level", "is_said"), [("DEBUG", True), (10, True), ("INFO", False), ("ERROR", False)]
)
def test_pages_and_items_are_logged_for_a_log_that_takes_them(level: str | int, *, is_said: bool) -> None:
    """A page that came and an item are messages of the level DEBUG, made only where LOG_LEVEL asks for it."""
    formatter = QuietLogFormatter.from_crawler(get_crawler(settings_dict={"LOG_LEVEL": level}))
    spider = Spider("linxi")
    page = formatter.crawled(REQUEST, RESPONSE, spider)
    item = formatter.scraped({"title": "送清凉"}, RESPONSE, spider)
    assert (page is not None, item is not None) == (is_said, is_said)
