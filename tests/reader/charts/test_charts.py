from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from unioncrawl.reader.charts.bars import Bar, draw_bars
from unioncrawl.reader.charts.fitted_text import text_width
from unioncrawl.reader.charts.lineage_picture import Carrier, draw_lineage
from unioncrawl.reader.charts.lines import Measure, Series, draw_lines
from unioncrawl.reader.charts.picture import MOST_SERIES, SERIES, WIDTH, Caption, standalone
from unioncrawl.reader.charts.province_tiles import PROVINCES, draw_tiles
from unioncrawl.reader.charts.ticks import in_short, round_ticks, tick_words
from unioncrawl.reader.charts.time_ticks import day_number, time_ticks
from unioncrawl.reader.charts.year_calendar import KnownDays, draw_year

DAY = date(2024, 5, 1)
TIME = datetime(2024, 5, 1, 1, 20, tzinfo=UTC)
CAPTION = Caption(name="a b", title="每月 <篇数>", description="临溪市总工会 & 东河县")
DRAWN: dict[str, Callable[[], str]] = {
    "lines": lambda: draw_lines(CAPTION, [_series(3, None, 5), _series(1, 2, 3)], Measure(unit="篇")),
    "no lines": lambda: draw_lines(CAPTION, [_series(None, None)]),
    "bars": lambda: draw_bars(CAPTION, [Bar("临溪", 3), Bar("东河", None), Bar("<南>", -1.5)], "%"),
    "no bars": lambda: draw_bars(CAPTION, []),
    "year": lambda: draw_year(CAPTION, 2024, KnownDays({DAY: 3}, DAY, DAY + timedelta(days=9))),
    "tiles": lambda: draw_tiles(CAPTION, {"61": 123_456, "65": 0}),
    "lineage": lambda: draw_lineage(
        CAPTION, [Carrier("甲", TIME), Carrier("乙", TIME, "day"), Carrier("丙", None)]
    ),
    "no lineage": lambda: draw_lineage(CAPTION, [Carrier("丙", None)]),
}


def _series(*values: float | None, name: str = "困难职工") -> Series:
    return Series(name, tuple((DAY + timedelta(days=31 * at), value) for at, value in enumerate(values)))


def _read(drawn: str) -> etree._Element:
    return etree.fromstring(drawn.encode())


def _words(drawn: str) -> list[str]:
    return ["".join(text.itertext()) for text in _read(drawn).iter("{*}text")]


@pytest.mark.parametrize("kind", DRAWN)
def test_a_picture_has_a_name_and_a_description_and_needs_no_style_or_script(kind: str) -> None:
    """What a screen reader says is there; nothing that the policy forbids; twice the same text."""
    drawn = DRAWN[kind]()
    root = _read(drawn)
    assert root.get("role") == "img"
    said = [root.xpath(f"//*[@id='{name}']")[0].text for name in root.get("aria-labelledby").split()]
    assert said == [CAPTION.title, CAPTION.description]
    assert not root.xpath("//@style | //*[local-name()='style' or local-name()='script' or local-name()='a']")
    assert not root.xpath("//@*[starts-with(name(), 'on')]")
    assert drawn == DRAWN[kind]()
    _read(standalone(drawn))


@pytest.mark.parametrize("kind", DRAWN)
def test_a_picture_stays_within_its_edges(kind: str) -> None:
    """No word and no box begins left of a picture or ends right of it."""
    for text in _read(DRAWN[kind]()).iter("{*}text"):
        width = text_width((text.xpath("text()") or [""])[-1], 11)
        anchor = text.get("text-anchor") or text.getparent().get("text-anchor") or "start"
        start = float(text.get("x")) - width * {"start": 0, "middle": 0.5, "end": 1}[anchor]
        assert start >= -1
        assert start + width <= WIDTH + 1


def test_a_line_breaks_where_there_is_no_number() -> None:
    """Two stretches beside a gap are two lines; nothing goes down to a zero that nobody counted."""
    (line,) = _read(draw_lines(CAPTION, [_series(3, 4, None, 5, 6)])).xpath("//*[@stroke-width='2']/@d")
    assert line.count("M") == 2
    alone = _read(draw_lines(CAPTION, [_series(*[1] * 30, None, 7, None, *[1] * 30)]))
    (mark,) = alone.xpath("//*[starts-with(@class, 'series')]/*[not(@stroke-width)]/@d")
    assert mark.count("M") == 1


def test_one_number_is_a_mark_over_its_day() -> None:
    """A series of one point has no line, and the day stands below it."""
    drawn = draw_lines(CAPTION, [_series(123_456)], Measure(unit="次"))
    assert not _read(drawn).xpath("//*[@stroke-width='2']")
    assert _words(drawn) == ["0", "5万", "10万", "15万", "次", "2024-05-01"]


