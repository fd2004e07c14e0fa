"""Read the figures of `bench.slope`: costs at the marks, and lines over the number of articles."""

from __future__ import annotations

import csv
import math
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

MARKS = (10_000, 100_000, 300_000, 1_000_000, 3_000_000)
# What a row says besides the parts of the writing.
COLUMNS = ("articles", "write", "reprints", "server", "calibration", "bytes", "text", "peak", "wall")
_WHOLES = ("write", "server", "reprints")
# Smaller archives fit in the caches of the database, and would bend the lines.
_FIRST = 50_000
_Row = dict[str, float]


@dataclass(frozen=True, slots=True)
class Fit:
    """A line over the natural logarithm of the number of articles, and how far the rows lie from it."""

    start: float
    rise: float
    deviation: float

    def at(self, articles: float) -> float:
        """The value of the line."""
        return self.start + self.rise * math.log(articles)


def fit_line(points: Sequence[tuple[float, float]]) -> Fit:
    """Fit a line through (articles, value) by least squares.

    >>> line = fit_line([(10_000, 1.0), (100_000, 2.0), (1_000_000, 3.0)])
    >>> round(line.at(10_000_000), 6), round(line.deviation, 6)
    (4.0, 0.0)
    """
    logarithms = [math.log(articles) for articles, _ in points]
    values = [value for _, value in points]
    line = statistics.linear_regression(logarithms, values)
    left = [value - line.intercept - line.slope * at for at, value in zip(logarithms, values, strict=True)]
    freedom = max(1, len(points) - 2)
    return Fit(line.intercept, line.slope, math.sqrt(sum(one * one for one in left) / freedom))


def report(figures: Path) -> Iterator[str]:
    """Yield the table of costs at the marks, then the line of each part and what it says of more articles."""
    with figures.open(newline="") as file:
        rows = [{name: float(value) for name, value in row.items()} for row in csv.DictReader(file)]
    costs = [*_WHOLES, *(name for name in rows[0] if name not in {*COLUMNS})]
    yield from _at_marks(rows, costs)
    yield ""
    yield from _lines(rows, costs)


def _at_marks(rows: Sequence[_Row], costs: Sequence[str]) -> Iterator[str]:
    last = int(rows[-1]["articles"])
    marks = sorted({last, *(mark for mark in MARKS if mark <= last)})
    yield f"µs an article, each the mean of the rows near it; up to {last:,} articles"
    yield f"{'':28}" + "".join(f"{mark:>12,}" for mark in marks) + f"{'times':>8}"
    for name in costs:
        near = [1e6 * _mean_near(rows, name, mark) / _step(rows) for mark in marks]
        growth = near[-1] / near[0] if near[0] else math.nan
        yield f"{name:28}" + "".join(f"{cost:12,.0f}" for cost in near) + f"{growth:8.2f}"
    loops = [_mean_near(rows, "calibration", mark) for mark in marks]
    yield f"{'calibration, s':28}" + "".join(f"{loop:12.3f}" for loop in loops)
    yield f"{'bytes / text':28}" + "".join(f"{_size(rows, mark):12.2f}" for mark in marks)
    yield f"{'peak memory, MB':28}" + "".join(f"{_at(rows, mark)['peak']:12,.0f}" for mark in marks)


def _lines(rows: Sequence[_Row], costs: Sequence[str]) -> Iterator[str]:
    yield "lines over ln(articles), rows from 50,000 on: µs at 3, 10 and 100 million, deviation of the rows"
    for name in costs:
        points = [
            (row["articles"], 1e6 * row[name] / _step(rows)) for row in rows if row["articles"] >= _FIRST
        ]
        if len(points) > 2:
            line = fit_line(points)
            ahead = "".join(f"{line.at(more):12,.0f}" for more in (3e6, 1e7, 1e8))
            yield f"{name:28}{ahead}{line.deviation:10.0f}"


def _step(rows: Sequence[_Row]) -> float:
    """How many articles a row stands for."""
    return rows[0]["articles"]


def _at(rows: Sequence[_Row], mark: int) -> _Row:
    return next(row for row in rows if row["articles"] == mark)


def _near(rows: Sequence[_Row], mark: int) -> list[_Row]:
    """The row of a mark, and those that reach back a tenth of it: a pour or a merge falls in one of many."""
    return [row for row in rows if mark - 0.1 * mark < row["articles"] <= mark]


def _mean_near(rows: Sequence[_Row], name: str, mark: int) -> float:
    return statistics.mean(row[name] for row in _near(rows, mark))


def _size(rows: Sequence[_Row], mark: int) -> float:
    row = _at(rows, mark)
    return row["bytes"] / row["text"]
