"""Tests for `unioncrawl.archive.crawl_state.due_visits`."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from unioncrawl.archive.crawl_state.due_visits import missed_addresses, unfinished_articles
from unioncrawl.archive.store import Archive
from unioncrawl.model import Article, HitsStatus, Rejection
from unioncrawl.sites.profile import Level, SiteProfile

NOW = datetime(2026, 3, 9, tzinfo=UTC)
PROFILE = SiteProfile(id="linxi", name="临溪市总工会", level=Level.CITY, family="generic", hosts=("a.cn",))


def rejected(number: int, reason: str, days_ago: int = 1) -> Rejection:
    """A rejection of an address, some days ago."""
    at = NOW - timedelta(days=days_ago)
    return Rejection(url=f"http://a.cn/{number}", site="linxi", stage="fetch", reason=reason, at=at)


def test_what_the_network_withheld_is_owed_a_visit(tmp_path: Path) -> None:
    """Addresses that failed lately for a reason that may pass are told; robots and old failures are not."""
    with Archive.open(str(tmp_path / "a.db")) as archive:
        archive.ensure_site(PROFILE)
        run = archive.begin_run("linxi", {})
        for item in (
            rejected(1, "timeout"),
            rejected(3, "robots"),
            rejected(4, "dns", days_ago=40),
            rejected(5, "503"),
            rejected(5, "503", days_ago=2),
            rejected(6, "412-ruishu"),
        ):
            archive.reject(item, run)
        archive.flush()
        missed = missed_addresses(archive.engine, "linxi", NOW - timedelta(days=30))
    told = {address.url[-1]: (address.times, address.may_pass) for address in missed}
    assert told == {"1": (1, True), "5": (2, True), "6": (1, False)}
    assert {address.first_at for address in missed} == {NOW - timedelta(days=1), NOW - timedelta(days=2)}


def test_what_is_no_article_rests(tmp_path: Path) -> None:
    """Soft 404s are told with the time they were seen; timeouts, and days that no run asked for, are not."""
    with Archive.open(str(tmp_path / "a.db")) as archive:
        archive.ensure_site(PROFILE)
        run = archive.begin_run("linxi", {})
        for number, reason in enumerate(("soft-404", "timeout", "outside-window")):
            archive.reject(rejected(number, reason), run)
        archive.flush()
        found = archive.rejected("linxi", [f"http://a.cn/{number}" for number in range(5)])
    assert [(address.url, address.first_at) for address in found] == [
        ("http://a.cn/0", NOW - timedelta(days=1))
    ]


def test_what_a_stopped_crawl_left_open_is_told(tmp_path: Path) -> None:
    """An article whose hits a crawl had not asked for is told, however old; an imported one is not."""
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
