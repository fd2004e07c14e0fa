"""Feeds of stored articles: what an entry says in every format, and JSON Feed 1.1."""

from __future__ import annotations

import mimetypes
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from unioncrawl.archive.read.stored_articles import StoredArticle
from unioncrawl.citations.creators import split_names
from unioncrawl.guard.web_address import is_web_link, web_link
from unioncrawl.language.zones import local_time
from unioncrawl.model.article_fields import Use, fields_of

JSON_FEED_VERSION = "https://jsonfeed.org/version/1.1"
LANGUAGE = "zh-CN"


@dataclass(frozen=True, slots=True)
class FeedHead:
    """What a feed says about itself; the URLs may be empty.

    ``feed_url`` is that of this document, ``first_url`` that of the feed's first one, where it
    has several, ``next_url`` where the older articles are (RFC 5005, 3).
    ``total``: how many articles all its documents have, ``None`` where it was not counted;
    ``left_out``: articles that belong here and can't be read, by number.
    """

    title: str = "工会新闻"
    home_page_url: str = ""
    feed_url: str = ""
    first_url: str = ""
    next_url: str = ""
    total: int | None = None
    left_out: tuple[int, ...] = ()

    @property
    def id(self) -> str:
        """What names the feed, whichever of its documents this is."""
        return self.first_url or self.feed_url or self.home_page_url or "urn:unioncrawl:feed"


@dataclass(frozen=True, slots=True)
class FeedFile:
    """A file that an article offers."""

    url: str
    media_type: str
    title: str


def entry_id(stored: StoredArticle) -> str:
    """What names an article for readers of feeds, in every format and for all its revisions."""
    return stored.record.canonical_url or stored.record.url or f"urn:unioncrawl:{stored.id}"


def entry_updated(stored: StoredArticle) -> datetime:
    """When an article's present text was first fetched, or was found to be gone from its address."""
    times = (stored.record.fetched_at or stored.first_seen_at, stored.vanished_at)
    return max(time for time in times if time is not None)


def entry_files(stored: StoredArticle) -> list[FeedFile]:
    """The files that an article offers at addresses of the web."""
    return [
        FeedFile(file.url, _media_type(file.url), file.name)
        for file in stored.record.attachments
        if is_web_link(file.url)
    ]


def _media_type(url: str) -> str:
    return mimetypes.guess_type(urlsplit(url).path)[0] or "application/octet-stream"


def entry_summary(stored: StoredArticle) -> str:
    """A sentence for readers of feeds about an article that is gone from its address; else nothing."""
    if stored.vanished_at is None:
        return ""
    seen, gone = ((local_time(time) or "")[:10] for time in (stored.last_seen_at, stored.vanished_at))
    return (
        f"原网址已无此文：{seen} 仍在，{gone} 确认。"
        f"Gone from its address: last seen {seen}, found gone by {gone}."
    )


def json_feed(articles: Sequence[StoredArticle], head: FeedHead) -> dict[str, Any]:
    """Return a JSON Feed 1.1 document; our own fields stand in ``_unioncrawl``.

    Only addresses of the web become links. An article that an import brought under
    another one (``javascript:…``) keeps it as ``id``, as text; such addresses of files
    and pictures stand in ``_unioncrawl.unlinked``.

    >>> json_feed([], FeedHead("工会新闻"))["title"]
    '工会新闻'
    """
    feed: dict[str, Any] = {"version": JSON_FEED_VERSION, "title": head.title, "language": LANGUAGE}
    for name in ("home_page_url", "feed_url", "next_url"):
        if getattr(head, name):
            feed[name] = getattr(head, name)
    known = {"total": head.total, "left_out": list(head.left_out) or None}
    if about := {name: value for name, value in known.items() if value is not None}:
        feed["_unioncrawl"] = about
    feed["items"] = [_json_item(stored) for stored in articles]
    return feed


def _json_item(stored: StoredArticle) -> dict[str, Any]:
    record = stored.record
    item: dict[str, Any] = {
        "id": entry_id(stored),
        "url": web_link(record.url),
        "title": record.title,
        "content_text": record.body_text,
        "content_html": record.body_html or None,
        "date_published": local_time(record.published_at),
        "date_modified": _modified(stored),
        "summary": entry_summary(stored) or None,
        "image": next((image.url for image in record.images if is_web_link(image.url)), None),
        "authors": [{"name": name} for name in split_names(record.author)] or None,
        "tags": [record.column] if record.column else None,
        "language": LANGUAGE,
        "attachments": [_json_attachment(file) for file in entry_files(stored)] or None,
    }
    present = {name: value for name, value in item.items() if value is not None}
    return {**present, "_unioncrawl": _extension(stored)}


def _modified(stored: StoredArticle) -> str | None:
    return local_time(entry_updated(stored)) if stored.revision > 1 or stored.vanished_at else None


def _json_attachment(file: FeedFile) -> dict[str, str]:
    return {"url": file.url, "mime_type": file.media_type, **({"title": file.title} if file.title else {})}


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
