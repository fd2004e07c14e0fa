"""Harnesses of what is given out: feeds of articles, site files proposed from pages."""

from __future__ import annotations

import json
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from lxml import etree

from tests.fuzz import oracles, pages
from tests.fuzz.choices import Choices
from unioncrawl.archive.exports.feeds import FeedHead, json_feed
from unioncrawl.archive.exports.xml_feeds import atom_feed, rss_feed
from unioncrawl.archive.read.stored_articles import StoredArticle
from unioncrawl.decode.order import decode_raw
from unioncrawl.errors import UnioncrawlError
from unioncrawl.line import read_page
from unioncrawl.model import Article, Attachment, Image
from unioncrawl.page.lists.syndication import read_syndication
from unioncrawl.rows import article_row
from unioncrawl.sites.catalogue import read_site_file
from unioncrawl.sites.propose import propose_site

_FIRST = datetime(1900, 1, 1, tzinfo=UTC)
_LINK = "{http://www.w3.org/2005/Atom}link"


def _text(choices: Choices) -> str:
    return choices.text(40) if choices.flag() else pages.damaged_text(choices)


def _stored(choices: Choices, number: int) -> StoredArticle:
    at = _FIRST + timedelta(minutes=choices.integer(0, 10**8))
    fields = ("title", "author", "source", "column", "hits_raw")
    named: dict[str, Any] = {name: _text(choices) for name in fields}
    record = Article(
        url=pages.address(choices) or "urn:1",
        canonical_url=pages.address(choices),
        body_text=_text(choices) + choices.pick(("", "\n")) + _text(choices),
        markup=choices.text(8),
        images=(Image(pages.address(choices), choices.text(8)),),
        attachments=(Attachment(pages.address(choices), choices.text(8)),),
        published_at=at,
        fetched_at=at,
        **named,
    )
    return StoredArticle(number, record, _text(choices), at, at, choices.integer(1, 2), None, None)


def check_feeds(data: bytes) -> int:
    """Any article makes a JSON Feed, an Atom document and a row, with links of the web alone."""
    choices = Choices(data)
    articles = [_stored(choices, number) for number in range(choices.integer(1, 4))]
    atom = etree.fromstring(atom_feed(articles, FeedHead()))
    oracles.check_web_addresses([link.get("href") or "" for link in atom.iter(_LINK)], "a feed's link")
    rss = etree.fromstring(rss_feed(articles, FeedHead()))
    oracles.check_web_addresses([link.text or "" for link in rss.iterfind(".//item/link")], "a feed's link")
    feed = json.loads(json.dumps(json_feed(articles, FeedHead())))
    for item in feed["items"]:
        oracles.check_html(item.get("content_html", ""))
        links = [item.get("url"), item.get("image"), *(one["url"] for one in item.get("attachments", ()))]
        oracles.check_web_addresses(filter(None, links), "a feed's link")
    json.dumps([article_row(stored.record) for stored in articles], ensure_ascii=False)
    return 3 * len(atom)


def check_proposal(data: bytes) -> int:
    """A page that proposes a site proposes a file that can be read, or gives the reason why not."""
    choices = Choices(data)
    raw = pages.raw_page(choices)
    try:
        page, looked = decode_raw(raw), read_page(raw)
        proposal = propose_site(page, looked, is_feed=read_syndication(page) is not None)
    except UnioncrawlError as error:
        oracles.check_error(error)
        return 4 * len(raw.body)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "new.toml"
        path.write_text(proposal.text, "utf-8")
        if raw.url.startswith("http"):  # others are refused before
            oracles.check(read_site_file(path).id == proposal.site_id, "a proposal is a site file")
    return 4 * len(raw.body)
