"""Draw a number of each province as a grid of equal tiles, which stand about where the provinces lie.

It is not a map: it has no border, and a small province counts as much as a large one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from unioncrawl.reader.charts.fitted_text import label
from unioncrawl.reader.charts.picture import WIDTH, Caption, picture, series_group
from unioncrawl.reader.charts.svg import element, shown
from unioncrawl.reader.charts.ticks import heat_bounds, heat_step, in_short


@dataclass(frozen=True, slots=True)
class Province:
    """The place of a province in the grid, and its short names (GB/T 2260, GB/T 2659.2)."""

    column: int
    row: int
    chinese: str
    letters: str


# By the first two figures of GB/T 2260. 兵团 has none there; 66 is its own in the codes of organisations.
XPCC = "66"
PROVINCES: Mapping[str, Province] = {
    "11": Province(7, 2, "北京", "BJ"),
    "12": Province(7, 3, "天津", "TJ"),
    "13": Province(6, 2, "河北", "HE"),
    "14": Province(5, 2, "山西", "SX"),
    "15": Province(5, 1, "内蒙古", "NM"),
    "21": Province(8, 2, "辽宁", "LN"),
    "22": Province(8, 1, "吉林", "JL"),
    "23": Province(8, 0, "黑龙江", "HL"),
    "31": Province(7, 4, "上海", "SH"),
    "32": Province(6, 4, "江苏", "JS"),
    "33": Province(6, 5, "浙江", "ZJ"),
    "34": Province(5, 4, "安徽", "AH"),
    "35": Province(5, 6, "福建", "FJ"),
    "36": Province(5, 5, "江西", "JX"),
    "37": Province(6, 3, "山东", "SD"),
    "41": Province(5, 3, "河南", "HA"),
    "42": Province(4, 4, "湖北", "HB"),
    "43": Province(4, 5, "湖南", "HN"),
    "44": Province(4, 6, "广东", "GD"),
    "45": Province(3, 6, "广西", "GX"),
    "46": Province(3, 7, "海南", "HI"),
    "50": Province(3, 4, "重庆", "CQ"),
    "51": Province(2, 4, "四川", "SC"),
    "52": Province(3, 5, "贵州", "GZ"),
    "53": Province(2, 5, "云南", "YN"),
    "54": Province(0, 4, "西藏", "XZ"),
    "61": Province(4, 2, "陕西", "SN"),
    "62": Province(2, 2, "甘肃", "GS"),
    "63": Province(1, 3, "青海", "QH"),
    "64": Province(3, 2, "宁夏", "NX"),
    "65": Province(0, 2, "新疆", "XJ"),
    XPCC: Province(0, 1, "兵团", "XPCC"),
    "71": Province(7, 6, "台湾", "TW"),
    "81": Province(5, 7, "香港", "HK"),
    "82": Province(4, 7, "澳门", "MO"),
}
_COLUMNS, _ROWS = 9, 8
_TILE_WIDTH, _TILE_HEIGHT, _APART = WIDTH / _COLUMNS, 44, 4
_EDGE = 6


def draw_tiles(caption: Caption, values: Mapping[str, int]) -> str:
    """Return the picture of numbers by code of province (``"61"``).

    A province without a number has a tile with a broken edge and no number, which is not zero.
    Raises `ValueError` for a code that is no province's.
    """
    unknown = values.keys() - PROVINCES.keys()
    if unknown:
        raise ValueError(f"no province has the code {min(unknown)}")
    bounds = heat_bounds(max(values.values(), default=0))
    boxes = [_draw_box(one, values.get(code), bounds) for code, one in PROVINCES.items()]
    words = [word for code, one in PROVINCES.items() for word in _draw_words(one, values.get(code), caption)]
    tiles = element("g", *boxes, stroke="currentColor", stroke_opacity=0.5, fill="none")
    named = element("g", *words, text_anchor="middle", font_size=13)
    return picture(caption, _ROWS * _TILE_HEIGHT, series_group(0, tiles), named)


def _corner(one: Province) -> tuple[float, float]:
    return one.column * _TILE_WIDTH + _APART / 2, one.row * _TILE_HEIGHT + _APART / 2


def _draw_box(one: Province, value: int | None, bounds: tuple[int, ...]) -> str:
    """Return a tile: tinted, with a bar at its foot that is the longer the higher its step."""
    x, y = _corner(one)
    width, height = _TILE_WIDTH - _APART, _TILE_HEIGHT - _APART
    step = heat_step(value or 0, bounds)
    tile = element(
        "rect",
        x=x,
        y=y,
        width=width,
        height=height,
        fill="currentColor" if step else None,
        # Words stand on it: never so dark that they could not be read.
        fill_opacity=0.06 * step if step else None,
        stroke_dasharray="2 3" if value is None else None,
    )
    if not step:
        return tile
    length = width * step / len(bounds)
    foot = f"M{shown(x)} {shown(y + height - _EDGE)}h{shown(length)}v{_EDGE}h{shown(-length)}z"
    return tile + element("path", d=foot, fill="currentColor", stroke="none")


def _draw_words(one: Province, value: int | None, caption: Caption) -> Iterator[str]:
    x, y = _corner(one)
    middle = x + (_TILE_WIDTH - _APART) / 2
    name = one.chinese if caption.language == "zh" else one.letters
    yield label(name, middle, y + 15)
    if value is not None:
        yield label(in_short(value, caption.language), middle, y + 30)
