from __future__ import annotations

import os
import shutil
import time
from email.utils import formatdate
from pathlib import Path
from typing import Any

import feedparser
import httpx
import pytest
from lxml import html

from tests.databases import ask, copy_archive, in_files
from tests.reader.invented_news import PAGES, News
from unioncrawl.archive.care.takedown import take_down
from unioncrawl.archive.store import Archive
from unioncrawl.reader.beside import served
from unioncrawl.reader.settings import ReaderSettings

FORMS = ("json", "atom", "rss")
PRESENT = len(PAGES) - 1  # one is withdrawn


def _documents(browser: httpx.Client, form: str, **asked: Any) -> list[httpx.Response]:
    """Every document of a feed, from the first one on."""
    found = [browser.get(f"/feed.{form}", params=asked)]
    while next_url := _next(form, found[-1]):
        found.append(browser.get(next_url))
    return found


def _next(form: str, document: httpx.Response) -> str:
    assert document.status_code == 200
    if form == "json":
        return str(document.json().get("next_url", ""))
    links = feedparser.parse(document.content).feed.links
    return next((link.href for link in links if link.rel == "next"), "")


def _ids(form: str, document: httpx.Response) -> list[str]:
    if form == "json":
        return [item["id"] for item in document.json()["items"]]
    read = feedparser.parse(document.content)
    assert not read.bozo
    return [entry.id for entry in read.entries]


@pytest.mark.parametrize("form", FORMS)
def test_a_feed_leads_from_page_to_page(browser: httpx.Client, form: str) -> None:
    """Its documents have every article once, the newest first; what was withdrawn is in none."""
    documents = _documents(browser, form, limit=15)
    ids = [one for document in documents for one in _ids(form, document)]
    assert len(documents) == 3
    assert len(ids) == len(set(ids)) == PRESENT
    assert "http://news.quanguo.example/more/26.html" in ids[0]
    assert all("/yw/6.html" not in one for one in ids)
    assert "后来撤下" not in "".join(document.text for document in documents)


@pytest.mark.parametrize("form", FORMS)
def test_a_feed_follows_any_query(browser: httpx.Client, form: str) -> None:
    """Words, a site and a column narrow it; it names the search that shows the same, and their number."""
    (document,) = _documents(browser, form, q="site:linxi column:要闻 清凉")
    assert _ids(form, document) == ["http://gh.linxi.example/yw/1.html"]
    assert "清凉" in document.text
    if form == "json":
        read = document.json()
        home, own, total = read["home_page_url"], read["feed_url"], read["_unioncrawl"]["total"]
    else:
        feed = feedparser.parse(document.content).feed
        links = {link.rel: link.href for link in feed.links}
        home, own, total = links["alternate"], links["self"], int(feed.opensearch_totalresults)
    assert total == 1
    assert "职工送清凉" in browser.get(home).text.replace("<mark>", "").replace("</mark>", "")
    assert browser.get(own).content == document.content


def test_the_search_page_names_its_feeds(browser: httpx.Client) -> None:
    """Readers of feeds find all three formats of the query in the page's head."""
    page = html.fromstring(browser.get("/", params={"q": "职工 书屋"}).text)
    links = page.xpath("//head/link[@rel='alternate'][@type]/@href")
    assert [str(link).partition("?")[0] for link in links] == [f"/feed.{form}" for form in FORMS]
    for link in links:
        assert browser.get(str(link)).status_code == 200


@pytest.mark.parametrize("form", FORMS)
def test_who_has_a_feed_gets_304(browser: httpx.Client, form: str) -> None:
    """Unchanged, it is not sent again to whoever sends its ETag; another ETag gets it."""
    answer = browser.get(f"/feed.{form}")
    assert answer.headers["content-type"].endswith("charset=utf-8")
    tag = answer.headers["etag"]
    assert browser.get(f"/feed.{form}", headers={"If-None-Match": tag}).status_code == 304
    assert browser.get(f"/feed.{form}", headers={"If-None-Match": '"x"'}).status_code == 200


def _let_an_hour_pass(address: str) -> None:
    """A file has a time; a server's archive has that of its last run."""
    long_ago = time.time() - 3_600
    if in_files():
        os.utime(address, (long_ago, long_ago))
    else:
        ask(address, "UPDATE run SET finished_at = to_timestamp(?)", long_ago)
        ask(
            address,
            "UPDATE article SET withdrawn_at = to_timestamp(?) WHERE withdrawn_at IS NOT NULL",
            long_ago,
        )


def test_a_feed_is_new_when_the_archive_has_changed(news: News, tmp_path: Path) -> None:
    """By the time of its last change alone a feed is sent again after a takedown, and only then."""
    copy = copy_archive(news.address, tmp_path / "archive.db")
    shutil.copytree(news.captures, tmp_path / "captures")
    _let_an_hour_pass(copy)
    with served(ReaderSettings(archive=str(copy))) as address, httpx.Client(base_url=address) as client:
        first = client.get("/feed.json")
        had = {"If-Modified-Since": first.headers["last-modified"]}
        assert client.get("/feed.json", headers=had).status_code == 304
        assert client.get("/feed.json", headers={"If-Modified-Since": formatdate(0)}).status_code == 200
        assert client.get("/feed.json", headers={**had, "If-None-Match": '"x"'}).status_code == 200
        with Archive.open(copy) as archive:
            take_down(archive.engine, tmp_path / "captures", str(news.numbers["models"]), "asked for")
        again = client.get("/feed.json", headers=had)
    assert again.status_code == 200
    assert len(again.json()["items"]) == len(first.json()["items"]) - 1


def test_an_edit_is_an_update(browser: httpx.Client) -> None:
    """An article that its site has changed has the time of the change under the same id."""
    items = {item["id"]: item for item in browser.get("/feed.json", params={"q": "清凉"}).json()["items"]}
    edited = items["http://gh.linxi.example/yw/1.html"]
    assert edited["_unioncrawl"]["revision"] == 2
    assert edited["date_modified"] > edited["date_published"]
    assert edited["attachments"][0]["mime_type"] == "application/pdf"
    assert edited["content_html"].startswith("<")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/feed.xml", 404), ("/feed.json?limit=0", 400), ("/feed.json?limit=100000", 400),
        ("/feed.json?after=x", 400), ('/feed.atom?q="', 400), ("/feed.rss?q=site:unknown", 404),
    ],
)  # fmt: skip
def test_what_no_feed_can_answer_is_refused(browser: httpx.Client, path: str, status: int) -> None:
    """An unknown format, a limit out of bounds, a cursor of nobody's, a faulty query, an unknown site."""
    assert browser.get(path).status_code == status
