from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.databases import archive_at
from unioncrawl.archive.reports.hit_series import (
    LEAST_WINDOW,
    Window,
    load_series,
    missing_counts,
    rank_by_growth,
    read_series,
)
from unioncrawl.archive.store import Archive
from unioncrawl.model import Article, HitsStatus

TIME = datetime(2024, 4, 8, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """Two articles over four days: one grows and is reset, one is blocked once."""
    visits: dict[str, list[int | None]] = {"1": [100, 140, 138, 5], "2": [10, None, 70, 80]}
    with Archive.open(archive_at(tmp_path / "a.db")) as opened:
        number = opened.begin_run("x", {})
        for day in range(4):
            for name, counts in visits.items():
                status = HitsStatus.BLOCKED if counts[day] is None else HitsStatus.COUNTER
                article = Article(
                    url=f"http://x/{name}",
                    site="x",
                    title=name,
                    fetched_at=TIME + day * DAY,
                    hits=counts[day],
                    hits_status=status,
                    published_at=TIME - 30 * DAY,
                )
                opened.store(article, number)
        opened.flush()
        yield opened


def test_series_flags_what_falls(archive: Archive) -> None:
    """A little less is a decrease, a new beginning a reset, and a reason stays a reason."""
    with archive.engine.connect() as connection:
        first, second = load_series(connection, 1), load_series(connection, 2)
    assert [(one.hits, one.change, one.flag) for one in first] == [
        (100, None, ""),
        (140, 40, ""),
        (138, -2, "decrease"),
        (5, 5, "reset"),
    ]
    assert [(one.hits, one.status, one.per_day) for one in second][1:3] == [
        (None, "blocked", None),
        (70, "counter", 30.0),
    ]


def test_growth_a_day_needs_almost_a_day() -> None:
    """Minutes are no day: over them only the change counts, and the rate comes from the last older number."""
    hours = (0, 0.03, 12, 19.9, 20, 25)
    rows = [(TIME + timedelta(hours=hour), 100 + place, "", "page") for place, hour in enumerate(hours)]
    series = read_series(rows)
    assert [one.change for one in series] == [None, 1, 1, 1, 1, 1]
    assert [one.per_day for one in series] == [None, None, None, None, 4.8, round(4 / 24.97 * 24, 2)]
    assert LEAST_WINDOW / timedelta(hours=1) == 20


def test_a_ranking_over_minutes_has_no_growth_a_day(archive: Archive) -> None:
    """Two visits within two minutes rank by what was gained, and extrapolate nothing."""
    number = archive.begin_run("x", {})
    for seconds, hits in ((0, 1), (102, 2)):
        time = TIME + 9 * DAY + timedelta(seconds=seconds)
        archive.store(
            Article(
                url="http://x/3", site="x", title="3", fetched_at=time, hits=hits, hits_status=HitsStatus.PAGE
            ),
            number,
        )
    archive.flush()
    with archive.engine.connect() as connection:
        (found,) = rank_by_growth(connection, "x", Window(since=TIME + 8 * DAY), 5)
    assert (found.gained, found.per_day) == (1, None)


def test_reasons_for_missing_counts_are_kept(archive: Archive) -> None:
    """A counter that robots.txt forbids is a reason, by site, and no zero."""
    number = archive.begin_run("y", {})
    archive.store(
        Article(url="http://y/1", site="y", title="题", fetched_at=TIME, hits_status=HitsStatus.ROBOTS),
        number,
    )
    archive.flush()
    with archive.engine.connect() as connection:
        assert missing_counts(connection) == {"y": {"robots": 1}}
        assert missing_counts(connection, "x") == {}


def test_ranking_counts_what_was_gained_in_the_window(archive: Archive) -> None:
    """The number before the window is where counting starts; old articles bring no old hits."""
    with archive.engine.connect() as connection:
        whole = rank_by_growth(connection, "x", Window(), 5)
        late = rank_by_growth(connection, "", Window(since=TIME + 3 * DAY), 1)
        nothing = rank_by_growth(connection, "other", Window(), 5)
    assert [(one.article.id, one.gained, one.hits) for one in whole] == [(1, 143, 5), (2, 80, 80)]
    assert [(one.article.id, one.gained) for one in late] == [(2, 10)]
    assert late[0].per_day is not None
    assert 0 < late[0].per_day <= late[0].gained
    assert nothing == []
