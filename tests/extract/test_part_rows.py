"""Rows of part numbers are followed, and one that is not followed is named in the evidence."""

from __future__ import annotations

import pytest

from unioncrawl.extract import extract_page
from unioncrawl.extract.article_parts import find_next_part
from unioncrawl.model import Article, DecodedPage
from unioncrawl.page.parse import parse_document

TITLE = "东河县总工会发布职工疗休养路线"
TEXT = "".join(
    f"<p>路线{n}：从县城出发，经临溪古道到白石林场，行程两天，由基层工会组织报名。</p>" for n in "一二三四五"
)


def _article(row: str, url: str) -> Article:
    html = (
        f"<html><head><title>{TITLE}</title></head><body><article><h1>{TITLE}</h1><p>2024年3月8日</p>"
        f"<div class=entry-content>{TEXT}{row}</div></article>"
        "<div id=comments><div>1 <a href=?c=2>2</a></div></div></body></html>"
    )
    found = extract_page(DecodedPage(url=url, text=html, encoding="utf-8")).article
    assert found is not None
    return found


def _row(*parts: str) -> str:
    """A row of WordPress: the part that is shown is no link."""
    links = (
        f'<a class="post-page-numbers" href="{part}">第 {n} 页</a>'
        if part
        else f'<span class="post-page-numbers current">第 {n} 页</span>'
        for n, part in enumerate(parts, start=1)
    )
    return f"<nav class=page-links>{' '.join(links)}</nav>"


@pytest.mark.parametrize(
    ("row", "url", "expected"),
    [
        (_row("", "/a/16/2"), "http://e.org/a/16", "http://e.org/a/16/2"),
        (_row("", "/a/16/2/", "/a/16/3/"), "http://e.org/a/16/", "http://e.org/a/16/2/"),
        (_row("/a/16/", "", "/a/16/3/"), "http://e.org/a/16/2/", "http://e.org/a/16/3/"),
        (_row("/a/16", "/a/16/2", ""), "http://e.org/a/16/3", ""),
        (_row("", "/a/x.html/2"), "http://e.org/a/x.html", "http://e.org/a/x.html/2"),
        (_row("", "/?p=16&page=2"), "http://e.org/?p=16", "http://e.org/?p=16&page=2"),
        (_row("/?p=16", "", "/?p=16&page=3"), "http://e.org/?p=16&page=2", "http://e.org/?p=16&page=3"),
        (_row("/?p=16", ""), "http://e.org/?p=16&page=2", ""),
        (_row("", "/?p=17"), "http://e.org/?p=16", ""),
        (_row("", "/a/17"), "http://e.org/a/16", ""),
        ("<p>16 <a href=/a/17>17</a></p>", "http://e.org/a/16", ""),
        ("<p>点赞 <a href=/a/16/2>2</a></p>", "http://e.org/a/16", ""),
        ("<p>1 <a href=/a/16/2>2 条评论</a></p>", "http://e.org/a/16", ""),
    ],
)
def test_a_number_below_the_address_is_the_next_part(row: str, url: str, expected: str) -> None:
    """The next number as a folder or in the query leads on, where a row shows it after this part's."""
    document = parse_document(DecodedPage(url=url, text=f"<body>{row}</body>", encoding="utf-8"))
    assert find_next_part(document) == expected


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (_row("", "javascript:part(2)"), "第 1 页 第 2 页"),
        ("<p><b>1</b> <a href=/b/x>2</a></p>", "1 2"),
        (_row("", "/a/16/2"), ""),
        (_row("/a/15", ""), ""),
        ("<p>见附表 <a href=/b/x>2</a></p>", ""),
        ("", ""),
    ],
)
def test_a_row_that_is_not_followed_is_said(row: str, said: str) -> None:
    """Where a row leads on to a part whose address is not this article's, the evidence has the row."""
    article = _article(row, "http://e.org/a/16")
    found = [piece.raw for piece in article.evidence if piece.rule == "parts-not-followed"]
    assert found == ([said] if said else [])
    assert [line for line in article.body_text.split("\n") if "page" in row and "第" in line] == []


@pytest.mark.parametrize(("lines", "is_said"), [(2, True), (3, False)])
def test_the_row_is_right_below_the_text(lines: int, *, is_said: bool) -> None:
    """The row of the parts stands at most two lines below the text; further down it is a list's."""
    tools = "".join(f"<div><a href=/t/{n}>返回</a></div>" for n in range(lines))
    html = (
        f"<title>{TITLE}</title><h1>{TITLE}</h1><p>2024年3月8日</p><div class=entry-content>{TEXT}</div>"
        f"{tools}<p>1 <a href=/b/x>2</a></p>"
    )
    page = DecodedPage(url="http://e.org/a/16", text=html, encoding="utf-8")
    article = extract_page(page).article
    assert article is not None
    assert any(piece.rule == "parts-not-followed" for piece in article.evidence) is is_said
