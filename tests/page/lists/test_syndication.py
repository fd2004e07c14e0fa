"""Feeds and sitemaps whose authors forgot XML."""

from __future__ import annotations

import pytest

from unioncrawl.model import DecodedPage
from unioncrawl.page.lists.syndication import read_syndication

ADDRESS = "http://a.example/news.asp?cid=3&id=460&copy=1"
ESCAPED = ADDRESS.replace("&", "&amp;")
ITEM = "<rss><channel><item><title>送清凉 {} 图集</title><link>{}</link></item></channel></rss>"
ENTRY = (
    '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>送清凉 & 图集</title>'
    '<link href="{}"/></entry></feed>'
)


@pytest.mark.parametrize(
    "text",
    [
        ITEM.format("&", ADDRESS),
        ITEM.format("&amp;", f"<![CDATA[{ADDRESS}]]>"),
        ITEM.format("&#38;", ESCAPED),
        ENTRY.format(ADDRESS),
    ],
)
def test_a_bare_ampersand_is_an_ampersand(text: str) -> None:
    """Bare, escaped and in CDATA, an ampersand gives the same title and address."""
    found = read_syndication(DecodedPage(url="http://a.example/rss", text=text, encoding="utf-8"))
    assert found is not None
    assert [(link.url, link.title) for link in found.listing.links] == [(ADDRESS, "送清凉 & 图集")]


def test_a_sitemap_with_bare_ampersands_keeps_its_addresses() -> None:
    """An address of a sitemap with two parameters comes out whole."""
    text = f"<urlset><url><loc>{ADDRESS}</loc></url></urlset>"
    found = read_syndication(DecodedPage(url="http://a.example/sitemap.xml", text=text, encoding="utf-8"))
    assert found is not None
    assert [link.url for link in found.listing.links] == [ADDRESS]
