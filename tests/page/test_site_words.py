"""Words of menus, feet and tails drop no line that is set as the article's text."""

from __future__ import annotations

import re

import pytest

from unioncrawl.extract import extract_page
from unioncrawl.model import Article, DecodedPage
from unioncrawl.page.line_kinds import BOILERPLATE

TITLE = "雁川市总工会公布职工书屋使用办法"
FIRST = "雁川市总工会日前公布职工书屋使用办法，全市八十六家书屋从下月起统一开放时间，职工凭会员卡借阅。"
LAST = "办法还对图书的更新、书屋的值班和读者的意见作了规定，市总工会每季度抽查一次，结果向职工公开。"
NEXT = (
    "<li>上一篇：<a href=1.html>市总工会慰问环卫工人</a></li><li>下一篇：<a href=3.html>职工歌会举行</a></li>"
)


def _read(inner: str, under: str = "") -> Article:
    page = (
        f"<html><head><title>{TITLE}</title></head><body><div class=nav><a href=/>首页</a></div>"
        f"<h1>{TITLE}</h1><div class=info>发布时间：2024-09-12 10:20 来源：雁川市总工会</div>"
        f"<div class=content>{inner}</div>"
        f"<ul>{NEXT}</ul>{under}"
        "<div class=foot><p>版权所有：雁川市总工会 技术支持：雁川网络</p></div></body></html>"
    )
    found = extract_page(DecodedPage(url="http://example.org/xw/2.html", text=page, encoding="utf-8")).article
    assert found is not None
    return found


def _lines(*lines: str) -> list[str]:
    return _read("".join(f"<p>{line}</p>" for line in lines)).body_text.split("\n")


@pytest.mark.parametrize(
    "lines",
    [
        (FIRST, LAST, "版权所有：书屋自编的读本由市总工会享有权利，各单位可以免费翻印。"),
        ("上一篇报道刊出后，许多读者打来电话询问书屋地址，现集中答复。", FIRST, LAST),
        (FIRST, LAST, "下一篇我们将走进矿区书屋，听一听矿工的读书故事。"),
        (
            "问：怎样注册会员卡？",
            "答：持身份证到单位工会办理。",
            "问：可以在网上发表评论吗？",
            "答：暂时不能。",
        ),
        ("一、统一开放时间。", "二、统一更换门牌。", "三、举报电话全部更新。", "四、登录口令半年一换。"),
        ("第三条 读者注册时填写单位。", "第四条 读者可以发表评论。", "第五条 本办法自十月一日起施行。"),
        ("各书屋请报所需图书，月底截止。", "联系人：孙丽", "邮编：430000"),
    ],
    ids=["rights", "preceding-report", "next-report", "questions", "minutes", "rules", "contacts"],
)
def test_words_of_the_site_within_the_text_stay(lines: tuple[str, ...]) -> None:
    """A sentence or an entry among others is text, whatever words of menus and feet it has."""
    assert _lines(*lines) == list(lines)


@pytest.mark.parametrize(
    "line",
    [
        "版权所有：雁川市总工会",
        "版权所有，转载请注明出处。",
        "上一篇：没有了，敬请期待。",
        "下一篇 没有了",
        "未经本网授权，不得转载。",
    ],
)
def test_lines_of_the_site_below_the_text_are_dropped(line: str) -> None:
    """What says no more than a site's foot, tail or menu is no text, set as a paragraph too."""
    assert _lines(FIRST, LAST, line) == [FIRST, LAST]


def test_a_heading_of_related_matter_without_links_stays_with_its_text() -> None:
    """相关链接 above a paragraph of the same element heads an explanation; above links it heads a list."""
    note = "什么是职工书屋？它是工会为职工建立的读书场所，书籍由各级工会配送，免费借阅。"
    assert _lines(FIRST, LAST, "相关链接", note) == [FIRST, LAST, "相关链接", note]
    assert _lines(FIRST, LAST, "相关链接", "<a href=5.html>职工书屋在雁川市落地，读者超过万人</a>") == [
        FIRST,
        LAST,
    ]


def test_cells_of_a_table_of_values_are_text() -> None:
    """许可证号 and 分辨率 in a table of several columns name values, and the text goes on below it."""
    rows = (
        ("品名", "分辨率：要求", "许可证号"),
        ("借阅机", "分辨率：1024×768", "甲0031"),
        ("扫描仪", "扫一扫", "乙0032"),
    )
    table = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    text = _read(
        f"<p>书屋设备报价如下，请各供应商核对：</p><table border=1>{table}</table><p>{LAST}</p>"
    ).body_text
    assert text.split("\n")[1:] == [*("\t".join(row) for row in rows), LAST]


def test_a_table_that_is_the_foot_of_the_site_is_no_text() -> None:
    """Old pages set their foot as a table of short cells; it names who owns the site."""
    rows = ("版权所有", "雁川市总工会"), ("技术支持", "雁川网络")
    cells = "".join(f"<tr><td>{name}</td><td>{value}</td></tr>" for name, value in rows)
    foot = f"<table>{cells}</table>"
    assert _read(f"<p>{FIRST}</p><p>{LAST}</p>", foot).body_text.split("\n") == [FIRST, LAST]


def test_a_rule_after_a_checkers_label_names_nobody() -> None:
    """审核：由部门负责人签字后上报。 is a rule of the text; 审核：孙丽。 and an office are who checked it."""
    texts = (FIRST, "审核：由部门负责人签字后上报。", LAST)
    found = _read("".join(f"<p>{text}</p>" for text in texts))
    assert (found.reviewer, found.body_text.split("\n")) == ("", list(texts))
    assert _read(f"<p>{FIRST}</p><p>{LAST}</p><p>审核：孙丽。</p>").reviewer.startswith("孙丽")
    assert _read(f"<p>{FIRST}</p><p>{LAST}</p><p>审核：宣传教育部。</p>").reviewer.startswith("宣传教育部")


def test_a_signature_with_its_date_on_one_line_closes_the_text() -> None:
    """A union's name with a day after it is no head of the page, below a text of a line or two."""
    lines = ["各基层工会：", "请于本月底前报送名单。", "雁川市总工会 2024年9月11日"]
    found = _read("".join(f"<p>{line}</p>" for line in lines))
    assert found.body_text.split("\n") == lines
    assert found.published_raw == "2024-09-12 10:20"


def test_the_time_of_an_event_is_no_time_of_publishing() -> None:
    """报名时间：… is a line of the text, and the page's own date stays its date."""
    lines = [
        "现将书评活动安排如下：",
        "一、报名时间：2024年10月8日9:00",
        "二、活动地点：市工人文化宫",
        "联系人：孙丽",
    ]
    found = _read("".join(f"<p>{line}</p>" for line in lines))
    assert found.body_text.split("\n") == lines
    assert found.published_raw == "2024-09-12 10:20"


def test_every_word_of_a_site_may_begin_where_its_pattern_looks() -> None:
    """The signs that the pattern of a site's words looks for first are those with which its words begin."""
    looked = re.match(r"\(\?=\[(?P<signs>[^\]]+)\]\)\(\?:(?P<words>.+)\)\Z", BOILERPLATE.pattern)
    assert looked is not None
    words = re.split(r"\|(?![^(]*\))", looked["words"])
    inner = [
        word.removeprefix("(?:").partition(")")[0].split("|") if word[0] == "(" else [word] for word in words
    ]
    assert {one[0].lower() for several in inner for one in several} == set(looked["signs"])
