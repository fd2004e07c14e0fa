"""What the reader's pages count, in both databases, over one small archive."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine

from tests.archive.conftest import Templates
from unioncrawl import outcomes
from unioncrawl.archive.reports import hit_series
from unioncrawl.archive.reports.hit_series import Window, rank_by_growth
from unioncrawl.archive.reports.publication_days import (
    count_units,
    first_day,
    published_span,
    spell_out,
)
from unioncrawl.archive.reports.reprint_flows import load_flows
from unioncrawl.archive.reports.run_list import count_refused, load_refused, load_run, load_runs
from unioncrawl.archive.reports.site_overview import (
    by_level,
    by_province,
    load_columns,
    load_failed,
    load_field_fill,
    load_sites,
    read_rhythm,
)
from unioncrawl.archive.search.found_numbers import count
from unioncrawl.archive.search.query import parse_query
from unioncrawl.archive.store import Archive
from unioncrawl.errors import RunNotFound
from unioncrawl.model import Article, HitsStatus, Rejection
from unioncrawl.sites.profile import SiteProfile

# Midnight in China is a day earlier in UTC.
MIDNIGHT = datetime(2024, 4, 7, 16, tzinfo=UTC)
DAY = timedelta(days=1)
# Days, weeks, months and years of China begin here; one before all numbers of days, one after them.
TURNS = (
    datetime(2023, 12, 31, 16, tzinfo=UTC),
    datetime(2024, 1, 31, 16, tzinfo=UTC),
    datetime(2024, 2, 1, 0, tzinfo=UTC),
    datetime(2024, 4, 7, 16, tzinfo=UTC),
    datetime(1949, 9, 30, 16, tzinfo=UTC),
    datetime(2099, 12, 31, 16, tzinfo=UTC),
)
STORY = "东河县总工会在城南工地慰问一线建设者，为二百名职工送去清凉饮料、毛巾和防暑药品，叮嘱大家劳逸结合。"


def _profile(key: str, name: str, level: str, region: str) -> SiteProfile:
    columns = [{"name": "要闻", "url": f"http://{key}.cn/yw"}, {"name": "空栏", "url": f"http://{key}.cn/kl"}]
    fields = {
        "id": key,
        "name": name,
        "level": level,
        "region": region,
        "family": "x",
        "hosts": [f"{key}.cn"],
    }
    return SiteProfile.model_validate({**fields, "columns": columns})


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def engine(
    request: pytest.FixtureRequest, templates: Templates, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """Six days of a county, one reprint in a province, one of 兵团; hits over three days; rejections."""
    address = templates.copy(request.param, tmp_path_factory.mktemp("overviews") / "a.db")
    with Archive.open(address) as archive:
        archive.ensure_site(_profile("donghe", "东河县总工会", "county", "610122"))
        archive.ensure_site(_profile("yunling", "云岭省总工会", "province", "530000"))
        archive.ensure_site(_profile("bt", "新疆生产建设兵团总工会", "province", "650000"))
        _store(archive, archive.begin_run("donghe", {"since": "2024-04"}))
        yield archive.engine


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """What the archive is asked with."""
    with engine.connect() as opened:
        yield opened


def _store(archive: Archive, run: int) -> None:
    for at in range(6):
        body = STORY if at == 0 else f"第{at}天：困难职工帮扶，劳动竞赛第{at}场。"
        first = replace(_article("donghe", at, body), hits_status=HitsStatus.PAGE)
        for visit in range(3):
            seen = MIDNIGHT + (at + visit) * DAY
            archive.store(replace(first, hits=100 * at + 10 * at * visit, fetched_at=seen), run)
        archive.flush()
    archive.store(replace(_article("yunling", 2, STORY), source="东河县总工会"), run)
    for at, time in enumerate(TURNS):
        for seconds in (-1, 0, 1):
            published = time + timedelta(seconds=seconds)
            url, title = f"http://bt.cn/{at}/{seconds}", f"岁末年初{at}"
            archive.store(Article(url=url, site="bt", title=title, published_at=published), run)
    archive.store(Article(url="http://bt.cn/1", site="bt", title="没有日期", body_text="兵团职工。"), run)
    for reason in (outcomes.TIMEOUT, outcomes.SOFT_404, outcomes.TIMEOUT):
        address = f"http://donghe.cn/{reason}"
        archive.reject(Rejection(url=address, site="donghe", stage="fetch", reason=reason), run)
    archive.finish_run(run, {"unioncrawl/entries/total": 6, "unioncrawl/entries/stored": 6}, "finished")


def _article(site: str, at: int, body: str) -> Article:
    time = MIDNIGHT + at * DAY
    return Article(
        url=f"http://{site}.cn/{at}",
        site=site,
        title=f"第{at}篇",
        body_text=body,
        column="要闻",
        published_at=time,
        fetched_at=time,
    )


def test_overviews_count_what_is_there(connection: Connection) -> None:
    """Days, sites, columns, fields, failures, levels, provinces, reprints, runs: each number by hand."""
    donghe, yunling = (next(one for one in load_sites(connection, key)) for key in ("donghe", "yunling"))
    assert (donghe.articles, donghe.first, len(donghe.recent)) == (6, date(2024, 4, 8), 6)
    assert yunling.recent == (date(2024, 4, 10),)
    sites = load_sites(connection)
    assert [(one.key, one.articles, one.undated) for one in sites] == [
        ("bt", 19, 1),
        ("donghe", 6, 0),
        ("yunling", 1, 0),
    ]
    assert [(one.name, one.articles) for one in by_level(sites)] == [("province", 20), ("county", 6)]
    assert {one.name: one.sites for one in by_province(sites)} == {
        "61": ("donghe",),
        "53": ("yunling",),
        "66": ("bt",),
    }
    columns = load_columns(connection, "donghe")
    assert {name: sum(days.values()) for name, days in columns.items()} == {"要闻": 6, "空栏": 0}
    fill = load_field_fill(connection, "yunling")
    assert (fill.articles, fill.filled["source"], fill.filled["author"], fill.filled["hits"]) == (1, 1, 0, 0)
    assert load_field_fill(connection, "nowhere").filled["hits"] == 0
    failed = [(one.reason, one.rejections, one.owed) for one in load_failed(connection, "donghe")]
    assert failed == [("timeout", 2, 1), ("soft-404", 1, 0)]
    assert load_failed(connection, "yunling") == []
    assert published_span(connection) == (date(1949, 9, 30), date(2100, 1, 1))
    flows = load_flows(connection)
    assert (flows.pairs, flows.stories) == ({("donghe", "yunling"): 1}, 1)
    assert flows.is_whole
    assert not load_flows(connection, 0).is_whole
    assert (flows.given()["donghe"], flows.taken()["yunling"]) == (1, 1)
    (run,) = load_runs(connection, 9)
    assert load_runs(connection, 9, before=run.id) == load_runs(connection, 9, spider="x") == []
    assert (run.spider, run.reason, run.entries and run.entries["stored"]) == ("donghe", "finished", 6)
    assert count_refused(connection, run.id) == {"timeout": 2, "soft-404": 1}
    assert [one.stage for one in load_refused(connection, run.id, 2)] == ["fetch", "fetch"]
    with pytest.raises(RunNotFound):
        load_run(connection, 77)


QUERIES = (
    "",
    "职工",
    "困难职工 帮扶",
    "职",
    "source:东河",
    "职工 since:2024-04-10",
    "岁末",
    "site:bt",
    "没有这个词",
)


def test_days_add_up_to_the_total_of_the_search(connection: Connection) -> None:
    """The days and the undated of a query are as many as the search counts, and each day too."""
    for query in QUERIES:
        counts = count_units(connection, parse_query(query), "day")
        assert counts.total == count(connection, parse_query(query)), query
        for unit in ("week", "month", "year"):
            added: Counter[date] = Counter()
            for day, number in counts.starts.items():
                added[first_day(day, unit)] += number
            assert count_units(connection, parse_query(query), unit).starts == added, (query, unit)
        for day, number in counts.starts.items():
            narrowed = parse_query(f"{query} since:{day} until:{day}")
            assert count(connection, narrowed) == number, (query, day)


@pytest.mark.parametrize("unit", ["day", "week", "month", "year"])
def test_every_unit_of_a_time_is_named_once(unit: str) -> None:
    """From any day to any other there is no gap and no repetition."""
    found = list(spell_out(date(2023, 12, 28), date(2025, 3, 1), unit))  # type: ignore[arg-type]
    assert found == sorted(set(found))
    assert found[0] <= date(2023, 12, 28)
    assert found[-1] <= date(2025, 3, 1)
    assert len(found) == {"day": 430, "week": 62, "month": 16, "year": 3}[unit]


def test_growth_is_the_same_however_it_is_added_up(connection: Connection) -> None:
    """The database picks the articles that the series themselves say grew most, in their order."""
    for window in (Window(), Window(since=MIDNIGHT + 2 * DAY), Window(until=MIDNIGHT + 4 * DAY)):
        ranked = rank_by_growth(connection, "", window, 9)
        assert ranked
        assert [one.gained for one in ranked] == sorted((one.gained for one in ranked), reverse=True)
        every = hit_series._numbers(connection, list(range(1, 20)), window)
        gains = {
            number: hit_series._gain(rows, window, MIDNIGHT + (number - 1) * DAY)
            for number, rows in every.items()
        }
        expected = sorted((gain.gained, -number) for number, gain in gains.items() if gain is not None)
        assert [(one.gained, -one.article.id) for one in ranked] == expected[::-1]


def test_a_site_is_silent_after_many_of_its_gaps() -> None:
    """A daily site is silent after a week, a weekly one after five weeks, one of a single day never."""
    daily = [date(2024, 5, 1) + timedelta(days=at) for at in range(30)]
    weekly = daily[::7]
    for days, quiet in ((daily, 7), (weekly, 35)):
        assert not read_rhythm(days, days[-1] + timedelta(days=quiet)).is_silent
        assert read_rhythm(days, days[-1] + timedelta(days=quiet + 1)).is_silent
    assert not read_rhythm(daily[:1], date(2030, 1, 1)).is_silent
