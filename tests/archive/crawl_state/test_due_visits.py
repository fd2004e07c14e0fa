"""Tests for `unioncrawl.archive.crawl_state.due_visits`."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.databases import archive_at
from unioncrawl.archive.crawl_state.due_visits import unfinished_articles, young_articles
from unioncrawl.archive.store import Archive
from unioncrawl.model import Article, CaptureRef, HitsStatus, Rejection
from unioncrawl.outcomes import BODY_CUT, SOFT_404
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
    with Archive.open(archive_at(tmp_path / "a.db")) as archive:
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


def _capture(url: str) -> CaptureRef:
    return CaptureRef(file="a.warc.gz", offset=0, length=9, digest=f"sha256:{url}", url=url, status=200)


def test_a_visit_goes_where_the_article_was_seen_last(tmp_path: Path) -> None:
    """An article that moved is asked at its new address; when it is gone there, at its first one again.

    A cut answer does not say that it is gone.
    """
    text = "临溪市总工会走访慰问高温岗位职工，送去清凉饮料，并检查防暑设施。" * 3
    old, new, part = "http://a.cn/1", "http://a.cn/new/1", "http://a.cn/new/1_2"
    first = Article(url=old, site="linxi", title="送清凉", body_text=text, fetched_at=NOW)
    with Archive.open(archive_at(tmp_path / "a.db")) as archive:
        archive.ensure_site(PROFILE)
        archive.store(replace(first, captures=(_capture(old),)), archive.begin_run("linxi", {}))
        archive.flush()
        stayed = young_articles(archive.engine, "linxi", NOW - timedelta(days=9))
        moved = replace(first, fetched_at=NOW + timedelta(hours=1), redirected_from=(old,))
        run = archive.begin_run("linxi", {})
        archive.store(replace(moved, url=new, captures=(_capture(new), _capture(part))), run)
        archive.flush()
        after_move = young_articles(archive.engine, "linxi", NOW - timedelta(days=9))
        failed = Rejection(url=new, site="linxi", stage="fetch", reason=BODY_CUT, at=NOW + timedelta(hours=2))
        archive.reject(failed, run)
        archive.flush()
        after_cut = young_articles(archive.engine, "linxi", NOW - timedelta(days=9))
        gone = Rejection(url=new, site="linxi", stage="extract", reason=SOFT_404, at=NOW + timedelta(hours=3))
        archive.reject(gone, run)
        archive.flush()
        after_loss = young_articles(archive.engine, "linxi", NOW - timedelta(days=9))
    assert [one.url for one in stayed] == [old]
    assert [(one.url, one.canonical_url) for one in after_move] == [(new, old)]
    assert [one.url for one in after_cut] == [new]
    assert [one.url for one in after_loss] == [old]
