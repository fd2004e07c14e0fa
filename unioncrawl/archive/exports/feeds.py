"""Feeds of stored articles: JSON Feed 1.1 and Atom."""

from __future__ import annotations

import mimetypes
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from unioncrawl.archive.read.stored_articles import StoredArticle
from unioncrawl.guard.web_address import is_web_link, web_link
from unioncrawl.language.zones import local_time
from unioncrawl.model.article_fields import Use, fields_of

if TYPE_CHECKING:
    from feedgen.feed import FeedGenerator

JSON_FEED_VERSION = "https://jsonfeed.org/version/1.1"
_LANGUAGE = "zh-CN"
# XML 1.0 section 2.2 allows no other control characters and no surrogates, however escaped.
_NOT_XML = dict.fromkeys((*range(9), 11, 12, *range(14, 32), *range(0xD800, 0xE000), 65534, 65535))


@dataclass(frozen=True, slots=True)
class FeedHead:
    """What a feed says about itself; the URLs may be empty."""

    title: str = "工会新闻"
    home_page_url: str = ""
    feed_url: str = ""


def json_feed(articles: Sequence[StoredArticle], head: FeedHead) -> dict[str, Any]:
    """Return a JSON Feed 1.1 document; our own fields stand in ``_unioncrawl``.

    Only addresses of the web become links. An article that an import brought under
    another one (``javascript:…``) keeps it as ``id``, as text; such addresses of files
    and pictures stand in ``_unioncrawl.unlinked``.

    >>> json_feed([], FeedHead("工会新闻"))["title"]
    '工会新闻'
    """
    feed: dict[str, Any] = {"version": JSON_FEED_VERSION, "title": head.title, "language": _LANGUAGE}
    for name in ("home_page_url", "feed_url"):
        if getattr(head, name):
            feed[name] = getattr(head, name)
    feed["items"] = [_json_item(stored) for stored in articles]
    return feed


def _json_item(stored: StoredArticle) -> dict[str, Any]:
    record = stored.record
    item: dict[str, Any] = {
        "id": record.canonical_url or record.url,
        "url": web_link(record.url),
        "title": record.title,
        "content_text": record.body_text,
        "content_html": record.body_html or None,
        "date_published": local_time(record.published_at),
        "date_modified": _modified(stored),
        "summary": _vanished(stored) or None,
        "image": next((image.url for image in record.images if is_web_link(image.url)), None),
        "authors": [{"name": record.author}] if record.author else None,
        "tags": [record.column] if record.column else None,
        "language": _LANGUAGE,
        "attachments": [
            _json_attachment(file.url, file.name) for file in record.attachments if is_web_link(file.url)
        ]
        or None,
    }
    present = {name: value for name, value in item.items() if value is not None}
    return {**present, "_unioncrawl": _extension(stored)}


def _modified(stored: StoredArticle) -> str | None:
    return local_time(_updated(stored)) if stored.revision > 1 or stored.vanished_at else None


def _vanished(stored: StoredArticle) -> str:
    """A sentence for readers of feeds about an article that its site has deleted; else nothing."""
    if stored.vanished_at is None:
        return ""
    seen, gone = ((local_time(time) or "")[:10] for time in (stored.last_seen_at, stored.vanished_at))
    return (
        f"原站已删除：{seen} 仍在，{gone} 确认。Gone from its site: last seen {seen}, found gone by {gone}."
    )


def _json_attachment(url: str, name: str) -> dict[str, str]:
    kind = mimetypes.guess_type(urlsplit(url).path)[0] or "application/octet-stream"
    return {"url": url, "mime_type": kind, **({"title": name} if name else {})}


def _extension(stored: StoredArticle) -> dict[str, Any]:
    record = stored.record
    media = [image.url for image in record.images] + [file.url for file in record.attachments]
    unlinked = [url for url in media if not is_web_link(url)]
    return {
        **({"unlinked": unlinked} if unlinked else {}),
        "id": stored.id,
        "site": record.site,
        "site_name": stored.site_name,
        **{name: getattr(record, name) for name in fields_of(Use.FED)},
        "revision": stored.revision,
        "mirror": record.mirror,
        "repaired": len(record.steps),
        "unresolved": len(record.unresolved),
        "first_seen_at": local_time(stored.first_seen_at),
        "last_seen_at": local_time(stored.last_seen_at),
        "vanished_at": local_time(stored.vanished_at),
    }


def atom_feed(articles: Sequence[StoredArticle], head: FeedHead) -> bytes:
    """Return an Atom document (RFC 4287); entries in the order given."""
    from feedgen.feed import FeedGenerator  # noqa: PLC0415 - with lxml; a JSON feed needs neither

    feed = FeedGenerator()
    feed.id(head.feed_url or head.home_page_url or "urn:unioncrawl:feed")
    feed.title(head.title)
    feed.language(_LANGUAGE)
    # RFC 4287 section 4.1.1: a feed has an author unless every entry has one.
    feed.author({"name": "unioncrawl"})
    feed.updated(max((_updated(stored) for stored in articles), default=datetime(1970, 1, 1, tzinfo=UTC)))
    for url, relation in ((head.home_page_url, "alternate"), (head.feed_url, "self")):
        if url:
            feed.link(href=url, rel=relation)
    for stored in articles:
        _add_entry(feed, stored)
    document: bytes = feed.atom_str(pretty=True)
    return document


def _updated(stored: StoredArticle) -> datetime:
    times = (stored.record.fetched_at or stored.first_seen_at, stored.vanished_at)
    return max(time for time in times if time is not None)


def _add_entry(feed: FeedGenerator, stored: StoredArticle) -> None:
    record = stored.record
    entry = feed.add_entry(order="append")
    entry.id(_plain(record.canonical_url) or _plain(record.url) or f"urn:unioncrawl:{stored.id}")
    entry.title(_plain(record.title) or _plain(record.url) or str(stored.id))
    if is_web_link(record.url):
        entry.link(href=record.url)
    entry.updated(_updated(stored))
    entry.content(_plain(record.body_text), type="text")
    if gone := _vanished(stored):
        entry.summary(gone)
    if record.published_at:
        entry.published(record.published_at)
    if record.author or record.source:
        entry.author({"name": _plain(record.author or record.source)})
    if record.column:
        entry.category(term=_plain(record.column))


def _plain(text: str) -> str:
    """Return the text without what XML can't hold."""
    return text.translate(_NOT_XML)
