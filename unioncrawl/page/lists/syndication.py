"""Read RSS, Atom and sitemaps as lists of articles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.entities import html5

from lxml import etree

from unioncrawl.guard.bounds import PAGE_ENTRIES
from unioncrawl.model import DecodedPage, Listing, ListLink
from unioncrawl.urls import absolute_url

_START_CHARACTERS = 2000
_CDATA = re.compile(r"(<!\[CDATA\[.*?(?:\]\]>|\Z))", re.DOTALL)
# XML knows five names; others end in a semicolon and are HTML's, or they are no reference at all.
_AMPERSAND = re.compile(
    r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});)(?P<name>[A-Za-z]\w++;)?"
)
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
    text = _with_references(text)
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False)
    try:
        # Bytes, because lxml refuses text with an encoding declaration.
        return etree.fromstring(text.strip().encode("utf-8"), _utf8(parser, text))
    except etree.XMLSyntaxError:
        return None


def _with_references(text: str) -> str:
    """A feed whose bare ampersands and HTML entities are references that XML knows, but in CDATA.

    >>> _with_references("<link>/news.asp?cid=3&id=4</link><t>&ldquo;&amp;</t><![CDATA[a&b]]>")
    '<link>/news.asp?cid=3&amp;id=4</link><t>“&amp;</t><![CDATA[a&b]]>'
    """
    pieces = _CDATA.split(text)
    pieces[::2] = [_AMPERSAND.sub(_reference, piece) for piece in pieces[::2]]
    return "".join(pieces)


def _reference(found: re.Match[str]) -> str:
    character = html5.get(found["name"] or "", "")
    return character or "&amp;" + (found["name"] or "")


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
