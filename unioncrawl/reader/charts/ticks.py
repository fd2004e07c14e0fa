"""Where do an axis of numbers and a scale of colours have their steps? At 1, 2 and 5 times a power of ten."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from typing import Literal

Language = Literal["zh", "en"]

_ROUND = (1, 2, 5, 10)
_UNITS: dict[Language, tuple[tuple[int, str], ...]] = {
    "zh": ((10**12, "万亿"), (10**8, "亿"), (10**4, "万")),
    "en": ((10**12, "T"), (10**9, "B"), (10**6, "M"), (10**3, "k")),
}
# An axis whose largest number is below this is written out in full.
_LEAST_SHORTENED = 10_000
# A heat map has so many steps.
HEAT_STEPS = 5


def round_ticks(low: float, high: float, most: int = 6, *, whole: bool = True) -> tuple[float, ...]:
    """Return round numbers, evenly apart, from ``low`` or below to ``high`` or above.

    At most ``most`` of them, which is three or more. ``whole``: things that are counted have no
    ticks between whole numbers.

    >>> round_ticks(0, 87), round_ticks(0, 1), round_ticks(0, 0)
    ((0, 20, 40, 60, 80, 100), (0, 1), (0, 1))
    >>> round_ticks(-3, 8), round_ticks(0, 0.3, whole=False)
    ((-5, 0, 5, 10), (0, 0.1, 0.2, 0.3))
    """
    step = _round_step(Decimal(str(high)) - Decimal(str(low)), most, whole=whole)
    while True:
        first = math.floor(Decimal(str(low)) / step)
        last = max(math.ceil(Decimal(str(high)) / step), first + 1)
        if last - first < most:
            return tuple(_plain(at * step) for at in range(first, last + 1))
        step = _next_round(step)


def _round_step(span: Decimal, most: int, *, whole: bool) -> Decimal:
    wanted = span / (most - 1)
    if wanted <= 0:
        return Decimal(1)
    base = Decimal(1).scaleb(wanted.adjusted())
    step = next(factor * base for factor in map(Decimal, _ROUND) if factor * base >= wanted)
    return max(step, Decimal(1)) if whole else step


def _next_round(step: Decimal) -> Decimal:
    base = Decimal(1).scaleb(step.adjusted())
    return next(factor * base for factor in map(Decimal, _ROUND) if factor * base > step)


def _plain(value: Decimal) -> float:
    return int(value) if value == int(value) else float(value)


def tick_words(ticks: Sequence[float], language: Language) -> tuple[str, ...]:
    """Write ticks, large ones in 万 and 亿 (k, M, B): all in one unit, or in full where that is not exact.

    >>> tick_words((0, 50_000, 100_000), "zh"), tick_words((0, 50_000, 100_000), "en")
    (('0', '5万', '10万'), ('0', '50k', '100k'))
    >>> tick_words((12_345_678, 12_345_679), "zh"), tick_words((0, 0.5), "zh")
    (('12,345,678', '12,345,679'), ('0', '0.5'))
    """
    largest = max(map(abs, ticks), default=0)
    for size, unit in _UNITS[language] if largest >= _LEAST_SHORTENED else ():
        shown = [f"{tick / size:.2f}".rstrip("0").rstrip(".") for tick in ticks]
        exactly = zip(shown, ticks, strict=True)
        is_exact = all(Decimal(text) * size == Decimal(str(tick)) for text, tick in exactly)
        if largest >= size and is_exact:
            return tuple(text if text == "0" else text + unit for text in shown)
    return tuple(in_full(tick) for tick in ticks)


def in_full(value: float) -> str:
    """Write a number with its thousands apart, and at most two decimals.

    >>> in_full(1234567), in_full(0.5), in_full(-3.0)
    ('1,234,567', '0.5', '-3')
    """
    shown = f"{value:,.2f}".rstrip("0").rstrip(".")
    return "0" if shown == "-0" else shown


def in_short(value: float, language: Language) -> str:
    """Write a number for a narrow place: three figures and a unit where it is large.

    >>> in_short(9_876, "zh"), in_short(123_456, "zh"), in_short(2_345_678_901, "zh")
    ('9,876', '12.3万', '23.5亿')
    >>> in_short(123_456, "en"), in_short(99_999, "zh"), in_short(99_999_999, "zh")
    ('123k', '10万', '1亿')
    """
    if abs(value) < _LEAST_SHORTENED:
        return in_full(value)
    rounded = float(f"{value:.3g}")
    size, unit = next(one for one in _UNITS[language] if abs(rounded) >= one[0])
    return in_full(rounded / size) + unit


def heat_bounds(largest: int) -> tuple[int, ...]:
    """Return the upper bound of each step of a heat map: at most five of 1, 2, 5, 10 and so on.

    >>> heat_bounds(3), heat_bounds(37), heat_bounds(12_345), heat_bounds(0)
    ((1, 2, 5), (2, 5, 10, 20, 50), (5, 50, 500, 5000, 20000), ())
    """
    bounds: list[int] = []
    while largest > 0 and (not bounds or bounds[-1] < largest):
        power, factor = divmod(len(bounds), 3)
        bounds.append(_ROUND[factor] * 10**power)
    steps = min(HEAT_STEPS, len(bounds))
    return tuple(bounds[-(-len(bounds) * step // steps) - 1] for step in range(1, steps + 1))


def heat_step(value: int, bounds: Sequence[int]) -> int:
    """Return the step of a value, from 1; 0 for nothing.

    >>> [heat_step(value, (2, 5, 10)) for value in (0, 1, 3, 10)]
    [0, 1, 2, 3]
    """
    if value <= 0:
        return 0
    return 1 + next(place for place, bound in enumerate(bounds) if value <= bound)
