"""List pages give their entries in page order, and the next page."""

from __future__ import annotations

from pathlib import Path

from unioncrawl.extract.listing import read_listing
from unioncrawl.model import DecodedPage
from unioncrawl.sites.profile import Level, Selectors, SiteProfile

PROFILE = SiteProfile(
    id="x", name="某市总工会", level=Level.CITY, family="generic", hosts=("www.example.org",)
)
URL = "http://www.example.org/xw/index.html"


def listing_page(body: str, url: str = URL) -> DecodedPage:
    """A decoded list page around a body."""
    return DecodedPage(url=url, text=f"<html><body>{body}</body></html>", encoding="utf-8")


def test_reads_a_running_cms(shared_data: Path) -> None:
    """A recorded list of a running XunRui gives five articles, newest first, and the next page."""
    text = (shared_data / "recorded" / "xunrui" / "001.http").read_text(encoding="utf-8")
    url = "http://127.0.0.1:38081/index.php?c=category&id=1"
    page = DecodedPage(url=url, text=text.replace("\r\n", "\n").partition("\n\n")[2], encoding="utf-8")
    listing = read_listing(page, PROFILE)
    assert [link.url.rpartition("=")[2] for link in listing.links] == ["8", "7", "15", "6", "14"]
    assert listing.links[0].title == "要闻测试稿件第8号：某县总工会开展送清凉活动"
    assert listing.links[0].date_raw == "2026-09-18"
    assert listing.next_page == "http://127.0.0.1:38081/index.php?c=category&id=1&page=2"


def test_empty_list_ends(shared_data: Path) -> None:
    """A page beyond the end has no entries and leads nowhere."""
    text = (shared_data / "recorded" / "xunrui" / "069.http").read_text(encoding="utf-8")
    listing = read_listing(listing_page(text.replace("\r\n", "\n").partition("\n\n")[2]), PROFILE)
    assert listing.links == ()
    assert listing.next_page == ""


def test_article_pattern_decides() -> None:
    """With an article pattern, links that match it count, dated or not, each once."""
    profile = PROFILE.model_copy(update={"article_url": r"/\d+\.html$"})
    body = (
        '<a href="/12.html"><img src="a.jpg"></a><a href="/12.html">市总送清凉</a><a href="/about/">关于</a>'
    )
    links = read_listing(listing_page(body), profile).links
    assert [(link.url, link.title) for link in links] == [("http://www.example.org/12.html", "市总送清凉")]


def test_trs_pager_is_built_from_its_script() -> None:
    """TRS writes its pager by script: page 2 is index_1.html."""
    row = '<li><a href="./t1.html">甲</a> 2024-01-02</li>'
    body = f'{row}<script>createPageHTML(3, 0, "index", "html");</script>'
    assert read_listing(listing_page(body), PROFILE).next_page == "http://www.example.org/xw/index_1.html"
    last = body.replace("(3, 0", "(3, 2")
    assert read_listing(listing_page(last), PROFILE).next_page == ""


def test_jcms_records_are_read() -> None:
    """大汉 answers rows as CDATA in XML."""
    text = (
        "<datastore><totalrecord>2</totalrecord><recordset><record><![CDATA[<li>"
        "<a href='/art/2024/1/2/art_1_2.html' "
        "title='市总送清凉'>市总送清凉</a><span>2024-01-02</span></li>]]></record></recordset></datastore>"
    )
    page = DecodedPage(url=URL, text=text, encoding="utf-8")
    links = read_listing(page, PROFILE).links
    assert [(link.url, link.date_raw) for link in links] == [
        ("http://www.example.org/art/2024/1/2/art_1_2.html", "2024-01-02")
    ]


def test_selector_narrows_the_list() -> None:
    """A site's selector keeps dated links of the sidebar out."""
    profile = PROFILE.model_copy(update={"selectors": Selectors(list_entries="ul.list li")})
    body = (
        '<ul class="list"><li><a href="/1.html">甲</a> 2024-01-02</li></ul>'
        '<ul class="hot"><li><a href="/2.html">乙</a> 2024-01-03</li></ul>'
    )
    assert [link.title for link in read_listing(listing_page(body), profile).links] == ["甲"]
