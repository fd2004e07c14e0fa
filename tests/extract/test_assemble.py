"""A page gives the article's fields as printed."""

from __future__ import annotations

import pytest

from tests.recordings import RecordedCms
from unioncrawl.errors import ExtractError
from unioncrawl.extract import extract_page
from unioncrawl.line import read_page
from unioncrawl.model import Article, DecodedPage, HitsStatus, PageKind, RawPage
from unioncrawl.normalize import normalize_article
from unioncrawl.sites.profile import Level, SiteProfile

TEXT = (
    "本报讯（记者 何清源）南陵区总工会近日在城东物流园启动暖心驿站建设，"
    "首批十二个驿站覆盖货运、快递和环卫职工。"
    "驿站配有饮水机、微波炉和急救箱，由园区工会联合会轮流值守，职工凭工会卡即可进入。"
)
SECOND = "区总工会负责人表示，年内还将在三个街道增设驿站，并开通线上报修，让劳动者随时反映需要，件件有回音。"


def page(body: str, title: str = "", url: str = "http://example.org/xw/1.html") -> DecodedPage:
    """A decoded page around a body."""
    text = f"<html><head><title>{title}</title></head><body>{body}</body></html>"
    return DecodedPage(url=url, text=text, encoding="utf-8")


def article(body: str, title: str = "") -> Article:
    """The article that a page with this body gives."""
    found = extract_page(page(body, title))
    assert found.article is not None, found.reason
    return found.article


LINES = {
    "发布日期:2026-02-11 10:33信息来源:太和县总工会浏览量: 【字体:大 中 小】": (
        "2026-02-11 10:33",
        "太和县总工会",
    ),
    "信息来源:洪湖市总工会 | 发布时间 2022-04-29": ("2022-04-29", "洪湖市总工会"),
    "2018年08月31日09:11&nbsp;&nbsp;来源:《工人日报》": ("2018年08月31日09:11", "工人日报"),
    "//www.workercn.cn2014-09-16 07:46:34来源: 重庆日报": ("2014-09-16 07:46:34", "重庆日报"),
    "来源:     阅读次数:335     发布时间:2023-06-28": ("2023-06-28", ""),
    "广元工会网 发布时间:2017-05-07 点击量:5602 来源:系统管理": ("2017-05-07", ""),
    "2019-08-13 来源:本网原创稿": ("2019-08-13", "本网原创稿"),
    "来源:舟山市总工会   作者:定海区总工会1   发布时间:2021-01-21 10:04": (
        "2021-01-21 10:04",
        "舟山市总工会",
    ),
}


@pytest.mark.parametrize("line", LINES)
def test_reads_metadata_lines(line: str) -> None:
    """Date and source come out of each form of metadata line, however its labels are glued."""
    title = "南陵区总工会启动暖心驿站建设"
    found = article(
        f"<h1>{title}</h1><div>{line}</div><div><p>{TEXT}</p><p>{SECOND}</p></div>", f"{title}-市总工会"
    )
    assert (found.published_raw, normalize_article(found).source) == LINES[line]
    assert found.title == title
    assert found.body_text == f"{TEXT}\n{SECOND}"


# By recording: title, time, authors, number of paragraphs.
PLACEHOLDER_PAGES = {
    "own": ("槐安市总工会为送餐员开设安全课堂", "2026-09-21T09:08:34+08:00", "裴月 戚南", 3),
    "beside": (
        "要闻测试稿件第8号：某县总工会开展送清凉活动",
        "2026-09-18T09:08:34+08:00",
        "张三 李四",
        3,
    ),
}


def test_placeholder_is_no_count(cms: RecordedCms) -> None:
    """XunRui's server-rendered 0 is a placeholder, and its counter is found in the page."""
    body = cms.body("/index.php?c=show&id=8")
    found = read_page(RawPage(url="http://127.0.0.1:38081/index.php?c=show&id=8", body=body)).article
    assert found is not None
    assert found.published_at is not None
    facts = (found.title, found.published_at.isoformat(), found.author, len(found.body_text.split("\n")))
    assert facts == PLACEHOLDER_PAGES[cms.place]
    assert (found.hits, found.hits_status) == (None, HitsStatus.PLACEHOLDER)
    assert found.counter is not None
    assert (
        found.counter.url == "http://127.0.0.1:38081/index.php?s=api&c=module&siteid=1&app=news&m=hits&id=8"
    )
    assert found.column == "工会要闻"


