"""List pages give their entries in page order, and the next page."""

from __future__ import annotations

from tests.recordings import RecordedCms
from unioncrawl.model import DecodedPage
from unioncrawl.page.lists.listing import read_listing
from unioncrawl.sites.profile import Level, Selectors, SiteProfile

PROFILE = SiteProfile(
    id="x", name="某市总工会", level=Level.CITY, family="generic", hosts=("www.example.org",)
)
URL = "http://www.example.org/xw/index.html"


def listing_page(body: str, url: str = URL) -> DecodedPage:
    """A decoded list page around a body."""
    return DecodedPage(url=url, text=f"<html><body>{body}</body></html>", encoding="utf-8")


# By recording: the articles' ids in order; the first one's title and date.
FIRST_PAGES = {
    "own": ("8 7 6 5 4", "槐安市总工会为送餐员开设安全课堂", "2026-09-21"),
    "beside": ("8 7 15 6 14", "要闻测试稿件第8号：某县总工会开展送清凉活动", "2026-09-18"),
}


def test_reads_a_running_cms(cms: RecordedCms) -> None:
    """A recorded list of a XunRui gives five articles, newest first, and the next page."""
    target = "/index.php?c=category&id=1"
    url = f"http://127.0.0.1:38081{target}"
    page = DecodedPage(url=url, text=cms.body(target).decode(), encoding="utf-8")
    listing = read_listing(page, PROFILE)
    ids = " ".join(link.url.rpartition("=")[2] for link in listing.links)
    assert (ids, listing.links[0].title, listing.links[0].date_raw) == FIRST_PAGES[cms.place]
    assert listing.next_page == "http://127.0.0.1:38081/index.php?c=category&id=1&page=2"


def test_empty_list_ends(cms: RecordedCms) -> None:
    """A page beyond the end has no entries and leads nowhere."""
    text = cms.body("/index.php?c=category&id=1&page=99").decode()
    listing = read_listing(listing_page(text), PROFILE)
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


def test_a_pagers_links_are_no_articles() -> None:
    """Where list pages have addresses like articles, a number or 下一页 is a page; a year is a title."""
    profile = PROFILE.model_copy(update={"article_url": r"/\w+/\d+\.html$"})
    pager = "<a href='/xw/2.html'>2</a><a href='/xw/3.html'>[3]</a><a href='/xw/2.html'>下一页</a>"
    rows = "<a href='/xw/81.html'>3</a><a href='/xw/81.html'>市总送清凉</a><a href='/xw/80.html'>2026年</a>"
    listing = read_listing(listing_page(rows + pager), profile)
    assert [link.title for link in listing.links] == ["市总送清凉", "2026年"]
    assert listing.next_page == "http://www.example.org/xw/2.html"


def test_comments_among_entries_and_pages_are_passed_over() -> None:
    """A template's comments between links, dates and numbers neither break the reading nor hide a thing."""
    rows = "".join(
        f"<a href='/xw/8{n}.html'>市总送清凉</a><!-- 列表 --> 2026-11-0{n}<br>" for n in range(1, 7)
    )
    pager = "<b>1</b><!-- 二 --><a href='2.html'>2</a>"
    listing = read_listing(listing_page(f"<div>{rows}</div><!-- 页 -->{pager}"), PROFILE)
    assert [link.date_raw for link in listing.links] == [f"2026-11-0{n}" for n in range(1, 7)]
    assert listing.next_page == "http://www.example.org/xw/2.html"


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


def test_rows_apart_by_breaks_keep_their_dates() -> None:
    """Where many links share one element, each date stands after its link; a definition's stands in dd."""
    crowded = "".join(f'<a href="/{n}.html">市总送清凉</a> 2024-01-0{n}<br>' for n in range(1, 7))
    defined = "".join(f'<dt><a href="/{n}.html">市总送清凉</a></dt><dd>01-0{n}2024</dd>' for n in range(7, 9))
    links = read_listing(listing_page(f"<div>{crowded}</div><dl>{defined}</dl>"), PROFILE).links
    assert [link.date_raw for link in links] == [
        *(f"2024-01-0{n}" for n in range(1, 7)),
        *(f"01-0{n}2024" for n in range(7, 9)),
    ]


def test_links_that_a_script_follows_are_read() -> None:
    """An entry may name its address in onclick alone; what is not an address at all is passed over."""
    body = (
        "<li><a href='javascript:void(0)' onclick=\"window.open('detail/7')\">甲</a> 2024-01-02</li>"
        "<li><a href='http://[工会]/1.html'>乙</a> 2024-01-02</li>"
    )
    assert [link.url for link in read_listing(listing_page(body), PROFILE).links] == [
        "http://www.example.org/xw/detail/7"
    ]


def test_blocks_of_a_page_have_names_of_their_own() -> None:
    """The list and the box beside it have names of their own, whatever the rows' classes are."""
    rows = "".join(f'<li class="r{n % 2}"><a href="/{n}.html">甲</a> 2024-01-02</li>' for n in range(3))
    box = '<li><a href="/8.html">乙</a> 2024-01-03</li><li><a href="/9.html">丙</a> 2024-01-03</li>'
    links = read_listing(
        listing_page(f'<ul class="list">{rows}</ul><ul class="hot">{box}</ul>'), PROFILE
    ).links
    blocks = [link.block for link in links]
    assert blocks[0] == blocks[1] == blocks[2] != blocks[3] == blocks[4]


def test_a_teaser_keeps_the_date_of_its_own() -> None:
    """An entry with a heading, a date and a summary has its own date, not one that the summary mentions."""
    body = "".join(
        f"<article><h2><a href='/{n}.html'>送清凉</a></h2><p>6月{n}日，市总工会的同志冒着高温来到轨道交通、"
        "高架桥梁等重点工程的建设现场，向坚守岗位的一线职工送去了防暑降温用品和诚挚的问候，并叮嘱注意安全。</p>"
        f"<time>2024-07-0{n}</time></article>"
        for n in range(1, 7)
    )
    links = read_listing(listing_page(f"<div>{body}</div>"), PROFILE).links
    assert [link.date_raw for link in links] == [f"2024-07-0{n}" for n in range(1, 7)]


def test_cells_that_are_never_closed_keep_their_dates() -> None:
    """Rows that open a table within the row before them give every entry its own date."""
    row = "<table><tr><td><a href='show.asp?id={0}'>第{0}次劳模巡讲走进车间</a><td>2024-10-{0}"
    profile = PROFILE.model_copy(update={"article_url": r"show\.asp\?id=\d+"})
    links = read_listing(listing_page("".join(row.format(day) for day in range(10, 29))), profile).links
    assert [(link.url[-2:], link.date_raw) for link in links] == [
        (str(d), f"2024-10-{d}") for d in range(10, 29)
    ]


def test_an_entry_that_names_author_and_column_keeps_its_date() -> None:
    """Links to the author and the column within an entry's own element part it from no date."""
    entry = (
        "<article><h2><a href='/archives/{0}/'>第{0}次劳模巡讲走进车间</a></h2><ul>"
        "<li><a href='/author/1/'>admin</a></li><li>时间：<time>2024-10-{0}</time></li>"
        "<li><a href='/category/dt/'>动态</a></li></ul><p>摘要。</p></article>"
    )
    profile = PROFILE.model_copy(update={"article_url": r"/archives/\d+/$"})
    links = read_listing(listing_page("".join(entry.format(day) for day in range(10, 15))), profile).links
    assert [link.date_raw for link in links] == [f"2024-10-{day}" for day in range(10, 15)]
