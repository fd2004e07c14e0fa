"""Draw a year as a calendar: a square a day, the larger and darker the more there was."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from unioncrawl.reader.charts.fitted_text import label, text_width
from unioncrawl.reader.charts.picture import ROW, Caption, picture, series_group
from unioncrawl.reader.charts.svg import element, shown
from unioncrawl.reader.charts.ticks import HEAT_STEPS, heat_bounds, heat_step, in_full

_CELL, _SQUARE = 10, 8
_LEFT, _TOP = 24, 20
_DAYS_A_WEEK = 7
# Every other day is named: the words are higher than a row.
_NAMED_DAYS = (0, 2, 4, 6)
_WORDS = {"zh": ("一二三四五六日", "月"), "en": ("MTWTFSS", "")}


@dataclass(frozen=True, slots=True)
class KnownDays:
    """How much there was on each day; a day from ``first`` to ``last`` without a number had nothing.

    Of days before and after them nothing is known.
    """

    counts: Mapping[date, int]
    first: date
    last: date


def draw_year(caption: Caption, year: int, days: KnownDays) -> str:
    """Return the picture of one year; its weeks begin on Monday.

    A day of which nothing is known has no square, one with nothing an empty one.
    """
    bounds = heat_bounds(max((count for day, count in days.counts.items() if day.year == year), default=0))
    height = _TOP + _DAYS_A_WEEK * _CELL + ROW + ROW / 2
    squares = _draw_days(year, days, bounds)
    return picture(caption, height, *_draw_names(year, caption), squares, _draw_key(bounds, height - ROW / 2))


def _place(day: date) -> tuple[float, float]:
    """Return where the square of a day begins."""
    new_year = date(day.year, 1, 1)
    week = (day.timetuple().tm_yday - 1 + new_year.weekday()) // _DAYS_A_WEEK
    return _LEFT + week * _CELL, _TOP + day.weekday() * _CELL


def _draw_days(year: int, days: KnownDays, bounds: Sequence[int]) -> str:
    steps: defaultdict[int, list[str]] = defaultdict(list)
    day, end = max(date(year, 1, 1), days.first), min(date(year, 12, 31), days.last)
    while day <= end:
        step = heat_step(days.counts.get(day, 0), bounds)
        steps[step].append(_square(*_place(day), step, len(bounds)))
        day += timedelta(days=1)
    return series_group(0, *(_fill("".join(steps[step]), step, len(bounds)) for step in sorted(steps)))


def _square(x: float, y: float, step: int, of: int) -> str:
    """Return the outline of a square: who sees no colours sees its size."""
    side = _SQUARE * (0.5 + 0.5 * step / of) if step else _SQUARE - 1
    inset = (_CELL - side) / 2
    return f"M{shown(x + inset)} {shown(y + inset)}h{shown(side)}v{shown(side)}h{shown(-side)}z"


def _fill(outline: str, step: int, of: int) -> str:
    if not step:
        return element("path", d=outline, fill="none", stroke="currentColor", stroke_opacity=0.25)
    return element("path", d=outline, fill="currentColor", fill_opacity=0.3 + 0.7 * step / of)


def _draw_names(year: int, caption: Caption) -> Iterator[str]:
    names, month_word = _WORDS[caption.language]
    for month in range(1, 13):
        x, _ = _place(date(year, month, 1))
        yield label(f"{month}{month_word}", x, _TOP - 6, font_size=11)
    for weekday in _NAMED_DAYS:
        yield label(names[weekday], 0, _TOP + weekday * _CELL + 9, font_size=11)


def _draw_key(bounds: Sequence[int], y: float) -> str:
    """Return what the squares mean: from how many to how many."""
    squares, words, x = [], [], float(_LEFT)
    for step in range(len(bounds) + 1):
        squares.append(_fill(_square(x, y - _CELL, step, len(bounds) or HEAT_STEPS), step, len(bounds) or 1))
        word = _key_word(bounds, step)
        words.append(label(word, x + _CELL + 4, y, font_size=11))
        x += _CELL + 14 + text_width(word, 11)
    return series_group(0, *squares) + "".join(words)


def _key_word(bounds: Sequence[int], step: int) -> str:
    """Return the numbers of a step.

    >>> [_key_word((2, 5, 10), step) for step in range(4)], _key_word((1, 2), 2)
    (['0', '1–2', '3–5', '6–10'], '2')
    """
    if not step:
        return "0"
    high, low = bounds[step - 1], (bounds[step - 2] if step > 1 else 0) + 1
    return in_full(high) if low == high else f"{in_full(low)}–{in_full(high)}"
