"""Count the articles of a query by the day, week, month or year of their publication.

The number of a document in the index begins with its day in UTC, so that counting numbers
counts days. China's day is the same one or the next: of the documents of a day after which
another week, month or year begins, and of those alone, the time itself is read.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, func, literal_column, select

from unioncrawl.archive.schema import article
from unioncrawl.archive.search import numbers_beside
from unioncrawl.archive.search.index.document_numbers import LAST_DAY, Zone
from unioncrawl.archive.search.query import Node
from unioncrawl.archive.search.query_sql import (
    Plan,
    make_plan,
    number_column,
    select_candidates,
    select_numbers,
)
from unioncrawl.language.zones import CHINA

Unit = Literal["day", "week", "month", "year"]
_BATCH = 1_000
# The days of fifteen years in two units.
_DAYS_AT_HAND = 11_000
_1970 = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class UnitCounts:
    """How many articles were published in each unit of time, by its first day; units with none are left out.

    ``undated`` have no date and so no unit.
    """

    starts: Mapping[date, int]
    undated: int = 0

    @property
    def total(self) -> int:
        """How many articles there are, those without a date included."""
        return sum(self.starts.values()) + self.undated


def count_units(connection: Connection, node: Node, unit: Unit) -> UnitCounts:
    """Count the articles that match, by day, week (from Monday), month or year of publication in China."""
    plan = make_plan(connection, node)
    if numbers_beside.question(plan) is not None:
        return _made(_count_beside(connection, plan, unit))
    counts: Counter[date | None] = Counter()
    for zone in plan.zones:
        open_days = []
        for day, number in _group_numbers(connection, plan, zone):
            start = _sure_start(day, unit)
            if start is None:
                open_days.append(day)
            else:
                counts[start] += number
        counts.update(_group_times(connection, plan, zone, open_days, unit))
    return _made(counts)


def _count_beside(connection: Connection, plan: Plan, unit: Unit) -> Counter[date | None]:
    """Count what an index beside the database finds."""
    counts: Counter[date | None] = Counter()
    for zone in plan.zones:
        open_numbers: list[int] = []
        for number in numbers_beside.find(connection, plan, (zone,)):
            start = _sure_start(zone.day(number), unit)
            if start is None:
                open_numbers.append(number)
            else:
                counts[start] += 1
        day = china_day(connection, article.c.published_at).label("day")
        for row in numbers_beside.rows_of(connection, plan, open_numbers, (day,)):
            counts[first_day(date.fromisoformat(row.day), unit) if row.day else None] += 1
    return counts


def _made(counts: Counter[date | None]) -> UnitCounts:
    dated = sorted((start, number) for start, number in counts.items() if start is not None)
    return UnitCounts(dict(dated), counts[None])


@lru_cache(_DAYS_AT_HAND)
def _sure_start(day: int, unit: Unit) -> date | None:
    """Return where the unit of a day of numbers begins; ``None`` where the time itself must be read."""
    if not 0 < day < LAST_DAY:
        # Days without a date, and those before and after all days, have these numbers.
        return None
    start, next_start = (first_day(date.fromordinal(_1970 + one), unit) for one in (day, day + 1))
    return start if start == next_start else None


def _day_of(plan: Plan, zone: Zone) -> ColumnElement[int]:
    number = number_column(plan)
    found: ColumnElement[int] = (number - zone.base).op(">>")(literal_column(str(zone.bits)))
    return found


def _group_numbers(connection: Connection, plan: Plan, zone: Zone) -> list[tuple[int, int]]:
    day = _day_of(plan, zone)
    query = select_numbers(plan, zone)
    grouped = query.with_only_columns(day, func.count()).group_by(day)
    return [(found, number) for found, number in connection.execute(grouped)]


def _group_times(
    connection: Connection, plan: Plan, zone: Zone, days: Collection[int], unit: Unit
) -> Counter[date | None]:
    """Count the documents of some days of numbers by their times."""
    counts: Counter[date | None] = Counter()
    if days:
        found_day = china_day(connection, article.c.published_at)
        query = select_candidates(plan, zone, (found_day, func.count()))
        # Whole numbers, written out: a statement takes fewer parameters than an archive has days.
        listed: ColumnElement[int] = literal_column(f"({','.join(map(str, days))})")
        query = query.where(_day_of(plan, zone).op("IN")(listed)).group_by(found_day)
        for day, number in connection.execute(query):
            counts[first_day(date.fromisoformat(day), unit) if day else None] += number
    return counts


def published_span(connection: Connection) -> tuple[date, date] | None:
    """Return the first and the last day on which any article was published; ``None`` without a dated one."""
    present = (article.c.published_at.is_not(None), article.c.withdrawn_at.is_(None))
    query = select(article.c.published_at).where(*present).limit(1)
    first = connection.execute(query.order_by(article.c.published_at)).scalar()
    last = connection.execute(query.order_by(article.c.published_at.desc())).scalar()
    if first is None or last is None:
        return None
    return first.astimezone(CHINA).date(), last.astimezone(CHINA).date()


def china_day(connection: Connection, time: Any) -> ColumnElement[Any]:  # noqa: ANN401 - a column of times
    """Return the expression of a time's day in China, as ``2024-05-01``."""
    if connection.dialect.name == "sqlite":
        return func.date(time, literal_column("'+8 hours'"))
    local = func.timezone(literal_column("'UTC'"), time) + literal_column("interval '8 hours'")
    return func.to_char(local, literal_column("'YYYY-MM-DD'"))


