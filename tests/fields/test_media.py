"""Files that an article offers, whatever their address says."""

from __future__ import annotations

import pytest

from unioncrawl.extract import extract_page
from unioncrawl.model import Article, DecodedPage

TEXT = "".join(
    f"<p>　　临溪市总工会第{n}次职工代表会议审议通过了工会工作报告，部署下一阶段的维权服务工作。</p>"
    for n in range(3)
)


def _files(link: str, script: str = "") -> list[str]:
    title = "关于举办职工运动会的通知"
    page = f"<html><head><title>{title}</title>{script}</head><body><h1>{title}</h1>"
    text = f"{page}<div>发布时间：2024-03-05</div><div class=content>{TEXT}<p>{link}</p></div></body></html>"
    found = extract_page(DecodedPage(url="http://a.example/xw/1.html", text=text, encoding="utf-8")).article
    assert found is not None
    return [one.url.removeprefix("http://a.example") for one in found.attachments]


@pytest.mark.parametrize(
    ("link", "wanted"),
    [
        ('<a href="/f/1.docx">报名表</a>', "/f/1.docx"),
        (
            '<a href="/index.php?c=index&a=jump&go=83d5">附件：报名表.doc</a>',
            "/index.php?c=index&a=jump&go=83d5",
        ),
        ('<a href="/file/83d5" title="申报指南.pdf">申报指南</a>', "/file/83d5"),
        ('<a href="/file/83d5">申报指南.pdf（1.2MB）</a>', "/file/83d5"),
        ('<a href="/download.php?id=3">报名表</a>', "/download.php?id=3"),
        ("<a href=\"javascript:down('7')\">报名表.xls</a>", "/get?f=7"),
    ],
)
def test_a_link_that_is_called_a_file_leads_to_one(link: str, wanted: str) -> None:
    """An ending of the address, the name or the title makes a link an attachment, by a script too."""
    assert _files(link, "<script>function down(f){window.open('/get?f='+f)}</script>") == [wanted]


@pytest.mark.parametrize(
    "link", ['<a href="/xw/2.html">工会法（2021年）</a>', '<a href="javascript:go()">报名表.doc</a>']
)
def test_other_links_are_no_files(link: str) -> None:
    """A link to a page, and one whose script does not say where it leads, offers no file."""
    assert _files(link) == []


def _short(body: str) -> Article:
    title = "临溪市总工会关于拟推荐市级劳动模范人选的公示"
    page = f"<html><head><title>{title}_临溪市总工会</title></head><body><h1>{title}</h1>"
    text = f"{page}<div>发布时间：2024-03-05</div><div class=content>{body}</div></body></html>"
    found = extract_page(DecodedPage(url="http://a.example/xw/1.html", text=text, encoding="utf-8")).article
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ('<iframe src="/f/gs.pdf"></iframe>', "/f/gs.pdf"),
        ('<embed src="/f/gs.pdf">', "/f/gs.pdf"),
        ('<object data="/f/gs.pdf"><p>请下载<a href="/f/gs.pdf">原件</a></p></object>', "/f/gs.pdf"),
        ('<object data="/show/18" type="application/pdf"></object>', "/show/18"),
        ('<object><param name="movie" value="/f/1.swf"></object>', "/f/1.swf"),
        ('<iframe src="/pdfjs/web/viewer.html?file=%2Ff%2Fgs.pdf"></iframe>', "/f/gs.pdf"),
        ('<script>showVsbpdfIframe("/__local/1/gs.pdf","100%","600")</script>', "/__local/1/gs.pdf"),
        ('<div class="wp_pdf_player" pdfsrc="/_upload/gs.pdf"></div>', "/_upload/gs.pdf"),
        ('<script>new PDFObject({url:"/f/gs.pdf"}).embed("pdf");</script>', "/f/gs.pdf"),
        ('<video controls><source src="/v/1.mp4" type="video/mp4"></video>', "/v/1.mp4"),
        ('<iframe src="/player.html?vid=x1"></iframe>', "/player.html?vid=x1"),
    ],
)
def test_a_file_or_film_that_the_text_shows_is_an_attachment(body: str, wanted: str) -> None:
    """A page whose text is a PDF or a film is an article, and the file is one of its attachments."""
    assert [one.url for one in _short(body).attachments] == [f"http://a.example{wanted}"]


@pytest.mark.parametrize(
    "body", ['<iframe src="/map.html"></iframe>', '<script>load("/ck/player.swf");</script>']
)
def test_other_frames_and_scripts_show_no_file(body: str) -> None:
    """A frame of another page, and the program of a player, are no files of the article."""
    assert _short(f"{TEXT}{body}").attachments == ()


@pytest.mark.parametrize(
    "picture",
    [
        '<img src="/images/loading.gif" data-actualsrc="/u/1.jpg">',
        '<img srcset="/u/1.jpg 1x, /u/2.jpg 2x">',
        "<div style=\"background:url('/u/1.jpg') no-repeat\"></div>",
        '<noscript><img src="/u/1.jpg"></noscript>',
        '<img class="lazy" data-src="/u/1.jpg"><noscript><img src="/u/1.jpg"></noscript>',
    ],
)
def test_a_picture_is_found_however_it_is_loaded(picture: str) -> None:
    """Loaders of any name, sets of sizes, grounds and pages for browsers without scripts show one picture."""
    assert [one.url for one in _short(f"<p>{picture}</p>").images] == ["http://a.example/u/1.jpg"]


def test_a_scan_within_the_page_makes_an_article_without_an_address() -> None:
    """A picture as data: has no address to keep; the page is an article all the same, and no list."""
    data = "A" * 400
    assert _short(f'<p><img src="data:image/png;base64,{data}"></p>').images == ()


def test_the_ground_of_a_text_is_no_picture_of_it() -> None:
    """An element that has text only decorates it with its ground."""
    assert _short(f'<div style="background:url(/u/bg.jpg)">{TEXT}</div>').images == ()


def test_a_text_in_noscript_is_read_and_a_word_about_scripts_is_not() -> None:
    """<noscript> holds the text of some pages; on others it says that scripts are needed."""
    told = "<noscript>您的浏览器不支持脚本，请开启后再看，谢谢。</noscript>"
    assert _short(f"<noscript>{TEXT}</noscript>").body_text == _short(f"{told}{TEXT}").body_text
