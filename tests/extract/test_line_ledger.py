"""Every visible line of a recorded page is kept, taken, dropped by a rule, or outside the text."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from lxml import etree

from tests.sites.test_recorded import PAGES
from unioncrawl.decode.order import decode_page
from unioncrawl.extract import explain_lines
from unioncrawl.extract.line_ledger import MOST_DROPS, Fate, LineFate, count_fates
from unioncrawl.model import DecodedPage, Extraction
from unioncrawl.page.hidden.elements import Hiding
from unioncrawl.page.paragraphs import DropRule
from unioncrawl.page.parse import parse_document

# A line inside the text may go for what it is in the page; these are the edges' and the page's own.
OF_EDGES = {DropRule.ABOVE, DropRule.BELOW}
TITLE = "雁川市总工会为货车司机建起暖心驿站"
FIRST = "雁川市总工会在城北物流园建起货车司机暖心驿站，司机可以在这里休息、热饭、洗衣，也可以咨询劳动法律。"
LAST = "下一步，市总工会将把驿站建到更多货车司机身边，让他们累了能歇脚、渴了能喝水。"
FRAME = (
    f"<html><head><title>{TITLE}</title></head><body><div class=nav><a href=/>首页</a></div><h1>{TITLE}</h1>"
    "<div class=info>发布时间：2024-05-13 09:10 来源：雁川工人报</div>{body}"
    "<div class=foot>版权所有：雁川市总工会 地址：人民路1号</div></body></html>"
)


def explain(text: str) -> tuple[Extraction, list[LineFate]]:
    """A page's extraction and the fate of its lines."""
    return explain_lines(DecodedPage(url="http://example.org/xw/1.html", text=text, encoding="utf-8"))


def story(middle: str = "", end: str = "") -> list[str]:
    """The lines of a story with something between its paragraphs, or after them in their element."""
    body = f"<div class=content><p>{FIRST}</p>{middle}<p>{LAST}</p>{end}</div>"
    found = explain(FRAME.replace("{body}", body))[0].article
    assert found is not None
    return found.body_text.split("\n")


@pytest.mark.parametrize("folder", PAGES, ids=["/".join(page.parts[-2:]) for page in PAGES])
def test_no_line_of_a_recorded_page_is_lost(folder: Path) -> None:
    """Kept, taken, dropped and outside lines are the visible lines; what is kept is the text."""
    page = decode_page((folder / "page.html").read_bytes())
    extraction, fates = explain(page.text)
    document = parse_document(
        DecodedPage(url="http://example.org/xw/1.html", text=page.text, encoding="utf-8")
    )
    shown = [one for one in fates if one.fate is not Fate.HIDDEN]
    assert [one.text for one in shown] == [line.text for line in document.lines]
    assert sum(count_fates(shown).values()) == len(document.lines)
    if extraction.article is None:
        return
    kept = "\n".join(one.text for one in shown if one.fate is Fate.KEPT)
    assert kept == extraction.article.body_text.replace("\t", "\n")
    rules = {*DropRule, *Hiding}
    assert all(one.by in rules for one in fates if one.fate in (Fate.DROPPED, Fate.HIDDEN))
    places = [one.line for one in shown if one.fate is Fate.KEPT]
    inside = [one for one in shown if one.fate is Fate.DROPPED and places[0] < one.line < places[-1]]
    assert not [one for one in inside if one.by in OF_EDGES]


@pytest.mark.parametrize("folder", PAGES[::4], ids=["/".join(page.parts[-2:]) for page in PAGES[::4]])
def test_lines_hold_every_visible_character(folder: Path) -> None:
    """The lines and the hidden pieces hold each character of the page's elements that can be seen."""
    page = decode_page((folder / "page.html").read_bytes())
    document = parse_document(
        DecodedPage(url="http://example.org/xw/1.html", text=page.text, encoding="utf-8")
    )
    root = document.root
    unseen = (
        "script style noscript template svg textarea select option iframe object embed canvas video audio"
    )
    inside = "|".join(f"ancestor::{tag}" for tag in [*unseen.split(), "title", "map"])
    pieces = root.xpath(f"//text()[not({inside})][not(ancestor::comment())]") if root is not None else []
    seen = Counter("".join("".join(piece.split()) for piece in pieces))
    lines = Counter("".join("".join(line.text.split()) for line in document.lines))
    hidden = Counter("".join("".join(one.text.split()) for one in document.hidden))
    lost = seen - lines - hidden
    assert not lost, etree.tostring(root, encoding="unicode")[:200]


