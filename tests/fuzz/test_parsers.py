"""What each small parser promises, for any text: hypothesis looks for one that breaks it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, timedelta
from html import escape
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spiders.crawl.arguments import KNOWN_ARGUMENTS, read_arguments
from tests.fuzz.harnesses import profile
from tests.fuzz.oracles import check_error, check_hits, check_texts
from unioncrawl.archive.exports.mask_numbers import mask_numbers
from unioncrawl.archive.imports.column_mapping import MAPPED, read_mapping
from unioncrawl.errors import ArchiveError, ArgumentInvalid
from unioncrawl.extract import extract_page
from unioncrawl.fields.dates.chinese_numerals import find_written
from unioncrawl.fields.headline.clean import clean_headline
from unioncrawl.fields.hits.known_counters import find_counter, read_counter
from unioncrawl.fields.people.clean import clean_people, clean_source
from unioncrawl.fields.people.origin import read_dateline, read_origin, split_origin
from unioncrawl.fields.people.roles import read_credits
from unioncrawl.language.names import is_person_list, names_source
from unioncrawl.model import Article, Counter, DecodedPage
from unioncrawl.normalize import normalize_article
from unioncrawl.page.labels import split_labels
from unioncrawl.page.lists.listing import read_listing
from unioncrawl.sites.address_pattern import address_pattern

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
# Words and signs that decide in these parsers, between any text.
SIGNS = st.sampled_from(
    (
        *(
            "记者",
            "通讯员",
            "作者：",
            "来源：",
            "责任编辑",
            "摄影报道",
            "文/图",
            "（",
            "）",
            "(",
            ")",
            "【",
            "】",
        ),
        *(
            "李方",
            "王小丫",
            "欧阳·海",
            "工人日报",
            "雁川市总工会",
            "新华社雁川5月1日电",
            "据",
            "原标题：",
            " ",
        ),
        *(
            "　",
            "\t",
            "\n",
            "：",
            ":",
            "/",
            "、",
            "，",
            "。",
            "《",
            "》",
            "·",
            "2024-04-08",
            "点击：12",
            "-",
            "|",
        ),
        *("二〇二四年五月六日", "五月", "一", "\x1f", "\ufeff", "\u202e", "&", "<", "'"),
    )
)
NAMED = st.lists(SIGNS | st.text(max_size=4), max_size=12).map("".join)
TITLE = "雁川市总工会为货车司机建起暖心驿站"
TEXT = (
    "雁川市总工会日前在城北物流园建起货车司机暖心驿站，司机可以在这里休息、热饭、洗衣，也可以咨询劳动法律。"
)
# Titles of a list: a number alone would be a pager's.
WORDS = st.text(st.sampled_from("工会职劳模送清凉温暖竞赛培训<>&\"'《》“”A1 "), min_size=2, max_size=20).map(
    lambda text: f"工会{' '.join(text.split())}"
)


@UNHURRIED
@given(NAMED)
def test_names_come_out_of_what_is_printed(printed: str) -> None:
    """Cleaning names and sources keeps printed characters, in one line, and adds no character."""
    for clean in (clean_people, clean_source, clean_headline):
        cleaned = clean(printed)
        assert set(cleaned) <= set(printed) | set("、 "), clean
        assert "\n" not in cleaned
        assert cleaned == cleaned.strip()


@UNHURRIED
@given(NAMED)
def test_people_of_any_text_are_text(printed: str) -> None:
    """Credits, leads and origins of any text are read without an error, and hold no more than it does."""
    for value in read_credits(printed):
        assert len(value) <= len(printed) + 1
    for value in (read_dateline(printed), read_origin(printed), *split_origin(printed)):
        assert len(value) <= len(printed)
    assert is_person_list(printed) in {True, False}
    assert names_source(printed) in {True, False}


@UNHURRIED
@given(NAMED)
def test_labels_stand_where_they_say(text: str) -> None:
    """Labelled parts come in the order of the text, and each begins within it."""
    starts = [part.start for part in split_labels(text)]
    assert starts == sorted(starts)
    assert all(0 <= start < len(text) for start in starts)


@given(st.text("二〇零○一三四五六七八九十廿年月日号初 0", max_size=16))
def test_written_dates_stand_where_they_say(text: str) -> None:
    """A date in Chinese numerals stands in the text, and has numbers that a calendar has."""
    found = find_written(text)
    if found is not None:
        assert 0 <= found.start < found.end <= len(text)
        assert found.month <= 99


@UNHURRIED
@given(NAMED, NAMED, NAMED)
def test_headline_and_column_stand_on_the_page(title: str, column: str, line: str) -> None:
    """Whatever stands in the headline, the breadcrumb and the line below, each field is text of the page."""
    markup = (
        f"<html><head><title>{escape(title)}-雁川市总工会</title></head><body>"
        f"<div>首页 > {escape(column)} > 正文</div><h1>{escape(title)}</h1><div>{escape(line)}</div>"
        f"<div class=content><p>{TEXT}</p><p>{TEXT}</p></div></body></html>"
    )
    page = DecodedPage(url="http://a.example/xw/1.html", text=markup, encoding="utf-8")
    found = extract_page(page).article
    if found is None:
        return
    normal = normalize_article(found)
    check_texts(normal) if markup.isprintable() else None
    printed = set(title + column + line + markup)
    for value in (found.title, found.column, found.source, found.author, found.editor):
        assert set(value) <= printed | set(" 、")


FORMS = {
    "empirecms": "document.write('{}');",
    "xunrui": 'cb({{"code":1,"msg":"{}"}})',
    "phpcms": "$('#hits').html('{}');",
    "vsb": "{}",
    "jeecms": "[{},1,2]",
    "generic": '{{"data":{{"hits":{}}}}}',
}


@given(st.sampled_from(sorted(FORMS)), st.integers(0, 10**9))
def test_counters_answer_is_its_number(family: str, hits: int) -> None:
    """The number that a counter prints in its form is the number that is read."""
    assert read_counter(Counter(url="", family=family), FORMS[family].format(hits)) == hits


ANSWERS = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 10**9) | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["hits", "msg", "data", "code", "num"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.sampled_from([*FORMS, "kesion", "sscms"]), ANSWERS, NAMED)
def test_answer_of_any_shape_is_a_number_or_none(family: str, answer: object, text: str) -> None:
    """A counter may answer anything: what is read is a count, or nothing."""
    counter = Counter(url="", family=family)
    for response_text in (json.dumps(answer), f"cb({json.dumps(answer)});", text, text + "12"):
        check_hits(read_counter(counter, response_text))


@given(st.lists(st.sampled_from(['$.post("', "/hits?", "id=12", '"', "{", "}", "(", ")", ":", "'", "url"])))
def test_script_of_any_shape_is_searched_for_a_counter(pieces: list[str]) -> None:
    """Text that is not a script costs nothing but the search."""
    found = find_counter("".join(pieces), "http://a.example/xw/12.html")
    assert found is None or found.url


@UNHURRIED
@given(st.lists(WORDS, min_size=5, max_size=20, unique=True), st.dates(date(2001, 1, 1), date(2025, 12, 31)))
def test_each_link_of_a_list_is_read_in_order(titles: list[str], newest: date) -> None:
    """Every row gives its address, title and date, in the order of the page."""
    days = [newest - timedelta(days=number) for number in range(len(titles))]
    rows = "".join(
        f'<li><a href="/xw/{day:%Y%m}/{number}.html">{escape(title)}</a><span>{day}</span></li>'
        for number, (title, day) in enumerate(zip(titles, days, strict=True))
    )
    page = DecodedPage(url="http://a.example/xw/", text=f"<body><ul>{rows}</ul></body>", encoding="utf-8")
    read = read_listing(page, profile("generic"))
    assert [(link.title, link.date_raw) for link in read.links] == [
        (title, str(day)) for title, day in zip(titles, days, strict=True)
    ]
    assert [link.url.rpartition("/")[2] for link in read.links] == [f"{n}.html" for n in range(len(titles))]


VALUES = st.recursive(
    st.booleans() | st.integers() | st.text(st.characters(codec="utf-8"), max_size=6),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2),
    max_leaves=4,
)
_KEYS = st.sampled_from(["site", "table", "fields", "title", "x"])


def _toml(value: object) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{json.dumps(name)} = {_toml(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value).replace("\x7f", "\\u007f")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(_KEYS, VALUES, max_size=4), st.dictionaries(st.sampled_from(MAPPED), VALUES, max_size=3)
)
def test_mapping_of_any_shape_is_read_or_reported(
    tmp_path: Path, entries: dict[str, Any], fields: dict[str, Any]
) -> None:
    """A mapping file of any values is a mapping of texts, or an error with the next step."""
    path = tmp_path / "m.toml"
    whole = {**entries, "fields": entries.get("fields", fields)}
    path.write_text("".join(f"{name} = {_toml(value)}\n" for name, value in whole.items()), "utf-8")
    try:
        read = read_mapping(path, "")
    except ArchiveError as error:
        check_error(error)
        return
    assert all(isinstance(value, str) for value in read.fields.values())


ARGUMENTS = st.text(max_size=12) | st.sampled_from(
    [
        "1",
        "0",
        "yes",
        "-1",
        "２",
        "9" * 5000,
        "2024-02-30",
        "2024-W01-1",
        "20240408",
        "0001-01-01",
        "9999-12-31",
    ]
)


@given(st.dictionaries(st.sampled_from([*KNOWN_ARGUMENTS, "x"]), ARGUMENTS, max_size=4))
def test_arguments_are_read_or_reported(given_arguments: dict[str, str]) -> None:
    """Any value of -a is read, or reported with its name and what is allowed."""
    try:
        read = read_arguments(given_arguments)
    except ArgumentInvalid as error:
        check_error(error)
        return
    assert read.max_pages >= 0
    assert not (read.since and read.until) or read.since < read.until


@given(st.dates(date(1900, 1, 1), date(2999, 12, 31)), st.integers(0, 10**6))
def test_a_day_that_is_asked_for_is_in_the_window(day: date, pages: int) -> None:
    """A window from a day until the same day is that day."""
    read = read_arguments({"since": str(day), "until": str(day), "max_pages": str(pages)})
    assert read.max_pages == pages
    assert read.since is not None
    assert read.until is not None
    assert read.since.date() == day
    assert read.until - read.since == timedelta(days=1)


DIGITS = st.lists(
    st.sampled_from(
        (
            *("13912345678", "010-68591234", "11010519491231002X", "6222021234567890128", "12351", "电话："),
            *(
                "139 1234 5678",
                "１３９１２３４５６７８",
                "+86",
                "-",
                " ",
                ".",
                ",",
                "、",
                "或",
                "（",
                "0971",
                "元",
                "X",
            ),
            *("点击量", "账号", "卡号", "http://a.example/13912345678", "2024-04-08", "张三", "\n"),
        )
    ),
    max_size=9,
).map("".join)


@UNHURRIED
@given(DIGITS)
def test_masking_hides_digits_and_nothing_else(text: str) -> None:
    """What is masked is a digit (or the X of an identity number); all else stays in its place."""
    masked = mask_numbers(text)
    assert len(masked) == len(text)
    for before, after in zip(text, masked, strict=True):
        assert before == after or (after == "*" and (before.isdecimal() or before in "Xx"))


@given(
    st.from_regex(re.compile(r"\A1[3-9]\d{9}\Z", re.ASCII)),
    st.sampled_from(["", "联系人张三", "电话：", "（", "手机号码"]),
)
def test_a_mobile_number_is_masked_wherever_it_stands(number: str, before: str) -> None:
    """The middle of a mobile number is never exported."""
    assert number not in mask_numbers(f"{before}{number}。")


PARTS = st.text("abXY019-._~%()+'[]*?$^|\\工", min_size=1, max_size=8)


@given(
    st.lists(PARTS, min_size=1, max_size=3),
    st.lists(st.integers(1, 10**6), min_size=4, max_size=8, unique=True),
)
def test_pattern_of_addresses_matches_them(folders: list[str], numbers: list[int]) -> None:
    """The expression made of titles' addresses can be compiled, and matches each of them."""
    titles = [f"http://a.example/{'/'.join(folders)}/{number}.html" for number in numbers]
    pattern = address_pattern(titles)
    with suppress(ValueError):  # what stands in the folders may make it no address
        assert all(re.search(pattern, title) for title in titles)


@given(st.builds(Article, url=st.just("http://a.example/1"), title=NAMED, body_text=NAMED))
def test_normalising_twice_changes_nothing_more(article: Article) -> None:
    """The headline and text of an article in normal form stay as they are."""
    once = normalize_article(article)
    twice = normalize_article(once)
    assert (twice.title, twice.body_text) == (once.title, once.body_text)


def test_the_wild_card_of_a_pattern_is_no_error() -> None:
    """A pattern of nothing is empty."""
    assert address_pattern([]) == ""
    with pytest.raises(ValueError, match="Invalid IPv6"):
        address_pattern(["http://[1/"])
