"""Tests for `unioncrawl.archive.crawl_state.vanished`."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from unioncrawl import outcomes
from unioncrawl.archive.crawl_state.due_visits import young_articles
from unioncrawl.archive.crawl_state.vanished import mark_vanished
from unioncrawl.archive.store import Archive
from unioncrawl.model import Article, Rejection
from unioncrawl.sites.profile import Level, SiteProfile

SEEN = datetime(2026, 3, 1, tzinfo=UTC)
PROFILE = SiteProfile(id="linxi", name="临溪市总工会", level=Level.CITY, family="generic", hosts=("a.cn",))


FOUND = Article(
    url="http://a.cn/1",
    canonical_url="http://a.cn/1",
    site="linxi",
    title="送清凉",
    body_text="送清凉",
    fetched_at=SEEN,
)
NOT_FOUND = Rejection(
    url="http://a.cn/1", site="linxi", stage="extract", reason=outcomes.reason_of_status(404)
)


@pytest.mark.parametrize(
    ("days", "marked"), [([1], 0), ([1, 1, 1], 0), ([1, 3], 0), ([1, 2, 3], 1), ([-3, -2, 3], 0)]
)
def test_three_visits_over_two_days_mark_it(tmp_path: Path, days: list[int], marked: int) -> None:
    """One 404, three on one day, or those before it was last seen, are not enough."""
    with Archive.open(str(tmp_path / "a.db")) as archive:
        archive.ensure_site(PROFILE)
        run = archive.begin_run("linxi", {})
        archive.store(FOUND, run)
        for day in days:
            archive.reject(replace(NOT_FOUND, at=SEEN + timedelta(days=day)), run)
        archive.flush()
        assert mark_vanished(archive.engine, "linxi", SEEN + timedelta(days=4)) == marked
        assert len(young_articles(archive.engine, "linxi", SEEN - timedelta(days=1))) == 1 - marked
