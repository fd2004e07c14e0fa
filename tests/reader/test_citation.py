from __future__ import annotations

from html import unescape
from pathlib import Path

import httpx
import pytest
import rispy
from lxml import html

from tests.databases import ask, copy_archive
from tests.reader.invented_news import News
from unioncrawl.citations.styles import STYLES
from unioncrawl.reader.beside import served
from unioncrawl.reader.settings import ReaderSettings


def _path(news: News, name: str) -> str:
    return f"/articles/{news.numbers[name]}"


def test_a_page_is_cited_and_offers_every_style(browser: httpx.Client, news: News) -> None:
    """The reference after GB/T 7714 stands on the page, and each style that it links to answers."""
    page = browser.get(_path(news, "skills")).text
    assert "东河县总工会. 东河县职工技能竞赛落幕[EB/OL]. (2024-04-10)[2024-04-10]." in unescape(page)
    links = [str(link) for link in html.fromstring(page).xpath("//ul[@class='styles']//a/@href")]
    assert len(links) == len(STYLES)
    for link in links:
        answer = browser.get(link)
        assert answer.status_code == 200
        assert "东河县职工技能竞赛落幕" in answer.text
        assert browser.get(link, headers={"If-None-Match": answer.headers["etag"]}).status_code == 304


def test_a_file_of_a_style_has_its_type_and_a_name(browser: httpx.Client, news: News) -> None:
    """A reference manager gets RIS under its media type, as a file named after site, year and number."""
    answer = browser.get(f"{_path(news, 'cooling')}/cite", params={"style": "ris"})
    assert answer.headers["content-type"].startswith("application/x-research-info-systems")
    number = news.numbers["cooling"]
    assert answer.headers["content-disposition"] == f'attachment; filename="linxi-2024-{number}.ris"'
    (read,) = rispy.loads(answer.text)
    assert read["urls"] == ["http://gh.linxi.example/yw/1.html"]


def test_the_head_has_what_zotero_reads(browser: httpx.Client, news: News) -> None:
    """Title, date, kind and the original address stand in meta elements."""
    head = html.fromstring(browser.get(_path(news, "cooling")).text)
    metas = {str(one.get("name")): str(one.get("content")) for one in head.xpath("//meta[@name]")}
    assert metas["citation_title"] == "临溪市总工会为环卫职工送清凉"
    assert metas["citation_publication_date"] == "2024/04/08"
    assert metas["citation_public_url"] == "http://gh.linxi.example/yw/1.html"
    assert metas["DC.type"] == "webpage"


def test_the_note_has_a_permalink_at_the_host_that_was_asked(browser: httpx.Client, news: News) -> None:
    """An earlier revision is cited by the digest; its permalink leads to the reader that was asked."""
    text = browser.get(f"{_path(news, 'cooling')}/cite", headers={"Host": "localhost:9"}).text
    digest = text.partition("版本摘要")[2][:16]
    assert f"存档链接http://localhost:9/revisions/{digest}。" in text
    again = browser.get(f"{_path(news, 'cooling')}/cite", params={"revision": digest}).text
    assert f"版本摘要{digest}" in again
    missing = browser.get(f"{_path(news, 'cooling')}/cite", params={"revision": "0" * 16})
    assert missing.status_code == 404


def test_a_withdrawn_article_is_cited_without_its_words(browser: httpx.Client, news: News) -> None:
    """Its page and its citation name address and day of the takedown, and none of its words."""
    page = browser.get(_path(news, "withdrawn")).text
    cited = browser.get(f"{_path(news, 'withdrawn')}/cite").text
    for text in (page, cited):
        assert "http://gh.linxi.example/yw/6.html" in text
        assert "后来撤下的通报" not in text
    assert "从存档撤回" in cited


@pytest.mark.parametrize("query", ["style=mla", "revision=xyz", "style="])
def test_an_unknown_style_or_digest_is_refused(browser: httpx.Client, news: News, query: str) -> None:
    """A parameter that can't be taken is named."""
    answer = browser.get(f"{_path(news, 'cooling')}/cite?{query}")
    assert answer.status_code == 400
    assert query.partition("=")[0] in answer.text


def test_a_changed_article_is_not_cited(news: News, tmp_path: Path) -> None:
    """Of an article that was changed on the disk the page says so, and its citation is refused."""
    changed = copy_archive(news.address, tmp_path / "archive.db")
    number = news.numbers["skills"]
    ask(changed, "update revision set author = '某人' where article_id = ?", number)
    with served(ReaderSettings(archive=changed)) as address, httpx.Client(base_url=address) as client:
        assert "不予著录" in client.get(f"/articles/{number}").text
        assert client.get(f"/articles/{number}/cite").status_code == 500
