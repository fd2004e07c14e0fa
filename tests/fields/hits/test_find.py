"""The printed count is the article's own, whatever other numbers the page prints."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unioncrawl.extract import extract_page
from unioncrawl.model import DecodedPage
from unioncrawl.normalize import normalize_article

TITLE = "雁川市总工会慰问环卫职工"
TEXT = (
    "雁川市总工会十八日派出四个小组，到环卫班组和垃圾转运站看望清晨上岗的职工，送去手套、雨衣和热饮。",
    "工会女工部的同志在现场登记了职工提出的十一条意见，答应在月底以前逐条答复，并把结果贴在班组里。",
)
OF_SITE = (
    "今日访问：{}",
    "总访问量：{}",
    "访问量：{}",
    "本站访问量：{}人次",
    "您是第{}位访客",
    "总浏览量：{}",
    "访问人数：{}",
    "今日点击 {}",
    "点击总数：{}",
    "网站浏览次数：{}次",
)
OF_OTHERS = (
    "评论（{}）",
    "评论：{}",
    "跟帖 {}",
    "{}条评论",
    "{}人参与",
    "点赞 {}",
    "收藏（{}）",
    "字号：14 16 18",
    "编号：{}",
    "阅读约需{}分钟",
)
MENTIONS = (
    "据统计，直播点击量超过{}万。",
    "该视频阅读{}次，引来热议。",
    "活动页面浏览量：{}人次，为历年最高。",
    "总浏览量 {}",
    "热度：{}",
    "阅读量{}＋",
    "线上展厅访问 {} 人次。",
    "其中，公众号阅读量 {}，播放量 88。",
)
OWN = (
    "点击量：{}",
    "浏览次数：{}次",
    "点击：[{}]",
    "访问量：{}",
    "【浏览：{}】",
    "本文被浏览 {} 次",
    "{}次浏览",
    "浏览({})",
    "阅读 {}",
    "<em>阅读</em><i>{}</i>",
    "浏览次数：<span id='hits'>{}</span>",
)
UNFILLED = (
    "",
    "--",
    "加载中",
    "<span id='hits'></span>",
    "<script src='/plus/count.php?aid=5'></script>",
    "次",
)
JOINS = ("　", "  ", " | ", "</span><span>", "</span> <span>", "<br>")


class Scene(NamedTuple):
    """A page's source and the count that a reader would take from it."""

    html: str
    hits: int | None


@st.composite
def scenes(draw: st.DrawFn) -> Scene:
    """A page with a count under its headline or a place for one, among counts of everything else."""
    number = st.integers(1, 999_999)

    def some(forms: tuple[str, ...], most: int) -> list[str]:
        return [form.format(draw(number)) for form in draw(st.lists(st.sampled_from(forms), max_size=most))]

    hits = draw(st.none() | number)
    filled = draw(st.sampled_from(UNFILLED)) if hits is None else str(hits)
    line = ["发布时间：2026-04-18 10:20", "来源：市总工会", draw(st.sampled_from(OWN)).format(filled)]
    info = draw(st.sampled_from(JOINS)).join([*line, *some(OF_OTHERS, 2)])
    text = "".join(
        f"<p>　　{text}</p>" for text in (TEXT[0], *some(MENTIONS, 2), TEXT[1], *some(MENTIONS, 1))
    )
    more = "".join(
        f"<li><a href='/a/{place}.html'>工会活动之{place}在雁川举行</a> <span>阅读 {draw(number)}</span></li>"
        for place in range(3)
    )
    return Scene(
        f"<title>{TITLE}</title><div>{' '.join(some(OF_SITE, 1))}</div><ul><li><a href='/'>首页</a></li></ul>"
        f"<h1>{TITLE}</h1><div class='info'><span>{info}</span></div><div class='text'>{text}</div>"
        f"<div><h3>相关阅读</h3><ul>{more}</ul></div>"
        f"<div><p>{' '.join(some(OF_SITE, 2))}</p><p>版权所有：雁川市总工会</p></div>",
        hits,
    )


