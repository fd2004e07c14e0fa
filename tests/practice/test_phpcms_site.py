"""practice-phpcms answers as PHPCMS v9 does."""

from __future__ import annotations

from urllib.robotparser import RobotFileParser

import pytest

from tests.practice.visitor import Visitor
from unioncrawl.practice.server import PracticeServer

SHOW = "/index.php?m=content&c=index&a=show&catid={}&id={}"
LIST = "/index.php?m=content&c=index&a=lists&catid={}"


@pytest.fixture
def visitor(server: PracticeServer) -> Visitor:
    """A visitor of the site."""
    return Visitor(server.base_urls["practice-phpcms"])


def test_article_has_the_default_line(visitor: Visitor, server: PracticeServer) -> None:
    """Date, source, 评论 and an empty hits span, as the shipped template prints them."""
    page = visitor.get(SHOW.format(9, 240)).text
    assert "<span>2026-11-06 10:12:00&nbsp;&nbsp;&nbsp;来源：柘川市总工会&nbsp;&nbsp;&nbsp;评论：" in page
    assert '点击：<span id="hits"></span>' in page
    assert f'src="{server.base_urls["practice-phpcms"]}api.php?op=count&amp;id=240&amp;modelid=1"' in page


def test_counter_prints_four_lines_and_the_number_before(visitor: Visitor) -> None:
    """The answer sets four spans; ``#hits`` is the count before this visit."""
    first = visitor.get("/api.php?op=count&id=238&modelid=1").text
    assert first.startswith("$('#todaydowns').html('")
    assert first.endswith("$('#hits').html('1544');")
    assert visitor.get("/api.php?op=count&id=238&modelid=1").text.endswith("$('#hits').html('1545');")
    assert visitor.get("/api.php?op=count&id=9999&modelid=1").body == b""


def test_robots_forbid_the_counter_and_allow_the_articles(visitor: Visitor) -> None:
    """``Disallow: /api`` covers ``/api.php``, as in the shipped file."""
    parser = RobotFileParser()
    parser.parse(visitor.get("/robots.txt").text.splitlines())
    assert not parser.can_fetch("unioncrawl", "/api.php?op=count&id=240&modelid=1")
    assert parser.can_fetch("unioncrawl", SHOW.format(9, 240))


def test_lists_have_pages(visitor: Visitor) -> None:
    """A list prints its number of entries and links 下一页; the last page links itself."""
    first = visitor.get(LIST.format(9)).text
    assert '<a class="a1">12条</a>' in first
    assert "catid=9&amp;page=2" in first
    last = visitor.get(LIST.format(9) + "&page=2").text
    assert 'catid=9&amp;page=2" class="a1">下一页</a>' in last


def test_deleted_article_is_a_soft_404(visitor: Visitor) -> None:
    """A listed article that was deleted answers 200 with a message; so does any unknown id."""
    assert "catid=9&amp;id=231" in visitor.get(LIST.format(9)).text
    for number in (231, 9999):
        answer = visitor.get(SHOW.format(9, number))
        assert answer.status == 200
        assert "您访问的信息不存在或已被删除" in answer.text


def test_header_and_meta_disagree_on_one_page(visitor: Visitor) -> None:
    """The header says utf-8, the meta gb2312, and the bytes are GB18030."""
    answer = visitor.get(SHOW.format(9, 228))
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert b"charset=gb2312" in answer.body
    assert "柘川纺织工匠学院" in answer.body.decode("gb18030")
    with pytest.raises(UnicodeDecodeError):
        answer.body.decode("utf-8")


def test_reprint_names_its_original(visitor: Visitor) -> None:
    """The reprint keeps the source, prints 原标题 and opens with 本报讯."""
    page = visitor.get(SHOW.format(9, 183)).text
    assert "来源：临溪市总工会" in page
    assert "<p>原标题：本该下班的那一小时：临溪调解一起加班费争议的三次会面</p>" in page
    assert "<p>本报讯 11月5日" in page
    assert "（责任编辑：舒望）" in page
