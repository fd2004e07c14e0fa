"""What each small parser promises, for any text: hypothesis looks for one that breaks it."""

from __future__ import annotations

import json
from datetime import date, timedelta
from html import escape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.harnesses import profile
from tests.fuzz.oracles import check_hits, check_texts
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
