from __future__ import annotations

import httpx
import pytest

from tests.reader.invented_news import News


def test_an_article_shows_its_headline_and_text(browser: httpx.Client, news: News) -> None:
    """The page of an article: headline, site, date, hits, every paragraph."""
    page = browser.get(f"/articles/{news.numbers['cooling']}").text
    assert "<h1>临溪市总工会为环卫职工送清凉</h1>" in page
    assert "临溪市总工会" in page
    assert "2024-04-08 09:30" in page
    assert "点击量 295" in page
    assert page.count("本版采集时间") == 1
    assert "两百一十名一线职工" in page
    assert '本版采集时间： <time datetime="2024-04-11T15:30:00+08:00">' in page
    assert 'datetime="2024-04-11T15:30:00+08:00">2024-04-11 15:30' in page


def test_a_damaged_article_was_repaired(browser: httpx.Client, news: News) -> None:
    """The text of a page that came damaged is shown repaired."""
    page = browser.get(f"/articles/{news.numbers['damaged']}").text
    assert "选举产生新一届委员会" in page


def test_a_withdrawn_article_is_gone(browser: httpx.Client, news: News) -> None:
    """A withdrawn article answers 410 with its dates and nothing of its text."""
    answer = browser.get(f"/articles/{news.numbers['withdrawn']}")
    assert answer.status_code == 410
    assert "当事人的姓名" not in answer.text
    assert "2024-04-14" in answer.text


def test_pages_speak_english_on_request(browser: httpx.Client) -> None:
    """With lang=en the page and its links are English; without it Chinese."""
    page = browser.get("/", params={"q": "工会", "lang": "en"}).text
    assert '<html lang="en">' in page
    assert "lang=en" in page.partition("<main")[2]
    assert '<html lang="zh-Hans">' in browser.get("/").text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/articles/999999", 404),
        ("/articles/abc", 404),
        ("/articles/99999999999999999999", 404),
        ("/nowhere", 404),
        ("/?q=site:unknown", 404),
        ('/?q="half', 400),
        ("/?order=best", 400),
        ("/?after=x", 400),
        ("/?order=relevance&after=1.1", 400),
    ],
)
def test_errors_are_pages_in_both_languages(browser: httpx.Client, path: str, status: int) -> None:
    """What cannot be answered is a page with a sentence in Chinese and in English, and no traceback."""
    answer = browser.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    assert '<p lang="zh-Hans">' in answer.text
    assert '<p lang="en">' in answer.text
    assert "Traceback" not in answer.text
