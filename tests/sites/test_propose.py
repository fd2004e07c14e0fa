"""What is proposed from one page of a site: family, columns, pattern, hosts, level."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from typing import Any

import pytest

from unioncrawl.extract import extract_page
from unioncrawl.model import DecodedPage, Extraction
from unioncrawl.page.lists.syndication import read_syndication
from unioncrawl.sites.families import FAMILIES
from unioncrawl.sites.propose import propose_site

TITLE = "市总工会举办职工技能竞赛决赛"


def page(body: str, url: str = "http://gh.example/", title: str = "临溪市总工会") -> DecodedPage:
    """A decoded page."""
    return DecodedPage(
        url=url,
        text=f"<html><head><title>{title}</title></head><body>{body}</body></html>",
        encoding="utf-8",
    )


def home(article: str, column: str) -> DecodedPage:
    """A home page with one column and four articles."""
    numbers = re.findall(r"\d+", article)
    articles = [article.replace(numbers[-1], f"{int(numbers[-1]) + n}") for n in range(4)]
    if "div=-1" in article:
        articles = [article.replace("2798454", f"{2798454 + n}") for n in range(4)]
    rows = "".join(f"<li><a href='{address}'>{TITLE}</a></li>" for address in articles)
    return page(f"<ul class='nav'><li><a href='{column}'>职工之声</a></li></ul><ul>{rows}</ul>")


def proposed(decoded: DecodedPage) -> dict[str, Any]:
    """The proposed file as read back."""
    feed = read_syndication(decoded)
    items = [link.url for link in feed.listing.links] if feed is not None else []
    looked = extract_page(decoded)
    return tomllib.loads(propose_site(decoded, looked, is_feed=feed is not None, feed_items=items).text)


def test_unknown_addresses_make_a_pattern() -> None:
    """Where a page's titles lead to addresses that no family knows, a pattern of them is proposed."""
    rows = "".join(
        f"<li><a href='/zgh/cVppZzdyeGJCbnowT2oxWFZw{n}'>{TITLE}</a><span>2025-03-1{n}</span></li>"
        for n in range(5)
    )
    proposal = proposed(page(f"<a href='/zgh-list'>工会要闻</a><ul>{rows}</ul>"))
    assert proposal["article_url"] == r"/zgh/[\w-]{10,}"
    assert [entry["url"] for entry in proposal["columns"]] == ["http://gh.example/zgh-list"]


FOLDERS = {"工会要闻": "ghyw", "基层动态": "jcdt", "通知公告": "tzgg"}


def folder_rows(address: str, folders: Iterable[str]) -> str:
    """Four titles of each folder."""
    return "".join(
        f"<li><a href='{address.format(folder, n)}'>{TITLE}{folder}{n}</a></li>"
        for folder in folders
        for n in range(71, 75)
    )


@pytest.mark.parametrize(
    ("column", "address", "pattern"),
    [
        ("/{}/", "/{}/{}.html", r"/[\w-]+/\d+\.html"),
        ("/?{}/", "/?{}/{}.html", r"/\?[\w-]+/\d+\.html"),
        ("/{}.html", "/{}/shownews.php?lang=cn&nid={}", r"/[\w-]+/shownews\.php\?lang=cn&nid=\d+"),
    ],
)
def test_a_folder_that_differs_by_column_is_open(column: str, address: str, pattern: str) -> None:
    """Where each column has a folder of its own, the pattern holds those of every column."""
    menu = "".join(f"<a href='{column.format(folder)}'>{name}</a>" for name, folder in FOLDERS.items())
    home_page = page(menu + folder_rows(address, FOLDERS.values()))
    one_list = page(menu + folder_rows(address, ["ghyw"]), url="http://gh.example/ghyw/")
    one_article = page(
        f"{menu}<h1>{TITLE}</h1><p>时间：2025-03-14 来源：临溪日报</p>"
        + "<p>市总工会开展走访，送去慰问。</p>" * 9,
        url="http://gh.example" + address.format("ghyw", 71),
        title=TITLE,
    )
    for seen in (home_page, one_list, one_article):
        assert proposed(seen)["article_url"] == pattern
        assert {"ghyw", "jcdt", "tzgg"} <= {
            re.sub(r"\W|html", "", entry["url"].partition("example")[2])
            for entry in proposed(seen)["columns"]
        }


