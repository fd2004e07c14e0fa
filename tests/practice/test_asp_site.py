"""practice-asp answers as a classic ASP template on an old IIS does."""

from __future__ import annotations

import pytest

from tests.practice.visitor import Visitor
from unioncrawl.practice.server import PracticeServer


@pytest.fixture
def visitor(server: PracticeServer) -> Visitor:
    """A visitor of the site."""
    return Visitor(server.base_urls["practice-asp"])


def test_article_prints_the_line_with_a_script(visitor: Visitor) -> None:
    """〖发布日期〗 and 〖点击量〗, the latter filled by GetHits.asp."""
    page = visitor.get("/NewsView.asp?ID=103").body.decode("gb18030")
    assert "〖发布日期：2024/4/8 9:32:34〗" in page
    assert '〖点击量：<script language="javascript" src="GetHits.asp?Action=Count&ID=103"></script>〗' in page
    assert "<td align=center class=futi>——槐岭县职工小发明现场评选侧记</td>" in page


def test_lead_title_stands_above_the_title(visitor: Visitor) -> None:
    """The 引题 is a line of its own before the headline."""
    page = visitor.get("/NewsView.asp?ID=129").body.decode("gb18030")
    assert page.index("不比产量比“少干”") < page.index("<h2>槐岭县石材行业劳动竞赛")


@pytest.mark.parametrize(
    ("number", "character"), [(103, "喆"), (103, "€"), (131, "镕"), (129, "〇"), (117, "㛃")]
)
def test_bytes_go_beyond_the_declared_gb2312(visitor: Visitor, number: int, character: str) -> None:
    """The declared gb2312 cannot decode the page; GB18030 can."""
    answer = visitor.get(f"/NewsView.asp?ID={number}")
    assert answer.headers["Content-Type"] == "text/html; charset=gb2312"
    assert character in answer.body.decode("gb18030")
    with pytest.raises(UnicodeDecodeError):
        answer.body.decode("gb2312")


def test_one_page_declares_no_charset(visitor: Visitor) -> None:
    """Neither the header nor a meta element says anything."""
    answer = visitor.get("/NewsView.asp?ID=97")
    assert answer.headers["Content-Type"] == "text/html"
    assert b"charset" not in answer.body
    assert "槐岭供销老职工口述史征集启事" in answer.body.decode("gb18030")


def test_counter_writes_one_number(visitor: Visitor) -> None:
    """Each call with ``Action=Count`` adds one."""
    assert visitor.get("/GetHits.asp?Action=Count&ID=108").text == 'document.write("442");'
    assert visitor.get("/GetHits.asp?Action=Count&ID=108").text == 'document.write("443");'
    assert visitor.get("/GetHits.asp?ID=108").text == 'document.write("443");'


def test_one_article_has_empty_hits(visitor: Visitor) -> None:
    """The announcement prints 〖点击量：〗 with nothing in it."""
    assert "〖点击量：〗" in visitor.get("/NewsView.asp?ID=105").body.decode("gb18030")


def test_lists_have_pages_and_the_last_one_repeats(visitor: Visitor) -> None:
    """下一页 is a link until the last page; a page beyond it shows the last one again."""
    first, last, beyond = (
        visitor.get(f"/NewsList.asp?SortID=2&page={page}").body.decode("gb18030") for page in (1, 2, 9)
    )
    assert "<a href=NewsList.asp?SortID=2&page=2>下一页</a>" in first
    assert "页次：2/2" in last
    assert "page=3" not in last
    assert beyond == last


def test_paths_are_known_in_any_case(visitor: Visitor) -> None:
    """IIS serves newsview.asp as NewsView.asp."""
    assert visitor.get("/newsview.asp?ID=103").status == 200


def test_unknown_article_is_missing(visitor: Visitor) -> None:
    """An unknown id answers 404."""
    assert visitor.get("/NewsView.asp?ID=9999").status == 404


def test_robots_are_served(visitor: Visitor) -> None:
    """robots.txt forbids the administration only."""
    assert visitor.get("/robots.txt").text == "User-agent: *\r\nDisallow: /admin/\r\nDisallow: /inc/\r\n"
