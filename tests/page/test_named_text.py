"""Where a template names the text's element, a picture or a file in it is the article, nothing around it."""

from __future__ import annotations

import pytest

from unioncrawl.extract import extract_page
from unioncrawl.model import Article, DecodedPage
from unioncrawl.page.parse import parse_document
from unioncrawl.page.regions import Region

TITLE = "图片新闻：东河县职工登山迎新年"
RULES = (
    "<p>您的邮箱地址不会被公开，带星号的项目必须填写，评论由管理员审核以后显示，请文明发言，谢谢您的合作。</p>"
    * 4
)
FORM = f"<h3>发表留言</h3><form><p><label>姓名 *</label></p><p><label>电子邮件 *</label></p>{RULES}</form>"
RECENT = "".join(
    f"<li><a href=/p/{n}>东河县总工会召开第{n}次工作例会</a> 2024-03-0{n}</li>" for n in range(1, 8)
)
LAYOUTS = {
    "footer below the text": (
        "<article class='post hentry'><header><h1 class=entry-title>{title}</h1></header>"
        "<div class=entry-content>{text}</div><footer class=entry-footer><span>发布于 "
        "<time>2024年3月8日</time></span><span>分类：<a href=/c/1>工会要闻</a></span></footer></article>"
    ),
    "footer in English": (
        "<article class='post hentry'><header><h1 class=entry-title>{title}</h1></header>"
        "<div class=entry-content>{text}</div><footer class=entry-footer><span>Posted on "
        "<time>2024年3月8日</time></span><span>By <a href=/u/1>gonghui</a></span></footer></article>"
    ),
    "linked headline": (
        "<article itemscope><h1 itemprop=headline><a href=/x/9>{title}</a></h1>"
        "<ul><li><time>2024-03-08</time></li><li><a href=/c/1>工会要闻</a></li></ul>"
        "<div itemprop=articleBody class=main-part>{text}</div></article>"
    ),
    "post of Z-Blog": (
        "<div class='post single'><h4>2024年3月8日 9:30:00</h4><h2>{title}</h2>"
        "<div class=post-body>{text}</div>"
        "<h6>作者:gonghui 分类:工会要闻 浏览:52 评论:0</h6></div>"
    ),
}
PICTURE = "<p><img src=/u/1.jpg></p>"


def _page(layout: str, text: str, below: str) -> str:
    article = LAYOUTS[layout].format(title=TITLE, text=text)
    return (
        f"<html><head><title>{TITLE} - 东河县总工会</title></head><body>"
        f"<div id=top><a href=/>东河县总工会</a></div><main>{article}{below}</main></body></html>"
    )


def _read(html: str) -> Article:
    found = extract_page(DecodedPage(url="http://a.example/x/9", text=html, encoding="utf-8")).article
    assert found is not None
    return found


BELOW = {
    "form": f"<div id=comments><div id=respond>{FORM}</div></div>",
    "comments": f"<div class=comments-area><div class=comment-content>{RULES}</div></div>",
    "rules": f"<div id=divCommentPost><div class=content>{RULES}</div></div>",
    "sidebar": f"<div role=complementary id=secondary><h3>最近回复</h3><ul>{RECENT}</ul>{RULES}</div>",
    "unnamed": f"<div class=welcome>{RULES}</div>",
}
# The text as set, its words, and how many pictures and files it shows.
TEXTS = {
    "picture": (PICTURE, ("", 1, 0)),
    "caption": (f"{PICTURE}<p>图为登山现场。</p>", ("图为登山现场。", 1, 0)),
    "file": ("<p><a href=/u/ys.pdf>2024年东河县总工会预算公开表</a></p>", ("", 0, 1)),
}
# Without <article> nothing but its date says that the page of a file beside a list is one.
CASES = [
    (layout, below, text)
    for layout in LAYOUTS
    for below in BELOW
    for text in TEXTS
    if (layout, below, text) != ("post of Z-Blog", "sidebar", "file")
]