def count_days(
    connection: Connection, *places: ColumnElement[Any], where: Sequence[ColumnElement[bool]] = ()
) -> dict[tuple[Any, ...], dict[str, int]]:
    """Count the articles of each place by China's day, as ``2024-05-01``; those without a date by ``""``.

    ``places``: columns of articles. Withdrawn articles are left out. The rows are counted here: sorted
    into groups by SQLite, as many groups as rows, 90,000 of them took four times as long.
    """
    day = func.coalesce(china_day(connection, article.c.published_at), literal_column("''"))
    query = select(*places, day).select_from(article).where(article.c.withdrawn_at.is_(None), *where)
    rows = connection.execute(query.execution_options(yield_per=_BATCH))
    found: defaultdict[tuple[Any, ...], dict[str, int]] = defaultdict(dict)
    for (*place, on), number in Counter(map(tuple, rows)).items():
        found[tuple(place)][on] = number
    return dict(found)


def first_day(day: date, unit: Unit) -> date:
    """Return the day on which the week, month or year of a day begins.

    >>> first_day(date(2024, 5, 2), "week"), first_day(date(2024, 5, 2), "month")
    (datetime.date(2024, 4, 29), datetime.date(2024, 5, 1))
    """
    match unit:
        case "day":
            return day
        case "week":
            # Monday, but not before the calendar begins.
            return date.fromordinal(max(1, day.toordinal() - day.weekday()))
        case "month":
            return day.replace(day=1)
        case "year":
            return day.replace(month=1, day=1)


def next_first_day(first: date, unit: Unit) -> date:
    """Return the first day of the next day, week, month or year.

    >>> next_first_day(date(2023, 12, 1), "month"), next_first_day(date(2024, 4, 29), "week")
    (datetime.date(2024, 1, 1), datetime.date(2024, 5, 6))
    """
    days = {"day": 1, "week": 7, "month": 31, "year": 366}[unit]
    return first_day(first + timedelta(days=days), unit)


def spell_out(first: date, last: date, unit: Unit) -> Iterator[date]:
    """Yield the first day of each day, week, month or year from ``first`` to ``last``, both included.

    >>> [day.isoformat() for day in spell_out(date(2024, 1, 31), date(2024, 3, 1), "month")]
    ['2024-01-01', '2024-02-01', '2024-03-01']
    """
    day = first_day(first, unit)
    while day <= last:
        yield day
        day = next_first_day(day, unit)
