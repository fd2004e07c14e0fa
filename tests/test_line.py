"""The line takes a raw response to a normal article."""

from __future__ import annotations

from unioncrawl.line import read_page
from unioncrawl.model import HitsStatus, PageKind, RawPage
from unioncrawl.repair.mirror_model.forward import Mirror, damage

STORY = (
    "<html><head><meta charset='gb2312'><title>全国总工会召开会议-工会网</title></head>"
    "<body><h1>全国总工会召开会议</h1><div>〖发布日期：2024/4/8 9:32:34〗 〖点击量：</div>"
    "<div><p>全国总工会今天召开会议，强调要加强县级工会建设，"
    "推动工会改革向基层延伸，让职工群众就近得到服务。</p><p>会议要求各级工会抓好落实，总结经验，完善机制，"
    "把实事办到职工身边，办到新就业形态劳动者身边。</p><p>责任编辑：李方</p></div></body></html>"
)
MIRROR = Mirror(frozenset("國會縣級強調動標發點責編輯"), cut_marks="")


def test_mirror_page_comes_back_as_it_was_written() -> None:
    """A mirror's page gives the original's fields, and says that it is a mirror."""
    body = damage(STORY, MIRROR).encode("gb18030")
    found = read_page(RawPage(url="http://mirror.example/n1/1.html?from=x", body=body)).article
    assert found is not None
    assert found.title == "全国总工会召开会议"
    assert found.editor == "李方"
    assert found.published_at is not None
    assert found.published_at.isoformat() == "2024-04-08T09:32:34+08:00"
    assert found.hits_status is HitsStatus.EMPTY
    assert found.mirror
    assert found.source == ""
    assert found.body_text.startswith("全国总工会今天召开会议，强调要加强县级工会建设")
    assert "強" not in found.body_html
    assert found.canonical_url == "http://mirror.example/n1/1.html"
    assert "國(guó)" in dict(found.raw)["title"]


def test_page_as_printed_stays_damaged() -> None:
    """Without repair the strings are those of the page."""
    body = damage(STORY, MIRROR).encode("gb18030")
    found = read_page(RawPage(url="http://mirror.example/n1/1.html", body=body), repaired=False).article
    assert found is not None
    assert "國(guó)" in found.title
    assert found.published_at is not None


def test_blocked_page_is_no_article() -> None:
    """A challenge page is recognised as such and has no article."""
    found = read_page(RawPage(url="http://e.org/", body=b"<script>$_ts={};</script>", status=412))
    assert (found.kind, found.article) == (PageKind.BLOCKED, None)


def test_a_picture_of_endless_width_is_a_picture() -> None:
    """A width of 5,000 digits ends no reading, and the picture is not an icon."""
    story = STORY.replace("<p>会议要求", f"<p><img src='/a.jpg' width='{'9' * 5000}'></p><p>会议要求")
    found = read_page(RawPage(url="http://a.example/1.html", body=story.encode("gb18030"))).article
    assert found is not None
    assert [image.url for image in found.images] == ["http://a.example/a.jpg"]
