"""practice-xunrui answers as a recorded XunRui does."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.practice.visitor import Visitor
from tests.recordings import RecordedCms
from unioncrawl.practice.server import PracticeServer
from unioncrawl.practice.stories import find_story

HITS = "/index.php?s=api&c=module&siteid=1&app=news&m=hits&id={}&callback=cb"
DOUBLE_TYPE = "text/html; charset=utf-8, text/html; charset=UTF-8"


@pytest.fixture
def visitor(server: PracticeServer) -> Visitor:
    """A visitor of the site."""
    return Visitor(server.base_urls["practice-xunrui"])


def jsonp(text: str) -> dict[str, object]:
    """The object in ``cb({...})``."""
    match = re.fullmatch(r"cb\((\{.*\})\)", text)
    assert match
    value = json.loads(match[1])
    assert isinstance(value, dict)
    return value


def test_page_declares_its_type_twice(visitor: Visitor) -> None:
    """Articles and lists carry the doubled Content-Type of the recorded responses."""
    assert visitor.get("/index.php?c=show&id=18").headers["Content-Type"] == DOUBLE_TYPE
    assert visitor.get("/index.php?c=category&id=1").headers["Content-Type"] == DOUBLE_TYPE


def test_article_prints_date_author_and_placeholder(visitor: Visitor) -> None:
    """The metadata line has the date, the author and a 0 that a script will replace."""
    page = visitor.get("/index.php?c=show&id=18").text
    assert "〖发布日期：2026/8/11 15:18:29〗" in page
    assert "〖作者：佟砚〗" in page
    assert '〖点击量：<span class="dr_show_hits_18">0</span><script type="text/javascript">' in page
    assert 'url:"/index.php?s=api&c=module&siteid=1&app=news&m=hits&id=18"' in page


def test_counter_counts_with_a_cookie(visitor: Visitor) -> None:
    """Each visitor without the cookie counts; the number is an integer."""
    first = visitor.get(HITS.format(17))
    second = visitor.get(HITS.format(17))
    assert jsonp(first.text) == {"code": 1, "msg": 568, "data": []}
    assert jsonp(second.text) == {"code": 1, "msg": 569, "data": []}
    assert re.search(r"_module-\w+-17=17; expires=.*; Max-Age=300; path=/", first.headers["Set-Cookie"])


def test_counter_shows_a_string_to_a_repeated_visitor(visitor: Visitor) -> None:
    """With the cookie the answer is the number as a string, and nothing is counted."""
    first = visitor.get(HITS.format(16))
    cookie = first.headers["Set-Cookie"].partition(";")[0]
    for _ in range(2):
        again = visitor.get(HITS.format(16), cookie=cookie)
        assert jsonp(again.text) == {"code": 1, "msg": "300", "data": "不重复统计"}
        assert again.headers["Set-Cookie"] is None


def test_counter_refuses_an_unknown_id(visitor: Visitor) -> None:
    """An id that does not exist answers code 0 with status 200."""
    answer = visitor.get(HITS.format(9999))
    assert answer.status == 200
    assert jsonp(answer.text) == {"code": 0, "msg": "阅读统计: 模块内容不存在", "data": []}


def test_counter_without_callback_calls_callback(visitor: Visitor) -> None:
    """Without a callback's name the CMS writes ``callback(…)``; a wild name is not echoed."""
    target = "/index.php?s=api&c=module&siteid=1&app=news&m=hits&id=9999"
    assert visitor.get(target).text.startswith('callback({"code":0')
    assert visitor.get(target + "&callback=%3Cscript%3E").text.startswith("callback(")


def test_list_pages_print_their_number_and_go_on(visitor: Visitor) -> None:
    """A list has 共N条 and a 下一页 link until its last page."""
    first = visitor.get("/index.php?c=category&id=1").text
    last = visitor.get("/index.php?c=category&id=1&page=3").text
    assert "<a>共13条</a>" in first
    assert 'data-ci-pagination-page="2">下一页</a>' in first
    assert "下一页" not in last
    assert first.count("<li><span>2026-") == 5


