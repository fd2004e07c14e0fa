"""On which days does China rest: public holidays with their bridges, and weekends that are not worked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from enum import Enum
from functools import lru_cache
from typing import Any, TypeAlias

_SATURDAY = 5
_ONE_DAY = timedelta(days=1)
# The longest stretch of free days beside a holiday that is looked at: a weekend.
_WEEKEND_DAYS = 2


class DayKind(Enum):
    """What a day is for the offices that write a site's news."""

    WORKDAY = "workday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"


# A rule takes the calendar as an argument; `china_day` is China's.
Calendar: TypeAlias = Callable[[date], DayKind]


@lru_cache(maxsize=4096)
def china_day(day: date) -> DayKind:
    """Return what a day is in China: the weekend beside a holiday belongs to it, a make-up day is worked.

    The days that the State Council moves are known once it has announced them (late autumn, for the next
    year); before that the festivals themselves are known, from the lunar calendar.

    >>> china_day(date(2026, 2, 17)), china_day(date(2026, 2, 28)), china_day(date(2026, 3, 4))
    (<DayKind.HOLIDAY: 'holiday'>, <DayKind.WORKDAY: 'workday'>, <DayKind.WORKDAY: 'workday'>)
    >>> china_day(date(2026, 2, 21)), china_day(date(2026, 11, 28))
    (<DayKind.HOLIDAY: 'holiday'>, <DayKind.WEEKEND: 'weekend'>)
    """
    known = _calendar()
    if day in known:
        return DayKind.HOLIDAY
    if day.weekday() < _SATURDAY or day in known.weekend_workdays:
        return DayKind.WORKDAY
    steps = [sign * number * _ONE_DAY for sign in (-1, 1) for number in range(1, _WEEKEND_DAYS + 1)]
    touches = any(day + step in known and _is_free_between(day, step) for step in steps)
    return DayKind.HOLIDAY if touches else DayKind.WEEKEND


def _is_free_between(day: date, step: timedelta) -> bool:
    """Whether no worked day lies between a day of a weekend and the holiday two days from it."""
    if abs(step) == _ONE_DAY:
        return True
    between = day + step / 2
    known = _calendar()
    return between.weekday() >= _SATURDAY and between not in known.weekend_workdays


@lru_cache(maxsize=1)
def _calendar() -> Any:  # noqa: ANN401 - the library's own class
    from holidays.countries.china import China  # noqa: PLC0415 - 0.2 CPU-seconds that other commands need not pay

    return China()  # type: ignore[no-untyped-call]