def test_mirror_page_is_read_as_printed() -> None:
    """On a mirror page the labels are found and the strings stay damaged."""
    body = (
        "<h1>南陵區總工會(huì)啟動(dòng)暖心驛站建設(shè)</h1>"
        "<div>〖發(fā)布日期：2024/4/8 9:32:34〗 〖點(diǎn)擊量：〗</div>"
        "<div><p>本報訊 南陵區總工會(huì)近日在城東物流園啟動(dòng)暖心驛站建設(shè)，"
        "首批十二個驛站覆蓋貨運、快遞和環衛職工。</p>"
        "<p>責(zé)任編輯：李方</p></div>"
    )
    found = article(body)
    assert found.title == "南陵區總工會(huì)啟動(dòng)暖心驛站建設(shè)"
    assert found.published_raw == "2024/4/8 9:32:34"
    assert found.editor == "李方"
    assert found.hits_status is HitsStatus.EMPTY


def test_reads_headline_parts() -> None:
    """引题, 主题 and 副题 of the original headline come apart and are no body text."""
    body = (
        "<h1>南陵区总工会启动暖心驿站建设</h1><div>时间:2024-04-08</div><div><p>原标题:为了奔跑的人(引题)</p>"
        f"<p>南陵建成十二个暖心驿站(主题)</p><p>惠及六千名职工(副题)</p><p>{TEXT}</p><p>{SECOND}</p></div>"
    )
    found = article(body)
    assert found.lead_title == "为了奔跑的人"
    assert found.original_title == "南陵建成十二个暖心驿站"
    assert found.subtitle == "惠及六千名职工"
    assert found.body_text == f"{TEXT}\n{SECOND}"


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        ("<p>没有这个页面</p>", 404, PageKind.NOT_FOUND),
        (
            "<script>var arg1='3000176000856006061501533003690027800375';var acw='acw_sc__v2'</script>",
            200,
            PageKind.BLOCKED,
        ),
        ("<script>$_ts=window['$_ts'];</script>", 412, PageKind.BLOCKED),
        ("<div class=showmsg>信息提示 此信息不存在</div>", 200, PageKind.NOT_FOUND),
        ("您无权访问此页面", 200, PageKind.NOT_FOUND),
        ('<div id="app"></div><script src="/js/app.js"></script>', 200, PageKind.SHELL),
        ("", 200, PageKind.NOT_FOUND),
    ],
)
def test_shows_what_is_no_article(body: str, status: int, kind: PageKind) -> None:
    """Challenges, soft 404s, shells and empty pages are kinds of their own and never become articles."""
    text = f"<html><head><title>提示</title></head><body>{body}</body></html>" if body else ""
    found = extract_page(
        DecodedPage(url="http://example.org/1.html", text=text, encoding="utf-8", status=status)
    )
    assert found.kind is kind
    assert found.reason


def test_unknown_counter_at_the_label() -> None:
    """A script after an empty hits label is the counter, whatever CMS wrote it; others are not."""
    scripts = '<script src="/x/num.do?k=77"></script>次 <script src="/js/a.js"></script>'
    line = f"<div>时间:2024-04-08 浏览量:{scripts}</div>"
    found = article(f"<h1>南陵区总工会启动暖心驿站建设</h1>{line}<div><p>{TEXT}</p><p>{SECOND}</p></div>")
    assert found.counter is not None
    assert (found.counter.url, found.counter.family) == ("http://example.org/x/num.do?k=77", "generic")
    assert found.hits_status is HitsStatus.PENDING


def test_captions_and_lazy_pictures() -> None:
    """Pictures come with absolute URLs and captions; spacers and icons do not come."""
    figures = (
        '<p align="center"><img src="/images/loading.gif" data-original="../p/1.jpg"></p>'
        '<p align="center">图为暖心驿站揭牌现场。李方 摄</p><img src="/icon/print.gif" width="16">'
    )
    found = article(
        f"<h1>南陵区总工会启动暖心驿站建设</h1><div>时间:2024-04-08</div><div>{figures}<p>{TEXT}</p></div>"
    )
    assert [image.url for image in found.images] == ["http://example.org/p/1.jpg"]
    assert found.images[0].caption == "图为暖心驿站揭牌现场。李方 摄"
    assert '<figure><img src="http://example.org/p/1.jpg" alt="">' in found.body_html


