"""Feeds in XML: Atom (RFC 4287) and RSS 2.0, with the articles' HTML."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from xml.etree.ElementTree import Comment, Element, SubElement, indent, register_namespace, tostring

from unioncrawl.archive.exports.feeds import (
    LANGUAGE,
    FeedHead,
    entry_files,
    entry_id,
    entry_summary,
    entry_updated,
)
from unioncrawl.archive.read.stored_articles import StoredArticle
from unioncrawl.citations.creators import split_names
from unioncrawl.guard.web_address import is_web_link
from unioncrawl.language.zones import CHINA

_ATOM = "http://www.w3.org/2005/Atom"
_CONTENT = "http://purl.org/rss/1.0/modules/content/"
_DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
_OPEN_SEARCH = "http://a9.com/-/spec/opensearch/1.1/"
_XML = "http://www.w3.org/XML/1998/namespace"
_PREFIXES = {"atom": _ATOM, "content": _CONTENT, "dc": _DUBLIN_CORE, "opensearch": _OPEN_SEARCH}
for _prefix, _name in _PREFIXES.items():
    register_namespace(_prefix, _name)
# XML 1.0 section 2.2 allows no other control characters and no surrogates, however escaped.
_NOT_XML = dict.fromkeys((*range(9), 11, 12, *range(14, 32), *range(0xD800, 0xE000), 65534, 65535))
# An empty feed has to say a time, and must not be new whenever it is asked for.
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_SOFTWARE = "unioncrawl"


def atom_feed(articles: Sequence[StoredArticle], head: FeedHead) -> bytes:
    """Return an Atom document; entries in the order given.

    >>> atom_feed([], FeedHead("工会新闻")).decode().splitlines()[1]
    '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-CN">'
    """
    feed = Element("feed", {"xmlns": _ATOM, f"{{{_XML}}}lang": LANGUAGE})
    _add(feed, "id", head.id)
    _add(feed, "title", head.title)
    _add(feed, "updated", _latest(articles).isoformat())
    # RFC 4287 section 4.1.1: a feed has an author unless every entry has one.
    _add(_add(feed, "author"), "name", _SOFTWARE)
    _add(feed, "generator", _SOFTWARE)
    _add_links(feed, head, "link")
    for stored in articles:
        _add_entry(feed, stored)
    return _document(feed)


def rss_feed(articles: Sequence[StoredArticle], head: FeedHead) -> bytes:
    """Return an RSS 2.0 document with the modules content, dc and atom; items in the order given.

    The length of a file is not known, which RSS asks for: it is given as 0.

    >>> rss_feed([], FeedHead("工会新闻")).decode().splitlines()[3].strip()
    '<title>工会新闻</title>'
    """
    rss = Element("rss", {"version": "2.0"})
    channel = _add(rss, "channel")
    _add(channel, "title", head.title)
    _add(channel, "link", head.home_page_url or head.id)
    _add(channel, "description", head.title)
    _add(channel, "language", LANGUAGE)
    _add(channel, "lastBuildDate", format_datetime(_latest(articles)))
    _add(channel, "generator", _SOFTWARE)
    _add_links(channel, head, f"{{{_ATOM}}}link")
    for stored in articles:
        _add_item(channel, stored)
    return _document(rss)


def _add_entry(feed: Element, stored: StoredArticle) -> None:
    record = stored.record
    entry = _add(feed, "entry")
    _add(entry, "id", entry_id(stored))
    _add(entry, "title", _plain(record.title) or _plain(record.url) or str(stored.id))
    if is_web_link(record.url):
        SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": record.url})
    for file in entry_files(stored):
        enclosure = {"rel": "enclosure", "type": file.media_type, "href": file.url}
        SubElement(entry, "link", enclosure | ({"title": _plain(file.title)} if file.title else {}))
    _add(entry, "updated", entry_updated(stored).isoformat())
    if record.published_at:
        _add(entry, "published", record.published_at.astimezone(CHINA).isoformat())
    for name in split_names(record.author) or [record.source]:
        if _plain(name):
            _add(_add(entry, "author"), "name", name)
    if record.column:
        SubElement(entry, "category", {"term": _plain(record.column)})
    if gone := entry_summary(stored):
        _add(entry, "summary", gone)
    _add(entry, "content", record.body_html).set("type", "html")


def _add_item(channel: Element, stored: StoredArticle) -> None:
    record = stored.record
    item = _add(channel, "item")
    _add(item, "title", _plain(record.title) or _plain(record.url) or str(stored.id))
    if is_web_link(record.url):
        _add(item, "link", record.url)
    _add(item, "guid", entry_id(stored)).set("isPermaLink", "false")
    if record.published_at:
        _add(item, "pubDate", format_datetime(record.published_at.astimezone(CHINA)))
    _add(item, f"{{{_ATOM}}}updated", entry_updated(stored).isoformat())
    for name in split_names(record.author):
        _add(item, f"{{{_DUBLIN_CORE}}}creator", name)
    if record.column:
        _add(item, "category", record.column)
    if gone := entry_summary(stored):
        _add(item, "description", gone)
    _add(item, f"{{{_CONTENT}}}encoded", record.body_html)
    for file in entry_files(stored):
        SubElement(item, "enclosure", {"url": file.url, "length": "0", "type": file.media_type})


def _add_links(parent: Element, head: FeedHead, tag: str) -> None:
    links = {"self": head.feed_url, "first": head.first_url, "next": head.next_url}
    for relation, url in {"alternate": head.home_page_url, **links}.items():
        if url:
            SubElement(parent, tag, {"rel": relation, "href": url})
    if head.total is not None:
        _add(parent, f"{{{_OPEN_SEARCH}}}totalResults", str(head.total))
    if head.left_out:
        parent.append(Comment(f" left out, damaged: {', '.join(map(str, head.left_out))} "))


def _add(parent: Element, tag: str, text: str = "") -> Element:
    added = SubElement(parent, tag)
    if text:
        added.text = _plain(text)
    return added


def _latest(articles: Sequence[StoredArticle]) -> datetime:
    return max(map(entry_updated, articles), default=_NEVER)


def _document(root: Element) -> bytes:
    indent(root)
    written: bytes = tostring(root, encoding="UTF-8", xml_declaration=True)
    return written + b"\n"


def _plain(text: str) -> str:
    """Return the text without what XML can't hold."""
    return text.translate(_NOT_XML)
