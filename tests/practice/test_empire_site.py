"""practice-empire answers as EmpireCMS's static pages do."""

from __future__ import annotations

import pytest

from tests.practice.visitor import Visitor
from unioncrawl.practice.server import PracticeServer

ARTICLE = "/xwdt/2026-11-12/1112.html"
LONG = "/xwdt/2026-09-14/1103"


@pytest.fixture
def visitor(server: PracticeServer) -> Visitor:
    """A visitor of the site."""
    return Visitor(server.base_urls["practice-empire"])


def test_article_has_the_default_markup(visitor: Visitor) -> None:
    """Title, metadata and body stand where EmpireCMS's own template puts them."""
    page = visitor.get(ARTICLE).text
    assert '<td class="title_info"><h1>云泊矿区“安康杯”竞赛收官' in page
    assert '<td class="info_text">信息来源：云泊市总工会&nbsp;&nbsp;时间：2026-11-12 09:30:15' in page
    assert '<td id="text"><p>11月11日' in page
    assert "<script src=/e/public/ViewClick/?classid=3&id=1112&addclick=1></script>" in page


def test_counter_counts_only_when_asked_to(visitor: Visitor) -> None:
    """``addclick=1`` adds one; without it the number is read."""
    counting, reading = (f"/e/public/ViewClick/?classid=3&id=1109{rest}" for rest in ("&addclick=1", ""))
    assert visitor.get(reading).text == "document.write('1207');"
    assert visitor.get(counting).text == "document.write('1208');"
    assert visitor.get(counting).text == "document.write('1209');"
    assert visitor.get(reading).text == "document.write('1209');"


def test_counter_answers_one_for_an_unknown_id(visitor: Visitor) -> None:
    """The CMS's own trap: 1 for an unknown id, nothing for an unknown class."""
    assert visitor.get("/e/public/ViewClick/?classid=3&id=99&addclick=1").text == "document.write('1');"
    assert visitor.get("/e/public/ViewClick/?classid=99&id=1109&addclick=1").body == b""


def test_article_in_two_parts_goes_on(visitor: Visitor) -> None:
    """The long article links its second part in ``.epages``; the second has no 下一页."""
    first, second = (visitor.get(f"{LONG}{part}.html").text for part in ("", "_2"))
    assert f'<p align="center" class="epages"><b>1</b>&nbsp;<a href="{LONG}_2.html">2</a>' in first
    assert f'<a href="{LONG}_2.html">下一页</a>' in first
    assert "第十九份报告" in first
    assert "这份报告投票时得了全票" in second
    assert "下一页" not in second
    assert visitor.get(f"{LONG}_3.html").status == 404


def test_path_date_may_differ_from_the_printed_one(visitor: Visitor) -> None:
    """The path has the day of entry; the page prints the publish date."""
    assert "时间：2026-09-15 10:05:27" in visitor.get(f"{LONG}.html").text


def test_lists_go_from_folder_to_index_2(visitor: Visitor) -> None:
    """The first page is the folder or index.html, older ones index_2.html; the end is a 404."""
    first = visitor.get("/xwdt/").text
    assert visitor.get("/xwdt/index.html").text == first
    assert '<a href="/xwdt/index_2.html">下一页</a>' in first
    second = visitor.get("/xwdt/index_2.html").text
    assert '<a href="/xwdt/">上一页</a>' in second
    assert "下一页" not in second
    assert visitor.get("/xwdt/index_3.html").status == 404


def test_dynamic_addresses_lead_to_the_static_ones(visitor: Visitor) -> None:
    """ShowInfo and ListInfo answer 302, pages of ListInfo counted from 0."""
    article = visitor.get("/e/action/ShowInfo.php?classid=3&id=1112")
    assert (article.status, article.headers["Location"]) == (302, ARTICLE)
    listing = visitor.get("/e/action/ListInfo/?classid=3&page=1")
    assert (listing.status, listing.headers["Location"]) == (302, "/xwdt/index_2.html")


def test_print_view_repeats_the_whole_article(visitor: Visitor) -> None:
    """``/e/DoPrint/`` is a second address of the same text, parts joined."""
    page = visitor.get("/e/DoPrint/?classid=3&id=1103").text
    assert "第十九份报告" in page
    assert "这份报告投票时得了全票" in page


def test_unknown_information_is_a_message_with_status_200(visitor: Visitor) -> None:
    """信息提示 answers a dynamic address whose article is missing."""
    answer = visitor.get("/e/action/ShowInfo.php?classid=3&id=99")
    assert answer.status == 200
    assert "此信息不存在" in answer.text


def test_static_page_is_not_sent_twice(visitor: Visitor) -> None:
    """With the ETag or the date of the first answer the second is 304 without a body."""
    first = visitor.get(ARTICLE)
    assert first.headers["Last-Modified"] == "Thu, 12 Nov 2026 01:30:15 GMT"
    by_tag = visitor.get(ARTICLE, if_none_match=first.headers["ETag"])
    by_date = visitor.get(ARTICLE, if_modified_since=first.headers["Last-Modified"])
    assert (by_tag.status, by_tag.body) == (304, b"")
    assert (by_date.status, by_date.body) == (304, b"")
    assert visitor.get(ARTICLE, if_none_match='"other"').status == 200
    assert visitor.get(ARTICLE, if_modified_since="Wed, 11 Nov 2026 00:00:00 GMT").status == 200
    assert visitor.get(ARTICLE, if_modified_since="yesterday").status == 200


def test_list_is_not_sent_twice_either(visitor: Visitor) -> None:
    """Lists carry the same validators."""
    first = visitor.get("/wqbz/")
    assert visitor.get("/wqbz/", if_none_match=first.headers["ETag"]).status == 304


def test_challenge_stands_in_an_articles_place(visitor: Visitor) -> None:
    """One listed article answers 412 with a tiny script page."""
    assert "/xwdt/2026-06-18/1091.html" in visitor.get("/xwdt/").text
    answer = visitor.get("/xwdt/2026-06-18/1091.html")
    assert answer.status == 412
    assert len(answer.body) < 1000
    assert b"$_ts" in answer.body


def test_robots_allow_the_counter(visitor: Visitor) -> None:
    """The shipped robots.txt does not forbid ``/e/public/``."""
    text = visitor.get("/robots.txt").text
    assert "Disallow: /e/data/" in text
    assert "/e/public" not in text