@pytest.mark.parametrize(
    "line",
    [
        "主办单位：雁川市总工会",
        "承办单位：雁川市人力资源和社会保障局、雁川职业技术学院",
        "技术支持：北坞信息",
        "举报电话：0791-86666666",
        "（二）是否按规定取得办学许可证；",
        "职工可登录工会网站查询经费使用情况。",
        "注册方式",
        "扫一扫二维码报名",
        "照片分辨率不低于300dpi",
        "发表评论",
        "编辑：您每天几点到驿站？",
        "来源：职工来信",
        "记者：这里的水是谁烧的？",
        "邮编：330000",
        "联系我们",
        "打印",
        "摘要：本文介绍货车司机驿站的建设",
        "案件来源：职工举报",
        "版权所有，翻印必究。",
        "审核：由所在单位工会负责",
        "2024年3月5日",
        "时间：3月5日上午9时",
        "相关链接",
    ],
)
@pytest.mark.parametrize("place", ["paragraph", "line break", "entry", "cell"])
def test_words_drop_no_line_between_sentences(line: str, place: str) -> None:
    """Whatever words a line has, between two sentences of one element it is text."""
    middle = {
        "paragraph": f"<p>{line}</p>",
        "line break": f"<p>以下是有关事项，请司机朋友们留意。<br>{line}<br>以上由市总工会负责解释。</p>",
        "entry": f"<ul><li>驿站的有关事项</li><li>{line}</li></ul>",
        "cell": f"<table><tr><td>有关事项</td><td>{line}</td></tr></table>",
    }[place]
    assert line in "\t".join(story(middle)).split("\t")


@pytest.mark.parametrize(
    "line",
    [
        "主办单位：雁川市总工会",
        "三、联系我们：0791-86666666",
        "举报电话：0791-86666666",
        "第五条 本办法的许可证由市总工会发放。",
        "2024年5月12日",
        "有效期至：2026年5月12日",
        "报名截止时间：2024年5月31日",
    ],
)
def test_last_lines_of_a_notice_stay(line: str) -> None:
    """A line with words of a site's foot, or a closing date, that ends a text as its paragraph is text."""
    assert story(end=f"<p>{line}</p>")[-1] == line


@pytest.mark.parametrize(
    ("end", "rule"),
    [
        ("<p>版权所有：雁川市总工会</p>", DropRule.SITE),
        ("<p>主办单位：雁川市总工会</p><p>版权所有：雁川市总工会</p>", DropRule.SITE),
        ("<p>【打印】【关闭】</p>", DropRule.TOOLS),
        ("<div class=share>分享给朋友们看一看</div>", DropRule.BOX),
        ("<div class=expire-tip>本文更新于400天前，内容可能已经过时。</div>", DropRule.BOX),
        ("<p>12</p>", DropRule.NUMBER),
        ("<p>——————</p>", DropRule.SIGNS),
    ],
)
def test_what_is_no_text_goes_with_its_rule(end: str, rule: DropRule) -> None:
    """A line dropped in the text's element stands in the article's evidence with its rule."""
    extraction, _ = explain(
        FRAME.replace("{body}", f"<div class=content><p>{FIRST}</p><p>{LAST}</p>{end}</div>")
    )
    assert extraction.article is not None
    assert extraction.article.body_text == f"{FIRST}\n{LAST}"
    assert rule.value in [piece.rule for piece in extraction.article.evidence if piece.field == "body_text"]


def test_a_taken_line_is_no_drop() -> None:
    """A credit whose value became a field is taken, and no drop in the evidence."""
    end = "<p>责任编辑：张晓明</p>"
    extraction, fates = explain(
        FRAME.replace("{body}", f"<div class=content><p>{FIRST}</p><p>{LAST}</p>{end}</div>")
    )
    assert extraction.article is not None
    assert extraction.article.editor == "张晓明"
    assert [(one.fate, one.by) for one in fates if one.text.startswith("责任编辑")] == [
        (Fate.TAKEN, "editor")
    ]
    assert not [piece for piece in extraction.article.evidence if piece.field == "body_text"]


def test_a_subtitle_is_no_drop() -> None:
    """A line that is part of the headline is taken, and no evidence says that it was dropped."""
    page = FRAME.replace("</h1>", "</h1><h3>全市司机有了自己的家园</h3>").replace(
        "{body}", f"<p>{FIRST}</p><p>{LAST}</p>"
    )
    extraction, fates = explain(page)
    assert extraction.article is not None
    assert extraction.article.subtitle == "全市司机有了自己的家园"
    assert [one.fate for one in fates if "自己的家园" in one.text] == [Fate.TAKEN]
    assert not [piece for piece in extraction.article.evidence if piece.field == "body_text"]


def test_an_abstract_box_goes() -> None:
    """A box above the text that only repeats its beginning is dropped by name."""
    abstract, body = (
        f"<div class=desc>{FIRST[:30]}</div>",
        f"<div class=content><p>{FIRST}</p><p>{LAST}</p></div>",
    )
    extraction, fates = explain(FRAME.replace("{body}", abstract + body))
    assert extraction.article is not None
    assert extraction.article.body_text == f"{FIRST}\n{LAST}"
    assert (Fate.DROPPED, DropRule.ABSTRACT) in [(one.fate, one.by) for one in fates]