def test_no_number_is_said_and_zero_is_a_number() -> None:
    """A bar without a number says so; that of zero says 0; a picture without any says it once."""
    drawn = draw_bars(Caption(name="a", title="b", nothing="no data"), [Bar("甲", None), Bar("乙", 0)])
    assert _words(drawn) == ["甲", "no data", "乙", "0"]
    assert _words(DRAWN["no bars"]()) == ["无数据"]


def test_series_are_told_apart_by_more_than_colour() -> None:
    """No two series have the same dashes or the same mark; more than there are is refused."""
    for place in (0, 1, 2):
        assert len({one[place] for one in SERIES}) == MOST_SERIES
    with pytest.raises(ValueError, match="7 series"):
        draw_lines(CAPTION, [_series(1)] * 7)


@pytest.mark.parametrize("colour", [one[0] for one in SERIES])
def test_lines_are_seen_on_white(colour: str) -> None:
    """The colours that a picture brings along have 3:1 on white (WCAG 1.4.11)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    luminance = sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    assert 1.05 / (luminance + 0.05) >= 3


def test_a_day_of_which_nothing_is_known_has_no_square() -> None:
    """Ten known days have ten squares, nine of them empty; the days around them have none."""
    drawn = _read(DRAWN["year"]())
    days, key = drawn.xpath("//*[@class='series-1']")
    outlines = [(path.get("fill"), path.get("d").count("M")) for path in days]
    assert outlines == [("none", 9), ("currentColor", 1)]
    assert len(key) == 4


def test_every_province_has_one_tile() -> None:
    """34 provinces and the corps stand on 35 places; numbers stand in those that have one."""
    assert len({(one.column, one.row) for one in PROVINCES.values()}) == len(PROVINCES) == 35
    words = _words(DRAWN["tiles"]())
    assert [word for word in words if word[0].isdigit()] == ["12.3万", "0"]
    with pytest.raises(ValueError, match="99"):
        draw_tiles(CAPTION, {"99": 1})


def test_a_lineage_shows_days_as_days_and_names_who_has_no_date() -> None:
    """A reprint with a day alone is as long as the day; one without a date has the words for nothing."""
    drawn = DRAWN["lineage"]()
    assert _words(drawn)[-4:] == ["甲", "乙", "丙", "无数据"]
    assert len(_read(drawn).xpath("//*[@fill-opacity='0.6']")) == 1


@settings(max_examples=60, deadline=None)
@given(st.integers(-(10**15), 10**15), st.integers(0, 10**15), st.integers(3, 9))
def test_ticks_are_round_and_hold_the_numbers(low: int, span: int, most: int) -> None:
    """They begin at or below the least number, end at or above the largest, and are few."""
    ticks = round_ticks(low, low + span, most)
    assert ticks[0] <= low
    assert ticks[-1] >= low + span
    assert 2 <= len(ticks) <= most
    step = ticks[1] - ticks[0]
    assert str(step).rstrip("0").replace(".", "") in {"1", "2", "5", ""} or "e" in str(step)
    assert len(set(tick_words(ticks, "zh"))) == len(ticks)


@settings(max_examples=60, deadline=None)
@given(st.floats(730_000, 740_000), st.floats(0, 50_000))
def test_ticks_of_time_lie_within_it(first: float, span: float) -> None:
    """Few, in order, within; over more than a day there is always one, or the time is shorter than a step."""
    ticks = time_ticks(first, first + span)
    days = [tick.day for tick in ticks]
    assert days == sorted(set(days))
    assert len(days) <= 7
    assert not days or first <= days[0] <= days[-1] <= first + span
    assert days or span < 1


@given(st.integers(10_000, 10**16))
def test_a_short_number_keeps_three_figures(value: int) -> None:
    """What stands in a tile is within half a percent of the number, in both languages."""
    units = {"万亿": 1e12, "亿": 1e8, "万": 1e4, "T": 1e12, "B": 1e9, "M": 1e6, "k": 1e3}
    for language in ("zh", "en"):
        short = in_short(value, language)
        unit = next(unit for unit in units if short.endswith(unit))
        assert abs(float(short.removesuffix(unit).replace(",", "")) * units[unit] / value - 1) <= 0.005


def test_times_are_those_of_china() -> None:
    """A moment before midnight in UTC is one of the next day."""
    assert day_number(datetime(2024, 4, 30, 18, tzinfo=UTC)) == day_number(DAY) + 2 / 24
