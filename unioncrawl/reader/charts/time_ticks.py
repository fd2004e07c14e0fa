"""Where does an axis of time have its steps? At the beginnings of hours, days, weeks, months and years."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from unioncrawl.language.zones import CHINA

_HOURS = (1, 2, 3, 6, 12)
_STEPS_OF_DAYS = (1, 2, 4, 7, 14)
_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200)
_YEAR = 12
_DAYS_A_WEEK, _HOURS_A_DAY = 7, 24
_LAST_MONTH = 9_999 * 12 + 11
# A time shorter than these days has ticks of hours.
_HOURS_UNTIL_DAYS = 2


@dataclass(frozen=True, slots=True)
class Tick:
    """A moment that an axis names; ``day`` as `day_number` counts."""

    day: float
    label: str


def day_number(moment: date | datetime) -> float:
    """Return a moment as days, in China's time; an axis of time counts in them.

    >>> day_number(date(2024, 5, 2)) - day_number(date(2024, 5, 1))
    1.0
    >>> day_number(datetime(2024, 5, 1, 12, tzinfo=CHINA)) - day_number(date(2024, 5, 1))
    0.5
    """
    if not isinstance(moment, datetime):
        return float(moment.toordinal())
    local = moment.astimezone(CHINA)
    since_midnight = timedelta(hours=local.hour, minutes=local.minute, seconds=local.second)
    return local.toordinal() + since_midnight / timedelta(days=1)


def time_ticks(first: float, last: float, most: int = 7) -> tuple[Tick, ...]:
    """Return at most ``most`` ticks between two moments, both included; none where nothing begins there.

    The first tick of hours or days names its year too, for which there must be room.

    >>> days = day_number(date(2024, 1, 1)), day_number(date(2024, 12, 31))
    >>> [tick.label for tick in time_ticks(*days)]
    ['2024-01', '2024-03', '2024-05', '2024-07', '2024-09', '2024-11']
    >>> [tick.label for tick in time_ticks(days[0], days[0] + 3)]
    ['2024-01-01', '01-02', '01-03', '01-04']
    >>> [tick.label for tick in time_ticks(days[0] + 0.1, days[0] + 0.5)]
    ['2024-01-01 04:00', '06:00', '08:00', '10:00', '12:00']
    """
    for found, room in _candidates(first, last):
        if len(found) + room <= most:
            return tuple(found)
    return ()


def _candidates(first: float, last: float) -> Iterator[tuple[list[Tick], int]]:
    """Yield ticks of wider and wider steps, with how many more would fit in the room of the first one's year.

    Narrow steps only where they are not too many to write down.
    """
    span = last - first
    if 0 < span < _HOURS_UNTIL_DAYS:
        yield from ((_hours(first, last, step), 2) for step in _HOURS)
    if span <= _DAYS_A_WEEK * _YEAR:
        yield from ((_days(first, last, step), 2) for step in _STEPS_OF_DAYS)
    yield from ((_months(first, last, step), 0) for step in _MONTHS)


def _hours(first: float, last: float, step: int) -> list[Tick]:
    start, end = -(-first * _HOURS_A_DAY // step), last * _HOURS_A_DAY // step
    ticks: list[Tick] = []
    for at in range(int(start), int(end) + 1):
        hours = at * step
        day, hour = date.fromordinal(hours // _HOURS_A_DAY), hours % _HOURS_A_DAY
        clock = f"{hour:02d}:00" if hour or not ticks else f"{day:%m-%d}"
        ticks.append(Tick(hours / _HOURS_A_DAY, clock if ticks else f"{day.isoformat()} {clock}"))
    return ticks


def _days(first: float, last: float, step: int) -> list[Tick]:
    """Weeks begin on Monday, as day 1 of the calendar did."""
    begin = -(-first // 1)
    start = begin + (1 - begin) % step
    days = range(int(start), int(last // 1) + 1, step)
    labels = [date.fromordinal(day).isoformat() for day in days]
    return [
        Tick(float(day), label[-5:] if place else label)
        for place, (day, label) in enumerate(zip(days, labels, strict=True))
    ]


def _months(first: float, last: float, step: int) -> list[Tick]:
    ticks = []
    begin = date.fromordinal(int(first))
    month = begin.year * _YEAR + begin.month - 1
    month -= month % step
    while month <= _LAST_MONTH:
        year, place = divmod(month, _YEAR)
        month += step
        if year < 1:
            continue
        day = date(year, place + 1, 1).toordinal()
        if day > last:
            break
        if day >= first:
            ticks.append(Tick(float(day), f"{year:04d}" if step >= _YEAR else f"{year:04d}-{place + 1:02d}"))
    return ticks