def test_a_cut_abstract_goes_from_the_text_itself() -> None:
    """A first paragraph that breaks off and begins as the second does repeats it, in the same element too."""
    body = f"<div class=content><p>{FIRST[:30]}……</p><p>{FIRST}</p><p>{LAST}</p></div>"
    found = explain(FRAME.replace("{body}", body))[0].article
    assert found is not None
    assert found.body_text == f"{FIRST}\n{LAST}"


def test_an_event_opens_a_notice() -> None:
    """时间：… above 地点：… is of the notice, though the line is little else than a date."""
    opening = ["时间：2024年5月20日上午9:00", "地点：市工人文化宫三楼会议室"]
    body = "".join(f"<p>{line}</p>" for line in (*opening, FIRST, LAST))
    found = explain(FRAME.replace("{body}", f"<div class=content>{body}</div>"))[0].article
    assert found is not None
    assert found.body_text.split("\n") == [*opening, FIRST, LAST]


def test_a_caption_of_links_goes_with_them() -> None:
    """Whatever a box under the text is called, its caption is no text where links follow it."""
    links = "".join(
        f"<li><a href={place}.html>驿站的第{place}年：司机们的来信</a></li>" for place in range(1, 4)
    )
    assert story(end=f"<div class=b7><h3>您也许想看</h3><ul>{links}</ul></div>") == [FIRST, LAST]


def test_a_line_of_attachments_is_taken() -> None:
    """A line of links to files is taken as attachments, and is text where the text holds it."""
    end = "<p><a href=1.docx>附件1：报名表.docx</a> <a href=2.pdf>附件2：说明.pdf</a></p>"
    text = f"<p>{FIRST}</p><p>{LAST}</p>"
    for body, by in ((f"{text}</div><div>{end}", "attachments"), (f"{text}{end}", "")):
        _, fates = explain(FRAME.replace("{body}", f"<div class=content>{body}</div>"))
        assert [one.by for one in fates if one.text.startswith("附件")] == [by]


def test_a_copy_for_phones_goes() -> None:
    """The second print of a whole article in another element is dropped by name; a refrain stays."""
    print_ = f"<h1>{TITLE}</h1><div class=view><p>{FIRST}</p><p>{LAST}</p></div>"
    body = f"<body><div class=pc>{print_}</div><div class=wap>{print_}</div></body>"
    page = f"<html><head><title>{TITLE}</title></head>{body}</html>"
    extraction, fates = explain(page)
    assert extraction.article is not None
    assert extraction.article.body_text == f"{FIRST}\n{LAST}"
    assert count_fates(fates)["dropped"] == 3
    assert story(f"<p>{FIRST}</p>") == [FIRST, FIRST, LAST]


def test_evidence_of_drops_has_an_end() -> None:
    """Beyond sixty dropped lines the evidence gives their number."""
    noise = "".join(f"<span hidden>杂字{place}</span>" for place in range(MOST_DROPS + 3))
    body = f"<div class=content><p>{FIRST}</p><p>{LAST}{noise}</p></div>"
    found = explain(FRAME.replace("{body}", body))[0].article
    assert found is not None
    pieces = [piece for piece in found.evidence if piece.field == "body_text"]
    assert len(pieces) == MOST_DROPS + 1
    assert (pieces[-1].rule, pieces[-1].raw) == ("further-drops", "3")


def test_every_rule_is_in_the_documents() -> None:
    """docs/fields.md says what each rule of a dropped or hidden line means."""
    text = (Path(__file__).parents[2] / "docs" / "fields.md").read_text(encoding="utf-8")
    assert not [rule.value for rule in (*DropRule, *Hiding) if f"`{rule.value}`" not in text]


def test_a_head_row_names_the_values_below_it() -> None:
    """In a table of a head row and a row of values 发布机构 names the cell below, not the next name."""
    names, values = ("索取号", "发布时间", "发布机构", "备注"), ("07-001", "", "雁川市总工会办公室", "")
    head = "".join(f"<td>{name}</td>" for name in names)
    row = "".join(f"<td>{value}</td>" for value in values)
    table = f"<table><thead><tr>{head}</tr></thead><tr>{row}</tr></table>"
    page = FRAME.replace(" 来源：雁川工人报", "").replace(
        "{body}", f"<div class=content>{table}<p>{FIRST}</p><p>{LAST}</p></div>"
    )
    found = explain(page)[0].article
    assert found is not None
    assert found.source == "雁川市总工会办公室"
    assert found.body_text == f"{FIRST}\n{LAST}"


def test_a_table_of_several_rows_stays() -> None:
    """A head row above several rows is a table of the text, whatever its columns are called."""
    rows = "".join(f"<tr><td>第{place}号通告</td><td>2024年5月{place}日</td></tr>" for place in range(1, 4))
    table = f"<table><thead><tr><td>名称</td><td>发布时间</td></tr></thead>{rows}</table>"
    text = story(table)
    assert [line for line in text if line.startswith("第")] == [
        f"第{place}号通告\t2024年5月{place}日" for place in range(1, 4)
    ]
