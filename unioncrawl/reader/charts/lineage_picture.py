"""Draw who carried a story and when: a row for each, from the first publication on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from unioncrawl.reader.charts.fitted_text import fitted_label, label, text_width
from unioncrawl.reader.charts.picture import ROW, WIDTH, Caption, empty_picture, picture, series_group
from unioncrawl.reader.charts.svg import element, shown
from unioncrawl.reader.charts.time_ticks import Tick, day_number, time_ticks

_WIDEST_NAME = 170
_GAP, _HALF_MARK = 8, 4
_MOST_TICKS = 5


@dataclass(frozen=True, slots=True)
class Carrier:
    """One publication of a story: who, when (``None``: no date), and a note on it as words.

    ``precision``: whether the page prints a minute, or the day alone.
    """

    name: str
    at: datetime | None
    precision: Literal["minute", "day"] = "minute"
    note: str = ""


def draw_lineage(caption: Caption, carriers: Sequence[Carrier]) -> str:
    """Return the picture of a reprint group, whose first publisher comes first.

    A full square is the first publication, a circle a reprint, a bar a day of which no time is
    known; who has no date is named, with ``caption.nothing`` in the place of a mark.
    """
    dated = [one for one in carriers if one.at is not None]
    if not dated:
        return empty_picture(caption)
    axis = _make_axis(carriers)
    rows = [_draw_row(axis, row, one, caption) for row, one in enumerate(carriers)]
    marks = [mark for mark, _ in rows]
    height = ROW * len(carriers)
    times = [_draw_tick(axis, tick, height) for tick in axis.ticks()]
    thread = _draw_thread(axis, carriers)
    return picture(
        caption, height + ROW, *times, series_group(0, thread, *marks), *(text for _, text in rows)
    )


@dataclass(frozen=True, slots=True)
class _Axis:
    """Where a day lies: the marks stand between the names and the notes."""

    left: float
    right: float
    days: tuple[float, float]

    def x(self, day: float) -> float:
        first, last = self.days
        share = (day - first) / (last - first)
        return self.left + share * (self.right - self.left)

    def ticks(self) -> tuple[Tick, ...]:
        return time_ticks(*self.days, most=_MOST_TICKS)


def _make_axis(carriers: Sequence[Carrier]) -> _Axis:
    spans = [_span(one) for one in carriers if one.at is not None]
    names = min(_WIDEST_NAME, max(text_width(one.name) for one in carriers))
    notes = max(text_width(one.note) for one in carriers)
    first, last = min(start for start, _ in spans), max(end for _, end in spans)
    # A story of one moment has an axis of its day.
    days = (first, last) if last > first else (float(int(first)), float(int(first) + 1))
    return _Axis(names + _GAP * 2, WIDTH - min(notes, WIDTH / 4) - _GAP * 2, days)


def _span(one: Carrier) -> tuple[float, float]:
    """Return from when to when a publication may have been."""
    day = day_number(one.at or date.min)
    return (float(int(day)), float(int(day) + 1)) if one.precision == "day" else (day, day)


def _draw_tick(axis: _Axis, tick: Tick, height: float) -> str:
    x = axis.x(tick.day)
    line = element("path", d=f"M{shown(x)} 0V{shown(height)}", stroke="currentColor", stroke_opacity=0.2)
    half = text_width(tick.label) / 2
    return line + label(tick.label, min(max(x, half), WIDTH - half), height + 18, text_anchor="middle")


def _draw_thread(axis: _Axis, carriers: Sequence[Carrier]) -> str:
    """Return the lines from the first publication down to the height of each other one, and over to it."""
    first = carriers[0]
    if first.at is None:
        return ""
    x, y = axis.x(_span(first)[0]), ROW / 2
    lines = [
        f"M{shown(x)} {shown(y)}V{shown(row * ROW + ROW / 2)}H{shown(axis.x(_span(one)[0]))}"
        for row, one in enumerate(carriers)
        if row and one.at is not None
    ]
    return element("path", d="".join(lines), stroke="currentColor", stroke_opacity=0.5, fill="none")


def _draw_row(axis: _Axis, row: int, one: Carrier, caption: Caption) -> tuple[str, str]:
    """Return the mark of a publication (nothing without a date) and its words."""
    y = row * ROW + ROW / 2
    name = fitted_label(one.name, axis.left - _GAP * 2, y + 5, axis.left - _GAP * 2, text_anchor="end")
    if one.at is None:
        return "", name + label(caption.nothing, axis.left, y + 5)
    note = fitted_label(one.note, WIDTH, y + 5, WIDTH / 4, text_anchor="end") if one.note else ""
    return "".join(_draw_mark(axis, y, one, is_first=row == 0)), name + note


def _draw_mark(axis: _Axis, y: float, one: Carrier, *, is_first: bool) -> Iterator[str]:
    start, end = (axis.x(day) for day in _span(one))
    if end > start:
        yield element(
            "rect", x=start, y=y - 2, width=end - start, height=4, fill="currentColor", fill_opacity=0.6
        )
    if is_first:
        side = _HALF_MARK * 2.5
        yield element(
            "rect", x=start - side / 2, y=y - side / 2, width=side, height=side, fill="currentColor"
        )
    elif end == start:
        yield element("circle", cx=start, cy=y, r=_HALF_MARK, fill="currentColor")
