from __future__ import annotations

import httpx
import pytest

from tests.reader.invented_news import News


def test_a_foreign_host_is_refused(browser: httpx.Client) -> None:
    """A name that is not this machine's gets 403: a page elsewhere could have led its name here."""
    for host in ("news.example", "127.0.0.1.news.example", "10.1.2.3", ""):
        answer = browser.get("/", headers={"Host": host})
        assert answer.status_code == 403, host
        assert "content-security-policy" in answer.headers
    for host in ("localhost:8000", "127.0.0.1", "[::1]:8000"):
        assert browser.get("/", headers={"Host": host}).status_code == 200, host


def test_every_answer_has_the_safe_headers(browser: httpx.Client, news: News) -> None:
    """Pages, errors, files and refusals all carry the policy; no page has a script or an inline style."""
    paths = ("/", f"/articles/{news.numbers['cooling']}", "/nowhere", "/static/style.css")
    for path in paths:
        headers = browser.get(path).headers
        assert headers["content-security-policy"].startswith("default-src 'none'"), path
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-content-type-options"] == "nosniff"
        assert "server" not in headers
    for path in paths[:3]:
        page = browser.get(path).text
        assert "<script" not in page
        assert " style=" not in page


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_only_reading_is_answered(browser: httpx.Client, method: str) -> None:
    """Any method but GET and HEAD gets 405."""
    assert browser.request(method, "/").status_code == 405


def test_head_is_get_without_the_body(browser: httpx.Client) -> None:
    """HEAD has the status, the length and the name of what GET gives."""
    head, get = browser.head("/"), browser.get("/")
    assert head.content == b""
    for name in ("content-length", "etag"):
        assert head.headers[name] == get.headers[name]


def test_who_has_a_page_gets_304(browser: httpx.Client) -> None:
    """A page that is unchanged is not sent again."""
    tag = browser.get("/").headers["etag"]
    assert browser.get("/", headers={"If-None-Match": f'"x", W/{tag}'}).status_code == 304
    assert browser.get("/", headers={"If-None-Match": '"x"'}).status_code == 200


def test_long_addresses_and_bodies_are_refused(browser: httpx.Client) -> None:
    """A query string beyond what a query may have, and any body, are refused unread."""
    assert browser.get("/", params={"q": "工" * 3_000}).status_code == 414
    assert browser.get("/", params={"q": "工" * 2_001}).status_code == 400
    assert browser.request("GET", "/", content=b"x").status_code == 413