@pytest.mark.parametrize(("layout", "below", "text"), CASES)
def test_the_named_element_is_the_text(layout: str, below: str, text: str) -> None:
    """A picture or a file in the element that a template names as the text outweighs all around it."""
    markup, wanted = TEXTS[text]
    found = _read(_page(layout, markup, BELOW[below]))
    assert found.title == TITLE
    assert (found.body_text, len(found.images), len(found.attachments)) == wanted


def test_a_short_notice_keeps_the_date_that_closes_it() -> None:
    """Name and day on the last line of the named element are the notice's, though the head is as near."""
    lines = ("各基层工会：", "请于3月底前报送登山队名单。", "东河县总工会 2024年3月7日")
    html = (
        f"<html><head><title>{TITLE}</title></head><body><div><h2>{TITLE}</h2>"
        "<div>时间：2024-03-08 9:00</div>"
        f"<div class=content>{''.join(f'<p>{line}</p>' for line in lines)}</div></div>"
        "<dl><dd>评论须经审核，请勿发布违法、违规的言论，谢谢。</dd></dl></body></html>"
    )
    found = _read(html)
    assert found.body_text == "\n".join(lines)
    assert found.published_raw == "2024-03-08 9:00"


def test_a_long_text_beside_the_picture_is_the_text() -> None:
    """In one part with the headline a picture's element yields to the running text."""
    text = "".join(
        f"<p>第{n}支登山队由基层工会组成，队员们互相鼓励，全部登顶，无人受伤。</p>" for n in range(9)
    )
    html = (
        f"<html><head><title>{TITLE}</title></head><body><div><h1>{TITLE}</h1><div>时间：2024-03-08</div>"
        f"<div class=post-content>{PICTURE}</div><div>{text}</div></div></body></html>"
    )
    assert _read(html).body_text.count("登山队") == 9


def test_a_list_of_one_entry_is_no_article() -> None:
    """An entry of a list has its headline in its own element; the column's stands outside."""
    entry = f"<article><h2><a href=/x/9>{TITLE}</a></h2><div class=entry-content>{PICTURE}</div></article>"
    menu = "".join(f"<li><a href=/c/{n}>工会栏目第{n}号</a></li>" for n in range(8))
    html = f"<title>分类：基层工会动态</title><h1>分类：基层工会动态归档</h1>{entry}<ul>{menu}</ul>"
    page = DecodedPage(url="http://a.example/c/1", text=html, encoding="utf-8")
    assert extract_page(page).article is None


@pytest.mark.parametrize(
    ("markup", "region"),
    [
        ("<div id=comments><div class=comment-content><p>{}</p></div></div>", Region.NOISE),
        ("<div id=respond-post-7><div class=content><p>{}</p></div></div>", Region.NOISE),
        ("<div class=box role=complementary><p>{}</p></div>", Region.NOISE),
        ("<div class=box itemprop=articleBody><p>{}</p></div>", Region.BODY),
        ("<div class=side><div class=content><p>{}</p></div></div>", Region.BODY),
        ("<div class=comment><div class=content><p>{}</p></div></div>", Region.BODY),
    ],
)
def test_comments_are_sealed(markup: str, region: Region) -> None:
    """What stands among readers' comments is never named a text; a column of commentaries may be."""
    text = "登山活动办得好，希望明年还有。"
    html = f"<body><p>{'前文很长，' * 40}</p>{markup.format(text)}</body>"
    document = parse_document(DecodedPage(url="http://a.example/1", text=html, encoding="utf-8"))
    assert next(line.region for line in document.lines if line.text == text) is region


@pytest.mark.parametrize("piece", [PICTURE, "<p><a href=/u/1.pdf>东河县总工会决算.pdf</a></p>"])
def test_a_form_for_comments_that_says_the_most_is_no_text(piece: str) -> None:
    """Where the only sentences of a page are those of its form, the picture or the file is the article."""
    html = (
        f"<title>{TITLE}</title><main><h1>{TITLE}</h1><div class=entry-content>{piece}</div>"
        "<p>Posted <time datetime=2024-03-08T09:30:00+08:00>2024年3月8日</time></p>"
        f"<div class=x-comments><h2>评论</h2><div id=respond class=comment-respond>{FORM}</div></div></main>"
    )
    article = _read(html)
    assert "邮箱" not in article.body_text
    assert len(article.images) + len(article.attachments) == 1
