"""When a site is due, and why: by its rhythm, by what is owed, by how its last runs ended, in its window."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from itertools import takewhile
from zlib import crc32

from sqlalchemy import Connection

from unioncrawl.language.zones import zone_named
from unioncrawl.service.schedule.looks import looks_of
from unioncrawl.service.schedule.pace import after_working_hours
from unioncrawl.service.schedule.rest_days import Calendar, china_day
from unioncrawl.service.schedule.rhythm import learnt_pause
from unioncrawl.service.schedule.site_history import PastRun, SiteHistory, site_histories
from unioncrawl.service.schedule.visits_ahead import add_visits
from unioncrawl.sites.profile import SiteProfile
from unioncrawl.sites.window import Window, read_window

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
# The pauses that double with each further run of the kind, up to a day: a dead site costs one run a day.
_FAILED_FIRST, _OWED_FIRST, _CUT_FIRST, _LONGEST_DOUBLED = _HOUR / 2, _HOUR, _HOUR / 6, _DAY
# A site that refused is left alone for longer.
_REFUSED_FIRST = 4 * _HOUR
# A run that walks all lists and was cut short is begun anew after a day at the earliest.
_DEEP_AGAIN = _DAY
# Runs are up to this share of the pause earlier than the rhythm says, by site and day: sites with one
# rhythm part, and no run comes a whole tick of a timer later than its rhythm.
_JITTER = 0.1
_DOUBLED_AT_MOST = 20
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Why(StrEnum):
    """Why a site is due at its time."""

    NEVER = "never"
    RHYTHM = "rhythm"
    FAILED = "failed"
    REFUSED = "refused"
    KILLED = "killed"
    CUT_SHORT = "cut-short"
    OWED = "owed"
    VISITS = "visits"


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteDue:
    """When a site is crawled next. All times are aware.

    ``due_at`` is None for a site that was never crawled: it is due at any time. ``opens_at``: when a site
    that is due and outside its window may be crawled. ``pause_hours`` is the learnt rhythm, in working
    hours; None before there was a run. ``is_deep``: the next run walks every list to its end.
    """

    site: str
    why: Why
    due_at: datetime | None
    is_due: bool
    opens_at: datetime | None
    last_run: PastRun | None
    pause_hours: float | None
    looks: int
    is_deep: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """What holds for all sites: the window of those that name none, in which zone, and the rest days."""

    window: str = ""
    zone: str = ""
    calendar: Calendar = china_day

    def window_of(self, profile: SiteProfile) -> Window | None:
        """The window of a site; None where it may be crawled at any time."""
        return read_window(profile.schedule.window or self.window)

    def zone_of(self, profile: SiteProfile) -> tzinfo:
        """The zone of a site's window, night and days: its own, else that of the plan."""
        return zone_named(profile.foreign_zone or self.zone)

    def closes_at(self, profile: SiteProfile, at: datetime) -> datetime | None:
        """When the window closes in which a site's run begins at a time; None where it has no window."""
        window = self.window_of(profile)
        return window.closes(at.astimezone(self.zone_of(profile))) if window else None


def due_of(profile: SiteProfile, history: SiteHistory, now: datetime, plan: Plan | None = None) -> SiteDue:
    """Decide when a site is due, by its history; a pure function of what it is given."""
    plan = plan or Plan()
    zone = plan.zone_of(profile)
    looks = looks_of(history, zone, plan.calendar)
    pause = learnt_pause(looks)
    due_at, why = _earliest(profile, history, pause, (zone, plan.calendar))
    is_due = due_at is None or due_at <= now
    window = plan.window_of(profile)
    at = now if due_at is None else max(due_at, now)
    opens_at = window.opens(at.astimezone(zone)) if window else at
    return SiteDue(
        site=profile.id,
        why=why,
        due_at=due_at,
        is_due=is_due and opens_at <= now,
        opens_at=opens_at if opens_at > at else None,
        last_run=history.last,
        pause_hours=pause if history.runs else None,
        looks=len(looks),
        is_deep=_is_deep(profile, history, now),
    )