def _hits(html: str) -> int | None:
    page = DecodedPage(url="http://example.org/xw/202604/t20260418_5.html", text=html, encoding="utf-8")
    article = extract_page(page).article
    assert article is not None
    return normalize_article(article).hits


@settings(max_examples=200, deadline=None)
@given(scenes())
def test_takes_the_count_under_the_headline_and_no_other(scene: Scene) -> None:
    """Counts of the site, of comments, of other articles and in the text are never taken for the hits."""
    assert _hits(scene.html) == scene.hits


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("点击量：12 345", 12345),
        ("点击量：12&nbsp;345 次", 12345),
        ("点击量：12</span> <span>345", 12),
        ("点击量：12  345", None),
        ("浏览：<i>1</i> <i>2</i> <i>0</i>", 120),
        ("浏览：<i>1</i><i>2</i><i>0</i>次", 120),
        ("点击量：1</span><span>1条评论", 1),
        ("点击量：36　80人参与", 36),
        ("70条评论  6,445 阅读", 6445),
        ("跟帖 93</span> <span>次浏览", None),
        ("128 阅读 2026-04-18", 128),
        ("字号：14 16 18  浏览(次)", None),
    ],
)
def test_white_space_beside_a_count(printed: str, expected: int | None) -> None:
    """White space parts thousands, two values or a label from its number; what is not sure is not a count."""
    html = (
        f"<title>{TITLE}</title><h1>{TITLE}</h1><div><span>来源：市总工会</span> <span>{printed}</span></div>"
        f"<p>{TEXT[0]}</p><p>{TEXT[1]}</p>"
    )
    assert _hits(html) == expected


@pytest.mark.parametrize(
    ("head", "foot", "expected"),
    [
        ("访问量：3306", "", None),
        ("浏览次数：128　来源：市总工会", "", 128),
        ("", "点击次数：128　更新时间：2026-04-18", 128),
        ("", "访问量：88123", None),
        ("", "浏览次数：128次", 128),
    ],
)
def test_a_count_away_from_the_headline(head: str, foot: str, expected: int | None) -> None:
    """Above the headline and after the text a count needs the article's date or source, or its own name."""
    html = (
        f"<title>{TITLE}</title><div>{head}</div><h1>{TITLE}</h1><div>{TEXT[0]}<br>{TEXT[1]}</div>"
        f"<div class='count'>{foot}</div><p>上一篇：没有了</p>"
    )
    assert _hits(html) == expected


@pytest.mark.parametrize(
    ("line", "hits"),
    [
        ("<span class=date>2024-03-05</span><span class=view>1326</span>", 1326),
        ("<em>2024-03-05</em> <i class='item read-num'>1.2万</i>", 12000),
        ("<span>2024-03-05</span><span class=views>0</span>", None),
        ("<span>2024-03-05</span><span class=review>1326</span>", None),
        ("<span>2024-03-05</span><span class=view>1326条</span>", None),
    ],
)
def test_an_element_named_for_its_views_holds_them(line: str, hits: int | None) -> None:
    """A number alone in an element called view is the count; a 0 there may be a placeholder."""
    text = "".join(f"<p>{one}</p>" for one in TEXT)
    page = f"<h1>{TITLE}</h1><div>{line}</div><div class=content>{text}</div>"
    found = extract_page(DecodedPage(url="http://a.example/1.html", text=page, encoding="utf-8")).article
    assert found is not None
    assert normalize_article(found).hits == hits


def test_a_file_that_closes_the_text_is_no_list() -> None:
    """作者 | 分类 | 浏览 below the link to a file are the article's, as below its last sentence."""
    file = "<p><a href=/u/1.docx>附件：报名表.docx</a></p>"
    foot = "<p class=post-footer>作者:gonghui | 分类:工会要闻 | 浏览:13 | 评论:0</p>"
    for text in ("".join(f"<p>{one}</p>" for one in TEXT), ""):
        page = f"<h1>{TITLE}</h1><div>2024-03-05</div><div class=post-body>{text}{file}</div>{foot}"
        found = extract_page(DecodedPage(url="http://a.example/1.html", text=page, encoding="utf-8")).article
        assert found is not None
        assert normalize_article(found).hits == 13
