from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import feedparser
import pytest
from lxml import etree

from unioncrawl.archive.exports.feeds import FeedHead, json_feed
from unioncrawl.archive.exports.xml_feeds import atom_feed, rss_feed
from unioncrawl.archive.read.stored_articles import StoredArticle
from unioncrawl.model import Article, Attachment, HitsStatus, Image

TIME = datetime(2024, 4, 8, 1, 32, 34, tzinfo=UTC)
PICTURE = '<figure><img src="http://example.cn/a.jpg" alt=""></figure>'
ATOM = "{http://www.w3.org/2005/Atom}"
STORED = StoredArticle(
    id=7,
    record=Article(
        url="http://example.cn/1.html?a=1&b=2",
        site="xian",
        canonical_url="http://example.cn/1.html",
        title="总工会<送清凉>",
        body_text="第一段\x0b\n第二段",
        published_at=TIME,
        fetched_at=TIME,
        hits=12,
        hits_status=HitsStatus.PAGE,
        author="张三",
        source="工人日报",
        column="要闻",
        images=(Image("http://example.cn/a.jpg"),),
        attachments=(Attachment("http://example.cn/a.pdf?x=1", "通知"), Attachment("http://example.cn/b")),
    ),
    site_name="西安工会",
    first_seen_at=TIME,
    last_seen_at=TIME,
    revision=2,
    reprint_group=None,
    withdrawn_at=None,
)
BARE = replace(STORED, id=8, record=Article(url="http://example.cn/2.html", site="xian"), revision=1)


def _check_item(item: dict[str, Any]) -> None:
    """The rules of jsonfeed.org/version/1.1 for an item."""
    assert isinstance(item["id"], str)
    assert item["id"]
    assert isinstance(item["content_text"], str)
    for name in ("url", "title", "image", "language"):
        assert isinstance(item.get(name, ""), str)
    for name in ("date_published", "date_modified"):
        assert name not in item or datetime.fromisoformat(item[name]).tzinfo
    for author in item.get("authors", [{"name": "x"}]):
        assert author["name"]
    for attachment in item.get("attachments", []):
        assert attachment["url"]
        assert "/" in attachment["mime_type"]


def test_json_feed_keeps_to_its_specification() -> None:
    """Required members are there, types are right, absent values are left out."""
    feed = json.loads(json.dumps(json_feed([STORED, BARE], FeedHead("工会", "http://example.cn/", ""))))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["home_page_url"] == "http://example.cn/"
    assert "feed_url" not in feed
    assert len({item["id"] for item in feed["items"]}) == 2
    for item in feed["items"]:
        _check_item(item)
    assert feed["items"][0]["date_published"] == "2024-04-08T09:32:34+08:00"
    assert feed["items"][0]["attachments"][0]["mime_type"] == "application/pdf"
    assert feed["items"][0]["_unioncrawl"]["hits"] == 12
    assert "authors" not in feed["items"][1]


def test_atom_feed_is_sound() -> None:
    """The Atom document parses, escapes what it must, and keeps the order."""
    root = etree.fromstring(atom_feed([STORED, BARE], FeedHead()))
    entries = root.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}id") for entry in entries] == [
        "http://example.cn/1.html",
        "http://example.cn/2.html",
    ]
    assert entries[0].findtext(f"{ATOM}title") == "总工会<送清凉>"
    assert entries[0].findtext(f"{ATOM}content") == PICTURE + "\n<p>第一段</p>\n<p>第二段</p>"
    assert root.findtext(f"{ATOM}updated")


