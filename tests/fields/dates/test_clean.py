"""Publish dates are read in every form that union pages print."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from unioncrawl.fields.dates.clean import EARLIEST_YEAR, parse_published
from unioncrawl.language.zones import CHINA, zone_named
from unioncrawl.model import Precision

CASES = json.loads((Path(__file__).parents[2] / "cases" / "published.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["label"] for case in CASES])
def test_reads_each_recorded_form(case: dict[str, Any]) -> None:
    """Each form gives the time and the precision that a reader sees, or nothing."""
    found = parse_published(case["original"], fetched_at=datetime.fromisoformat(case["fetched_at"]))
    parsed = (found.at.isoformat(), found.precision.value) if found else (None, None)
    assert parsed == (case["expected"], case["precision"])


@given(
    st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2025, 12, 31)),  # noqa: DTZ001 - hypothesis wants naive bounds
    st.sampled_from(["%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y年%m月%d日 %H:%M:%S", "%Y.%m.%d %H:%M:%S"]),
)
def test_reads_back_what_is_printed(moment: datetime, form: str) -> None:
    """A time printed in any of the common forms comes back exactly, seconds and zone included."""
    printed = moment.replace(microsecond=0)
    found = parse_published(f"发布时间：{printed.strftime(form)}来源：工会")
    assert found is not None
    assert found.at == printed.replace(tzinfo=CHINA)
    midnight = printed.time().isoformat() == "00:00:00"
    assert found.precision is (Precision.DAY if midnight else Precision.SECOND)


@given(st.text(max_size=80))
def test_never_shows_the_future(text: str) -> None:
    """Whatever the text, no date later than the fetch comes out, and every one has +08:00."""
    fetched_at = datetime(2020, 6, 1, tzinfo=UTC)
    found = parse_published(text, fetched_at=fetched_at)
    if found is not None:
        assert found.at <= fetched_at + timedelta(hours=1)
        assert found.at.utcoffset() == timedelta(hours=8)


@pytest.mark.parametrize(
    "earlier",
    [
        "2021-09-05", "2021 09-05", "2021年9月5日", "21年9月5日", "中華民國110年9月5日", "民国110.9.5",
        "05.09.2021", "5th of September 2021", "sep 5, 2021", "05 2021-09", "09-05 2021", "21-09-05",
        "20210905", "20210905101112", "Sun Sep 05 10:11:12 CST 2021", "9/5/2021 9:32:00 AM",
    ],
)  # fmt: skip
def test_of_two_dates_the_one_that_begins_first_counts(earlier: str) -> None:
    """A date of any form stands before one of the commonest form, and is the one that is read."""
    found = parse_published(f"工会 {earlier} | 2022-01-02 08:00")
    assert found is not None
    assert found.at.date() == date(2021, 9, 5)


def test_relative_dates_need_the_fetch_time() -> None:
    """昨天 means nothing without the time of the fetch."""
    assert parse_published("昨天 08:20") is None


def test_missing_year_takes_the_hint() -> None:
    """A date without a year takes the year of the URL."""
    found = parse_published("05-06 15:04", year_hint=2019)
    assert found is not None
    assert found.at.isoformat() == "2019-05-06T15:04:00+08:00"


@pytest.mark.parametrize("printed", ["02-30 10:00", "13-45", "06-31 9:00 工会"])
def test_a_day_that_no_month_has_is_no_date(printed: str) -> None:
    """A yearless date that the calendar does not know gives None, and no error."""
    assert parse_published(printed, fetched_at=datetime(2026, 1, 2, tzinfo=UTC)) is None


@pytest.mark.parametrize("printed", ["04-07", "4月7日", "04-07 08:15", "04/07", "4月7日 上午8:15"])
def test_a_day_without_a_year_needs_something_to_take_it_from(printed: str) -> None:
    """Without the time of the fetch and a year in the address no year is made up."""
    assert parse_published(f"发布时间：{printed} 来源：工会") is None
    hinted = parse_published(f"发布时间：{printed} 来源：工会", year_hint=2019)
    assert hinted is not None
    assert hinted.at.year == 2019


ZONED = [
    # A time is in the site's zone; a day stays the day; a printed zone wins.
    ("2024-04-08 09:32", "Asia/Tokyo", "2024-04-08T08:32:00+08:00"),
    ("2024-04-08 09:32:34", "Asia/Urumqi", "2024-04-08T11:32:34+08:00"),
    ("2024-04-08", "Asia/Tokyo", "2024-04-08T00:00:00+08:00"),
    ("2024-04-08 09:32 GMT+8", "Asia/Tokyo", "2024-04-08T09:32:00+08:00"),
    ("2024-04-08 09:32", "Asia/Shanghai", "2024-04-08T09:32:00+08:00"),
    # Fetched at 10:00 in China, which is 11:00 in Tokyo: no time of the future.
    ("2024-04-09 10:55", "Asia/Tokyo", "2024-04-09T09:55:00+08:00"),
    ("3小时前", "Asia/Tokyo", "2024-04-09T07:00:00+08:00"),
    ("昨天 23:30", "Asia/Tokyo", "2024-04-08T22:30:00+08:00"),
]


@pytest.mark.parametrize(("printed", "zone", "expected"), ZONED)
def test_a_site_of_another_zone_prints_its_own_times(printed: str, zone: str, expected: str) -> None:
    """A time without a zone is the site's local time, and comes back in China's."""
    fetched_at = datetime(2024, 4, 9, 10, tzinfo=CHINA)
    found = parse_published(printed, fetched_at=fetched_at, zone=zone_named(zone))
    assert found is not None
    assert found.at.isoformat() == expected


FIRST, LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
AWARE = st.datetimes(timezones=st.just(UTC)) | st.sampled_from([FIRST, LAST, LAST.replace(tzinfo=CHINA)])
PARTS = """
    发布时间： 更新时间: 20 19 民国 二〇 十 初 元 下午 GMT +9900 -2400 UTC-14 24:00 23:60 9999 0001 星期一
    999月前 半天前 昨天 CST"""
PRINTED = st.lists(
    st.sampled_from([*"0123456789 　\n-/.:年月日时分秒点T,，|()（）２٣", "Jan ", *PARTS.split()]), max_size=60
).map("".join)


@example("999月前", datetime(2000, 1, 1, tzinfo=UTC), None)
@given(PRINTED, st.none() | AWARE, st.none() | st.integers(-1, 10000))
def test_any_text_is_read_without_an_error(text: str, fetched_at: datetime | None, hint: int | None) -> None:
    """Whatever is printed, and whenever it was fetched, gives a date that can be kept, or nothing."""
    found = parse_published(text, fetched_at=fetched_at, year_hint=hint)
    if found is not None:
        assert EARLIEST_YEAR <= found.at.year < 9999
        assert found.at.astimezone(UTC).isoformat()


@pytest.mark.parametrize(
    "printed",
    [
        "0001-01-01",
        "9999-12-31 23:59:59",
        "2024-13-01",
        "2024-00-10",
        "2024-02-30",
        "2024年13月",
        "民国999年1月1日",
    ],
)
def test_a_date_that_no_page_can_mean_is_none(printed: str) -> None:
    """Years 1 and 9999, month 13 and the 30th of February are not dates."""
    assert parse_published(f"发布时间：{printed}", fetched_at=datetime(2025, 1, 1, tzinfo=UTC)) is None


@pytest.mark.parametrize("time", ["24:00", "24:00:00", "23:60", "10:00 +9900"])
def test_a_time_that_is_none_leaves_the_day(time: str) -> None:
    """A day stays known where the time printed after it can't be."""
    found = parse_published(f"2024-04-08 {time}", fetched_at=datetime(2025, 1, 1, tzinfo=UTC))
    assert found is not None
    assert (found.at.date().isoformat(), found.precision) == ("2024-04-08", Precision.DAY)


@pytest.mark.parametrize("odd", [FIRST, LAST])
def test_a_clock_at_the_ends_of_time_is_no_clock(odd: datetime) -> None:
    """A time of the visit that no archive can mean counts as not given."""
    assert parse_published("3天前", fetched_at=odd) is None
    found = parse_published("发布时间：2024-04-08", fetched_at=odd)
    assert found is not None
    assert found.raw == "2024-04-08"
