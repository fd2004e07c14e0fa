"""Labels of other articles, of a table's head and inside sentences give the article no values."""

from __future__ import annotations

import pytest

from unioncrawl.extract import extract_page
from unioncrawl.model import Article, DecodedPage
from unioncrawl.normalize import normalize_article

TITLE = "东河县总工会为快递员建起歇脚驿站"
TEXT = (
    "东河县总工会近日在城南建起快递员歇脚驿站，快递员可以在这里休息、热饭，也可以咨询劳动法律。",
    "驿站开放首月已接待快递员四百多人次，职工提出的二十条建议都得到了落实。",
)


def _read(*, lead: str = "", tail: str = "") -> Article:
    text = (
        f"<html><head><title>{TITLE}_东河县总工会</title></head><body><h1>{TITLE}</h1><div>2024-03-05</div>"
        f"<div class=content>{lead}{''.join(f'<p>{line}</p>' for line in TEXT)}</div>{tail}"
        "<div class=foot>版权所有：东河县总工会</div></body></html>"
    )
    found = extract_page(DecodedPage(url="http://gh.donghe.example/1.html", text=text, encoding="utf-8"))
    assert found.article is not None
    return normalize_article(found.article)


@pytest.mark.parametrize(
    "tail",
    [
        "<p><a href=/2>临溪市职工诗集全文 作者：周倩 来源：临溪日报</a></p>",
        "<ul><li><a href=/2>临溪市总工会举办职工运动会</a><span>作者：周倩</span></li></ul>",
        "<ul><li><a href=/2>临溪市总工会举办职工运动会</a></li><li>作者：周倩 来源：临溪日报</li></ul>",
        "<h3>猜你喜欢的：</h3><ul><li>临溪市总工会举办职工运动会 作者：周倩 来源：临溪日报</li></ul>",
        "<h3>相关新闻</h3><p>作者：周倩</p>",
    ],
)
def test_a_list_of_others_names_nobody(tail: str) -> None:
    """Who wrote an entry of a list after the text did not write the article."""
    article = _read(tail=tail)
    assert (article.author, article.source) == ("", "")
    assert article.body_text.split("\n") == list(TEXT)


@pytest.mark.parametrize(
    "before",
    [
        "",
        "<div>上一篇：<a href=/2>临溪市总工会举办职工运动会</a></div>",
        "<div><a href=/p>打印</a> <a href=/c>关闭</a></div>",
    ],
)
def test_a_line_after_the_text_names_the_author(before: str) -> None:
    """Neighbours and tools between the text and its line change nothing."""
    article = _read(tail=f"{before}<div>作者：周倩 来源：临溪日报</div>")
    assert (article.author, article.source) == ("周倩", "临溪日报")


def test_editors_stand_below_the_list_of_others() -> None:
    """The page's end names the article's editor even where related articles stand before it."""
    assert _read(tail="<h3>相关新闻</h3><div>责任编辑：周倩</div>").editor == "周倩"


@pytest.mark.parametrize(
    "sentence",
    [
        "编辑：您是什么时候加入工会的？",
        "责任编辑：请您谈谈对集体协商的看法，职工们都很关心。",
        "来源：会员缴纳的会费，企业拨缴的经费。",
        "来源：会员缴纳的会费。",
        "审核：由县总工会组织专家评审，结果公示五天。",
    ],
)
def test_a_label_in_a_sentence_is_text(sentence: str) -> None:
    """An interview and a rule keep their lines, and name neither editor nor source."""
    article = _read(lead=f"<p>{sentence}</p>")
    assert (article.editor, article.source, article.reviewer) == ("", "", "")
    assert article.body_text.split("\n") == [sentence, *TEXT]


@pytest.mark.parametrize("head", ["<thead><tr>{}</tr></thead>", "<tr>{}</tr>"])
def test_the_head_of_a_table_names_what_is_below(head: str) -> None:
    """发布机构 beside 文件编号 is the name of a column, and its value stands in the next row."""
    names = "".join(f"<td>{name}</td>" for name in ("索取号", "发布时间", "发布机构", "文件编号", "信息来源"))
    values = "".join(f"<td>{value}</td>" for value in ("07/01", "", "东河县总工会", "东工发5号", ""))
    assert _read(lead=f"<table>{head.format(names)}<tr>{values}</tr></table>").source == "东河县总工会"


def test_a_form_has_its_values_beside_the_names() -> None:
    """A table of names and values beside each other is read as before."""
    rows = "<tr><td>发布机构</td><td>东河县总工会</td><td>发布日期</td><td>2024-03-05</td></tr>"
    assert _read(lead=f"<table>{rows}</table>").source == "东河县总工会"


def test_the_footer_of_a_blog_counts_its_article() -> None:
    """Z-Blog prints 作者, 分类 and 浏览 below the text, in an element whose name says footer."""
    footer = "<p class=post-footer>作者:admin <small>|</small> 分类:工会要闻 <small>|</small> 浏览:416</p>"
    article = _read(tail=footer)
    assert (article.author, article.column, article.hits) == ("", "工会要闻", 416)
