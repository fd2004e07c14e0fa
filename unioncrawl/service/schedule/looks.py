"""The looks at a site that its rhythm is learnt from: its runs, and before the first of them its days."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, tzinfo
from itertools import pairwise

from unioncrawl.service.schedule.pace import working_hours
from unioncrawl.service.schedule.rest_days import Calendar, china_day
from unioncrawl.service.schedule.rhythm import Look
from unioncrawl.service.schedule.site_history import Publication, SiteHistory

_ONE_DAY = timedelta(days=1)
# Publications so near each other are one: an office puts several articles up at a sitting.
_ONE_SITTING = timedelta(minutes=10)


def looks_of(history: SiteHistory, zone: tzinfo, calendar: Calendar = china_day) -> list[Look]:
    """Return the looks at a site, from old to new.

    What was published before the first run counts by days, as if somebody had looked each midnight from
    the first known publication on. The first run itself is no look: all was new to it.
    """
    begun = [past.begun_at for past in history.runs if past.is_look]
    if not begun:
        return []
    days = _midnights(history.publications, begun[0], zone)
    found_at = {past.begun_at for past in history.runs if past.is_look and past.new}
    times = [*days, *begun]
    looks = []
    for since, until in pairwise(times):
        known = sittings(history.publications, since, until)
        # A day of the first run's past: that its articles have no hour does not hide that there are some.
        is_news = until in found_at if until > begun[0] else _any(history.publications, since, until)
        looks.append(Look(working_hours(since, until, zone, calendar), known or (None if is_news else 0)))
    return looks


def sittings(publications: Sequence[Publication], since: datetime, until: datetime) -> int:
    """Count the sittings at which a site published after one time and up to another, by known hours."""
    number, last = 0, None
    for one in _between(publications, since, until):
        if one.has_hour and (last is None or one.at - last > _ONE_SITTING):
            number += 1
        last = one.at if one.has_hour else last
    return number


def _midnights(publications: Sequence[Publication], end: datetime, zone: tzinfo) -> list[datetime]:
    """The midnights from the first publication to the last one before ``end``; none without publications."""
    if not publications or publications[0].at >= end:
        return []
    first = publications[0].at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return list(_days(first, end - _ONE_DAY))


def _days(day: datetime, end: datetime) -> Iterator[datetime]:
    while day < end:
        yield day
        day += _ONE_DAY


def _any(publications: Sequence[Publication], since: datetime, until: datetime) -> bool:
    # A day without an hour is kept as its midnight, with which the day begins.
    return any(since <= one.at < until for one in publications)


def _between(publications: Sequence[Publication], since: datetime, until: datetime) -> Sequence[Publication]:
    first, last = (bisect_right(publications, at, key=lambda one: one.at) for at in (since, until))
    return publications[first:last]
