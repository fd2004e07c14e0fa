"""The date that a reader sees wins over all other dates on a page."""

from __future__ import annotations

from datetime import datetime

import pytest

from unioncrawl.extract import extract_page
from unioncrawl.language.zones import CHINA
from unioncrawl.model import Article, DecodedPage
from unioncrawl.normalize import normalize_article

TITLE = "雁川市总工会为货车司机建起暖心驿站"
TEXT = (
    "雁川市总工会日前在城北物流园建起货车司机暖心驿站，司机可以在这里休息、热饭、洗衣，也可以咨询劳动法律。",
    "驿站开通首月已接待司机六百多人次，大家提出的三十条建议都得到了落实，市总工会还将建更多驿站。",
)
LENGTHS = {"month": 7, "day": 10, "minute": 16, "second": 19}
URL = "http://example.org/xw/1.html"


def _read(line: str, *, url: str = URL, head: str = "", above: str = "", between: str = "") -> Article:
    page = (
        f"<html><head><title>{TITLE}-雁川市总工会</title>{head}</head><body>{above}<h1>{TITLE}</h1>{line}"
        f"<div><p>{TEXT[0]}</p>{between}<p>{TEXT[1]}</p></div>"
        "<div>版权所有 © 2008-2024 雁川市总工会</div></body></html>"
    )
    fetched_at = datetime(2026, 11, 22, 15, tzinfo=CHINA)
    found = extract_page(DecodedPage(url=url, text=page, encoding="utf-8", fetched_at=fetched_at)).article
    assert found is not None
    return normalize_article(found)


def _shown(article: Article) -> str | None:
    if article.published_at is None or article.published_precision is None:
        return None
    return article.published_at.isoformat()[: LENGTHS[article.published_precision.value]]


@pytest.mark.parametrize(
    ("printed", "wanted"),
    [
        ("3小时前", "2026-11-22T12:00"),
        ("昨天 08:20", "2026-11-21T08:20"),
        ("11-03 10:20", "2026-11-03T10:20"),
        ("12-25", "2025-12-25"),
        ("2024年3月", "2024-03"),
        ("2024-03-05 03:05:10 PM", "2024-03-05T15:05:10"),
        ("2024年03月05日 晚上8点", "2024-03-05T20:00"),
        ("二零二四年十二月三十一日", "2024-12-31"),
        ("2024-03-05T08:05:06Z", "2024-03-05T16:05:06"),
        ("2024年3月5日（星期二）10：20", "2024-03-05T10:20"),
        ("２０２４年３月５日", "2024-03-05"),
        ("2024 - 03 - 05", "2024-03-05"),
        ("2027-03-05", None),
        ("2024-02-30", None),
        ("0000-00-00", None),
    ],
)
def test_reads_a_printed_date(printed: str, wanted: str | None) -> None:
    """A labelled date is read in every form; one in the future or none at all gives nothing."""
    assert _shown(_read(f"<div>发布时间：{printed}</div>")) == wanted


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("<div>发布时间：2024-03-05 更新时间：2024-03-09</div>", "2024-03-05"),
        ("<div>更新时间：2024-03-09 发布时间：2024-03-05</div>", "2024-03-05"),
        ("<div>更新时间：2024-03-09</div>", "2024-03-09"),
        (
            '<div><span alt="时间：2017-11-08 20:26"><i>时间：</i>2019-09-18 06:23</span></div>',
            "2019-09-18T06:23",
        ),
        ("<div><b style='display: none'>发布时间：2017-11-08</b>发布时间：2019-09-18</div>", "2019-09-18"),
        ("<!-- 发布时间：2017-11-08 --><div>发布时间：2019-09-18</div>", "2019-09-18"),
        ("<div>今天是：2026年11月22日 星期日</div><div>发布时间：2019-09-18</div>", "2019-09-18"),
        ("<div>报名截止：2024年7月15日</div><div>发布时间：2024-06-01</div>", "2024-06-01"),
        ("<div>3小时前</div>", "2026-11-22T12:00"),
        ("<h3>18</h3><div>/ 2026-09</div>", "2026-09-18"),
        ("<div><em>05</em><i>2024/03</i></div>", "2024-03-05"),
        ("<div>发布时间：2024-03-05<br>10:20 来源：雁川日报</div>", "2024-03-05T10:20"),
        ("<div>今天是：2026年11月22日 星期日</div>", None),
        ("", None),
    ],
)
def test_prefers_the_visible_label(line: str, wanted: str | None) -> None:
    """A publish label wins over an update, an attribute, what is hidden, today's date and a deadline."""
    assert _shown(_read(line)) == wanted


