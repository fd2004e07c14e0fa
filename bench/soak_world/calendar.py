"""When unions publish: by weekday, by the hour, and hardly on holidays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")
# Monday to Sunday.
_WEEKDAYS = (1.25, 1.2, 1.15, 1.15, 1.1, 0.35, 0.25)
# Days off as the State Council announced them, and how much is published on them.
_PAUSES = (
    (date(2025, 1, 1), date(2025, 1, 1), 0.1),
    (date(2025, 1, 28), date(2025, 2, 4), 0.02),
    (date(2025, 4, 4), date(2025, 4, 6), 0.15),
    (date(2025, 5, 1), date(2025, 5, 5), 0.3),
    (date(2025, 5, 31), date(2025, 6, 2), 0.15),
    (date(2025, 10, 1), date(2025, 10, 8), 0.05),
    (date(2026, 1, 1), date(2026, 1, 3), 0.1),
    (date(2026, 2, 15), date(2026, 2, 23), 0.02),
)


def share_of_day(day: date) -> float:
    """Return how much is published on a day, beside an ordinary one.

    >>> share_of_day(date(2025, 1, 29))
    0.02
    """
    pause = next((share for first, last, share in _PAUSES if first <= day <= last), None)
    return _WEEKDAYS[day.weekday()] if pause is None else pause


def times_of_day(chance: Random, day: date, expected: float) -> Iterator[datetime]:
    """Yield the times of a day (UTC) at which something is published, so many being expected."""
    left = expected * share_of_day(day)
    while (left := left - chance.expovariate(1)) > 0:
        hour = chance.choice((8, 9, 9, 10, 10, 11, 14, 15, 15, 16, 16, 17, 19))
        local = datetime.combine(day, time(hour, chance.randrange(60), chance.randrange(60)), CHINA)
        yield local.astimezone(UTC)


def days(first: date, count: int) -> Iterator[date]:
    """Yield so many days."""
    return (first + timedelta(days=number) for number in range(count))
