"""A list whose pager has a number of 5,000 digits is read, and its callback goes on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from scrapy import Request
from scrapy.utils.test import get_crawler

from spiders.crawl.site_spider import SiteSpider
from spiders.loader import site_spider
from spiders.responses import PageResponse
from tests.spiders.canned import listing
from unioncrawl import settings as project
from unioncrawl.model import DecodedPage
from unioncrawl.sites.profile import Level, SiteProfile

ENDLESS = "9" * 5000
PROXY = "<script>var u='/module/jpage/dataproxy.jsp';</script>"
LISTS = {
    "trs": ("/xw/index.html", f"<script>createPageHTML({ENDLESS}, {ENDLESS}, 'index', 'html');</script>"),
    "trs variables": ("/xw/", f"<script>var currentPage = {ENDLESS}; var countPage = {ENDLESS};</script>"),
    "trs kkpager": (
        "/xw/",
        f"<script>p({{pno: {ENDLESS}, total: {ENDLESS}, hrefFormer: 'list', hrefLatter: '.html'}})</script>",
    ),
    "jcms": ("/col/col1/index.html", f"{PROXY}<script>var totalRecord = {ENDLESS};</script>"),
    "vsb": ("/xwdt.htm", f"<a href='/xwdt/{ENDLESS}.htm'>尾页</a>"),
    "vsb counted": (f"/xwdt/{ENDLESS}.htm", ""),
    "workercn": (f"/43/32839_{ENDLESS}.shtml", ""),
}


def _asked(family: str, path: str, pager: str) -> list[Request]:
    """What the list's own callback asks for."""
    profile = SiteProfile(
        id="endless",
        name="某市总工会",
        level=Level.CITY,
        family=family,
        hosts=("www.example.org",),
        article_url=r"/a/\d+\.html",
    )
    crawler = get_crawler(site_spider(profile), {"UNIONCRAWL_KNOWN_MARGIN": project.UNIONCRAWL_KNOWN_MARGIN})
    spider = crawler.spidercls.from_crawler(crawler)
    crawler.spider = spider
    assert isinstance(spider, SiteSpider)
    url = f"http://www.example.org{path}"
    page = DecodedPage(url=url, text=listing(["/a/1.html"], pager), encoding="utf-8")
    response = PageResponse(url, page=page, request=Request(url), encoding="utf-8")
    given: Iterator[Any] = spider.parse_list(response, 0)
    return [one for one in given if isinstance(one, Request)]


@pytest.mark.parametrize("way", LISTS)
def test_an_endless_number_ends_no_callback(way: str) -> None:
    """The list's article is asked for, whatever number its pager prints."""
    asked = _asked(way.split(maxsplit=1)[0], *LISTS[way])
    assert asked[0].url == "http://www.example.org/a/1.html"


def test_a_proxy_is_asked_on_whatever_total_it_prints() -> None:
    """A total that no list has is no reason to end a JCMS list: its proxy is asked for the next records."""
    assert [one.method for one in _asked("jcms", *LISTS["jcms"])] == ["GET", "POST"]


def test_the_highest_real_page_follows_beside_an_endless_one() -> None:
    """A VSB list goes on at the highest number that a list can have."""
    pager = f"{LISTS['vsb'][1]}<a href='/xwdt/12.htm'>2</a>"
    assert _asked("vsb", "/xwdt.htm", pager)[-1].url == "http://www.example.org/xwdt/12.htm"
