"""The column is read from breadcrumb, label or title, and is never a piece of the headline."""

from __future__ import annotations

import pytest

from unioncrawl.extract import extract_page
from unioncrawl.model import DecodedPage

HEADLINE = "东河县总工会举办职工运动会——2024年度工作纪实"
TEXT = (
    "<p>东河县总工会举办职工运动会，来自三十六家企业的职工参加了比赛，活动现场气氛热烈，职工们踊跃参与。</p>"
    "<p>下一步，县总工会将持续完善服务机制，推动工作重心下移、力量下沉，把服务职工作为根本职责。</p>"
)


def _column(trail: str, *, headline: str = HEADLINE, title: str = "", line: str = "") -> str:
    text = (
        f"<html><head><title>{title or headline}</title></head><body>{trail}<h1>{headline}</h1>"
        f"<div>发布时间：2024-03-05 {line}</div><div class=content>{TEXT}</div></body></html>"
    )
    found = extract_page(DecodedPage(url="http://gh.donghe.example/1.html", text=text, encoding="utf-8"))
    assert found.article is not None
    return found.article.column


@pytest.mark.parametrize(
    ("trail", "headline"),
    [
        (f"<div>当前位置：首页 > 工会要闻 > {HEADLINE}</div>", HEADLINE),
        (f"<div>当前位置：首页 > 工会要闻 > {HEADLINE} > 正文</div>", HEADLINE),
        ("<div>当前位置：首页 > 工会要闻 > 东河县总工会举办职工运动会——2024…</div>", HEADLINE),
        ("<div>当前位置：首页 > 工会要闻 > 东河县总工会…</div>", HEADLINE),
        ("<div>首页 > 工会要闻 > 劳模风采|陈飞的一天</div>", "劳模风采|陈飞的一天"),
        (
            (
                "<ul class=breadcrumb><li><a href=/>网站首页</a></li><li><a href=/1>工会要闻</a></li>"
                f"<li>{HEADLINE}</li></ul>"
            ),
            HEADLINE,
        ),
    ],
)
def test_a_headline_that_ends_the_breadcrumb_is_no_column(trail: str, headline: str) -> None:
    """The steps before the headline count, whatever signs it holds and wherever it is cut short."""
    assert _column(trail, headline=headline) == "工会要闻"


def test_a_column_with_which_the_headline_begins_stays() -> None:
    """The last step may be a name that the headline begins with."""
    trail = "<div>当前位置：首页 > 县区工会 > 东河县总工会</div>"
    assert _column(trail) == "东河县总工会"


@pytest.mark.parametrize(
    ("title", "column"),
    [
        (f"{HEADLINE}_工会要闻_东河县总工会", "工会要闻"),
        (f"{HEADLINE} - 工会要闻 - 东河县总工会", "工会要闻"),
        ("劳模_陈飞的一天_东河县总工会", ""),
        ("劳模_陈飞的一天_工会要闻_东河县总工会", "工会要闻"),
    ],
)
def test_a_piece_of_the_headline_in_the_title_is_no_column(title: str, column: str) -> None:
    """Between headline and site stands the column, where there is one."""
    headline = HEADLINE if HEADLINE in title else "劳模_陈飞的一天"
    assert _column("", headline=headline, title=title) == column


def test_a_label_names_the_column() -> None:
    """分类 names it where no breadcrumb does."""
    assert _column("", line="分类：工会要闻") == "工会要闻"


def test_a_column_on_a_line_of_its_own_is_no_text() -> None:
    """Typecho prints 分类 below the date; the line is the column's, not the text's first one."""
    text = (
        f"<html><head><title>{HEADLINE}</title></head><body><h1>{HEADLINE}</h1><ul><li>时间：2024-03-05</li>"
        f"<li>分类: <a href=/c>工会要闻</a></li></ul><div>{TEXT}</div></body></html>"
    )
    found = extract_page(DecodedPage(url="http://gh.donghe.example/1.html", text=text, encoding="utf-8"))
    assert found.article is not None
    assert (found.article.column, found.article.body_text.count("\n")) == ("工会要闻", 1)


@pytest.mark.parametrize("step", ["正文内容", "新闻正文", "文章内容页", "查看详细信息", "浏览新闻", "全文"])
def test_words_for_the_page_are_no_column(step: str) -> None:
    """The step after the column says that a text follows; however it is put, it names no column."""
    assert (
        _column(f"<div>当前位置：<a href=/>首页</a> > <a href=/1>工会要闻</a> > {step}</div>") == "工会要闻"
    )


@pytest.mark.parametrize("column", ["新闻资讯", "信息", "信息公开内容", "文章", "阅读"])
def test_a_column_of_such_words_stays(column: str) -> None:
    """A column may be called by the same words, where none of them speaks of a text."""
    assert _column(f"<div>当前位置：<a href=/>首页</a> > <a href=/1>{column}</a></div>") == column


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("<a href=/c/1 rel='category tag'>工会要闻</a>", "工会要闻"),
        ("<span class=taxonomy-category><a href=/c/1 rel=tag>工会要闻</a></span>", "工会要闻"),
        ("<span class=tags><a href=/t/1 rel=tag>工会要闻</a></span>", ""),
    ],
)
def test_markup_may_name_the_category(line: str, column: str) -> None:
    """A link that its markup calls the category is the column, without a label; a tag is none."""
    assert _column("", line=line) == column
