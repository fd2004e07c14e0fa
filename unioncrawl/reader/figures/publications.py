"""Articles of queries over time: how many, and what share of all; and a site's year, day by day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection

from unioncrawl.archive.reports.publication_days import (
    Unit,
    UnitCounts,
    count_units,
    next_first_day,
    published_span,
    spell_out,
)
from unioncrawl.archive.search.known_sites import find_site, refuse_unknown_sites
from unioncrawl.archive.search.query import And, Node, filter_node, parse_query
from unioncrawl.reader.charts.lines import Measure, Series, draw_lines
from unioncrawl.reader.charts.picture import empty_picture
from unioncrawl.reader.charts.year_calendar import KnownDays, draw_year
from unioncrawl.reader.figures.asked import Asked
from unioncrawl.reader.figures.figure import Figure, caption, search_link
from unioncrawl.reader.page_view import PageView

# A line of more points is no line, and a table of more rows nobody reads.
_MOST_POINTS = 400
# Without a wish: days for a season, weeks for two years, months beyond.
_DAYS_UNTIL, _WEEKS_UNTIL = 92, 730
# After a unit of time there must be another one.
_LAST = date(9998, 12, 31)
_UNITS: tuple[Unit, ...] = ("day", "week", "month", "year")


@dataclass(frozen=True, slots=True)
class _Span:
    """The time that is shown: its first and last day, and its unit."""

    first: date
    last: date
    unit: Unit

    def starts(self) -> list[date]:
        return list(spell_out(self.first, self.last, self.unit))

    def query(self, query: str, start: date) -> str:
        """Return the search for the articles of a query in one unit of the time."""
        first = max(start, self.first)
        last = min(next_first_day(start, self.unit) - timedelta(days=1), self.last)
        asked = f"({query})" if " OR " in query else query
        return f"{asked} since:{first} until:{last}".strip()


def publications(view: PageView, connection: Connection, asked: Asked) -> Figure:
    """Articles of each query by day, week, month or year; raises `QueryError`, `SiteUnknown`.

    A unit in which the archive has no article at all is a gap: it may have missed it.
    """
    queries = asked.q or ("",)
    for query in queries:
        refuse_unknown_sites(connection, parse_query(query))
    span = _span(asked, published_span(connection))
    every, *counts = (count_units(connection, _node(query, asked), span.unit) for query in ("", *queries))
    trend = _Trend(span, every.starts, tuple(zip(queries, counts, strict=True)))
    named = [_said(view, asked, query) for query in queries]
    unit = view.words(f"units.{span.unit}")
    title = view.words("trends.shares" if asked.share else "trends.counts", unit=unit)
    said = view.words(
        "trends.described", names=view.words("site.list").join(named), first=span.first, last=span.last
    )
    measure = Measure(unit="%" if asked.share else view.words("charts.pieces"), whole=not asked.share)
    points = (trend.points(one, share=asked.share) for one in counts)
    heads = [head for name in named for head in (name, view.words("trends.share_of", name=name))]
    return Figure(
        name="publications",
        title=title,
        columns=(unit, *heads),
        rows=tuple(trend.rows()),
        drawn=draw_lines(
            caption(view, "publications", title, said), list(map(Series, named, points)), measure
        ),
        notes=tuple(_notes(view, asked, trend, named)),
        asked={
            "q": asked.q,
            "by": asked.by,
            "since": asked.since,
            "until": asked.until,
            "share": asked.share,
        },
    )


@dataclass(frozen=True, slots=True)
class _Trend:
    """The counts of queries in a time, beside ``every`` article of the archive by unit."""

    span: _Span
    every: Mapping[date, int]
    counted: tuple[tuple[str, UnitCounts], ...]

    def points(self, counts: UnitCounts, *, share: bool) -> tuple[tuple[date, float | None], ...]:
        starts = self.span.starts()
        return tuple(
            (start, self._point(counts.starts.get(start, 0), start, share=share)) for start in starts
        )

    def _point(self, number: int, start: date, *, share: bool) -> float | None:
        if not self.every.get(start):
            return None
        return 100 * number / self.every[start] if share else number

    def rows(self) -> Iterator[tuple[object, ...]]:
        """Yield a row for each unit that has any article, the last one first."""
        series = [(query, one.starts) for query, one in self.counted]
        for start, total in reversed(list(self.every.items())):
            cells: list[object] = [_name(start, self.span.unit)]
            for query, units in series:
                number = units.get(start, 0)
                cells += [search_link(number, self.span.query(query, start)), round(100 * number / total, 2)]
            yield tuple(cells)


def _said(view: PageView, asked: Asked, query: str) -> str:
    """Return what a series is called: by its query; on the page of a site that is no news."""
    if query == f"site:{asked.site}":
        return view.words("charts.articles")
    return query or view.words("charts.all_articles")


def _node(query: str, asked: Asked) -> Node:
    times = [filter_node(name, value) for name in ("since", "until") if (value := getattr(asked, name))]
    return And((parse_query(query), *times))


def _span(asked: Asked, published: tuple[date, date] | None) -> _Span:
    """Return the time to show: as asked, or from the first article of the archive to the last."""
    earliest, latest = published or (date.min, date.min)
    first = min(_LAST, asked.first_day or min(earliest, asked.last_day or earliest))
    last = min(_LAST, max(first, asked.last_day or latest))
    length = (last - first).days
    fitting: Unit = "day" if length <= _DAYS_UNTIL else "week" if length <= _WEEKS_UNTIL else "month"
    units = _UNITS[_UNITS.index(asked.by or fitting) :]
    unit = next((one for one in units if _points(length, one) <= _MOST_POINTS), units[-1])
    return _Span(first, last, unit)


def _points(length: int, unit: Unit) -> float:
    return length / {"day": 1, "week": 7, "month": 30, "year": 365}[unit]


def _name(start: date, unit: Unit) -> str:
    """Return a unit of time as a table names it.

    >>> _name(date(2024, 5, 1), "month"), _name(date(2024, 4, 29), "week")
    ('2024-05', '2024-04-29')
    """
    return start.isoformat()[: {"day": 10, "week": 10, "month": 7, "year": 4}[unit]]


def _notes(view: PageView, asked: Asked, trend: _Trend, named: Sequence[str]) -> Iterator[str]:
    counts = [one for _, one in trend.counted]
    for name, one in zip(named, counts, strict=True):
        if one.undated:
            yield view.words("trends.undated", name=name, number=one.undated)
    if asked.by and asked.by != trend.span.unit and trend.every:
        yield view.words("trends.coarser", unit=view.words(f"units.{trend.span.unit}"))


def calendar(view: PageView, connection: Connection, asked: Asked) -> Figure:
    """A year of a site, or of all, day by day; without a year the last one that has articles.

    Raises `SiteUnknown`.
    """
    find_site(connection, asked.site)
    query = f"site:{asked.site}" if asked.site else ""
    years = [day.year for day in count_units(connection, parse_query(query), "year").starts]
    year = asked.year or max(years, default=date.max.year)
    of_year = And((parse_query(query), *(filter_node(name, f"{year:04d}") for name in ("since", "until"))))
    in_year = count_units(connection, of_year, "day").starts
    title = view.words("charts.calendar", year=year)
    said = view.words("charts.calendar_described", number=sum(in_year.values()), days=len(in_year))
    words = caption(view, "calendar", title, said)
    days = [(day, f"{query} since:{day} until:{day}".strip()) for day in sorted(in_year, reverse=True)]
    drawn = empty_picture(words)
    if in_year:
        drawn = draw_year(words, year, _known_days(in_year, years, year))
    return Figure(
        name="calendar",
        title=title,
        columns=(view.words("units.day"), view.words("charts.articles")),
        rows=tuple((day, search_link(in_year[day], found)) for day, found in days),
        drawn=drawn,
        asked={"site": asked.site, "year": year},
    )


def _known_days(in_year: Mapping[date, int], years: Sequence[int], year: int) -> KnownDays:
    """Return the days of a year, from the first article in the first year to the last in the last one."""
    first = min(in_year) if year == min(years) else date(year, 1, 1)
    last = max(in_year) if year == max(years) else date(year, 12, 31)
    return KnownDays(in_year, first, last)
