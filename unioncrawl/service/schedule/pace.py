"""Time as a site's newsroom passes it: slower at night, on weekends and on holidays.

A pause of eight hours in the middle of a workday is long, over the Spring Festival it is nothing. So
rhythms are learnt and pauses are kept in working hours: hours of a workday's day count fully.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta, tzinfo

from unioncrawl.service.schedule.rest_days import Calendar, DayKind, china_day

NIGHT_BEGINS, NIGHT_ENDS = 22, 6
# How many working hours an hour of such a day is. Of 32 recorded pages that print a time none was
# published between 22 and 6 o'clock, and none on a weekend; so that a site with another rhythm is not
# overlooked, such hours count a part all the same.
DAY_SPEEDS = {DayKind.WORKDAY: 1.0, DayKind.WEEKEND: 0.5, DayKind.HOLIDAY: 0.25}
NIGHT_SPEED = 0.25
_HOUR_SECONDS = 3600.0
_ONE_DAY = timedelta(days=1)


def working_hours(start: datetime, end: datetime, zone: tzinfo, calendar: Calendar = china_day) -> float:
    """Return how many working hours lie between two times; 0 when the second is not later.

    >>> from unioncrawl.language.zones import CHINA
    >>> at = lambda day, hour: datetime(2026, 3, day, hour, tzinfo=CHINA)
    >>> working_hours(at(4, 9), at(4, 17), CHINA), working_hours(at(4, 22), at(5, 6), CHINA)
    (8.0, 2.0)
    """
    total = 0.0
    for begins, ends, speed in _spans(start, zone, calendar):
        total += max(0.0, (min(ends, end) - begins).total_seconds()) * speed
        if ends >= end:
            break
    return total / _HOUR_SECONDS


def after_working_hours(
    start: datetime, hours: float, zone: tzinfo, calendar: Calendar = china_day
) -> datetime:
    """Return the time at which so many working hours have passed since ``start``.

    >>> from unioncrawl.language.zones import CHINA
    >>> after_working_hours(datetime(2026, 3, 4, 21, tzinfo=CHINA), 4, CHINA).isoformat()
    '2026-03-05T07:00:00+08:00'
    """
    left = hours * _HOUR_SECONDS
    for begins, ends, speed in _spans(start, zone, calendar):
        here = (ends - begins).total_seconds() * speed
        if here >= left:
            return begins + timedelta(seconds=left / speed)
        left -= here
    raise AssertionError("days do not end")


def _spans(start: datetime, zone: tzinfo, calendar: Calendar) -> Iterator[tuple[datetime, datetime, float]]:
    """Yield begin, end and speed of the nights and days from a time on, without an end."""
    begins = start.astimezone(zone)
    while True:
        is_night = not NIGHT_ENDS <= begins.hour < NIGHT_BEGINS
        hour = NIGHT_BEGINS if not is_night else NIGHT_ENDS if begins.hour < NIGHT_ENDS else 0
        ends = datetime.combine(begins.date() + (_ONE_DAY if hour == 0 else timedelta()), time(hour), zone)
        speed = DAY_SPEEDS[calendar(begins.date())]
        yield begins, ends, min(speed, NIGHT_SPEED) if is_night else speed
        begins = ends
