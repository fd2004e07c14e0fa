"""Headline parts without labels and breadcrumbs are read in layouts that no site file describes."""

from __future__ import annotations

import pytest

from unioncrawl.extract import extract_page
from unioncrawl.model import Article, DecodedPage

TEXT = (
    "雁川市总工会日前在城北物流园建起货车司机暖心驿站，司机可以在这里休息、热饭、洗衣，也可以咨询劳动法律。",
    "驿站开通首月已接待司机六百多人次，来源于职工的三十条建议都得到了落实。",
    "下一步，市总工会将把驿站建到更多货车司机身边，让他们累了能歇脚、渴了能喝水。",
)
BODY = "".join(f"<p>{text}</p>" for text in TEXT)
MAIN, LEAD, SUB = "货车司机有了“歇脚地”", "雁川市总、市交通局", "一个月接待六百多人次"
DASHED = f"——{SUB}"
IN_ROWS = (
    f"<table><tr><td class=font02>{LEAD}</td></tr><tr><td class=font01>{MAIN}</td></tr>"
    f"<tr><td class=font02>{DASHED}</td></tr><tr><td>2024年03月05日 星期二</td></tr></table>"
)
NUMBERED = (
    f"<div>第8384期:第03版 工会</div><div class=title1>{LEAD}</div><div class=title2><h1>{MAIN}</h1></div>"
    f"<div class=title3>{SUB}</div>"
)
FIRST_HALF, SECOND_HALF = "雁川市总工会召开第十届委员会", "第三次全体会议"


def _read(page: str, title: str = f"{MAIN}-雁川工人报") -> Article:
    text = f"<html><head><title>{title}</title></head><body>{page}</body></html>"
    url = "http://example.org/html/2024-03/05/content_1.htm"
    found = extract_page(DecodedPage(url=url, text=text, encoding="utf-8")).article
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("page", "lead", "sub"),
    [
        (
            f"{IN_ROWS}<div id=ozoom><founder-content>{BODY}</founder-content></div>",
            LEAD,
            DASHED,
        ),
        (
            f"<table><tr><td>{LEAD}<br><b>{MAIN}</b><br>{SUB}</td></tr></table><div id=ozoom>{BODY}</div>",
            LEAD,
            SUB,
        ),
        (
            f"{NUMBERED}<div class=con>{BODY}</div>",
            LEAD,
            SUB,
        ),
        (
            f"<div class=tit><h4>{LEAD}</h4><h2>{MAIN}</h2><h4>{SUB}</h4></div><div class=txt>{BODY}</div>",
            LEAD,
            SUB,
        ),
        (
            f"<div><h1>{MAIN}<br>{DASHED}</h1></div><div>2024-03-05</div><div class=content>{BODY}</div>",
            "",
            DASHED,
        ),
        (
            f"<div><h1><small>{LEAD}</small><br>{MAIN}</h1></div><div>2024-03-05</div><div>{BODY}</div>",
            LEAD,
            "",
        ),
        (
            f"<p>引题：{LEAD}</p><h1>{MAIN}</h1><p>副题：{SUB}</p><div>2024-03-05</div><div>{BODY}</div>",
            LEAD,
            SUB,
        ),
    ],
)
def test_reads_headline_parts_without_names(page: str, lead: str, sub: str) -> None:
    """Lines that stand with the headline are 引题 and 副题; the headline is what ``<title>`` says."""
    article = _read(page)
    assert (article.lead_title, article.title, article.subtitle) == (lead, MAIN, sub)
    assert article.body_text == "\n".join(TEXT)


@pytest.mark.parametrize(
    "page",
    [
        f"<div>{MAIN}<br>李方 王小丫</div><div>2024-03-05</div><div class=content>{BODY}</div>",
        f"<div>{MAIN}<br>雁川市总工会办公室</div><div>2024-03-05</div><div class=content>{BODY}</div>",
        f"<div>雁川市总工会信息公开网<br>{MAIN}</div><div>2024-03-05</div><div class=content>{BODY}</div>",
        f"<div>{MAIN}<br>【字体：大 中 小】</div><div>2024-03-05</div><div class=content>{BODY}</div>",
        f"<div>{MAIN}<br>{'<br>'.join(TEXT)}</div>",
        f"<div class=box><h3>工会要闻</h3><h1>{MAIN}</h1><div>2024-03-05</div><div>{BODY}</div></div>",
    ],
)
def test_takes_no_neighbour_for_a_part(page: str) -> None:
    """Authors, offices, sites, columns, tools and the text beside a headline are not part of it."""
    article = _read(page)
    assert (article.lead_title, article.title, article.subtitle) == ("", MAIN, "")


@pytest.mark.parametrize(
    ("title", "between"),
    [(f"{FIRST_HALF}{SECOND_HALF}-雁川市总工会", ""), (f"{FIRST_HALF}第三...", " "), ("雁川市总工会", " ")],
)
def test_a_headline_in_two_lines_is_one(title: str, between: str) -> None:
    """A headline that a break parts stays whole, also where ``<title>`` is cut or names the site."""
    page = f"<h1>{FIRST_HALF}<br>{SECOND_HALF}</h1><div>2024-03-05</div><div class=content>{BODY}</div>"
    article = _read(page, title)
    assert (article.title, article.subtitle) == (f"{FIRST_HALF}{between}{SECOND_HALF}", "")


@pytest.mark.parametrize(
    ("crumbs", "column"),
    [
        (
            "<ol class=breadcrumb><li><a>首页</a></li><li><a>政务公开</a></li><li>通知公告</li></ol>",
            "通知公告",
        ),
        (
            "<div><a href=/>网站首页</a> - <a href=/x>新闻</a> - <a href=/y>时政要闻</a></div>",
            "时政要闻",
        ),
        (
            "<p>位置：<a href=/>首页</a><i></i><a href=/>工运理论</a><i></i><a href=/y>调查研究</a></p>",
            "调查研究",
        ),
        ("<div><span>当前栏目：</span><a href=/x>女职工</a></div>", "女职工"),
        (
            "<div>您现在的位置：<a href=/>雁川市总工会</a> → <a href=/x>劳模风采</a> → 内容</div>",
            "劳模风采",
        ),
        (
            f"<p>您的位置: <a>首页</a> &gt;&gt; <a>职工之家</a> &gt;&gt; {MAIN}</p>",
            "职工之家",
        ),
    ],
)
def test_reads_the_column_of_any_breadcrumb(crumbs: str, column: str) -> None:
    """Signs, icons, list entries or a class alone part the steps of a breadcrumb."""
    page = f"{crumbs}<h1>{MAIN}</h1><div>时间：2024-03-05</div><div class=content>{BODY}</div>"
    assert _read(page).column == column
