"""The shell of every picture: its size, its name, what it says in words, and its legend."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from unioncrawl.reader.charts.fitted_text import FONT_SIZE, cut_to_width, label, text_width
from unioncrawl.reader.charts.svg import element, escaped, shown
from unioncrawl.reader.charts.ticks import Language

# A phone shows it at two thirds, a desktop in full.
WIDTH = 560
ROW = 24
# Of each series: its colour on white (at least 3:1, also for who sees no red or green), its dashes,
# and its mark: where that begins beside its point, and its outline from there.
SERIES: tuple[tuple[str, str | None, tuple[float, float, str]], ...] = (
    ("#0b62a4", None, (-3, 0, "a3 3 0 1 0 6 0a3 3 0 1 0-6 0z")),
    ("#b8480b", "7 3", (-3, -3, "h6v6h-6z")),
    ("#047857", "2 3", (0, -4, "l4 7h-8z")),
    ("#7c3aed", "9 3 2 3", (0, -4, "l4 4l-4 4l-4-4z")),
    ("#8a5a00", "4 2", (0, 4, "l4-7h-8z")),
    ("#475569", "1 4", (-1, -4, "h2v3h3v2h-3v3h-2v-3h-3v-2h3z")),
)
MOST_SERIES = len(SERIES)
_NO_NAME = re.compile(r"[^A-Za-z0-9-]+")
_LEGEND_LINE = 26


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption:
    """What a picture says in words, in the language of the page.

    ``name``: of the picture, one on a page; ``title``: what it shows; ``description``: what is to be
    seen, for who cannot see it; ``nothing``: stands where there is no number.
    """

    name: str
    title: str
    description: str = ""
    nothing: str = "无数据"
    language: Language = "zh"


def picture(caption: Caption, height: float, *content: str) -> str:
    """Return a whole picture of this height, `WIDTH` wide, that scales with its place.

    >>> picture(Caption(name="days", title="每日篇数"), 20)[:75]
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 560 20" class="chart" '
    """
    name = _NO_NAME.sub("-", caption.name)
    named = [element("title", escaped(caption.title), id=f"{name}-title")]
    if caption.description:
        named.append(element("desc", escaped(caption.description), id=f"{name}-desc"))
    return element(
        "svg",
        *named,
        *content,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH} {height:g}",
        class_="chart",
        role="img",
        lang="zh-CN" if caption.language == "zh" else "en",
        aria_labelledby=f"{name}-title" + (f" {name}-desc" if caption.description else ""),
        font_family="system-ui, 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif",
        font_size=FONT_SIZE,
        fill="currentColor",
    )


def empty_picture(caption: Caption) -> str:
    """Return a picture that says that there is nothing to show."""
    middle = label(caption.nothing, WIDTH / 2, ROW * 2, text_anchor="middle", class_="nothing")
    return picture(caption, ROW * 3, middle)


def standalone(drawn: str) -> str:
    """Return a picture as a file of its own: on white, whatever stands around it.

    >>> standalone('<svg a=""><title>工会</title></svg>').splitlines()[1]
    '<svg a=""><rect width="100%" height="100%" fill="#fff"/><title>工会</title></svg>'
    """
    opened, _, rest = drawn.partition(">")
    ground = element("rect", width="100%", height="100%", fill="#fff")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{opened}>{ground}{rest}\n'


def series_group(place: int, *content: str) -> str:
    """Return what belongs to one series, in its colour.

    >>> series_group(0, "…")
    '<g class="series-1" color="#0b62a4">…</g>'
    """
    return element("g", *content, class_=f"series-{place + 1}", color=SERIES[place][0])


def series_marks(place: int, points: Iterable[tuple[float, float]]) -> str:
    """Return the marks of a series at these points, as one path; nothing without points.

    >>> series_marks(1, [(10, 20), (30, 20)])
    '<path d="M7 17h6v6h-6zM27 17h6v6h-6z" fill="currentColor"/>'
    >>> series_marks(1, [])
    ''
    """
    right, down, outline = SERIES[place][2]
    d = "".join(f"M{shown(x + right)} {shown(y + down)}{outline}" for x, y in points)
    return element("path", d=d, fill="currentColor") if d else ""


def legend(names: Sequence[str]) -> tuple[str, float]:
    """Return the legend of several series, in as many rows as it needs, and its height; one needs none.

    >>> legend(["临溪市"])
    ('', 0)
    """
    if len(names) < 2:  # noqa: PLR2004 - with a single series there is nothing to tell apart
        return "", 0
    parts, x, y = [], 0.0, float(FONT_SIZE)
    for place, name in enumerate(names):
        fitted = cut_to_width(name, WIDTH - _LEGEND_LINE * 2)
        width = _LEGEND_LINE * 2 + text_width(fitted)
        if x and x + width > WIDTH:
            x, y = 0.0, y + ROW
        sample = element(
            "path",
            d=f"M{x:.1f} {y - 5:.1f}h{_LEGEND_LINE}",
            stroke="currentColor",
            stroke_width=2,
            stroke_dasharray=SERIES[place][1],
            fill="none",
        )
        mark = series_marks(place, [(x + _LEGEND_LINE / 2, y - 5)])
        parts.append(series_group(place, sample, mark) + label(fitted, x + _LEGEND_LINE + 6, y))
        x += width
    return "".join(parts), y + ROW / 2