def _earliest(
    profile: SiteProfile, history: SiteHistory, pause: float, clock: tuple[tzinfo, Calendar]
) -> tuple[datetime | None, Why]:
    """The earliest time at which one of the rules asks for a run, within the bounds of the site's file."""
    last = history.last
    if last is None:
        return None, Why.NEVER
    earliest = last.begun_at + timedelta(minutes=profile.schedule.minimum_minutes)
    latest = last.begun_at + timedelta(days=profile.schedule.maximum_days)
    at, why = _after_trouble(history.runs) or min(_asked(profile, history, pause, clock))
    return min(max(at, earliest), max(latest, earliest)), why


def _asked(
    profile: SiteProfile, history: SiteHistory, pause: float, clock: tuple[tzinfo, Calendar]
) -> Iterator[tuple[datetime, Why]]:
    """Yield when a site is due that answered last time, by rhythm and by what is owed."""
    last = history.runs[-1]
    hours = pause * (1 - _JITTER * _chance(profile.id, last.begun_at))
    yield after_working_hours(last.begun_at, hours, *clock), Why.RHYTHM
    if last.owed:
        yield last.begun_at + _doubled(_OWED_FIRST, history.runs, lambda past: past.owed > 0), Why.OWED
    if history.next_visit_at is not None:
        minimum = timedelta(hours=profile.revisit.minimum_hours)
        yield max(history.next_visit_at, last.begun_at + minimum), Why.VISITS


def _chance(site: str, day: datetime) -> float:
    """A number from 0 to 1 that only site and day decide, so that a plan can be printed and tested."""
    return crc32(f"{site} {day:%Y-%m-%d}".encode()) / 0xFFFFFFFF


def _after_trouble(runs: Sequence[PastRun]) -> tuple[datetime, Why] | None:
    """When a site is due whose last run did not come through; None where it did."""
    last = runs[-1]
    for why, first, has_it in _TROUBLES:
        if has_it(last):
            return last.begun_at + _doubled(first, runs, has_it), why
    return None


def _doubled(first: timedelta, runs: Sequence[PastRun], has_it: Callable[[PastRun], bool]) -> timedelta:
    """A pause that doubles with each of the latest runs in a row that were of a kind, up to a day."""
    in_a_row = sum(1 for _ in takewhile(has_it, reversed(runs)))
    times: int = 2 ** min(in_a_row - 1, _DOUBLED_AT_MOST)
    return min(first * times, _LONGEST_DOUBLED)


def _is_deep(profile: SiteProfile, history: SiteHistory, now: datetime) -> bool:
    """Whether the next run walks all lists: the last such run is old, and none was tried today."""
    days = profile.schedule.deep_days
    # The first run of a site walks everything anyway: nothing is known.
    if not days or history.last is None:
        return False
    is_old = _is_past(history.deep_at, timedelta(days=days), now)
    return is_old and _is_past(history.deep_tried_at, _DEEP_AGAIN, now)


def _is_past(at: datetime | None, pause: timedelta, now: datetime) -> bool:
    return at is None or now - at >= pause


# What a last run may have been, the pause after the first of the kind, and how it is known; the first
# that holds counts.
_TROUBLES: tuple[tuple[Why, timedelta, Callable[[PastRun], bool]], ...] = (
    (Why.KILLED, _CUT_FIRST, lambda past: past.ended_at is None),
    (Why.REFUSED, _REFUSED_FIRST, lambda past: "crawl/blocked" in past.faults),
    (Why.FAILED, _FAILED_FIRST, lambda past: past.failed),
    (Why.CUT_SHORT, _CUT_FIRST, lambda past: past.was_cut_short),
)


def due_sites(
    connection: Connection, profiles: Iterable[SiteProfile], now: datetime, plan: Plan | None = None
) -> list[SiteDue]:
    """Decide for each site when it is due, by its history in the archive; those due longest come first.

    ``connection`` is one to the archive; nothing is written. Sites never crawled come before all others.
    ``is_due`` says which a crawl at ``now`` would take.
    """
    profiles = list(profiles)
    histories = site_histories(connection, [profile.id for profile in profiles], now)
    histories = add_visits(connection, profiles, histories, now)
    found = [due_of(profile, histories[profile.id], now, plan) for profile in profiles]
    return sorted(found, key=lambda due: (due.due_at or _LONG_AGO, due.site))