def test_empty_feeds_are_feeds() -> None:
    """An archive without articles gives a valid feed without items."""
    assert json_feed([], FeedHead())["items"] == []
    assert etree.fromstring(atom_feed([], FeedHead())).findall(f"{ATOM}entry") == []
    assert etree.fromstring(rss_feed([], FeedHead())).findall("channel/item") == []


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "file:///etc/passwd", "\x01http://a.cn/", "java\tscript:x", "http://a\x00.cn/"],
)
def test_only_the_webs_addresses_become_links(url: str) -> None:
    """An article, a picture and a file at another address stay in the feeds as text, without a link."""
    record = Article(url=url, site="xian", title="通知", images=(Image(url),), attachments=(Attachment(url),))
    stored = replace(STORED, record=record)
    item = json_feed([stored], FeedHead())["items"][0]
    assert item["id"] == url
    assert item["_unioncrawl"]["unlinked"] == [url, url]
    assert not item.keys() & {"url", "image", "attachments"}
    (entry,) = etree.fromstring(atom_feed([stored], FeedHead())).findall(f"{ATOM}entry")
    assert entry.find(f"{ATOM}link") is None
    assert entry.findtext(f"{ATOM}title") == "通知"


def test_headline_that_xml_cannot_hold_leaves_the_feed_whole() -> None:
    """An article whose headline is a control character is listed by its address, beside the others."""
    odd = replace(STORED, id=9, record=Article(url="http://example.cn/9.html", site="xian", title="\x0b"))
    feed = etree.fromstring(atom_feed([odd, STORED], FeedHead()))
    titles = [entry.findtext(f"{ATOM}title") for entry in feed.findall(f"{ATOM}entry")]
    assert titles == ["http://example.cn/9.html", "总工会<送清凉>"]


PAGED = FeedHead("工会", "http://r/?q=a&b", "http://r/feed?after=2", "http://r/feed", "http://r/feed?after=3")


@pytest.mark.parametrize("write", [atom_feed, rss_feed])
def test_feedparser_reads_what_was_written(write: Callable[..., bytes]) -> None:
    """A reader of feeds finds title, address, id, date, people, column, HTML and files of an entry."""
    people = replace(STORED.record, author="张三 王小明", body_text="<b>职工</b> & 工会")
    read = feedparser.parse(write([replace(STORED, record=people), BARE], PAGED))
    assert not read.bozo
    assert [entry.id for entry in read.entries] == ["http://example.cn/1.html", "http://example.cn/2.html"]
    entry = read.entries[0]
    assert entry.title_detail.value == "总工会<送清凉>"
    assert entry.link == "http://example.cn/1.html?a=1&b=2"
    assert "&lt;b&gt;职工&lt;/b&gt; &amp; 工会" in entry.content[0].value
    assert entry.content[0].type == "text/html"
    assert [tag.term for tag in entry.tags] == ["要闻"]
    assert [author.name for author in entry.authors if author] == ["张三", "王小明"]
    assert entry.published_parsed[:5] == TIME.timetuple()[:5]
    assert entry.updated_parsed[:5] == TIME.timetuple()[:5]
    file = entry.enclosures[0]
    assert (file.href, file.type) == ("http://example.cn/a.pdf?x=1", "application/pdf")


@pytest.mark.parametrize("write", [atom_feed, rss_feed])
def test_documents_of_a_paged_feed_name_each_other(write: Callable[..., bytes]) -> None:
    """Each document says where it is, where the first and the next one are, and what page it belongs to."""
    links = {link.rel: link.href for link in feedparser.parse(write([STORED], PAGED)).feed.links}
    assert links["self"] == PAGED.feed_url
    assert links["first"] == PAGED.first_url
    assert links["next"] == PAGED.next_url
    assert links["alternate"] == PAGED.home_page_url
    assert json_feed([STORED], PAGED)["next_url"] == PAGED.next_url


@pytest.mark.parametrize("write", [atom_feed, rss_feed])
def test_an_edit_is_an_update_of_the_same_entry(write: Callable[..., bytes]) -> None:
    """A later revision keeps id and date of publishing, and has a later time of update."""
    later = TIME + timedelta(days=3)
    edited = replace(STORED, record=replace(STORED.record, title="更新", fetched_at=later), revision=3)
    before, after = (feedparser.parse(write([one], FeedHead())).entries[0] for one in (STORED, edited))
    assert (before.id, before.published) == (after.id, after.published)
    assert before.updated_parsed < after.updated_parsed
    first, second = (json_feed([one], FeedHead())["items"][0] for one in (STORED, edited))
    assert first["id"] == second["id"]
    assert first["date_modified"] < second["date_modified"]
