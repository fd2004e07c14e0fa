"""Source and author that no label announces are read, and nobody is named by what only looks like a name."""

from __future__ import annotations

import pytest

from unioncrawl.extract import extract_page
from unioncrawl.model import Article, DecodedPage
from unioncrawl.normalize import normalize_article

TITLE = "东河县总工会为快递员建起歇脚驿站"
TEXT = (
    "<p>东河县总工会近日在城南建起快递员歇脚驿站，快递员可以在这里休息、热饭，也可以咨询劳动法律。</p>"
    "<p>驿站开放首月已接待快递员四百多人次，职工提出的二十条建议都得到了落实。</p>"
)


def _read(
    *, metas: str = "", line: str = "2024-03-05 10:20", tail: str = "", site: str = "临溪网"
) -> Article:
    text = (
        f"<html><head><title>{TITLE}_{site}</title>{metas}</head><body><h1>{TITLE}</h1><div>{line}</div>"
        f"<div class=content>{TEXT}</div>{tail}<div>版权所有：东河县总工会</div></body></html>"
    )
    found = extract_page(DecodedPage(url="http://gh.donghe.example/xw/1.html", text=text, encoding="utf-8"))
    assert found.article is not None
    return normalize_article(found.article)


@pytest.mark.parametrize(
    ("metas", "tail", "author"),
    [
        ('<meta name="author" content="李方">', "", "李方"),
        ('<meta name="author" content="李方">', "<div>责任编辑：李方</div>", ""),
        ('<meta name="author" content="李方">', "<div>（编辑：王敏 李方）</div>", ""),
        ('<meta name="author" content="李方"><meta name="editor" content="李方">', "", ""),
        ('<meta name="author" content="李方">', "<div>责任编辑：王敏</div>", "李方"),
        ('<meta name="author" content="参考资讯">', "", ""),
        ('<meta name="author" content="admin">', "", ""),
        ('<meta property="article:author" content="王小丫">', "", "王小丫"),
    ],
)
def test_a_meta_names_the_author_unless_it_names_somebody_else(metas: str, tail: str, author: str) -> None:
    """A meta's author is one where it has the form of a name and is not the editor's."""
    assert _read(metas=metas, tail=tail).author == author


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ('<a rel="author" href="/u/2">李方</a> 2024-03-05', "李方"),
        ('2024-03-05 <span class="author">洪小方</span>', "洪小方"),
        ('2024-03-05 <span class="post-author"><a href="/u/2">李方</a></span>', "李方"),
        ('<a rel="author" href="/u/1">admin</a> 2024-03-05', ""),
        ('作者: <a rel="author" href="/u/1">tw</a> 2024-03-05', ""),
        ('<a rel="author" href="/u/3">东河县总工会</a> 2024-03-05', ""),
        ('<a rel="nofollow" href="/u/3">李方</a> 2024-03-05', ""),
    ],
)
def test_an_element_marks_the_author(line: str, author: str) -> None:
    """``rel="author"`` and ``class="author"`` name a person; an account is nobody."""
    assert _read(line=line).author == author


@pytest.mark.parametrize(
    ("line", "site", "source"),
    [
        ("http://www.linxi.example 2024年03月05日10:20 临溪资讯", "临溪网", "临溪资讯"),
        ("临溪网中文站2024年03月05日10:20", "别处", "临溪网中文站"),
        ("2024-03-05 10:20 临溪日报社", "别处", "临溪日报社"),
        ("2024-03-05 10:20 临溪资讯", "别处", ""),
        ("2024-03-05 10:20 我要评论(0)", "临溪网", ""),
    ],
)
def test_a_medium_beside_the_date_is_the_source(line: str, site: str, source: str) -> None:
    """A medium has the name of one, or begins with the name of the site."""
    assert _read(line=line, site=site).source == source


@pytest.mark.parametrize(
    ("tail", "source"),
    [
        ("<p><span>2024-03-05 21:14</span> <span>临溪工人报</span></p>", "临溪工人报"),
        ("<p>2024-03-05 21:14 临溪工人报 我要纠错</p>", ""),
        ("<ul><li><a href=/2>临溪工人报举办读者开放日活动</a></li><li>2024-03-05 临溪工人报</li></ul>", ""),
    ],
)
def test_a_medium_below_the_text_stands_alone_with_the_date(tail: str, source: str) -> None:
    """Below the text a date and a medium are the article's where nothing else stands in their line."""
    assert _read(line="", tail=tail).source == source


def test_a_headline_that_begins_with_the_site_is_no_source() -> None:
    """A date set within the heading leaves the headline beside it, which may begin with the union's name."""
    text = (
        f"<html><head><title>{TITLE}_东河县总工会</title></head><body><h1>[2024-03-05] {TITLE}</h1>"
        f"<div class=content>{TEXT}</div><div>版权所有：东河县总工会</div></body></html>"
    )
    found = extract_page(DecodedPage(url="http://gh.donghe.example/1.html", text=text, encoding="utf-8"))
    assert found.article is not None
    assert found.article.source == ""


@pytest.mark.parametrize(
    ("above", "source", "author"),
    [
        ("<p>雁川日报</p>", "雁川日报", ""),
        ("<p><a href=/u/3>临溪市总工会</a></p>", "临溪市总工会", ""),
        ("<p>李方/雁川日报</p>", "雁川日报", "李方"),
        ("<p>王小丫／李方／雁川网</p>", "雁川网", "王小丫 李方"),
        ("<p>新建/改建的职工活动中心</p>", "", ""),
        ("<p>职工有了新驿站</p>", "", ""),
        ("<h2>走进雁川日报</h2>", "", ""),
    ],
)
def test_an_outlet_alone_above_the_date_is_the_source(above: str, source: str, author: str) -> None:
    """The line right above a bare date names the outlet, and who wrote for it; it is no drop."""
    article = _read(line=f"{above}<p>2024-03-05 10:20</p>")
    assert (article.source, article.author) == (source, author)
    dropped = [piece.raw for piece in article.evidence if piece.field == "body_text"]
    assert not source or dropped == []


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("作者：李方，王敏", "李方、王敏"),
        ("作者：李方,王敏,赵小刚", "李方、王敏、赵小刚"),
        ("作者：李方，通讯员王敏", "李方 王敏"),
        ("来源：临溪日报 作者：李方，市总工会副主席", "李方"),
    ],
)
def test_a_comma_parts_two_persons(line: str, author: str) -> None:
    """Who stands after a comma is named too; an office that stands there is nobody."""
    assert _read(line=f"2024-03-05 10:20 {line}").author == author