def test_an_updated_time_gives_way_to_any_date_of_the_article() -> None:
    """What a meta calls the date of publishing is it, beside 更新时间 alone."""
    updated = "<div>更新时间：2024-03-09 10:20</div>"
    assert _shown(_read(updated, head='<meta name="pubdate" content="2024-03-05">')) == "2024-03-05"
    assert _shown(_read(updated, head='<meta name="viewport" content="2024">')) == "2024-03-09T10:20"


def test_never_takes_the_time_of_an_event() -> None:
    """时间：… between paragraphs is the time of an event, and the copyright year is not a date."""
    assert _shown(_read("", between="<p>时间：2024年7月15日</p><p>地点：市工人文化宫</p>")) is None


def test_dates_in_the_menu_above_lose() -> None:
    """An entry of a list above the headline is not a date of the story."""
    above = "<ul><li><a href=/1>全省工会工作会议召开</a><span>2024-02-11</span></li></ul>"
    assert _shown(_read("<div>时间：2019-09-18</div>", above=above)) == "2019-09-18"


@pytest.mark.parametrize(
    ("url", "head", "wanted", "rule"),
    [
        (URL, '<meta name="PubDate" content="2019-09-18 06:23">', "2019-09-18T06:23", "meta:pubdate"),
        (URL, '<meta name="Maketime" content="2020-01-01">', None, ""),
        ("http://example.org/xw/202403/t20240305_123.html", "", "2024-03-05", "url"),
        ("http://example.org/art/2024/3/5/art_1_123.html", "", "2024-03-05", "url"),
    ],
)
def test_metas_and_address_come_last(url: str, head: str, wanted: str | None, rule: str) -> None:
    """Without a visible date the metas count, then the address; a republishing's Maketime never."""
    article = _read("", url=url, head=head)
    assert (_shown(article), article.published_rule) == (wanted, rule)
    line = "<div>时间:2018-01-21 10:59:20</div>"
    assert _shown(_read(line, url=url, head=head)) == "2018-01-21T10:59:20"


@pytest.mark.parametrize(
    ("line", "head", "wanted"),
    [
        (
            '<div>时间：<time datetime="2024-10-26T03:59:32+08:00">2024-10-26</time></div>',
            "",
            "2024-10-26T03:59:32",
        ),
        (
            '<div>时间：<time datetime="2024-10-25T19:59:32Z">2024-10-26</time></div>',
            "",
            "2024-10-26T03:59:32",
        ),
        ('<div>时间：<time datetime="2024-10-27T03:59:32+08:00">2024-10-26</time></div>', "", "2024-10-26"),
        (
            '<div><span itemprop="datePublished" content="2024-10-26 03:59">2024-10-26</span></div>',
            "",
            "2024-10-26T03:59",
        ),
        (
            "<div>发布时间：2024-10-26</div>",
            '<meta name="PubDate" content="2024-10-26 14:54">',
            "2024-10-26T14:54",
        ),
        (
            "<div>发布时间：2024-10-26 09:10</div>",
            '<meta name="PubDate" content="2024-10-26 14:54">',
            "2024-10-26T09:10",
        ),
        ("<div>发布时间：2024-10-26 00:00</div>", "", "2024-10-26"),
    ],
)
def test_a_machine_readable_time_completes_a_printed_day(line: str, head: str, wanted: str) -> None:
    """An attribute or meta that agrees with what is printed and says more is taken, another is not."""
    assert _shown(_read(line, head=head)) == wanted


def test_the_foot_of_an_article_may_hold_its_time() -> None:
    """A time that the page's article marks as its publishing counts wherever it stands in it."""
    text = "".join(f"<p>{line}</p>" for line in TEXT)
    moment = '<time class="entry-date published" datetime="2024-06-23T12:43:59+08:00">6月23日</time>'
    foot = f"<footer>{moment}</footer>"
    page = (
        f"<html><body><article><h1>市总工会送清凉进工地</h1><div>{text}</div>{foot}</article></body></html>"
    )
    found = extract_page(DecodedPage(url="http://a.example/1", text=page, encoding="utf-8")).article
    assert found is not None
    assert _shown(normalize_article(found)) == "2024-06-23T12:43:59"


