"""The limits of what a field is read from hold where they are."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.borders import Reads, border_cases, check_border, name_of
from unioncrawl.extract import extract_page
from unioncrawl.fields.dates.clean import parse_published
from unioncrawl.fields.hits.clean import MOST_HITS, is_implausible, parse_hits
from unioncrawl.fields.hits.counter_forms import refuse_body
from unioncrawl.fields.hits.known_counters import read_counter
from unioncrawl.fields.people.clean import clean_people, clean_source
from unioncrawl.fields.people.in_text import closing_bracket, lead_reporters, signature
from unioncrawl.fields.people.origin import read_dateline, read_origin, split_origin
from unioncrawl.fields.people.reporter_lines import is_placed, line_reporters
from unioncrawl.fields.people.roles import read_credits
from unioncrawl.model import Counter, DecodedPage, Precision


def _may_be_sent(body: str) -> bool:
    counter = Counter(url="/hits", family="generic", method="POST", body=body)
    return refuse_body(counter, "http://a.cn/show-12.html") is None


READERS: dict[str, Reads] = {
    "clean_people": clean_people,
    "clean_source": clean_source,
    "is_cut_to_source": lambda text: clean_source(text) == "雁川日报",
    "is_cut_to_names": lambda text: clean_people(text) == "李方",
    "is_reported": lambda text: not clean_source(text).startswith("据"),
    "has_photographer": lambda text: read_credits(text).photographer,
    "has_writer": lambda text: read_credits(text).writer,
    "keeps_the_next": lambda text: "王" in clean_people(text),
    "keeps_the_paper": lambda text: "日报" in clean_source(text),
    "is_a_day": lambda text: (found := parse_published(text)) and found.precision is Precision.DAY,
    "lead_reporters": lead_reporters,
    "line_reporters": line_reporters,
    "is_placed": is_placed,
    "signature": signature,
    "closing_bracket": closing_bracket,
    "read_dateline": read_dateline,
    "read_origin": read_origin,
    "split_origin": lambda text: split_origin(text)[1],
    "parse_hits": parse_hits,
    "is_implausible": is_implausible,
    "may_be_sent": _may_be_sent,
    "read_counter": lambda text: read_counter(Counter(url="", family="empirecms"), text),
    "read_any_counter": lambda text: read_counter(Counter(url="", family="generic"), text),
    "parse_published": parse_published,
}


@pytest.mark.parametrize("case", border_cases("fields"), ids=name_of)
def test_holds_its_limits(case: dict[str, Any]) -> None:
    """A value at the limit is read, and one a character beyond is not."""
    check_border(case, READERS)


@pytest.mark.parametrize(
    ("printed", "hits"), [(str(MOST_HITS), 10**12), ("1000000000001", None), ("99999999999", 99999999999)]
)
def test_no_counter_counts_more(printed: str, hits: int | None) -> None:
    """A count up to 10^12 is read, and one more is a number of something else."""
    assert parse_hits(printed) == hits


@pytest.mark.parametrize(
    ("printed", "year"),
    [
        ("1925-05-01", 1925),
        ("1924-05-01", None),
        ("99年5月1日", 1999),
        ("70年5月1日", 1970),
        ("69年5月1日", None),
        ("17年8月9日", 2017),
        ("2024年12月", 2024),
        ("2024年13月", None),
    ],
)
def test_years_and_months_that_are_none(printed: str, year: int | None) -> None:
    """The federation was founded in 1925, 70 is of 1970, a year has 12 months."""
    found = parse_published(printed)
    assert (found.at.year if found else None) == year


@pytest.mark.parametrize(
    ("printed", "at"),
    [
        ("2024年3月5日下午3:30", "15:30:00"),
        ("2024年3月5日下午11:30", "23:30:00"),
        ("2024年3月5日下午12:30", "12:30:00"),
        ("2024年3月5日凌晨12:30", "00:30:00"),
        ("2024年3月5日晚5:30", "17:30:00"),
        ("2024年3月5日晚4:30", "00:00:00"),
        ("2024年3月5日中午3:30", "15:30:00"),
        ("2024年3月5日中午4:30", "04:30:00"),
        ("2024年3月5日二十三时五十九分", "23:59:00"),
        ("2024年3月5日二十五时", "00:00:00"),
        ("2024年3月5日九时六十分", "00:00:00"),
        ("2024年3月5日〇二十三时", "00:00:00"),
        ("2024年3月5日九时〇五十九分", "09:00:00"),
        ("2024-03-05T08:30:15.1234567Z", "16:30:15"),
    ],
)
def test_halves_of_the_day_have_twelve_hours(printed: str, at: str) -> None:
    """Afternoon adds twelve hours to those before noon; a zone is read after any fraction of a second."""
    found = parse_published(printed)
    assert found is not None
    assert found.at.time().isoformat() == at


@pytest.mark.parametrize(("year", "is_read"), [(1924, False), (1925, True), (9000, True), (9001, False)])
def test_yesterday_of_a_year_that_no_clock_shows(year: int, *, is_read: bool) -> None:
    """A relative date is read where the time of fetching can be true."""
    assert bool(parse_published("昨天", fetched_at=datetime(year, 5, 2, tzinfo=UTC))) is is_read


TITLE = "雁川市总工会为货车司机建起暖心驿站"


@pytest.mark.parametrize(
    ("title", "crumb", "column"),
    [
        (f"{TITLE}_工会要闻_雁川工会网", "", "工会要闻"),
        (f"{TITLE}_工会要闻", "", ""),
        (TITLE, "<div><a href=/>人民网</a> &gt; <a href=/a>要闻</a> &gt; 正文</div>", "要闻"),
        (TITLE, "<div><a href=/>人民网</a> &gt; 要闻 &gt; 正文</div>", ""),
        (TITLE, "<div><a href=/>人民网</a> &gt; <a href=/a>要闻</a></div>", ""),
    ],
    ids=["three parts of a title", "two parts", "two links and two signs", "one link", "one sign"],
)
def test_a_column_needs_two_signs_of_it(title: str, crumb: str, column: str) -> None:
    """A ``<title>`` names a column between two others; steps without a label have two links and two signs."""
    body = f"{crumb}<h1>{TITLE}</h1><div>发布时间：2024-03-05</div><p>{TITLE}，司机可以在这里休息、热饭。</p>"
    page = f"<html><head><title>{title}</title></head><body>{body}<p>{TITLE}，大家都说好。</p></body></html>"
    article = extract_page(DecodedPage(url="http://example.org/1.html", text=page, encoding="utf-8")).article
    assert article is not None
    assert article.column == column
