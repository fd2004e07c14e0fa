"""Tests for the pages of one article: its repair, its revisions, its ledger, its captures."""

from __future__ import annotations

import html
import re

import httpx
import pytest

from tests.reader.invented_news import COOLING, DAMAGED, News


def _page(browser: httpx.Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, (path, answer.text)
    return answer.text


def _number(browser: httpx.Client, news: News, name: str) -> int:
    """The newest capture of an article, as its ledger names it."""
    page = _page(browser, f"/articles/{news.numbers[name]}/ledger")
    found = re.search(r"/captures/(\d+)", page)
    assert found is not None
    return int(found[1])


def test_the_repair_view_shows_each_step_and_proves_the_text(browser: httpx.Client, news: News) -> None:
    """Original and repaired stand side by side, with reason and confidence; the steps were taken again."""
    page = _page(browser, f"/articles/{news.numbers['damaged']}/repair")
    misread = html.escape(DAMAGED[1].encode().decode("latin-1"))
    assert f"<del>{misread}</del>" in page
    assert f"<ins>{DAMAGED[1]}</ins>" in page
    assert "UTF-8 误作西文" in page
    assert "99.5 %" in page
    assert page.count("得到的正是存档的文字") == 2
    assert "不能由原文得到" not in page


def test_an_article_without_damage_says_so(browser: httpx.Client, news: News) -> None:
    """Where nothing was repaired, the view is a sentence."""
    assert "没有修复过" in _page(browser, f"/articles/{news.numbers['skills']}/repair")


def test_the_diff_marks_what_was_taken_out_and_put_in(browser: httpx.Client, news: News) -> None:
    """Two revisions are compared word by word, with signs for who sees or hears no colour."""
    page = _page(browser, f"/articles/{news.numbers['cooling']}/revisions/1..2")
    text = re.sub(r"<[^>]+>", "", page.partition('class="difference"')[2])
    assert "[−百名−][+百一十名+]" in text or "[−两百名−][+两百一十名+]" in text
    assert "没有差别" in _page(browser, f"/articles/{news.numbers['cooling']}/revisions/2..2")


@pytest.mark.parametrize("span", ["1..9", "1", "x..y", "1..2..3", "99999999..1"])
def test_a_diff_of_no_revisions_is_not_found(browser: httpx.Client, news: News, span: str) -> None:
    """A revision that is not there, or a span that names none, is answered with 404."""
    assert browser.get(f"/articles/{news.numbers['cooling']}/revisions/{span}").status_code == 404


def test_the_ledger_accounts_for_every_line(browser: httpx.Client, news: News) -> None:
    """Each line of the captured page has its fate; fields have anchors that evidence can link to."""
    page = _page(browser, f"/articles/{news.numbers['cooling']}/ledger")
    for line in COOLING:
        assert re.search(rf"<td>正文</td>\s*<td></td>\s*<td[^>]*>{line}</td>", page), line
    assert 'id="field-title"' in page
    assert 'id="field-source"' in page


def test_a_capture_shows_its_facts(browser: httpx.Client, news: News) -> None:
    """Address, time, status, headers, digest, file and offset; the body is compared with its digest."""
    number = _number(browser, news, "cooling")
    page = _page(browser, f"/captures/{number}")
    assert "http://gh.linxi.example/yw/1.html" in page
    assert re.search(r"<code>[0-9a-f]{64}</code>", page)
    assert re.search(r"<code>linxi-1[^<]*\.warc\.gz</code>", page)
    assert "一致" in page
    assert '<iframe class="captured" sandbox=""' in page


def test_the_bytes_of_a_capture_are_a_download(browser: httpx.Client, news: News) -> None:
    """The body comes as it was captured, as bytes to keep that no browser opens here."""
    answer = browser.get(f"/captures/{_number(browser, news, 'cooling')}/raw")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.content.startswith(b'<html><head><meta charset="utf-8">')
    assert COOLING[0].encode() in answer.content


def test_the_captured_page_is_closed_in(browser: httpx.Client, news: News) -> None:
    """It comes under a policy that sandboxes it and loads nothing, also when it is not sent again."""
    path = f"/captures/{_number(browser, news, 'cooling')}/page"
    answer = browser.get(path)
    assert COOLING[0] in answer.text
    assert "<meta" not in answer.text
    again = browser.get(path, headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    for one in (answer, again):
        policy = one.headers["content-security-policy"]
        assert policy.startswith("sandbox; default-src 'none'")
        assert "script-src" not in policy


def test_nothing_of_a_withdrawn_article_is_given_out(browser: httpx.Client, news: News) -> None:
    """Its repair, revisions, ledger and captures answer 410, and none of them has a word of its text."""
    number = news.numbers["withdrawn"]
    paths = [f"/articles/{number}{rest}" for rest in ("", "/repair", "/ledger", "/revisions/1..2")]
    captures = range(1, 60)
    paths += [f"/captures/{one}{rest}" for one in captures for rest in ("", "/raw", "/page")]
    gone = 0
    for path in paths:
        answer = browser.get(path)
        assert "当事人的姓名".encode() not in answer.content, path
        gone += answer.status_code == 410
    assert gone == 4 + 3


@pytest.mark.parametrize(
    "path", ["/captures/99999", "/captures/99999/raw", "/articles/99999/repair", "/captures/x"]
)
def test_what_is_not_there_is_a_page_of_404(browser: httpx.Client, path: str) -> None:
    """Neither a missing article nor a missing capture fails the reader."""
    answer = browser.get(path)
    assert answer.status_code == 404
    assert '<p lang="en">' in answer.text


def test_each_page_speaks_english(browser: httpx.Client, news: News) -> None:
    """With lang=en the pages of an article are English, and their links stay so."""
    number = news.numbers["damaged"]
    for rest in ("/repair", "/ledger"):
        page = _page(browser, f"/articles/{number}{rest}?lang=en")
        assert '<html lang="en">' in page
        assert f"/articles/{number}?lang=en" in page
