"""Tests for `pipelines.validate`."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.utils.test import get_crawler

from pipelines.items import ItemLine
from pipelines.validate import ValidatePipeline
from spiders.crawl.site_spider import SiteSpider
from unioncrawl import outcomes
from unioncrawl.model import Article, Rejection
from unioncrawl.sites.profile import Level, SiteProfile


class Linxi(SiteSpider):
    """A site's spider."""

    name = "linxi"
    profile = SiteProfile(
        id="linxi", name="临溪市总工会", level=Level.CITY, family="generic", hosts=("a.cn",)
    )


@pytest.fixture
def crawler() -> Crawler:
    """A crawler whose spider was asked for April 2024."""
    crawler = get_crawler()
    crawler._apply_settings()
    crawler.spider = Linxi(since="2024-04-01", until="2024-04-30")
    # An archive takes the rejections.
    taken: list[Rejection] = []
    ItemLine.of(crawler).record = taken.append
    return crawler


def article(day: int, month: int = 4) -> Article:
    """A sound article of a day in 2024."""
    return Article(
        url="http://a.cn/1",
        site="linxi",
        title="送清凉",
        body_text="今天送出。",
        published_at=datetime(2024, month, day, tzinfo=UTC),
    )


def test_a_sound_article_passes_as_it_is(crawler: Crawler) -> None:
    """An article inside the asked window is handed on unchanged."""
    given = article(8)
    assert ValidatePipeline.from_crawler(crawler).process_item(given) is given


def test_an_article_outside_the_window_is_rejected_with_its_date(crawler: Crawler) -> None:
    """An article of another month becomes a rejection that says when it was published, and is counted."""
    found = ValidatePipeline.from_crawler(crawler).process_item(article(8, month=3))
    assert isinstance(found, Rejection)
    assert (found.stage, found.reason) == ("validate", "outside-window")
    assert "2024-03-08" in found.detail
    assert crawler.stats.get_value("unioncrawl/rejected/validate/outside-window") == 1


def test_a_rejection_passes_and_is_counted(crawler: Crawler) -> None:
    """A rejection of an earlier stage is handed on."""
    given = Rejection(url="http://a.cn/2", site="linxi", stage="extract", reason=outcomes.JIASULE)
    assert ValidatePipeline.from_crawler(crawler).process_item(given) is given
    assert crawler.stats.get_value("unioncrawl/rejected/extract/jiasule-challenge") == 1


def test_the_spider_of_another_project_asks_for_no_days(crawler: Crawler) -> None:
    """An article passes whatever its date where the spider is not a site's, whatever its attributes."""
    crawler.spider = Spider("other", arguments={"since": "2024-04-01"})
    given = article(8, month=3)
    assert ValidatePipeline.from_crawler(crawler).process_item(given) is given