def test_list_beyond_the_end_is_empty(visitor: Visitor) -> None:
    """Page 99 answers 200 without entries."""
    answer = visitor.get("/index.php?c=category&id=1&page=99")
    assert answer.status == 200
    assert "c=show" not in answer.text
    assert "第99页_工会要闻" in answer.text


def test_unknown_article_is_a_real_404(visitor: Visitor) -> None:
    """A missing article has status 404 and a single Content-Type."""
    answer = visitor.get("/index.php?c=show&id=9999")
    assert answer.status == 404
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "你访问的页面不存在" in answer.text


def test_answers_have_the_recorded_shape(visitor: Visitor, cms: RecordedCms) -> None:
    """Article and counter differ from the recorded ones in their values alone."""
    page = cms.body("/index.php?c=show&id=7").decode()
    names = {name.lower() for name, _ in cms.head("/index.php?c=show&id=7")}
    answer = visitor.get("/index.php?c=show&id=7")
    assert names - {"host", "connection"} <= {name.lower() for name in answer.headers}
    ours = re.sub(r"<p>.*?</p>\s*", "", answer.text.partition('<div class="info">')[2])
    theirs = re.sub(r"<p>.*?</p>\s*", "", page.partition('<div class="info">')[2])
    assert _skeleton(ours) == _skeleton(theirs)


def _skeleton(html: str) -> list[str]:
    """The tags in order, with digits, addresses and link texts left out."""
    return [re.sub(r'\d+|href="[^"]*"', "", tag) for tag in re.findall(r"<[^>]+>", html)]


def test_picture_story_is_one_line(visitor: Visitor) -> None:
    """The picture news has a real picture and its caption."""
    page = visitor.get("/index.php?c=show&id=12").text
    assert "庾岚 摄" in page
    picture = visitor.get("/uploads/2025/1212/bookbus.png")
    assert picture.headers["Content-Type"] == "image/png"
    assert picture.body.startswith(b"\x89PNG")


def test_attachment_is_a_real_file(visitor: Visitor) -> None:
    """The course table is linked by name and can be fetched."""
    page = visitor.get("/index.php?c=show&id=11").text
    assert '附件：<a href="/uploads/2025/1009/courses.pdf">2025年秋季职工夜校课程表.pdf</a>' in page
    assert visitor.get("/uploads/2025/1009/courses.pdf").body.startswith(b"%PDF-")


def test_changing_article_changes_between_visits_only(fresh_server: PracticeServer) -> None:
    """Within a visit the text stays; the next visit, begun at robots.txt, reads the next edition."""
    visitor = Visitor(fresh_server.base_urls["practice-xunrui"])
    story = find_story("practice-xunrui/21")
    openings = [body.splitlines()[0] for body in (story.body, *story.later)]
    seen = []
    for _ in range(4):
        visitor.get("/robots.txt")
        visitor.get("/index.php?c=category&id=1")
        pages = {visitor.get("/index.php?c=show&id=21").text for _ in range(2)}
        assert len(pages) == 1
        page = pages.pop()
        seen.append(next(number for number, opening in enumerate(openings) if opening in page))
    assert seen == [0, 1, 2, 2]


def test_changing_article_waits_for_a_reader(fresh_server: PracticeServer) -> None:
    """An edition that nobody read is not replaced."""
    visitor = Visitor(fresh_server.base_urls["practice-xunrui"])
    for _ in range(3):
        visitor.get("/robots.txt")
    assert "2,046名职工" in visitor.get("/index.php?c=show&id=21").text


def test_edition_survives_a_restart(tmp_path: Path) -> None:
    """With a state file the second run against a new server reads the second edition."""
    texts = []
    for _ in range(2):
        with PracticeServer(port=0, state_file=tmp_path / "state.json") as server:
            visitor = Visitor(server.base_urls["practice-xunrui"])
            visitor.get("/robots.txt")
            texts.append(visitor.get("/index.php?c=show&id=21").text)
    assert "2,046名职工" in texts[0]
    assert "4,318名职工" in texts[1]
