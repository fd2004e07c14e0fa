"""The text of a story is taken whole and alone, whatever holds it."""

from __future__ import annotations

import pytest

from unioncrawl.extract import extract_page
from unioncrawl.model import Article, DecodedPage
from unioncrawl.normalize import normalize_article

TITLE = "雁川市总工会为货车司机建起暖心驿站"
TEXT = [
    "雁川市总工会日前在城北物流园建起货车司机暖心驿站，司机可以在这里休息、热饭、洗衣，也可以咨询劳动法律。",
    "驿站开通首月已接待司机六百多人次，职工的三十条建议都得到了落实，网络点击量达到10万余次。",
    "下一步，市总工会将把驿站建到更多货车司机身边，让他们累了能歇脚、渴了能喝水。",
]
FIRST, SECOND, LAST = TEXT
PARAGRAPHS = "".join(f"<p>{text}</p>" for text in TEXT)
HOSTILE = (
    f'<p onclick="x()">{FIRST}</p><script>alert(1)</script><p><a href="javascript:alert(1)">{SECOND}</a></p>'
    '<img src="1.jpg" onerror="alert(1)"><svg onload="alert(1)"><text>x</text></svg>'
    '<iframe src="//e"></iframe>'
    f"<style>p{{}}</style><object data=x></object><p>{LAST}&lt;script&gt;</p><form action=x><input></form>"
    '<img src="javascript:alert(1)"><img src="2.jpg" alt="&quot;onload=alert(1)"><img src="data:text/html,x">'
)


def _read(body: str) -> Article:
    page = (
        f"<html><head><title>{TITLE}-雁川市总工会</title></head><body><div class=nav><a href=/>首页</a></div>"
        f"<h1>{TITLE}</h1><div>发布时间：2024-03-05 来源：雁川市总工会</div>{body}"
        "<div class=foot>版权所有 雁川市总工会</div></body></html>"
    )
    found = extract_page(DecodedPage(url="http://example.org/xw/1.html", text=page, encoding="utf-8")).article
    assert found is not None
    return normalize_article(found)


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        (f"<div><div>{''.join(f'<div><div>{text}</div></div>' for text in TEXT)}</div></div>", TEXT),
        (f"<div>　　{'<br><br>　　'.join(TEXT)}</div>", TEXT),
        (f"<table><tr><td><table><tr><td>{PARAGRAPHS}</td></tr></table></td></tr></table>", TEXT),
        (f"<founder-content>{PARAGRAPHS}</founder-content>", TEXT),
        ("<pre>" + "\n".join(TEXT) + "</pre>", TEXT),
        (
            (
                "<div><p>为方便职工上班以后学习，雁川市总工会决定举办夜校，欢迎报名。</p>"
                f"<p>时间：2024年5月20日 14:30</p><p>地点：文化宫二楼</p><p>{LAST}</p></div>"
            ),
            [
                "为方便职工上班以后学习，雁川市总工会决定举办夜校，欢迎报名。",
                "时间：2024年5月20日 14:30",
                "地点：文化宫二楼",
                LAST,
            ],
        ),
        ("<font size=3>　　" + "<p>　　".join(TEXT) + "</font>", TEXT),
        (
            f"<div><h3>建起来</h3><p>{FIRST}</p><h3>用得好</h3><p>{LAST}</p></div>",
            ["建起来", FIRST, "用得好", LAST],
        ),
        (f"<div><p>01</p><p>{FIRST}</p><p>02</p><p>{LAST}</p></div>", ["01", FIRST, "02", LAST]),
        (
            f"<div><p>{FIRST}</p><p>资金来源：财政补助和经费。</p></div>",
            [FIRST, "资金来源：财政补助和经费。"],
        ),
        (
            f"<div><p>{FIRST}</p><p>职工扫一扫二维码就能预约，关注公众号还能领券。</p><p>{LAST}</p></div>",
            [FIRST, "职工扫一扫二维码就能预约，关注公众号还能领券。", LAST],
        ),
        (
            f"<div><p>{FIRST}</p><p>时间：2024年7月15日</p><p>地点：市工人文化宫</p></div>",
            [FIRST, "时间：2024年7月15日", "地点：市工人文化宫"],
        ),
        (
            f"<div><p>{FIRST}</p><p>特此通知。</p><p>雁川市总工会<br>2024年3月5日</p><p>（联系人：李方）</p></div>",
            [FIRST, "特此通知。", "雁川市总工会", "2024年3月5日", "（联系人：李方）"],
        ),
    ],
)
def test_takes_the_text_out_of_any_container(body: str, wanted: list[str]) -> None:
    """Paragraphs, breaks, subheads, numbers, notices: every line of the text is a paragraph."""
    assert _read(body).body_text.split("\n") == wanted


@pytest.mark.parametrize("cell", ["{}", "<p>{}</p>"])
def test_keeps_the_rows_of_a_table(cell: str) -> None:
    """The cells of a row stand in one line with tabs between them, labels among them too."""
    rows = [("姓名", "作者", "发布单位"), ("李方", "王小丫", "雁川机械厂")]
    table = "".join(f"<tr>{''.join(f'<td>{cell.format(text)}</td>' for text in row)}</tr>" for row in rows)
    article = _read(f"<div><p>{FIRST}</p><table>{table}</table><p>{LAST}</p></div>")
    assert article.body_text.split("\n") == [FIRST, *("\t".join(row) for row in rows), LAST]


@pytest.mark.parametrize(
    ("box", "text"),
    [
        ("<div class=description>{}</div><div class=text><p>{}</p></div>", [FIRST]),
        ("<p class=lead>{}</p><p>{}</p>", [FIRST]),
        ("<div class=text><p>{}</p><p>{}</p></div>", [FIRST, FIRST]),
    ],
)
def test_a_box_that_repeats_a_text_of_one_paragraph_is_none_of_it(box: str, text: list[str]) -> None:
    """A template prints the description above the text; a refrain is set as its lines are."""
    assert _read(box.format(FIRST, FIRST)).body_text.split("\n") == text


def test_ends_at_the_closing_credit() -> None:
    """A form to report the story, printed after its editor, is not text; a note in brackets is text."""
    report = "<ul><li>内容低俗</li><li>疑似抄袭</li><li>其他问题，我要吐槽</li></ul><p>请填写原因</p>"
    article = _read(
        f"<div>{PARAGRAPHS}<p>责编：李方</p><p>（资料来自雁川日报等）</p><div>阅读数(158)</div>{report}</div>"
    )
    assert article.body_text.split("\n") == [*TEXT, "（资料来自雁川日报等）"]
    assert (article.editor, article.hits) == ("李方", 158)


def test_safe_html_holds_nothing_that_runs() -> None:
    """Scripts, handlers, frames and addresses that run are dropped; what is left is text and pictures."""
    article = _read(f"<div class=content>{HOSTILE}</div>")
    assert article.body_text.split("\n") == [FIRST, SECOND, f"{LAST}<script>"]
    assert article.body_html.split("\n") == [
        f"<p>{FIRST}</p>",
        f"<p>{SECOND}</p>",
        '<figure><img src="http://example.org/xw/1.jpg" alt=""></figure>',
        f"<p>{LAST}&lt;script&gt;</p>",
        '<figure><img src="http://example.org/xw/2.jpg" alt=""></figure>',
    ]
