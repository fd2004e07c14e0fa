"""Draw named numbers as bars, one below the other: names of unions are long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from unioncrawl.reader.charts.fitted_text import fitted_label, label, text_width
from unioncrawl.reader.charts.picture import (
    ROW,
    WIDTH,
    Caption,
    empty_picture,
    picture,
    series_group,
)
from unioncrawl.reader.charts.svg import element, shown
from unioncrawl.reader.charts.ticks import in_full

_WIDEST_NAME = 280
_GAP, _BAR, _LEAST = 8, 14, 1


@dataclass(frozen=True, slots=True)
class Bar:
    """A name and its number; ``None``: there is no number, which is not zero. ``note`` stands after it."""

    name: str
    value: float | None
    note: str = ""


def draw_bars(caption: Caption, bars: Sequence[Bar], unit: str = "") -> str:
    """Return a picture of bars in the order given, each with its number; below zero they go to the left."""
    known = [bar.value for bar in bars if bar.value is not None]
    if not known:
        return empty_picture(caption)
    said = [_words(bar, unit, caption) for bar in bars]
    scale = _make_scale(bars, known, said)
    rows = [
        _draw_row(scale, row, bar, words) for row, (bar, words) in enumerate(zip(bars, said, strict=True))
    ]
    boxes = [box for box, _ in rows if box]
    height = ROW * len(bars)
    axis = element("path", d=f"M{shown(scale.zero)} 0V{height}", stroke="currentColor", stroke_opacity=0.5)
    return picture(caption, height, series_group(0, *boxes), axis, *(text for _, text in rows))


@dataclass(frozen=True, slots=True)
class _Scale:
    """Where zero lies, and how wide one is."""

    names: float
    zero: float
    width_of_one: float


def _words(bar: Bar, unit: str, caption: Caption) -> str:
    value = caption.nothing if bar.value is None else f"{in_full(bar.value)}{unit}"
    return f"{value} {bar.note}".rstrip()


def _make_scale(bars: Sequence[Bar], known: Sequence[float], said: Sequence[str]) -> _Scale:
    names = min(_WIDEST_NAME, max(text_width(bar.name) for bar in bars))
    room = WIDTH - names - _GAP * 2 - max(map(text_width, said))
    low, high = min(0.0, *known), max(0.0, *known)
    width = max(room, ROW) / ((high - low) or 1)
    return _Scale(names, names + _GAP - low * width, width)


def _draw_row(scale: _Scale, row: int, bar: Bar, words: str) -> tuple[str, str]:
    """Return the box of a bar (nothing without a number) and its words."""
    top, base = row * ROW, row * ROW + 17
    value = bar.value or 0
    width = abs(value) * scale.width_of_one
    left = scale.zero - width if value < 0 else scale.zero
    box = ""
    if value:
        # What is not zero is seen.
        width = max(width, _LEAST)
        box = element("rect", x=left, y=top + 5, width=width, height=_BAR, fill="currentColor")
    name = fitted_label(bar.name, scale.names, base, scale.names, text_anchor="end")
    return box, name + label(words, max(left + width, scale.zero) + _GAP, base)
