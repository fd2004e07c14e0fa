"""Tests for `unioncrawl.archive.crawl_state.failed_addresses`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.databases import archive_at
from unioncrawl import outcomes
from unioncrawl.archive.crawl_state.failed_addresses import FailedAddress, find_missed
from unioncrawl.archive.store import Archive
from unioncrawl.model import Rejection
from unioncrawl.outcomes import Reason
from unioncrawl.sites.profile import Level, Revisit, SiteProfile

NOW = datetime(2026, 3, 9, tzinfo=UTC)
PROFILE = SiteProfile(id="linxi", name="临溪市总工会", level=Level.CITY, family="generic", hosts=("a.cn",))
PLAN = Revisit()


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """An archive that knows the site."""
    with Archive.open(archive_at(tmp_path / "a.db")) as opened:
        opened.ensure_site(PROFILE)
        yield opened


def reject(archive: Archive, *failures: tuple[int, Reason, float]) -> None:
    """Record failures: number of the address, reason, days ago; oldest first."""
    run = archive.begin_run("linxi", {})
    for number, reason, days_ago in failures:
        at = NOW - timedelta(days=days_ago)
        archive.reject(
            Rejection(url=f"http://a.cn/{number}", site="linxi", stage="fetch", reason=reason, at=at), run
        )
    archive.flush()


def failed(reason: Reason, times: int, first: float, last: float) -> FailedAddress:
    """An address that failed so often, first and last so many days ago."""
    days = (NOW - timedelta(days=ago) for ago in (first, last))
    return FailedAddress("http://a.cn/1", outcomes.outcome_of(reason), times, *days)


def test_the_last_failure_of_an_address_decides(archive: Archive) -> None:
    """A timeout after a soft 404 is owed a request, a soft 404 after a timeout is not; times are counted."""
    reject(
        archive,
        (1, outcomes.SOFT_404, 9),
        (2, outcomes.TIMEOUT, 9),
        (3, outcomes.TIMEOUT, 3),
        (1, outcomes.TIMEOUT, 2),
        (2, outcomes.SOFT_404, 2),
        (3, outcomes.reason_of_status(520), 1),
        (4, outcomes.MAINTENANCE, 900),
    )
    missed = {address.url[-1]: (address.times, address.outcome.reason) for address in _missed(archive)}
    assert missed == {"1": (1, "timeout"), "3": (2, "520"), "4": (1, "maintenance")}


def _missed(archive: Archive) -> list[FailedAddress]:
    return find_missed(archive.engine, "linxi")


def test_every_owed_failure_is_asked_by_the_next_run_however_late() -> None:
    """One failure is believed once: the next run asks again, also after years."""
    assert failed(outcomes.TIMEOUT, 1, 2000, 2000).is_owed(PLAN, NOW)
    assert failed(outcomes.RUISHU, 1, 2000, 2000).is_owed(PLAN, NOW)
    assert not failed(outcomes.SOFT_404, 1, 0, 0).is_owed(PLAN, NOW)


def test_what_passes_soon_is_asked_by_every_run_until_it_is_given_up() -> None:
    """A network's failure is owed in each run while it lasts for up to 180 days, a wall's in pauses."""
    assert failed(outcomes.TIMEOUT, 9, 5, 0).is_owed(PLAN, NOW)
    assert failed(outcomes.TIMEOUT, 9, 180, 0).is_owed(PLAN, NOW)
    assert not failed(outcomes.TIMEOUT, 9, 181, 0).is_owed(PLAN, NOW)
    assert not failed(outcomes.RUISHU, 2, 5, 0).is_owed(PLAN, NOW)
    assert failed(outcomes.RUISHU, 2, 5, 3).is_owed(PLAN, NOW)


def test_what_is_no_article_rests(archive: Archive) -> None:
    """On a list soft 404s and walls rest; timeouts, and days that no run asked for, do not."""
    reject(
        archive,
        (0, outcomes.SOFT_404, 1),
        (1, outcomes.TIMEOUT, 1),
        (2, outcomes.OUTSIDE_WINDOW, 1),
        (3, outcomes.RUISHU, 1),
    )
    found = archive.failed("linxi", [f"http://a.cn/{number}" for number in range(5)])
    assert [address.url for address in found if address.rests] == ["http://a.cn/0", "http://a.cn/3"]
    assert {address.first_at for address in found} == {NOW - timedelta(days=1)}


@pytest.mark.parametrize(
    ("recorded", "owed"),
    [("http-404", "never"), ("502", "soon"), ("12 entries", "never"), ("KeyError", "rarely")],
)
def test_reasons_of_older_archives_are_understood(archive: Archive, recorded: str, owed: str) -> None:
    """What an older version called a reason has the meaning that the table gives to it today."""
    reject(archive, (1, Reason(recorded), 1))
    (found,) = archive.failed("linxi", ["http://a.cn/1"])
    assert found.outcome.owed.value == owed
