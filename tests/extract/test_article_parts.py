"""Articles in several parts are followed and joined."""

from __future__ import annotations

import pytest

from unioncrawl.extract.article_parts import find_next_part, join_parts
from unioncrawl.model import Article, Attachment, DecodedPage, Evidence, Image
from unioncrawl.page.parse import parse_document


def next_part(body: str, url: str) -> str:
    """The next part that a page with this body leads to."""
    return find_next_part(parse_document(DecodedPage(url=url, text=f"<body>{body}</body>", encoding="utf-8")))


@pytest.mark.parametrize(
    ("body", "url", "expected"),
    [
        (
            '<div class="epages"><a href="/a/7_2.html">下一页</a></div>',
            "http://e.org/a/7.html",
            "http://e.org/a/7_2.html",
        ),
        (
            '<div id="pages"><a href="7_3.html">下一页</a></div>',
            "http://e.org/a/7_2.html",
            "http://e.org/a/7_3.html",
        ),
        (
            '<div class="epages"><a href="//b.e.org/a/7_2.html">下一页</a></div>',
            "http://e.org/a/7.html",
            "http://b.e.org/a/7_2.html",
        ),
        ('<div class="epages"><a href="//b.e.org/a/8.html">下一页</a></div>', "http://e.org/a/7.html", ""),
        ('<div class="epages"><a href="/a/8.html">下一页</a></div>', "http://e.org/a/7.html", ""),
        ('<div class="other"><a href="/a/7_2.html">下一页</a></div>', "http://e.org/a/7.html", ""),
        ('<div class="pages"><a href="node_3.htm">下一版</a></div>', "http://e.org/a/7.html", ""),
        (
            '<p class="pagebreak"><a href="7_2.html">[下一页]</a></p>',
            "http://e.org/a/7.html",
            "http://e.org/a/7_2.html",
        ),
        (
            '<center><b>1</b> <a href="7_2.html">2</a> <a href="7_3.html">3</a></center>',
            "http://e.org/a/7.html",
            "http://e.org/a/7_2.html",
        ),
        (
            '<p><a href="7.html">1</a> <b>2</b> <a href="7_3.html">3</a></p>',
            "http://e.org/a/7_2.html",
            "http://e.org/a/7_3.html",
        ),
        ('<div class="pages"><a href="/a/7/2">下一页</a></div>', "http://e.org/a/7", "http://e.org/a/7/2"),
        ('<p><b>2</b> <a href="show-3.html">3</a></p>', "http://e.org/a/show-2.html", ""),
        ('<p>评论 <a href="7_2.html">2</a> 条</p>', "http://e.org/a/7.html", ""),
        ('<div class="pages"><a href="javascript:next()">下一页</a></div>', "http://e.org/a/7.html", ""),
    ],
)
def test_next_part_is_the_same_article(body: str, url: str, expected: str) -> None:
    """下一页 in a pager and the next number in a row of numbers lead on, to a part of the same article."""
    assert next_part(body, url) == expected


def test_joined_parts_are_one_article() -> None:
    """Joined parts keep the first one's fields and everybody's text, pictures and files."""
    first = Article(
        url="http://e.org/7.html", title="题", body_text="一\n二", images=(Image("http://e.org/1.jpg"),)
    )
    second = Article(
        url="http://e.org/7_2.html",
        title="题(2)",
        body_text="二\n三",
        editor="李方",
        attachments=(Attachment("http://e.org/a.doc", "附件"),),
    )
    joined = join_parts([first, second])
    assert (joined.url, joined.title, joined.editor) == (first.url, "题", "李方")
    assert joined.body_text == "一\n二\n三"
    assert joined.images == first.images
    assert joined.attachments == second.attachments


def test_what_is_known_of_the_bytes_of_every_part_is_kept() -> None:
    """Bytes that fitted no encoding are counted over all parts, and a later part's damage is said."""
    damaged = Evidence("page", "damaged-packing", "its end may be missing")
    first = Article(url="http://a.cn/1.html", title="送清凉", body_text="其一。", undecodable_bytes=2)
    second = Article(url="http://a.cn/1_2.html", body_text="其二。", undecodable_bytes=3, evidence=(damaged,))
    joined = join_parts([first, second])
    assert joined.undecodable_bytes == 5
    assert joined.evidence == (damaged,)


@pytest.mark.parametrize(("depth", "has_next"), [(4, True), (5, False)])
def test_a_pager_is_near_its_link(depth: int, *, has_next: bool) -> None:
    """下一页 stands at most four elements within the pager."""
    link = "<div>" * depth + "<a href='7_2.html'>下一页</a>" + "</div>" * depth
    assert bool(next_part(f"<div class=pages>{link}</div>", "http://e.org/a/7.html")) is has_next


@pytest.mark.parametrize(("length", "has_next"), [(75, True), (76, False)])
def test_a_row_of_numbers_is_short(length: int, *, has_next: bool) -> None:
    """The numbers of a row stand within its first 80 characters; in a longer text they are something else."""
    row = f"<div>{'文' * length} 1 <a href='7_2.html'>2</a></div>"
    assert bool(next_part(row, "http://e.org/a/7.html")) is has_next


def test_a_page_in_the_query_needs_no_pager_around_it() -> None:
    """下一页 that leads to this address with the next page in its query goes on with the article."""
    body = '<div>|<a href="/c/1.html?page=1">1</a><a href="/c/1.html?page=2">下一页</a>|</div>'
    assert next_part(body, "http://a.example/c/1.html") == "http://a.example/c/1.html?page=2"
    assert next_part('<div><a href="/c/2.html">下一页</a></div>', "http://a.example/c/1.html") == ""


@pytest.mark.parametrize(
    ("opening", "texts"),
    [
        ("三月八日，东河县总工会召开集体协商推进会。", ["部署要约。", "与会者参观书屋。"]),
        ("一、部署", ["部署要约。", "一、部署", "与会者参观书屋。"]),
    ],
)
def test_a_description_above_every_part_is_kept_once(opening: str, texts: list[str]) -> None:
    """What a template prints above each part stands once in the article; a subhead may come again."""
    parts = [
        Article(url=f"http://a.cn/1_{n}.html", title="推进会", body_text=f"{opening}\n{text}")
        for n, text in enumerate(("部署要约。", "与会者参观书屋。"), 1)
    ]
    assert join_parts(parts).body_text.split("\n") == [opening, *texts]
