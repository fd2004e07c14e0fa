"""The sites for measuring whole crawls: their pages are read right, their lists lead to all of them."""

from __future__ import annotations

import statistics
import tomllib
from urllib.parse import urlsplit

import pytest
from scrapy.http import HtmlResponse

from bench.material.news_sites import NewsSite, make_item, news_pages, news_sites
from bench.material.site_systems import SYSTEMS
from bench.peer_spiders import ParselSpider
from unioncrawl.decode.order import decode_raw
from unioncrawl.line import read_page
from unioncrawl.model import Article, DecodedPage, RawPage
from unioncrawl.page.lists.listing import read_listing
from unioncrawl.practice.listener import Request
from unioncrawl.sites.profile import SiteProfile

COUNT = 3 * 7 * 20
SITES = news_sites(COUNT, damaged=0)
ORDERS = pytest.mark.parametrize("site", SITES, ids=[system.name for system in SYSTEMS])
_HEADERS = (("content-type", "text/html"),)


def _printed(site: NewsSite, place: int) -> str:
    """The text that a page prints, captions among it, without line breaks."""
    item = make_item(site.number(place))
    captions = dict(item.pictures)
    return "".join(line + captions.get(number, "") for number, line in enumerate(item.lines))


def _read(site: NewsSite, place: int) -> Article:
    url = f"http://{site.site_id}.example{site.path(place)}"
    article = read_page(RawPage(url=url, body=site.page(place), headers=_HEADERS)).article
    assert article is not None
    return article


def _fetched(site: NewsSite, target: str) -> DecodedPage:
    answer = site.answer(Request(target=target, path=urlsplit(target).path))
    assert answer.status == 200
    return decode_raw(RawPage(url=f"http://127.0.0.1{target}", body=answer.body, headers=answer.headers))


@ORDERS
def test_every_field_of_a_page_is_read(site: NewsSite) -> None:
    """Title, time, source, editor and the whole text of a page come out as they went in."""
    for place in range(2):
        item, article = make_item(site.number(place)), _read(site, place)
        assert (article.title, article.source, article.editor) == (item.title, item.source, item.editor)
        assert article.published_at is not None
        assert article.published_at.date() == site.published(place).date()
        assert article.body_text.replace("\n", "") == _printed(site, place)


@ORDERS
def test_lists_lead_to_every_page(site: NewsSite) -> None:
    """From the first list over its next pages each article is named once, and is there."""
    profile = SiteProfile.model_validate(tomllib.loads(site.site_file("127.0.0.1")))
    target, found = site.system.lists[0], []
    for _ in range(site.list_pages):
        listing = read_listing(_fetched(site, target), profile)
        found += [link.url for link in listing.links if link.url not in found]
        target = listing.next_page.removeprefix("http://127.0.0.1")
    assert target == ""
    assert found == [f"http://127.0.0.1{site.path(place)}" for place in range(site.count)]
    _fetched(site, site.path(site.count - 1))


@ORDERS
def test_peers_selectors_find_the_fields(site: NewsSite) -> None:
    """The parsel spider reads five fields right, so that it is measured at its work."""
    url = f"http://127.0.0.1{site.path(1)}"
    response = HtmlResponse(url, body=site.page(1), encoding=site.system.encoding)
    read, item = ParselSpider(pages=7, hosts=()).read(response, site.system), make_item(site.number(1))
    assert (read["title"], read["source"]) == (item.title, item.source)
    assert read["date"].startswith((f"{site.published(1):%Y-%m-%d}", f"{site.published(1):%Y}/"))
    assert item.lines[0] in read["body"]
    assert item.lines[-1] in read["body"]


def test_pages_are_the_same_every_time_and_of_real_size() -> None:
    """Two runs measure the same bytes; the pages have 20 to 45 kB, 25 to 40 in the middle."""
    pages = list(news_pages(42))
    assert pages == list(news_pages(42))
    sizes = [len(body) for _, body in pages]
    assert 25_000 < statistics.median(sizes) < 40_000
    assert min(sizes) > 20_000


def test_shares_of_damage_and_reprints() -> None:
    """So many pages are damaged as were asked for, and about a tenth reprint another site's text."""
    sites = news_sites(7_000, damaged=0.2)
    damaged = sum(site.is_damaged(place) for site in sites for place in range(site.count))
    assert damaged == pytest.approx(1_400, rel=0.1)
    damaged_page = next(place for place in range(100) if sites[0].is_damaged(place))
    assert "(hu\xec)".encode() in sites[0].page(damaged_page)
    reprints = sum(make_item(number).story != number for number in range(1_000))
    assert reprints == pytest.approx(100, rel=0.3)


def test_counters_answer_what_the_article_has() -> None:
    """The counter of a site that has one says the article's hits in its system's way."""
    site = SITES[0]
    number = site.path(3).rsplit("/", 1)[1].removesuffix(".html")
    target = f"/e/public/ViewClick/?classid=1&id={number}&addclick=1"
    answer = site.answer(Request(target=target, path="/e/public/ViewClick/"))
    assert answer.body.decode() == f"document.write('{make_item(site.number(3)).hits}');"
