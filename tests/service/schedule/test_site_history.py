"""The history of each site is read from either database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, insert

from unioncrawl.archive.database import reading, writing
from unioncrawl.archive.schema import run
from unioncrawl.archive.store import Archive
from unioncrawl.language.zones import CHINA
from unioncrawl.model import Article, HitsStatus, Precision
from unioncrawl.service.schedule.due import Why, due_sites
from unioncrawl.service.schedule.looks import looks_of
from unioncrawl.service.schedule.rhythm import Look
from unioncrawl.service.schedule.site_history import site_histories
from unioncrawl.service.schedule.visits_ahead import add_visits
from unioncrawl.sites.profile import Level, SiteProfile

NOON = datetime(2026, 3, 4, 4, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def site(name: str) -> SiteProfile:
    """An invented site."""
    return SiteProfile(id=name, name=name, level=Level.CITY, family="generic", hosts=(f"{name}.example",))


def add_run(connection: Connection, number: int, spider: str, begun_at: datetime, **given: Any) -> None:
    """Write the row of a run."""
    row = {"id": number, "spider": spider, "arguments": {}, "started_at": begun_at, "reason": "finished"}
    row |= {"finished_at": begun_at + HOUR, "stats": {}}
    connection.execute(insert(run), {**row, **given})


@pytest.fixture
def archive(any_archive: str) -> Any:
    """An archive of two sites: 临溪's runs of three days, 东河's killed one."""
    with Archive.open(any_archive) as opened:
        with writing(opened.engine) as connection:
            stats = {"unioncrawl/archive/new": 4, "unioncrawl/rejected/fetch/503": 2}
            stats |= {
                "unioncrawl/rejected/fetch/404": 9,
                "unioncrawl/walk/short": 1,
                "downloader/request_count": 7,
            }
            add_run(connection, 1, "linxi", NOON - 3 * DAY)
            add_run(connection, 2, "linxi", NOON - 2 * DAY, arguments={"full": "1"}, reason="shutdown")
            add_run(connection, 3, "donghe", NOON - DAY, finished_at=None, reason="", stats=None)
            add_run(connection, 4, "linxi", NOON - DAY, stats=stats)
        yield opened


def test_runs_are_read_with_what_they_found_and_left_open(archive: Archive) -> None:
    """New articles, faults, owed addresses, deep walks and kills; a site without a row has no runs."""
    with reading(archive.engine) as connection:
        found = site_histories(connection, ["linxi", "donghe", "nanhe"], NOON)
    last = found["linxi"].last
    assert last is not None
    assert (last.new, last.owed, last.faults, last.is_look) == (4, 2, frozenset({"walk/short"}), True)
    assert (found["linxi"].deep_at, found["linxi"].deep_tried_at) == (NOON - 3 * DAY, NOON - 2 * DAY)
    assert [one.was_cut_short for one in found["linxi"].runs] == [False, True, False]
    killed = found["donghe"].last
    assert killed is not None
    assert (killed.ended_at, killed.failed) == (None, True)
    assert found["nanhe"].runs == []


def test_sites_are_sorted_by_how_long_they_are_due(archive: Archive) -> None:
    """A site that was never crawled comes first."""
    sites = [site("linxi"), site("donghe"), site("nanhe")]
    with reading(archive.engine) as connection:
        due = due_sites(connection, sites, NOON)
    assert [one.site for one in due] == ["nanhe", "donghe", "linxi"]
    assert [(one.why, one.is_due) for one in due] == [(Why.NEVER, True), (Why.KILLED, True), (Why.OWED, True)]
    assert due[2].last_run is not None
    assert due[2].last_run.all_faults == {"walk/short"}


def test_visits_and_publications_are_read(archive: Archive) -> None:
    """The next owed visit is that of the article owed one first; days without an hour are no moments."""
    with writing(archive.engine) as connection:
        add_run(connection, 5, "linxi", NOON)
    for number, (at, precision) in enumerate(
        [
            (NOON - 30 * HOUR, Precision.MINUTE),
            (NOON - 30 * HOUR + timedelta(minutes=5), Precision.MINUTE),
            (NOON - 26 * HOUR, Precision.MINUTE),
            (datetime(2026, 3, 4, tzinfo=CHINA), Precision.DAY),
        ]
    ):
        archive.store(article(number, at, precision), 4)
    archive.flush()
    with reading(archive.engine) as connection:
        found = add_visits(connection, [site("linxi")], site_histories(connection, ["linxi"], NOON), NOON)[
            "linxi"
        ]
    assert found.next_visit_at == NOON + 20 * HOUR
    # From Sunday noon to Tuesday noon two sittings, then a day with an article of no hour, unseen by its run.
    assert looks_of(found, CHINA) == [Look(31.0, 2), Look(18.0, 0)]


def article(number: int, published_at: datetime, precision: Precision) -> Article:
    """An article that was seen at noon."""
    return Article(
        url=f"http://linxi.example/{number}.html",
        site="linxi",
        title=f"临溪市总工会召开第{number}次会议",
        body_text=f"临溪市总工会第{number}次会议今日召开，部署了新一年的工作。" * 3,
        published_at=published_at,
        published_precision=precision,
        fetched_at=NOON,
        hits_status=HitsStatus.NO_COUNTER,
    )
