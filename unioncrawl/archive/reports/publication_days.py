"""How many articles of a query were published on which day? From one grouping in the database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, func, literal_column

from unioncrawl.archive.schema import article
from unioncrawl.archive.search.match import has_single, matches
from unioncrawl.archive.search.matching_articles import load_facts, walk
from unioncrawl.archive.search.query import Node
from unioncrawl.archive.search.query_sql import Plan, make_plan, select_candidates
from unioncrawl.language.zones import CHINA

Unit = Literal["day", "week", "month", "year"]
# So many texts are read to verify a query that the index alone does not answer; of more, a sample.
MOST_VERIFIED = 5_000


@dataclass(frozen=True, slots=True)
class DayCounts:
    """How many articles were published on each day of China; days with none are left out.

    ``undated`` have no date and so no day. ``is_estimate``: of very many candidates a sample
    was read, each of which counts for several.
    """

    days: Mapping[date, int]
    undated: int = 0
    is_estimate: bool = False

    @property
    def total(self) -> int:
        """How many articles there are, those without a date included."""
        return sum(self.days.values()) + self.undated

    def by(self, unit: Unit) -> dict[date, int]:
        """Return the counts by the first day of each week (Monday), month or year that has any."""
        counts: Counter[date] = Counter()
        for day, number in self.days.items():
            counts[first_day(day, unit)] += number
        return dict(sorted(counts.items()))


def count_days(connection: Connection, node: Node) -> DayCounts:
    """Count the articles that match, by day of publication in China."""
    plan = make_plan(connection, node)
    if plan.is_exact:
        return _made(_group_days(connection, plan))
    plan = make_plan(connection, node, loosely=has_single(node))
    candidates = [select_candidates(connection, plan, zone, (func.count(),)) for zone in plan.zones]
    most = sum(connection.execute(query).scalar_one() for query in candidates)
    step = max(1, -(-most // MOST_VERIFIED))
    days: Counter[str | None] = Counter()
    for published_at in _verified(connection, replace(plan, is_exact=True, step=step)):
        days[published_at.astimezone(CHINA).date().isoformat() if published_at else None] += step
    return _made(days, is_estimate=step > 1)


def _made(days: Mapping[str | None, int], *, is_estimate: bool = False) -> DayCounts:
    dated = {date.fromisoformat(day): number for day, number in days.items() if day is not None}
    return DayCounts(dict(sorted(dated.items())), days.get(None, 0), is_estimate)


def _group_days(connection: Connection, plan: Plan) -> Counter[str | None]:
    day = china_day(connection, article.c.published_at)
    counts: Counter[str | None] = Counter()
    for zone in plan.zones:
        grouped = select_candidates(connection, plan, zone, (day, func.count())).group_by(day)
        for found, number in connection.execute(grouped):
            counts[found] += number
    return counts


def _verified(connection: Connection, plan: Plan) -> Iterator[datetime | None]:
    found = {one.article_id: one.published_at for one in walk(connection, plan)}
    facts = load_facts(connection, list(found))
    return (found[number] for number, known in facts.items() if matches(plan.node, known))


def china_day(connection: Connection, time: Any) -> ColumnElement[Any]:  # noqa: ANN401 - a column of times
    """Return the expression of a time's day in China, as ``2024-05-01``."""
    if connection.dialect.name == "sqlite":
        return func.date(time, literal_column("'+8 hours'"))
    local = func.timezone(literal_column("'UTC'"), time) + literal_column("interval '8 hours'")
    return func.to_char(local, literal_column("'YYYY-MM-DD'"))


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
