"""On a page that has hardly any text, the text is below the headline, whatever else the page shows."""

from __future__ import annotations

import pytest

from unioncrawl.extract import extract_page
from unioncrawl.model import Article, DecodedPage

TITLE = "东河县总工会走访慰问困难职工"
FOOT = (
    "<div><ul><li>电话：0731-00000000</li><li>QQ：00000000</li><li>邮箱：gh@linxi.example</li></ul></div>"
    "<div>Copyright © 2020 某某软件</div>"
)
PANEL = (
    "<div><div>控制面板</div><div>您好，欢迎您光临本站！</div><div>用户名：</div><div>密码：</div>"
    "<div>今日更新：3 篇，全部文章：1206 篇，会员总数：300 人。</div></div>"
)
PICTURE = "<p><img src=/u/1.jpg></p>"
PAGES = {
    "foot": "<div><h2>{title}</h2><div>时间：2026-08-06 访问量：4216</div><div>{text}</div></div>" + FOOT,
    "panel above": PANEL
    + "<div><h2>{title}</h2><div>时间：2026-08-06 访问量：4216</div><div>{text}</div></div>"
    + FOOT,
    "panel below": "<div><h2>{title}</h2><div>时间：2026-08-06 访问量：4216</div><div>{text}</div></div>"
    + PANEL
    + FOOT,
    "tables": f"<table><tr><td>{PANEL}</td><td><table><tr><td align=center><b>{{title}}</b></td></tr>"
    f"<tr><td>2008-5-1 作者：李方 点击：12</td></tr><tr><td>{{text}}</td></tr></table></td></tr></table>"
    + FOOT,
}


def _read(layout: str, text: str) -> Article:
    page = PAGES[layout].replace("{title}", TITLE).replace("{text}", text)
    html = f"<html><head><title>{TITLE}</title></head><body>{page}</body></html>"
    found = extract_page(DecodedPage(url="http://a.example/?x/1.html", text=html, encoding="utf-8")).article
    assert found is not None
    return found


@pytest.mark.parametrize("layout", PAGES)
@pytest.mark.parametrize(
    ("text", "wanted", "images", "files"),
    [
        (PICTURE, "", 1, 0),
        (
            f"<p>图为活动现场。</p>{PICTURE}<p>活动现场（陈飞 摄）</p>",
            "图为活动现场。\n活动现场（陈飞 摄）",
            1,
            0,
        ),
        (f"{PICTURE}<p>慰问职工</p>{PICTURE.replace('1', '2')}", "慰问职工", 2, 0),
        ('<p><a href="/u/1_b.jpg"><img src="/u/1.jpg"></a></p>', "", 1, 0),
        ("<p>因线路检修，4月9日停水一天。</p>", "因线路检修，4月9日停水一天。", 0, 0),
        ('<iframe src="/f/gs.pdf"></iframe>', "", 0, 1),
        ('<p><a href="/f/1.doc">附件：申报表.doc</a></p>', "", 0, 1),
        ("<p>李方 王小丫 陈飞</p><p>孙立 周红 吴刚</p>", "李方 王小丫 陈飞\n孙立 周红 吴刚", 0, 0),
    ],
    ids=["picture", "captions", "two pictures", "linked picture", "one line", "frame", "file", "names"],
)
def test_neither_a_panel_nor_a_foot_is_the_text(
    layout: str, text: str, wanted: str, images: int, files: int
) -> None:
    """A picture, a file or one line is the article's, in any layout, and nothing else of the page is."""
    found = _read(layout, text)
    assert found.title == TITLE
    assert found.body_text == wanted
    assert (len(found.images), len(found.attachments)) == (images, files)


def test_a_running_text_elsewhere_outweighs_the_build() -> None:
    """A summary below the headline is not the article where the long text is elsewhere."""
    text = "".join(
        f"<p>第{n}批慰问品昨日送到困难职工家中，每户一份，由工会干部上门发放。</p>" for n in range(9)
    )
    page = f"<div><h2>{TITLE}</h2><div>时间：2026-08-06</div><p>县总工会送温暖。</p></div><div>{text}</div>"
    html = f"<html><head><title>{TITLE}</title></head><body>{page}</body></html>"
    found = extract_page(DecodedPage(url="http://a.example/1.html", text=html, encoding="utf-8")).article
    assert found is not None
    assert "第8批" in found.body_text


def test_the_date_below_a_line_and_a_picture_closes_the_notice() -> None:
    """现将名单公示如下： is not skipped as metadata, and the signature with its date stays."""
    text = f"<p>现将名单公示如下：</p>{PICTURE}<p>临溪市总工会</p><p>2026年8月6日</p>"
    assert _read("foot", text).body_text == "现将名单公示如下：\n临溪市总工会\n2026年8月6日"


@pytest.mark.parametrize(
    ("page", "images"),
    [
        ("<div><h1>{title}</h1><div>{picture}</div><div>发布时间：2026-08-06 浏览：1</div></div>", 1),
        (
            (
                "<div><h1>{title}</h1><div><img src=/u/clock.png>发布时间：2026-08-06</div>"
                "<div>{picture}</div></div>"
            ),
            1,
        ),
        (
            (
                "<div><h1>{title}</h1><div>发布时间：2026-08-06</div><div><div id=g></div><script>"
                'var p=[{{"src":"/u/1.jpg","thumb":"/u/1_s.jpg"}},{{"src":"/u/2.jpg","thumb":"/u/2_s.jpg"}}];'
                "</script></div></div>"
            ),
            2,
        ),
    ],
    ids=["metadata below", "clock in the metadata", "gallery"],
)
def test_pictures_are_found_above_metadata_and_in_scripts(page: str, images: int) -> None:
    """Metadata may stand below a picture, and a script may hold a gallery's pictures."""
    body = page.format(title=TITLE, picture=PICTURE) + FOOT
    html = f"<html><head><title>{TITLE}</title></head><body>{body}</body></html>"
    found = extract_page(DecodedPage(url="http://a.example/1.html", text=html, encoding="utf-8")).article
    assert found is not None
    assert len(found.images) == images
    assert found.body_text == ""
