"""Tests for `pipelines.repair` and `pipelines.normalize`."""

from __future__ import annotations

from scrapy.utils.test import get_crawler

from pipelines.normalize import NormalizePipeline
from pipelines.repair import RepairPipeline
from unioncrawl import outcomes
from unioncrawl.model import Article, Rejection

DAMAGED = Article(
    url="http://a.cn/1",
    title="全國(guó)總工會(huì)召開會(huì)議",
    body_text="各級(jí)工會(huì)組織開展活動(dòng)，職(zhí)工踴躍參加。",
    published_raw="2024/4/8 9:32:34",
)
REJECTION = Rejection(url="http://a.cn/2", site="linxi", stage="extract", reason=outcomes.JIASULE)


def test_damage_is_undone_and_counted() -> None:
    """A damaged article comes out repaired, and the stats count it and its steps by kind."""
    crawler = get_crawler()
    crawler._apply_settings()
    repaired = RepairPipeline.from_crawler(crawler).process_item(DAMAGED)
    assert isinstance(repaired, Article)
    assert repaired.title == "全国总工会召开会议"
    assert crawler.stats.get_value("unioncrawl/repair/articles") == 1
    assert crawler.stats.get_value("unioncrawl/repair/mirror-note") > 0


def test_dates_become_normal_fields() -> None:
    """The printed date becomes a time with its zone."""
    crawler = get_crawler()
    crawler._apply_settings()
    found = NormalizePipeline.from_crawler(crawler).process_item(DAMAGED)
    assert isinstance(found, Article)
    assert found.published_at is not None
    assert found.published_at.isoformat() == "2024-04-08T09:32:34+08:00"


def test_rejections_pass() -> None:
    """Neither pipeline touches a rejection."""
    crawler = get_crawler()
    crawler._apply_settings()
    assert RepairPipeline.from_crawler(crawler).process_item(REJECTION) is REJECTION
    assert NormalizePipeline.from_crawler(crawler).process_item(REJECTION) is REJECTION