def test_typecho_prints_its_local_time_as_universal() -> None:
    """Typecho's +00:00 is the site's own zone; another program's is universal time."""
    line = '<div>时间：<time datetime="2024-10-26T13:56:45+00:00">2024-10-26</time></div>'
    head = '<meta name="generator" content="Typecho 1.3.0">'
    assert _shown(_read(line, head=head)) == "2024-10-26T13:56:45"
    assert _shown(_read(line)) == "2024-10-26T21:56:45"


@pytest.mark.parametrize("name", ["生成日期", "成文日期", "发文日期", "印发时间"])
def test_the_day_of_a_document_gives_way(name: str) -> None:
    """The day on which a document was made counts only where no day of publishing is printed."""
    made = f"<table><tr><td>{name}：</td><td>2024-06-04</td></tr></table>"
    assert _shown(_read(made)) == "2024-06-04"
    assert _shown(_read(f"{made}<div>发布日期：2024-06-13</div>")) == "2024-06-13"
    assert _shown(_read(f"<div>{name}：2024-06-04 发布日期：2024-06-13</div>")) == "2024-06-13"


@pytest.mark.parametrize(
    ("printed", "wanted"), [("发布时间：1712539954", "2024-04-08T09:32:34"), ("1712539954", None)]
)
def test_seconds_since_1970_need_a_label(printed: str, wanted: str | None) -> None:
    """A number of ten digits is a time after a publish label, and nobody's time alone."""
    assert _shown(_read(f"<div>{printed}</div>")) == wanted


def test_a_year_comes_from_the_address() -> None:
    """A printed day without a year takes that of the address."""
    url = "http://example.org/xw/202403/123.html"
    assert _shown(_read("<div>发布时间：03-05 10:20</div>", url=url)) == "2024-03-05T10:20"


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("Tue, 05 Mar 2024 08:15:00 GMT · 阅读 3,021", "2024-03-05T16:15:00"),
        ("Mar 5, 2024 | 来源：雁川日报", "2024-03-05"),
        ("04-07 08:15 来源：雁川日报", "2026-04-07T08:15"),
    ],
)
def test_a_line_that_starts_with_a_date_is_no_text(line: str, wanted: str) -> None:
    """A date in English or without a year under the headline is metadata, with or without a class."""
    article = _read(f"<div class='a'><p>{line}</p></div>")
    assert (_shown(article), article.body_text) == (wanted, "\n".join(TEXT))


def test_tools_that_are_links_stand_beside_the_date_after_the_text() -> None:
    """更新时间 and 点击次数 after the text count although 打印 beside them is a link."""
    foot = (
        "<div>点击次数：<span>12</span>&nbsp;&nbsp;更新时间：2024-07-17 11:09:00&nbsp;"
        "【<a href='#'>打印此页</a>】&nbsp;【<a href='#'>关闭</a>】</div>"
        "<p>上一条：<a href='/3.html'>工会换届</a></p>"
    )
    page = f"<title>{TITLE}</title><h1>{TITLE}</h1><div>{TEXT[0]}<br>{TEXT[1]}</div>{foot}"
    found = extract_page(DecodedPage(url=URL, text=page, encoding="utf-8")).article
    assert found is not None
    article = normalize_article(found)
    assert (_shown(article), article.hits) == ("2024-07-17T11:09:00", 12)


@pytest.mark.parametrize(
    ("signed", "shown"),
    [("2024年3月9日", "2024-03-09T10:20"), ("2024年3月5日", "2024-03-05")],
)
def test_an_updated_time_on_the_day_of_the_signature_is_its_time(signed: str, shown: str) -> None:
    """Where 更新时间 says the day under the signature, and more, its time is taken; else the day stands."""
    updated = "<div>更新时间：2024-03-09 10:20</div>"
    text = f"<p>{TEXT[0]}</p><p>雁川市总工会</p><p>{signed}</p>"
    labelled = updated.replace("更新", "发布时间：2024-03-09 更新")
    for line, wanted in ((updated, shown), (labelled, "2024-03-09")):
        page = f"<title>{TITLE}</title><h1>{TITLE}</h1>{line}<div class=content>{text}</div>"
        found = extract_page(DecodedPage(url=URL, text=page, encoding="utf-8")).article
        assert found is not None
        assert _shown(normalize_article(found)) == wanted