def test_a_home_page_of_teasers_is_no_article() -> None:
    """A front page that reads like an article proposes columns, and a pattern that leaves them out."""
    teasers = "".join(
        f"<h3><a href='/portal/article/index.html?id={n}&cid=2'>{TITLE}{n}</a></h3>"
        f"<p>{n} 日上午，市总工会开展走访，向坚守岗位的职工送去慰问品，并听取意见。</p>"
        for n in range(11, 19)
    )
    lists = "".join(
        f"<a href='/portal/list/index.html?id={n}'>{name}</a>" for n, name in enumerate(FOLDERS, start=2)
    )
    decoded = page(lists + teasers)
    looked = Extraction(url=decoded.url)
    proposal = tomllib.loads(propose_site(decoded, looked, is_feed=False).text)
    assert proposal["article_url"] == r"/portal/article/index\.html\?id=\d+&cid=\d+"
    assert [entry["name"] for entry in proposal["columns"]] == list(FOLDERS)


def test_a_list_page_proposes_itself() -> None:
    """A list page is a column, named by its title, though nothing links to it."""
    rows = "".join(
        f"<li><a href='/xwdt/2025-03-1{n}/792{n}.html'>{TITLE}</a><span>2025-03-1{n}</span></li>"
        for n in range(8)
    )
    proposal = proposed(
        page(f"<ul>{rows}</ul>", url="http://gh.example/xwdt/jcdt/", title="基层动态-临溪市总工会")
    )
    assert proposal["columns"] == [{"name": "基层动态", "url": "http://gh.example/xwdt/jcdt/"}]


def test_a_feed_is_its_own_column() -> None:
    """An RSS feed is the column of a site of no known system."""
    text = "<rss><channel><item><link>/news/detail/1</link><title>送清凉</title></item></channel></rss>"
    decoded = DecodedPage(url="http://gh.example/rss.xml", text=text, encoding="utf-8")
    proposal = proposed(decoded)
    assert proposal["family"] == "generic"
    assert [entry["url"] for entry in proposal["columns"]] == ["http://gh.example/rss.xml"]


def test_a_shell_is_closed_with_the_reason() -> None:
    """A page that a script builds is listed as closed, and the reason said."""
    proposal = proposed(page("<div id='app'></div><script src='/js/app.js'></script>"))
    assert proposal["closed"].startswith("shell")


def test_an_epapers_home_page_is_no_shell() -> None:
    """A home page whose script leads to today's issue stays open."""
    proposal = proposed(page("<script>window.location.href='html/2025-03/12/node_1.htm'</script>"))
    assert proposal["family"] == "founder"
    assert "closed" not in proposal


def test_a_query_in_gbk_is_written_as_the_site_reads_it() -> None:
    """A column whose address has Chinese in its query keeps the page's encoding."""
    body = "<a href='NewsClass.asp?BigClass=工会'>工会动态</a>"
    decoded = DecodedPage(url="http://gh.example/", text=body, encoding="gb18030")
    proposal = proposed(decoded)
    assert [entry["url"] for entry in proposal["columns"]] == [
        "http://gh.example/NewsClass.asp?BigClass=%B9%A4%BB%E1"
    ]


@pytest.mark.parametrize(
    ("title", "level"),
    [
        ("青海省总工会", "province"),
        ("常州市总工会", "city"),
        ("临溪县总工会", "county"),
        ("中华全国总工会", "national"),
        ("浙江工人日报", "paper"),
    ],
)
def test_the_level_follows_from_the_name(title: str, level: str) -> None:
    """Whose news a site carries is guessed from its name."""
    assert proposed(page("<a href='/xwdt/'>工会动态</a>", title=title))["level"] == level


def test_searches_and_mobile_twins_are_no_columns() -> None:
    """Popular words lead to searches and tags, WAP to the same columns again."""
    body = (
        "<a href='/ghyw/'>工会要闻</a><a href='/plus/search.php?keyword=%B9%A4%BB%E1'>工会</a>"
        "<a href='/tags.php?/劳模/'>劳模</a><a href='/e/wap/'>WAP</a>"
    )
    assert [entry["name"] for entry in proposed(page(body))["columns"]] == ["工会要闻"]


def test_columns_of_one_name_stay_apart() -> None:
    """The archive knows a column by its name, so that equal names are numbered."""
    body = "<a href='/a/'>通知公告</a><a href='/b/'>通知公告</a>"
    assert [entry["name"] for entry in proposed(page(body))["columns"]] == ["通知公告", "通知公告 2"]


# Addresses of small systems: an article's, and those of the same page that are no articles'.
NO_ARTICLES = {
    "/{}": ["/page/2", "/date/2025", "/tag/7"],
    "/archives/{}": ["/archives/category/ghyw", "/page/2", "/archives/date/2025/03", "/archives/author/1"],
    "/index.php/archives/{}/": ["/index.php/category/ghyw/2/", "/index.php/2025/03/", "/index.php/author/1/"],
    "/xw/{}.html": ["/page/2.html", "/date/202503.html", "/author/1.html"],
    "/index.php/item/{}": ["/index.php/item/{}/feed", "/index.php/list/2", "/index.php/list/3"],
    "/?item={}": ["/?cat=2", "/?paged=2", "/?m=202503", "/?author=1"],
}