def test_safe_html_holds_no_markup_of_the_page() -> None:
    """Scripts, handlers and signs of the page come out as plain text or not at all."""
    evil = (
        '<p onclick="x()">5 &lt; 6，职工说“&lt;script&gt;alert(1)&lt;/script&gt;”不好。'
        "<script>alert(2)</script></p>"
    )
    found = article(
        f"<h1>南陵区总工会启动暖心驿站建设</h1><div>时间:2024-04-08</div><div>{evil}<p>{TEXT}</p></div>"
    )
    assert "alert(2)" not in found.body_html
    assert "onclick" not in found.body_html
    assert "&lt;script&gt;" in found.body_html
    assert "<script" not in found.body_html


def test_interview_keeps_its_questions() -> None:
    """记者： opens a question: it is text, and nobody's name."""
    talk = (
        f"<p>记者：您好，请介绍一下驿站？</p><p>主席：{TEXT}</p><p>记者：下一步呢？</p><p>主席：{SECOND}</p>"
    )
    found = article(f"<h1>暖心驿站的一问一答</h1><div>2024-04-08 来源：南陵工会</div><div>{talk}</div>")
    assert found.author == ""
    assert found.body_text.split("\n")[0] == "记者：您好，请介绍一下驿站？"
    assert found.body_text.count("\n") == 3


def test_time_of_an_event_is_no_publish_date() -> None:
    """时间 in the text is the time of an event; the labelled date after it counts."""
    notice = f"<p>{TEXT}</p><p>时间：2024年5月10日</p><p>地点：区总工会三楼</p>"
    found = article(f"<h1>关于举办驿站开放日的通知</h1><div>{notice}</div><div>发布日期：2024-04-30</div>")
    assert found.published_raw == "2024-04-30"
    assert "时间：2024年5月10日" in found.body_text


def test_counts_of_other_articles_are_not_taken() -> None:
    """Numbers in the text and in lists of other articles are not hits of this one."""
    other = "<div><ul><li><a href=/2.html>某地工会</a> 时间：2023-01-01 阅读284</li></ul></div>"
    text = f"<div><p>{TEXT}</p><p>浏览次数：99</p><p>{SECOND}</p></div>"
    found = article(f"<h1>南陵区总工会启动暖心驿站建设</h1><div>2024-04-08 10:00</div>{text}{other}")
    assert found.published_raw == "2024-04-08 10:00"
    assert (found.hits_raw, found.hits_status) == ("", HitsStatus.NO_COUNTER)


@pytest.mark.parametrize("url", ["http://[1/", "http://[工会]/1.html", "http://℀.cn/", "http://a.example:x/"])
def test_page_with_an_unreadable_address_is_an_error_of_its_own(url: str) -> None:
    """Such a page (of an imported record) is reported with its address, and raises nothing else."""
    with pytest.raises(ExtractError, match="the page's address can't be read") as caught:
        read_page(RawPage(url=url, body=page(TEXT).text.encode()))
    assert (caught.value.url, caught.value.stage) == (url, "extract")
    assert caught.value.next_step


def test_a_site_file_shows_the_zone_of_printed_times() -> None:
    """An article of a site in another zone is published by that site's clock; a day stays its day."""
    profile = SiteProfile(
        id="x", name="某工会", level=Level.CITY, family="generic", hosts=("www.example.org",),
        time_zone="Asia/Tokyo",
    )  # fmt: skip
    for printed, expected in (
        ("2024-04-08 09:32", "2024-04-08T08:32:00+08:00"),
        ("2024-04-08", "2024-04-08T00:00:00+08:00"),
    ):
        body = (
            f"<h1>南陵区总工会启动暖心驿站建设</h1><div>发布时间：{printed}</div><p>{TEXT}</p><p>{SECOND}</p>"
        )
        found = read_page(RawPage(url="http://www.example.org/1.html", body=body.encode()), profile).article
        assert found is not None
        assert found.published_at is not None
        assert found.published_at.isoformat() == expected
