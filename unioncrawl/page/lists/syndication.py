"""Read RSS, Atom and sitemaps as lists of articles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from unioncrawl.guard.bounds import PAGE_ENTRIES
from unioncrawl.model import DecodedPage, Listing, ListLink
from unioncrawl.urls import absolute_url

_START_CHARACTERS = 2000
_ROOTS = frozenset({"rss", "RDF", "feed", "urlset", "sitemapindex"})


@dataclass(frozen=True, slots=True)
class Syndication:
    """What a feed or sitemap lists, newest first, and the sitemaps that it refers to."""

    listing: Listing
    children: tuple[ListLink, ...] = ()


def read_syndication(page: DecodedPage) -> Syndication | None:
    """The entries of an RSS or Atom feed or a sitemap; None for any other page.

    Entries come newest first where all have a date of the same form, else in
    document order (a sitemap has no order of its own).

    >>> text = "<rss><channel><item><link>/1.html</link><title>送清凉</title></item></channel></rss>"
    >>> page = DecodedPage(url="http://a.cn/rss", text=text, encoding="utf-8")
    >>> read_syndication(page).listing.links[0].url
    'http://a.cn/1.html'
    >>> read_syndication(DecodedPage(url="http://a.cn/", text="<html></html>", encoding="utf-8"))
    """
    root = _parse(page.text)
    if root is None or _name(root) not in _ROOTS:
        return None
    if _name(root) == "sitemapindex":
        children = sorted(_located(root, page.url), key=_date, reverse=True)
        return Syndication(Listing(url=page.url), tuple(children))
    if _name(root) == "urlset":
        return Syndication(_listed(page.url, sorted(_located(root, page.url), key=_date, reverse=True)))
    return Syndication(_listed(page.url, list(_entries(root, page.url))))


def _date(link: ListLink) -> str:
    return link.date_raw


def _listed(url: str, links: list[ListLink]) -> Listing:
    most = PAGE_ENTRIES.default
    return Listing(url=url, links=tuple(links[:most]), is_cut=len(links) > most)


def _parse(text: str) -> etree._Element | None:
    start = text[:_START_CHARACTERS]
    if not any(f"<{root}" in start or f":{root}" in start for root in _ROOTS):
        return None
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False)
    try:
        # Bytes, because lxml refuses text with an encoding declaration.
        return etree.fromstring(text.strip().encode("utf-8"), _utf8(parser, text))
    except etree.XMLSyntaxError:
        return None


def _utf8(parser: etree.XMLParser, text: str) -> etree.XMLParser:
    if "encoding" not in text[:200]:
        return parser
    return etree.XMLParser(recover=True, resolve_entities=False, no_network=True, encoding="utf-8")


def _name(element: etree._Element) -> str:
    """The name without its namespace; lxml.etree.QName refuses what the recovering parser lets through."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _child(element: etree._Element, *names: str) -> str:
    for child in element:
        if _name(child) in names:
            return (child.text or "").strip() or child.get("href", "")
    return ""


def _located(root: etree._Element, base_url: str) -> list[ListLink]:
    return [
        ListLink(url=absolute_url(base_url, address), date_raw=_child(entry, "lastmod", "publication_date"))
        for entry in root
        if (address := _child(entry, "loc"))
    ]


def _entries(root: etree._Element, base_url: str) -> Iterator[ListLink]:
    for entry in root.iter():
        if _name(entry) not in ("item", "entry"):
            continue
        address = _alternate(entry) or _child(entry, "link", "guid", "id")
        if address:
            date = _child(entry, "pubDate", "published", "updated", "date")
            yield ListLink(url=absolute_url(base_url, address), title=_child(entry, "title"), date_raw=date)


def _alternate(entry: etree._Element) -> str:
    """The address of an Atom entry's page, among links to the entry itself, to files and to comments."""
    for child in entry:
        if _name(child) == "link" and child.get("rel", "alternate") == "alternate" and child.get("href"):
            return str(child.get("href"))
    return ""
