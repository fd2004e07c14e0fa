"""Draw numbers over time as lines: of one series or several, broken where there is no number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from unioncrawl.reader.charts.fitted_text import label, text_width
from unioncrawl.reader.charts.picture import (
    MOST_SERIES,
    SERIES,
    WIDTH,
    Caption,
    empty_picture,
    legend,
    picture,
    series_group,
    series_marks,
)
from unioncrawl.reader.charts.svg import element, shown
from unioncrawl.reader.charts.ticks import round_ticks, tick_words
from unioncrawl.reader.charts.time_ticks import Tick, day_number, time_ticks

_PLOT_HEIGHT = 220
# Below the plot: the words of the axis of time.
_BELOW = 26
_ABOVE, _RIGHT, _GAP = 28, 30, 8
# Marks of more points than this would touch each other.
_MOST_MARKED = 40
Point = tuple[date | datetime, float | None]


@dataclass(frozen=True, slots=True)
class Series:
    """A name and its points by rising time; ``None`` breaks the line: there is no number."""

    name: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What the axis of numbers counts: its ``unit``, whether in ``whole`` numbers, and from zero."""

    unit: str = ""
    whole: bool = True
    from_zero: bool = True


def draw_lines(caption: Caption, series: Sequence[Series], measure: Measure = Measure()) -> str:
    """Return a picture of the series, each told apart by colour, dashes and mark.

    A number that stands alone between gaps is a mark. Raises `ValueError` for more series
    than can be told apart (`MOST_SERIES`).
    """
    if len(series) > MOST_SERIES:
        raise ValueError(f"{len(series)} series: no more than {MOST_SERIES} can be told apart")
    known = [value for one in series for _, value in one.points if value is not None]
    if not known:
        return empty_picture(caption)
    named, above = legend([one.name for one in series])
    plot = _make_plot(series, known, measure, above + _ABOVE)
    drawn = [series_group(place, *_draw_one(plot, place, one)) for place, one in enumerate(series)]
    return picture(caption, plot.bottom + _BELOW, named, *_draw_axes(plot, caption, measure), *drawn)


@dataclass(frozen=True, slots=True)
class _Plot:
    """The field of the lines: where a day and a number lie in it."""

    left: float
    top: float
    days: tuple[float, float]
    ticks: tuple[float, ...]

    @property
    def bottom(self) -> float:
        return self.top + _PLOT_HEIGHT

    def x(self, day: float) -> float:
        first, last = self.days
        # A single day stands in the middle.
        share = (day - first) / (last - first) if last > first else 0.5
        return self.left + share * (WIDTH - _RIGHT - self.left)

    def y(self, value: float) -> float:
        low, high = self.ticks[0], self.ticks[-1]
        return self.bottom - (value - low) / (high - low) * _PLOT_HEIGHT


def _make_plot(series: Sequence[Series], known: Sequence[float], measure: Measure, top: float) -> _Plot:
    low, high = min(known), max(known)
    if measure.from_zero:
        low, high = min(low, 0), max(high, 0)
    ticks = round_ticks(low, high, whole=measure.whole)
    widest = max(map(text_width, (*tick_words(ticks, "zh"), *tick_words(ticks, "en"))))
    # The axis is as long as the asked time, gaps at its ends included.
    days = [day_number(at) for one in series for at, _ in one.points]
    return _Plot(widest + _GAP, top, (min(days), max(days)), ticks)


def _draw_axes(plot: _Plot, caption: Caption, measure: Measure) -> Iterator[str]:
    words = tick_words(plot.ticks, caption.language)
    lines = "".join(f"M{shown(plot.left)} {shown(plot.y(tick))}H{WIDTH - _RIGHT}" for tick in plot.ticks)
    yield element("path", d=lines, stroke="currentColor", stroke_opacity=0.2, fill="none", class_="grid")
    for tick, word in zip(plot.ticks, words, strict=True):
        yield label(word, plot.left - _GAP, plot.y(tick) + 5, text_anchor="end")
    if measure.unit:
        yield label(measure.unit, 0, plot.top - _GAP * 2)
    for tick_of_time in _shown_ticks(plot):
        yield _draw_time(plot, tick_of_time)


def _shown_ticks(plot: _Plot) -> tuple[Tick, ...]:
    """The ticks of time; of a time too short for any, its first day."""
    found = time_ticks(*plot.days)
    day = plot.days[0]
    return found or (Tick(day, date.fromordinal(int(day)).isoformat()),)


def _draw_time(plot: _Plot, tick: Tick) -> str:
    x = plot.x(tick.day)
    at = element("path", d=f"M{shown(x)} {shown(plot.bottom)}v5", stroke="currentColor", stroke_opacity=0.5)
    # A word in the middle of its tick would leave the picture at its ends.
    half = text_width(tick.label) / 2
    x = min(max(x, half), WIDTH - half)
    return at + label(tick.label, x, plot.bottom + 20, text_anchor="middle")


def _draw_one(plot: _Plot, place: int, one: Series) -> Iterator[str]:
    stretches = list(_unbroken(one.points))
    path = "".join(_path(plot, stretch) for stretch in stretches if len(stretch) > 1)
    if path:
        yield element(
            "path",
            d=path,
            stroke="currentColor",
            stroke_width=2,
            stroke_dasharray=SERIES[place][1],
            stroke_linejoin="round",
            fill="none",
        )
    crowded = len(one.points) > _MOST_MARKED
    marked = [point for stretch in stretches if not crowded or len(stretch) == 1 for point in stretch]
    yield series_marks(place, [(plot.x(day), plot.y(value)) for day, value in marked])


def _path(plot: _Plot, stretch: Iterable[tuple[float, float]]) -> str:
    points = (f"{shown(plot.x(day))} {shown(plot.y(value))}" for day, value in stretch)
    return "M" + "L".join(points)


def _unbroken(points: Iterable[Point]) -> Iterator[list[tuple[float, float]]]:
    """Yield the stretches between gaps."""
    stretch: list[tuple[float, float]] = []
    for at, value in points:
        if value is not None:
            stretch.append((day_number(at), value))
        elif stretch:
            yield stretch
            stretch = []
    if stretch:
        yield stretch
