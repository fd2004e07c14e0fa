"""A site is due by its rhythm, by what is owed and by how its last runs ended, within its window."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from unioncrawl.language.zones import CHINA
from unioncrawl.service.schedule.due import Plan, SiteDue, Why, due_of
from unioncrawl.service.schedule.rest_days import DayKind
from unioncrawl.service.schedule.site_history import PastRun, SiteHistory
from unioncrawl.sites.profile import Level, Schedule, SiteProfile

# A Wednesday's noon in China, weeks from any holiday.
NOON = datetime(2026, 3, 4, 12, tzinfo=CHINA)
HOUR = timedelta(hours=1)


def profile(**given: Any) -> SiteProfile:
    """A site of the invented 临溪市."""
    facts = {
        "id": "lxgh",
        "name": "临溪市总工会",
        "level": Level.CITY,
        "family": "generic",
        "hosts": ("a.example",),
    }
    return SiteProfile(**{**facts, **given})


def past(begun_at: datetime, **given: Any) -> PastRun:
    """A sound run that took some minutes."""
    facts: dict[str, Any] = {"ended_at": begun_at + HOUR / 4, "reason": "finished"}
    return PastRun(begun_at=begun_at, **{**facts, **given})


def decide(*runs: PastRun, now: datetime = NOON, site: SiteProfile | None = None, **given: Any) -> SiteDue:
    """Decide by these runs alone."""
    facts = {"deep_at": now, "deep_tried_at": now, **given}
    return due_of(site or profile(), SiteHistory("lxgh", runs, **facts), now, Plan())


def hours_until(due: SiteDue) -> float:
    """The hours from noon to the time at which a site is due."""
    assert due.due_at is not None
    return (due.due_at - NOON) / HOUR


def test_a_site_that_was_never_crawled_is_due_at_once() -> None:
    """Without a run a site is due, and there is no rhythm yet."""
    due = decide()
    assert (due.is_due, due.why, due.due_at, due.pause_hours) == (True, Why.NEVER, None, None)


def test_after_its_first_run_a_site_is_due_within_a_day() -> None:
    """Where nothing is known of the rhythm, the pause is a workday with its night."""
    due = decide(past(NOON))
    assert (due.why, due.is_due) == (Why.RHYTHM, False)
    assert 20 < hours_until(due) <= 24


@pytest.mark.parametrize(("new", "least", "most"), [(3, 0, 2.5), (0, 24, 60)])
def test_the_rhythm_follows_what_the_runs_found(new: int, least: float, most: float) -> None:
    """Eight looks of two hours with news each shorten the pause, eight without lengthen it, step by step."""
    runs = [past(NOON - 2 * HOUR * number, new=new) for number in range(8, -1, -1)]
    assert least < hours_until(decide(*runs)) < most


def test_a_pause_has_the_bounds_of_the_site_file() -> None:
    """A site with news at every look waits its minimum; one without any waits at most its days."""
    busy = [past(NOON - HOUR * number / 10, new=9) for number in range(30, -1, -1)]
    site = profile(schedule=Schedule(minimum_minutes=45))
    assert hours_until(decide(*busy, site=site)) == pytest.approx(0.75)
    assert hours_until(decide(*busy)) == pytest.approx(1 / 6)
    quiet = [past(NOON - timedelta(days=9) * number) for number in range(12, -1, -1)]
    assert hours_until(decide(*quiet)) == 14 * 24


def test_a_pause_is_longer_over_a_night_and_over_the_spring_festival() -> None:
    """The same rhythm is kept in hours of work: a pause over a holiday takes about three times as long."""
    begun = NOON.replace(hour=8)
    runs = [past(begun - 24 * HOUR * number, new=number % 2) for number in range(8, -1, -1)]

    def free_from(first: date) -> timedelta:
        plan = Plan(calendar=lambda day: DayKind.WORKDAY if day < first else DayKind.HOLIDAY)
        due_at = due_of(profile(), SiteHistory("lxgh", runs), begun, plan).due_at
        assert due_at is not None
        return due_at - begun

    assert free_from(begun.date()) / free_from(date.max) == pytest.approx(3, abs=0.3)


@pytest.mark.parametrize(
    ("given", "why", "hours"),
    [
        ({"faults": frozenset({"crawl/empty"})}, Why.FAILED, 0.5),
        ({"faults": frozenset({"crawl/blocked", "crawl/empty"})}, Why.REFUSED, 4),
        ({"reason": "not-begun"}, Why.FAILED, 0.5),
        ({"ended_at": None, "reason": ""}, Why.KILLED, 1 / 6),
        ({"reason": "shutdown"}, Why.CUT_SHORT, 1 / 6),
        ({"owed": 2}, Why.OWED, 1),
    ],
)
def test_trouble_makes_a_site_due_earlier_and_less_often_each_time(
    given: dict[str, Any], why: Why, hours: float
) -> None:
    """A run that failed is repeated soon; with each further one in a row the pause doubles, up to a day."""
    sound = [past(NOON - timedelta(days=number)) for number in range(20, 2, -1)]
    once = decide(*sound, past(NOON, **given))
    assert once.why is why
    assert hours_until(once) == pytest.approx(hours)
    again = [past(NOON - HOUR * number, **given) for number in (2, 1, 0)]
    assert hours_until(decide(*sound, *again)) == pytest.approx(4 * hours)
    for_long = [past(NOON - HOUR * number, **given) for number in range(20, -1, -1)]
    assert hours_until(decide(*sound, *for_long)) <= 24


def test_a_lasting_finding_does_not_hurry_a_site() -> None:
    """A list that names more pages than were read is found again by each run: the rhythm decides."""
    runs = [past(NOON - 20 * HOUR * number, faults=frozenset({"walk/short"})) for number in (3, 2, 1, 0)]
    assert decide(*runs).why is Why.RHYTHM


def test_owed_visits_make_a_site_due_though_never_twice_within_their_hours() -> None:
    """A visit that is owed in an hour waits for the hours that lie between two visits of an article."""
    quiet = [past(NOON - timedelta(days=6) * number) for number in range(9, -1, -1)]
    due = decide(*quiet, next_visit_at=NOON + HOUR)
    assert (due.why, hours_until(due)) == (Why.VISITS, 20)


def test_a_site_waits_for_its_window() -> None:
    """Outside its window a due site isn't crawled; when the window opens it is. Its own comes first."""
    night = profile(schedule=Schedule(window="20:00-06:00"))
    due = due_of(night, SiteHistory("lxgh"), NOON, Plan(window="09:00-17:00"))
    assert (due.is_due, due.opens_at) == (False, NOON.replace(hour=20))
    assert due_of(night, SiteHistory("lxgh"), NOON.replace(hour=20), Plan()).is_due
    assert due_of(profile(), SiteHistory("lxgh"), NOON, Plan(window="09:00-17:00")).is_due
    urumqi = profile(time_zone="Asia/Urumqi", schedule=Schedule(window="10:30-11:00"))
    assert not due_of(urumqi, SiteHistory("lxgh"), NOON, Plan()).is_due
    assert due_of(urumqi, SiteHistory("lxgh"), NOON + HOUR / 2, Plan()).is_due
    assert not due_of(urumqi, SiteHistory("lxgh"), NOON + HOUR, Plan()).is_due