@pytest.mark.parametrize("form", NO_ARTICLES)
@pytest.mark.parametrize("is_article", [True, False])
def test_a_pattern_takes_no_pager_archive_or_author(form: str, is_article: bool) -> None:  # noqa: FBT001 - a table's column
    """From a list and from an article the proposed pattern takes the entries and no other link."""
    entries = [form.format(number) for number in range(31, 37)]
    rows = "".join(f"<li><a href='{url}'>{TITLE}{n}</a></li>" for n, url in enumerate(entries))
    named = zip(NO_ARTICLES[form], ("2", "2025年3月", "下一页", "admin"), strict=False)
    others = "".join(f"<a href='{url.format(31)}'>{text}</a>" for url, text in named)
    menu = "<a href='/archives/category/ghyw'>工会要闻</a><a href='/feed'>RSS</a>"
    story = (
        f"<h1>{TITLE}</h1><p>时间：2025-03-14 来源：临溪日报</p>" + "<p>市总工会开展走访，送去慰问。</p>" * 9
    )
    url = "http://gh.example" + (entries[0] if is_article else "/archives/category/ghyw")
    proposal = proposed(page(menu + story * is_article + f"<ul>{rows}</ul>{others}", url=url))
    pattern = proposal.get("article_url", FAMILIES[proposal["family"]].article_url)
    home = "http://gh.example"
    assert all(re.search(pattern, home + entry) for entry in entries)
    assert not [other for other in NO_ARTICLES[form] if re.search(pattern, home + other.format(31))]


@pytest.mark.parametrize(
    "addresses", [[f"/zt/{n}/a{n}" for n in range(5)], ["/one/x", "/two-three/y", "/four"], ["/xw/12345678"]]
)
def test_every_entry_of_a_feed_is_an_article(addresses: list[str]) -> None:
    """What a feed lists is taken for articles, whatever the addresses look like."""
    items = "".join(f"<item><title>{TITLE}</title><link>{url}</link></item>" for url in addresses)
    text = f"<rss><channel><title>临溪市总工会</title>{items}</channel></rss>"
    proposal = proposed(DecodedPage(url="http://gh.example/feed", text=text, encoding="utf-8"))
    assert proposal["name"] == "临溪市总工会"
    assert all(re.search(proposal["article_url"], "http://gh.example" + url) for url in addresses)


def test_a_columns_page_of_teasers_is_a_column_and_no_article() -> None:
    """A system's list whose teasers read like an article proposes itself, and its author is no column."""
    teasers = "".join(
        f"<h2><a href='/archives/{n}/'>{TITLE}{n}</a></h2><p>作者：<a href='/author/1/'>临溪工会</a>"
        "</p><p>市总工会开展走访，向坚守岗位的职工送去慰问品，并听取意见。</p>"
        for n in range(11, 19)
    )
    body = f"<meta name='generator' content='Typecho 1.2'>{teasers}<a href='/sitemap.xml'>信息</a>"
    decoded = page(body, url="http://gh.example/category/ghyw/", title="工会要闻 &#8211; 临溪市总工会")
    proposal = proposed(decoded)
    assert "article_url" not in proposal
    assert proposal["columns"] == [{"name": "工会要闻", "url": "http://gh.example/category/ghyw/"}]


@pytest.mark.parametrize(
    ("generator", "article", "column"),
    [
        ("WordPress 6.1", "/?p=3{}", "/?cat=2"),
        ("WordPress 6.1", "/archives/3{}", "/archives/category/zgzs"),
        ("Typecho 1.2", "/index.php/archives/3{}/", "/index.php/category/zgzs/"),
        ("Z-BlogPHP 1.7", "/post/3{}.html", "/category-2.html"),
        ("PbootCMS", "/?list_5/3{}.html", "/?list_5/"),
        ("YzmCMS", "/zgzs/3{}.html", "/zgzs/"),
    ],
)
def test_a_named_systems_home_page_proposes_columns(generator: str, article: str, column: str) -> None:
    """A column is proposed by the form that the system gives its lists, and articles need no pattern.

    The book for guests is a part of the system (YzmCMS), and no list of it.
    """
    rows = "".join(f"<li><a href='{article.format(n)}'>{TITLE}{n}</a></li>" for n in range(6))
    menu = f"<meta name='generator' content='{generator}'><a href='{column}'>职工之声</a>"
    menu += "<a href='/guestbook/index/init.html'>说说看</a>"
    proposal = proposed(page(f"{menu}<ul>{rows}</ul>"))
    assert [entry["name"] for entry in proposal["columns"]] == ["职工之声"]
    assert "article_url" not in proposal
