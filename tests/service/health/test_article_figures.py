from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.databases import archive_at
from unioncrawl.archive.database import reading
from unioncrawl.archive.store import Archive
from unioncrawl.model import Article, HitsStatus
from unioncrawl.service.health.article_figures import RowsBefore, article_figures
from unioncrawl.sites.profile import Level, SiteProfile

SITE = SiteProfile(id="linxi", name="临溪市总工会", level=Level.CITY, family="asp", hosts=("a.cn",))
AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def _article(number: int, hits: int | None, days: int) -> Article:
    url = f"http://a.cn/NewsView.asp?ID={number}"
    status = HitsStatus.NO_COUNTER if hits is None else HitsStatus.PAGE
    return Article(
        url=url, canonical_url=url, site="linxi", title=f"送清凉{number}", body_text="送清凉到一线。",
        fetched_at=AT + timedelta(days=days), hits=hits, hits_status=status,
    )  # fmt: skip


def test_articles_that_lost_their_count_are_told_from_those_that_had_none(tmp_path: Path) -> None:
    """Of three pages without a count two had one before; a run before is not counted."""
    with Archive.open(archive_at(tmp_path / "a.db")) as archive:
        archive.ensure_site(SITE)
        first = archive.begin_run("linxi", {})
        for number, hits in ((1, 7), (2, 9), (3, None)):
            archive.store(_article(number, hits, 0), first)
        archive.flush()
        second = archive.begin_run("linxi", {})
        for number in (1, 2, 3):
            archive.store(_article(number, None, 1), second)
        archive.store(_article(1, None, 2), second)
        archive.flush()
        with reading(archive.engine) as connection:
            assert article_figures(connection, first, RowsBefore(0, 0))["unshown"] == 0
            figures = article_figures(connection, second, RowsBefore(3, 3))
    assert figures["hits"] == {"no-counter": 4}
    assert figures["unshown"] == 2