@pytest.mark.parametrize(
    ("deep_days", "deep", "tried", "expected"),
    [(7, 8, 8, True), (7, 6, 6, False), (7, 8, 0, False), (0, 99, 99, False), (7, None, 2, True)],
)
def test_lists_are_walked_to_their_end_once_a_week(
    deep_days: float, deep: float | None, tried: float, *, expected: bool
) -> None:
    """A deep walk is due a week after the last; one that was cut short is not begun again on the same day."""
    due = decide(
        past(NOON),
        site=profile(schedule=Schedule(deep_days=deep_days)),
        deep_at=None if deep is None else NOON - timedelta(days=deep),
        deep_tried_at=NOON - timedelta(days=tried),
    )
    assert due.is_deep is expected


def test_sites_with_one_rhythm_part_and_none_is_late() -> None:
    """Site and day decide how much earlier than its rhythm a site is due: up to a tenth, the same."""
    waits = set()
    for name in ("lxgh", "dhgh", "nhgh", "xhgh"):
        runs = [past(NOON - 8 * HOUR * number, new=1) for number in range(9, -1, -1)]
        due = due_of(profile(id=name), SiteHistory(name, runs), NOON, Plan())
        assert due == due_of(profile(id=name), SiteHistory(name, runs), NOON, Plan())
        assert due.due_at is not None
        assert due.pause_hours is not None
        waits.add(due.due_at)
        assert 0.9 <= (due.due_at - NOON) / HOUR / due.pause_hours <= 1
    assert len(waits) == 4


def test_times_are_aware_whatever_the_zone() -> None:
    """A decision in UTC is the decision in China's time."""
    runs = [past(NOON - 8 * HOUR * number, new=1) for number in range(9, -1, -1)]
    there = [past(run.begun_at.astimezone(UTC), new=1) for run in runs]
    assert decide(*runs).due_at == decide(*there, now=NOON.astimezone(UTC)).due_at
