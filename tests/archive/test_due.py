"""Tests for `unioncrawl.archive.due`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from unioncrawl.archive.due import missed_urls
from unioncrawl.archive.store import Archive
from unioncrawl.model import Article, Rejection
from unioncrawl.sites.profile import Level, SiteProfile

NOW = datetime(2026, 3, 9, tzinfo=UTC)
PROFILE = SiteProfile(id="linxi", name="临溪市总工会", level=Level.CITY, family="generic", hosts=("a.cn",))


def rejected(number: int, reason: str, days_ago: int = 1) -> Rejection:
    """A rejection of an address, some days ago."""
    at = NOW - timedelta(days=days_ago)
    return Rejection(url=f"http://a.cn/{number}", site="linxi", stage="fetch", reason=reason, at=at)


def test_what_the_network_withheld_is_owed_a_visit(tmp_path: Path) -> None:
    """Addresses that timed out lately are owed a visit; robots, old failures and stored articles are not."""
    with Archive.open(str(tmp_path / "a.db")) as archive:
        archive.ensure_site(PROFILE)
        run = archive.begin_run("linxi", {})
        archive.store(Article(url="http://a.cn/2", site="linxi", title="送清凉", body_text="送清凉"), run)
        for item in (
            rejected(1, "timeout"),
            rejected(2, "timeout"),
            rejected(3, "robots"),
            rejected(4, "dns", days_ago=40),
            rejected(5, "http-503"),
            rejected(5, "http-503"),
        ):
            archive.reject(item, run)
        archive.flush()
        missed = missed_urls(archive.engine, "linxi", NOW - timedelta(days=30))
    assert sorted(missed) == ["http://a.cn/1", "http://a.cn/5"]
