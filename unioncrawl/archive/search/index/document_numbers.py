"""The numbers of documents in the full-text index: newer news has larger numbers.

A number begins with the day of publication, so that walking the index
backwards walks the news newest first; only the days at the ends of a page of
results have to be sorted. The index stores the differences between the numbers
of a word's documents, one byte each when the numbers lie close together: so a
day has room for 256 articles, and what a busy day has beyond that goes to the
same day of a wider *zone*. A walk takes the zones side by side.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from unioncrawl.archive.column_types import json_text

_DAY_SECONDS = 86_400
# A date beyond 2059 is a slip; it counts as the last day.
LAST_DAY = 32_767


@dataclass(frozen=True, slots=True)
class Zone:
    """A range of numbers that holds every day from ``first_day`` on, each with ``2 ** bits`` numbers."""

    base: int
    bits: int
    first_day: int = 0

    def start(self, day: int) -> int:
        """Return the least number of a day; the numbers before it are those of earlier days."""
        return self.base + (max(day, self.first_day) << self.bits)

    @property
    def end(self) -> int:
        """Return the first number beyond the zone."""
        return self.start(LAST_DAY + 1)

    def day(self, number: int) -> int:
        """Return the day of one of the zone's numbers."""
        return (number - self.base) >> self.bits


# The second begins where the first ends; undated articles (day 0) pass on to
# the third, which has room for four million a day.
ZONES = (Zone(0, 8), Zone(0, 14, first_day=512), Zone(1 << 30, 22))


def day_of_time(published_at: datetime | None) -> int:
    """Days since 1970 (UTC); 0 for undated articles, which come last.

    >>> from datetime import UTC
    >>> day_of_time(datetime(2024, 5, 1, tzinfo=UTC)), day_of_time(None)
    (19844, 0)
    """
    if published_at is None:
        return 0
    return min(LAST_DAY, max(0, int(published_at.timestamp()) // _DAY_SECONDS))


def day_of_number(number: int) -> int:
    """Return the day of a document number.

    >>> day_of_number(ZONES[0].start(19844)), day_of_number(ZONES[1].start(19844) + 9)
    (19844, 19844)
    """
    return next(zone.day(number) for zone in ZONES if number < zone.end)


def give_numbers(connection: Connection, days: Iterable[int]) -> list[int]:
    """Return a new number for each day of the list, which may repeat days."""
    given: list[int] = []
    wanted = list(days)
    distinct = sorted(set(wanted))
    free = dict(
        zip(distinct, (_Free(0, last) for last in _last_numbers(connection, ZONES[0], distinct)), strict=True)
    )
    for day in wanted:
        room = free[day]
        while room.last + 1 >= ZONES[room.zone].start(day + 1):
            room = free[day] = _next_zone(connection, day, room.zone + 1)
        room.last += 1
        given.append(room.last)
    return given


@dataclass(slots=True)
class _Free:
    """Where a day has room: its zone, and the last number taken there."""

    zone: int
    last: int


def _next_zone(connection: Connection, day: int, number: int) -> _Free:
    zone = ZONES[number]
    if day < zone.first_day:
        return _next_zone(connection, day, number + 1)
    (last,) = _last_numbers(connection, zone, [day])
    return _Free(number, last)


# All days in one statement, which stays the same however many they are.
_LAST_OF_EACH = "SELECT first, (SELECT max(id) FROM search_document WHERE id >= first AND id < beyond) FROM"
_ASKED_OF_SQLITE = (
    "(SELECT key AS place, json_extract(value, '$[0]') AS first, json_extract(value, '$[1]') AS beyond"
    " FROM json_each(?)) ORDER BY place"
)
_ASKED_OF_POSTGRESQL = (
    "unnest(%s::bigint[], %s::bigint[]) WITH ORDINALITY AS asked (first, beyond, place) ORDER BY place"
)


def _last_numbers(connection: Connection, zone: Zone, days: Sequence[int]) -> list[int]:
    """Return the last number taken of each of these days; for an empty day the one before its first."""
    asked = [(zone.start(day), zone.start(day + 1)) for day in days]
    if connection.dialect.name == "sqlite":
        found = connection.exec_driver_sql(f"{_LAST_OF_EACH} {_ASKED_OF_SQLITE}", (json_text(asked),))
    else:
        bounds = tuple(map(list, zip(*asked, strict=True)))
        found = connection.exec_driver_sql(f"{_LAST_OF_EACH} {_ASKED_OF_POSTGRESQL}", bounds)
    return [first - 1 if last is None else last for first, last in found]


def zones_in_use(connection: Connection) -> list[Zone]:
    """Return the zones that hold any document."""
    asked = " UNION ALL ".join(
        f"SELECT {place}, max(id) FROM search_document WHERE id >= {zone.start(0)} AND id < {zone.end}"  # noqa: S608
        for place, zone in enumerate(ZONES)
    )
    return [ZONES[place] for place, last in connection.exec_driver_sql(asked) if last is not None]
