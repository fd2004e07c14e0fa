"""Tests for `unioncrawl.archive.crawl_state.vanished`."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.commands.run_command import run
from tests.databases import archive_at
from unioncrawl import outcomes
from unioncrawl.archive.crawl_state.crawl_runs import EMPTY_CRAWL
from unioncrawl.archive.crawl_state.due_visits import young_articles
from unioncrawl.archive.crawl_state.vanished import mark_vanished
from unioncrawl.archive.opening.read_only import open_archive
from unioncrawl.archive.store import Archive
from unioncrawl.archive.verify.check_archive import verify
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
    with Archive.open(archive_at(tmp_path / "a.db")) as archive:
        archive.ensure_site(PROFILE)
        run = archive.begin_run("linxi", {})
        archive.store(FOUND, run)
        for day in days:
            archive.reject(replace(NOT_FOUND, at=SEEN + timedelta(days=day)), run)
        archive.flush()
        assert mark_vanished(archive.engine, "linxi", SEEN + timedelta(days=4)) == marked
        assert len(young_articles(archive.engine, "linxi", SEEN - timedelta(days=1))) == 1 - marked


@pytest.mark.parametrize(("empty_runs", "marked"), [(3, 0), (1, 0), (0, 1)])
def test_what_stands_at_every_address_marks_nothing(tmp_path: Path, empty_runs: int, marked: int) -> None:
    """The login page of a weekend reads like a notice that an article is gone, and so do the lists."""
    with Archive.open(archive_at(tmp_path / "a.db")) as archive:
        archive.ensure_site(PROFILE)
        archive.store(FOUND, archive.begin_run("linxi", {}))
        for day in (1, 2, 3):
            number = archive.begin_run("linxi", {})
            at = SEEN + timedelta(days=day)
            archive.reject(replace(NOT_FOUND, reason=outcomes.SOFT_404, at=at), number)
            archive.flush()
            stats = {EMPTY_CRAWL: 1} if day <= empty_runs else {"unioncrawl/list/articles": 20}
            archive.finish_run(number, stats, "finished")
        assert mark_vanished(archive.engine, "linxi", SEEN + timedelta(days=4)) == marked


_TEXT = "市总工会为环卫职工送去清凉用品，并走访了三个工地的休息点。" * 8


@pytest.mark.parametrize(
    ("other", "is_moved"),
    [
        ({}, True),
        ({"title": "送清凉到工地", "body_text": _TEXT}, True),
        (
            {
                "title": "送温暖",
                "body_text": _TEXT[:120] + "全市职工运动会开幕，二十支队伍参加了入场式。" * 2,
            },
            False,
        ),
        ({"published_at": SEEN + timedelta(days=2)}, False),
        ({"body_text": "全市职工运动会开幕，二十支队伍参加了入场式。" * 8}, False),
        ({"fetched_at": SEEN - timedelta(days=1)}, False),
        ({"site": "donghe"}, False),
    ],
)
def test_a_story_that_its_site_has_elsewhere_is_not_gone(
    tmp_path: Path, other: dict[str, Any], *, is_moved: bool
) -> None:
    """Same site, later, same headline and day, nearly the same text: it has moved. Anything else is gone."""
    first = replace(FOUND, title="送清凉", body_text=_TEXT, published_at=SEEN)
    there = {
        "url": "http://a.cn/n/7",
        "canonical_url": "http://a.cn/n/7",
        "body_text": _TEXT + "活动持续到八月。",
    }
    second = replace(first, **{**there, "fetched_at": SEEN + timedelta(days=1), **other})
    address = archive_at(tmp_path / "a.db")
    with Archive.open(address) as archive:
        archive.ensure_site(PROFILE)
        number = archive.begin_run("linxi", {})
        for one in (first, second):
            archive.store(one, number)
            archive.flush()
        for day in (1, 2, 3):
            archive.reject(replace(NOT_FOUND, at=SEEN + timedelta(days=day)), number)
        archive.flush()
        assert mark_vanished(archive.engine, "linxi", SEEN + timedelta(days=4)) == 1 - is_moved
        assert 1 not in [one.article_id for one in young_articles(archive.engine, "linxi", SEEN)]
        assert mark_vanished(archive.engine, "linxi", SEEN + timedelta(days=5)) == 0
        assert list(verify(archive.engine, tmp_path / "captures")) == []
    shown = run(address, "show", "1").stdout
    assert ("原站已移址" in shown, "原站已删除" in shown) == (is_moved, not is_moved)
    assert json.loads(run(address, "show", "1", "--json").stdout)["moved_to"] == (2 if is_moved else None)
    with Archive.open(address) as archive:
        archive.store(replace(first, fetched_at=SEEN + timedelta(days=6)), number)
        archive.flush()
    assert "原站已" not in run(address, "show", "1").stdout


@pytest.fixture
def vanished(tmp_path: Path) -> str:
    """An archive of one article that three visits did not find."""
    address = archive_at(tmp_path / "a.db")
    with Archive.open(address) as archive:
        archive.ensure_site(PROFILE)
        number = archive.begin_run("linxi", {})
        archive.store(FOUND, number)
        for day in (1, 2, 3):
            archive.reject(replace(NOT_FOUND, at=SEEN + timedelta(days=day)), number)
        archive.flush()
        assert mark_vanished(archive.engine, "linxi", SEEN + timedelta(days=4)) == 1
    return address


def test_who_reads_it_learns_that_it_vanished(vanished: str) -> None:
    """``show``, search, exports, feeds and the library have the day of the last sight and of the mark."""
    shown = run(vanished, "show", "1").stdout
    assert "last seen 2026-03-01, found gone by 2026-03-05" in shown
    assert shown.count("visit in vain") == 3
    assert "vanished) 2026-03-05" in run(vanished, "search", "清凉").stdout
    (line,) = run(vanished, "export").stdout.splitlines()
    assert json.loads(line)["vanished_at"].startswith("2026-03-05")
    (item,) = json.loads(run(vanished, "feed").stdout)["items"]
    assert item["_unioncrawl"]["vanished_at"] == item["date_modified"]
    assert "2026-03-01" in item["summary"]
    atom = run(vanished, "feed", "--format", "atom").stdout
    assert "2026-03-05" in atom[atom.index("<summary") :]
    with open_archive(vanished) as archive:
        assert archive.history(1)["vanished_at"]
        assert len(archive.history(1)["failures"]) == 3
        (hit,) = archive.search("清凉").results
        assert hit.vanished_at == SEEN + timedelta(days=4)


def test_an_article_that_is_there_says_nothing(tmp_path: Path) -> None:
    """Without the mark no sentence is shown, and the field is empty."""
    address = archive_at(tmp_path / "a.db")
    with Archive.open(address) as archive:
        archive.store(FOUND, archive.begin_run("linxi", {}))
    assert "gone" not in run(address, "show", "1").stdout
    assert "summary" not in json.loads(run(address, "feed").stdout)["items"][0]
