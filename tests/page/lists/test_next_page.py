"""The next, older list page is found however a template leads to it."""

from __future__ import annotations

import pytest

from unioncrawl.model import DecodedPage
from unioncrawl.page.lists.next_page import find_next_page
from unioncrawl.page.parse import parse_document
from unioncrawl.sites.profile import Level, Selectors, SiteProfile

PROFILE = SiteProfile(
    id="x", name="某市总工会", level=Level.CITY, family="generic", hosts=("www.example.org",)
)
BASE = "http://www.example.org/xw/"
KKPAGER = (
    "<script>kkpager.generPageHtml({{pno : '{page}', total : '3', totalRecords : '25',"
    " hrefFormer : '{former}', hrefLatter : '.shtml', getLink : function(n){{ return {link}; }} }});</script>"
)


def following(body: str, url: str = f"{BASE}index.html", **selectors: str) -> str:
    """The next page's address, without the common beginning."""
    page = DecodedPage(url=url, text=f"<html><body>{body}</body></html>", encoding="utf-8")
    profile = PROFILE.model_copy(update={"selectors": Selectors(**selectors)})
    return find_next_page(parse_document(page), profile).removeprefix(BASE)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<a href='index_2.html'>下一页</a>", "index_2.html"),
        ("<a href='index_2.html'>下 一 页 &gt;&gt;</a>", "index_2.html"),
        ("<a href='index_2.html'>[下页]</a>", "index_2.html"),
        ("<a href='index_2.html'>后一页</a>", "index_2.html"),
        ("<a href='?page=1'><span>Next page</span><span>››</span></a>", "index.html?page=1"),
        ("<a href='index_2.html' title='去下一页'><i></i></a>", "index_2.html"),
        ("<a href='index_2.html' rel='next'>older</a>", "index_2.html"),
        ("<a href='javascript:;' onclick=\"location.href='index_2.html'\">下一页</a>", "index_2.html"),
        ("<input type='button' value='下一页' onclick=\"location.href='index_2.html';\">", "index_2.html"),
        ("<a href='#' onclick=\"location.href=encodeURI('index_2.jhtml');\">&gt;</a>", "index_2.jhtml"),
        # All numbers are links but this page's, which is the last: 下一页 is a span.
        ("<li><a href='index_1.html'>1</a></li><li><a href='index_2.html'>2</a></li><li><b>3</b></li>", ""),
        (
            KKPAGER.format(page=2, former="list", link="this.hrefFormer + '_' + n + this.hrefLatter"),
            "list_3.shtml",
        ),
        (KKPAGER.format(page=3, former="list", link="this.hrefFormer + '_' + n + this.hrefLatter"), ""),
        (KKPAGER.format(page=1, former="?p", link="this.hrefFormer + '=' + n"), "index.html?p=2.shtml"),
        # Blogs: WordPress calls the next page of a list the older one; an article's is another article.
        (
            "<nav class='posts-navigation'><div class='nav-previous'><a href='page/2/'>Older</a></div></nav>",
            "page/2/",
        ),
        (
            "<nav class='post-navigation'><div class='nav-previous'><a href='1.html'>送清凉</a></div></nav>",
            "",
        ),
        ("<a href='page/2/'>较早文章</a><a href='./'>较新文章</a>", "page/2/"),
        ("<a class='next page-numbers' href='page/2/'>Vers la suite</a>", "page/2/"),
        ("<ol class='page-navigator'><li class='next'><a href='2/'>后页 &raquo;</a></li></ol>", "2/"),
        # Arrows: the row of numbers goes before them, a single arrow before a double one.
        (
            "<span class='now-page'>1</span><a href='?page=2'><i>2</i></a><a href='?page=11'>››</a>",
            "index.html?page=2",
        ),
        ("<a href='?page=11'>&gt;&gt;</a><a href='?page=2'>&gt;</a>", "index.html?page=2"),
        ("<a href='list_1.html'>1</a><span>2</span><a href='list_2.html'>&gt;&gt;</a>", "list_2.html"),
        ("<a href='list_2.html'><img src='/i/n.gif' alt='下一页'></a>", "list_2.html"),
        (
            "<a href='page/2/'>2</a><span class='current'><i>Page </i>3</span><a href='page/4/'>4</a>",
            "page/4/",
        ),
        (
            (
                "<script>function turn(n){ if(n<1){return;} location = 'list.jsp?p=' + n; }</script>"
                "<a href='#' onclick='turn(2)'>下一页</a>"
            ),
            "list.jsp?p=2",
        ),
        # Scripts that say in plain strings where they lead.
        (
            (
                "<script>function goPage(p){window.location.href='list.asp?cid=3&page='+p;}</script>"
                "<a href='javascript:goPage(2)'>下一页</a>"
            ),
            "list.asp?cid=3&page=2",
        ),
        (
            (
                "<script>function to(a, p) { var t = 0; location = a + '_' + p + '.html' }</script>"
                "<a href='#' onclick=\"to('list', 2)\">下一页</a>"
            ),
            "list_2.html",
        ),
        ("<script>function go(p){location.href=base+p}</script><a href='javascript:go(2)'>下一页</a>", ""),
        ("<a href='javascript:go(2)'>下一页</a>", ""),
        (
            (
                "<select onchange=\"location.href='list_'+this.value+'.html'\"><option value=1 selected>1"
                "<option value=2>2</select>"
            ),
            "list_2.html",
        ),
        (
            (
                "<select onchange='window.location=this.options[this.selectedIndex].value'>"
                "<option value='p1.html' selected>1</option><option value='p2.html'>2</option></select>"
            ),
            "p2.html",
        ),
        ("<select><option value=1 selected>1<option value=2>2</select>", ""),
        ("<a href='..\\xw\\index_2.html'>下一页</a>", "index_2.html"),
        ("<a href='#'>下一页</a>", ""),
        ("<a href='index.html'>下一页</a>", ""),
        ("<a href='/xw/2.html'>下一篇</a>", ""),
        ('<script>createPageHTML(5, 1, "index", "shtml", 60);</script>', "index_2.shtml"),
        ("<script>createPageHTML('page_div', 3, 1, 'index', 'html', 60);</script>", "index_2.html"),
        ("<script>createPageHTML('page_div', 3, 3, 'index', 'html', 60);</script>", ""),
        ("<script>var currentPage = 0; var countPage = 2</script>", "index_1.html"),
        ("<script>var currentPage = 1; var countPage = 2</script>", ""),
        ("<span>1</span> <a href='index_2.html'>2</a> <a href='index_3.html'>3</a>", "index_2.html"),
        ("<li>1</li><li><a href='index_2.html'>2</a></li>", "index_2.html"),
        (
            "<a class='cur' href='index.html'>1</a><a href='index_2.html'>2</a><a href='index_3.html'>3</a>",
            "index_2.html",
        ),
        ("<a href='./'>1</a> <a href='index_2.html'>2</a> <b>3</b>", ""),
        ("<td>5</td><td><a href='/2025/06/06.html'>6</a></td>", ""),
    ],
)
def test_each_way_to_the_next_page(body: str, expected: str) -> None:
    """Words, titles, relations, buttons, scripts and numbers lead on; a last page and a calendar do not."""
    assert following(body) == expected


def test_a_list_without_extension_pages_below_itself() -> None:
    """The pages of /xw/list may lie below it: /xw/list/p2."""
    body = "<span>1</span><a href='/xw/list/p2'>2</a>"
    assert following(body, f"{BASE}list") == "list/p2"


def test_the_selector_of_a_site_wins() -> None:
    """A selector for the next page goes before what the page says."""
    body = "<a href='hot_2.html'>下一页</a><a class='n' href='index_2.html'>更多</a>"
    assert following(body, list_next="a.n") == "index_2.html"
