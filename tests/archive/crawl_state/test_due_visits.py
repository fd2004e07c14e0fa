"""Tests for `unioncrawl.archive.crawl_state.due_visits`."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from unioncrawl.archive.crawl_state.due_visits import unfinished_articles
from unioncrawl.archive.store import Archive
from unioncrawl.model import Article, HitsStatus
from unioncrawl.sites.profile import Level, SiteProfile

NOW = datetime(2026, 3, 9, tzinfo=UTC)
PROFILE = SiteProfile(id="linxi", name="临溪市总工会", level=Level.CITY, family="generic", hosts=("a.cn",))


def test_what_a_stopped_crawl_left_open_is_reported(tmp_path: Path) -> None:
    """An article whose hits a crawl had not asked for is reported, however old; an imported one is not."""
    found = Article(
        url="http://a.cn/1",
        site="linxi",
        title="送清凉",
        body_text="送清凉",
        published_at=NOW - timedelta(days=4000),
        hits_status=HitsStatus.PENDING,
        fetched_at=NOW,
    )
    with Archive.open(str(tmp_path / "a.db")) as archive:
        archive.ensure_site(PROFILE)
        crawl, imported = archive.begin_run("linxi", {}), archive.begin_run("import", {})
        archive.store(found, crawl)
        archive.store(replace(found, url="http://a.cn/2", title="送温暖"), imported)
        archive.flush()
        before = unfinished_articles(archive.engine, "linxi")
        counted = replace(found, hits=7, hits_status=HitsStatus.COUNTER, fetched_at=NOW + timedelta(hours=1))
        archive.store(counted, crawl)
        archive.flush()
        after = unfinished_articles(archive.engine, "linxi")
    assert [article.url for article in before] == ["http://a.cn/1"]
    assert after == []
