"""The safe HTML says what the text says and nothing that runs."""

from __future__ import annotations

import re
from html import unescape

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from unioncrawl.extract import extract_page
from unioncrawl.extract.article_parts import join_parts
from unioncrawl.line import finish
from unioncrawl.markup import Mark, read_markup, safe_html, write_markup
from unioncrawl.model import Article, DecodedPage, FieldStep, Image, Step
from unioncrawl.normalize import normalize_article

ALLOWED = {
    **dict.fromkeys(("p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "table", "tr", "td", "th"), ()),
    **dict.fromkeys(("blockquote", "figure", "figcaption"), ()),
    "img": ("src", "alt"),
}
FIGURE = re.compile(r"<figure>(?:<img [^>]*>)+</figure>(?:\n|$)|\n<figure>(?:<img [^>]*>)+</figure>$")
TITLE = "雁川市总工会为货车司机建起暖心驿站"
FIRST = (
    "雁川市总工会日前在城北物流园建起货车司机暖心驿站，司机可以在这里休息、热饭、洗衣，也可以咨询劳动法律。"
)
LAST = "下一步，市总工会将把驿站建到更多货车司机身边，让他们累了能歇脚、渴了能喝水。"


def _extract(body: str) -> Article:
    page = (
        f"<html><head><title>{TITLE}-雁川市总工会</title></head><body><h1>{TITLE}</h1>"
        f"<div>发布时间：2024-03-05 来源：雁川市总工会</div><div class=content>{body}</div>"
        "<div class=foot>版权所有 雁川市总工会</div></body></html>"
    )
    found = extract_page(DecodedPage(url="http://example.org/xw/1.html", text=page, encoding="utf-8")).article
    assert found is not None
    return found


def _read(body: str) -> Article:
    return normalize_article(_extract(body))


def _text_of(html: str) -> str:
    """The text of HTML: its tags taken out, the lines of pictures with them."""
    return unescape(re.sub(r"<[^>]*>", "", FIGURE.sub("", html)))


def _check(article: Article) -> None:
    html = article.body_html
    root = etree.fromstring(f"<body>{html}</body>", etree.HTMLParser())
    for element in root.find("body").iter():
        if element.tag == "body":
            continue
        assert element.tag in ALLOWED, html
        assert set(element.keys()) <= set(ALLOWED[element.tag]), html
        if element.tag == "img":
            assert element.get("src").lower().startswith(("http://", "https://")), html
    assert "".join(root.itertext()).split() == article.body_text.split()


def test_keeps_headings_lists_tables_quotations_and_pictures() -> None:
    """Each structure of a text comes out as its own element; a caption stands once, under its picture."""
    article = _read(
        f"<h2>建起来</h2><p>{FIRST}</p><ul><li>热饭</li><li>洗衣</li></ul><ol><li>登记</li></ol>"
        "<table><tr><th>驿站</th><th>床位</th></tr><tr><td>城北</td><td>12</td></tr></table>"
        "<p><img src=../u/1.jpg></p><p style='text-align:center'>图为驿站外景</p>"
        f"<blockquote><p>“够用。”司机说。</p></blockquote><p>{LAST}</p>"
        "<p><img src=/u/2.jpg alt=司机在驿站里休息></p>"
    )
    assert article.body_html.split("\n") == [
        "<h2>建起来</h2>",
        f"<p>{FIRST}</p>",
        "<ul><li>热饭</li>",
        "<li>洗衣</li></ul>",
        "<ol><li>登记</li></ol>",
        "<table><tr><th>驿站</th>\t<th>床位</th></tr>",
        "<tr><td>城北</td>\t<td>12</td></tr></table>",
        '<figure><img src="http://example.org/u/1.jpg" alt=""><figcaption>图为驿站外景</figcaption></figure>',
        "<blockquote><p>“够用。”司机说。</p></blockquote>",
        f"<p>{LAST}</p>",
        '<figure><img src="http://example.org/u/2.jpg" alt="司机在驿站里休息"></figure>',
    ]
    assert article.markup == "hpu2ortfpqpi"
    _check(article)


def test_two_lists_in_a_row_stay_two() -> None:
    """A list right after another list begins again."""
    article = _read(f"<p>{FIRST}</p><ol><li>登记</li><li>领券</li></ol><ol><li>热饭</li></ol><p>{LAST}</p>")
    assert "<li>领券</li></ol>\n<ol><li>热饭</li></ol>" in article.body_html


def test_text_of_paragraphs_alone_needs_no_notation() -> None:
    """Paragraphs after their pictures, as most stories are, cost the archive nothing."""
    assert _read(f"<p><img src=1.jpg></p><p>{FIRST}</p><p>{LAST}</p>").markup == ""


def test_html_is_repaired_with_the_text() -> None:
    """On a damaged page the HTML says the repaired text, captions and headings included."""
    damaged = (
        "<h3>暖心驛(yì)站</h3><p>雁川市總(zǒng)工會(huì)日前在城北物流園(yuán)建起貨車(chē)司機(jī)暖心驛(yì)站，"
        "司機(jī)可以在這(zhè)里休息、熱(rè)飯、洗衣，也可以咨詢(xún)勞動(dòng)法律。</p>"
        "<p><img src=/1.jpg></p><p align=center>圖(tú)為驛(yì)站外景</p>"
    )
    article = finish(_extract(damaged))
    assert article.steps
    assert article.body_html.split("\n") == [
        "<h3>暖心驿站</h3>",
        f"<p>{FIRST}</p>",
        '<figure><img src="http://example.org/1.jpg" alt=""><figcaption>图为驿站外景</figcaption></figure>',
    ]


def test_lines_that_repair_empties_take_their_marks_along() -> None:
    """A line of nothing but a tag that a mirror left goes, and the heading after it stays a heading."""
    article = normalize_article(
        Article(url="http://e.cn/1", body_text="甲\n</p>\n乙\n丙", markup="p2hp", images=())
    )
    assert (article.body_text, article.markup) == ("甲\n乙\n丙", "ph")
    assert dict(article.raw)["markup"] == "p2hp"


def test_lines_that_repair_joins_are_one() -> None:
    """A step that takes a line break out makes one line of two; the lines after it keep their marks."""
    step = FieldStep("body_text", Step("mirror", 1, 2, "\n", "", 1.0))
    article = Article(
        url="http://e.cn/1",
        body_text="甲乙\n丙\n丁",
        raw=(("body_text", "甲\n乙\n丙\n丁"),),
        steps=(step,),
        markup="p2h",
    )
    assert normalize_article(article).body_html.split("\n") == ["<p>甲乙</p>", "<h2>丙</h2>", "<p>丁</p>"]


def test_parts_are_joined_with_their_marks() -> None:
    """Parts of a story keep headings and pictures; what two parts share is there once."""
    picture, other = Image("http://e.cn/1.jpg"), Image("http://e.cn/2.jpg")
    one = Article(url="http://e.cn/1", body_text="甲\n乙", markup="hip", images=(picture,))
    two = Article(url="http://e.cn/2", body_text="乙\n丙\n丁", markup="ipih", images=(picture, other))
    joined = join_parts([one, two])
    assert (joined.body_text, joined.images) == ("甲\n乙\n丙\n丁", (picture, other))
    assert joined.body_html.split("\n") == [
        "<h2>甲</h2>",
        '<figure><img src="http://e.cn/1.jpg" alt=""></figure>',
        "<p>乙</p>",
        '<figure><img src="http://e.cn/2.jpg" alt=""></figure>',
        "<h2>丙</h2>",
        "<p>丁</p>",
    ]


MARKS = st.builds(
    Mark, st.sampled_from("phjktruoq"), st.integers(0, 3), st.integers(0, 2), st.booleans()
).filter(lambda mark: not mark.opens or mark.kind in "truoq")


@given(st.lists(MARKS, min_size=1, max_size=30), st.integers(0, 3))
def test_notation_is_read_as_it_was_written(marks: list[Mark], after: int) -> None:
    """Writing marks and reading them gives them back."""
    pictures = sum(mark.alone + mark.captioned for mark in marks) + after
    assert read_markup(write_markup(marks, after), len(marks), pictures) == (marks, after)


LINES = st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\n\r"), min_size=1), max_size=8)
ADDRESSES = st.one_of(
    st.sampled_from(
        [
            "javascript:alert(1)",
            " javascript:x",
            "JAVASCRIPT:x",
            "data:text/html,x",
            "vbscript:x",
            "//e",
            "x",
            "",
        ]
    ),
    st.builds('http://e.cn/{}"><script>'.format, st.text(max_size=5)),
    st.text(max_size=12),
)


@given(
    LINES,
    st.text(alphabet="phjtruoqifPTU0129x<", max_size=20),
    st.lists(st.builds(Image, ADDRESSES, st.text())),
)
def test_html_says_the_text_whatever_the_notation(lines: list[str], markup: str, images: list[Image]) -> None:
    """Any text under any notation, with pictures of any address, comes back when the tags are taken out."""
    html = safe_html("\n".join(lines), markup, images)
    bare = re.sub(r"<[^<>]*>", "", re.sub(r'(?:src|alt)="[^"]*"', "", html))
    assert [unescape(line) for line in bare.split("\n") if line] == lines
    assert set(re.findall(r"</?([a-z0-9]+)", re.sub(r'"[^"]*"', "", html))) <= set(ALLOWED)
    assert all(
        address.startswith(("http://", "https://")) for address in re.findall(r'<img src="([^"]*)"', html)
    )


HOSTILE = st.recursive(
    st.sampled_from(
        [
            FIRST,
            LAST,
            "&lt;script&gt;alert(1)&lt;/script&gt;",
            '<img src="1.jpg" onerror="alert(1)" style="x:expression(alert(1))" srcset="javascript:x 2x">',
            '<img src="javascript:alert(1)">',
            '<img src="data:image/svg+xml,<svg onload=alert(1)>">',
            '<img data-src="JaVaScRiPt:alert(1)" src="x.gif" alt="&quot;><script>alert(1)</script>">',
            '<img src="vbscript:x"><img src="http://e.cn/1.jpg?a=&quot;&gt;&lt;script&gt;">',
            "<script>alert(1)</script>",
            "<style>p{background:url(javascript:x)}</style>",
            '<a href="javascript:alert(1)" onclick="x()">点这里</a>',
            '<iframe src="javascript:x"></iframe><object data=x></object><embed src=x>',
            "<svg onload=alert(1)><text>x</text></svg><math><mtext>x</mtext></math>",
            '<form action="x"><input onfocus=alert(1) autofocus><button>x</button></form>',
            '<div style="display:none">隐藏的广告文字，看不见也不该收。</div>',
            "<base href='javascript:x'><meta http-equiv=refresh content='0;url=javascript:x'>",
            "<!--><script>alert(1)</script>--><![CDATA[<script>x</script>]]>",
            "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
            "<template><img src=x onerror=x></template><details ontoggle=x open>细节</details>",
        ]
    ),
    lambda inner: st.builds(
        "<{0}>{1}</{0}>".format,
        st.sampled_from(
            [
                "p",
                "div onclick=x",
                "li",
                "ul",
                "ol",
                "td",
                "th",
                "table",
                "h3",
                "blockquote",
                "figure",
                "a",
                "b",
            ]
        ),
        st.lists(inner, max_size=4).map("".join),
    ),
    max_leaves=12,
)


@given(st.lists(HOSTILE, max_size=6).map("".join))
def test_hostile_markup_leaves_text_and_pictures(hostile: str) -> None:
    """Whatever a page sets into its text, the HTML holds allowed elements and addresses of the web alone."""
    _check(_read(f"<p>{FIRST}</p>{hostile}<p>{LAST}</p>"))


@given(st.text("ifpPhtT0123456789", max_size=40), st.integers(0, 6), st.integers(0, 6))
def test_no_notation_makes_more_than_there_is(markup: str, lines: int, pictures: int) -> None:
    """A stored count, however large, makes a mark a line and a place a picture."""
    marks, after = read_markup(markup, lines, pictures)
    assert len(marks) == lines
    assert after >= 0
    assert sum(mark.alone + mark.captioned for mark in marks) + after == pictures
