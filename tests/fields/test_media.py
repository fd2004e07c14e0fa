"""Files that an article offers, whatever their address says."""

from __future__ import annotations

import pytest

from unioncrawl.extract import extract_page
from unioncrawl.model import DecodedPage

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
