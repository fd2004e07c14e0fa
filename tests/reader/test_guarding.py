from __future__ import annotations

import socket

import httpx
import pytest

from tests.reader.invented_news import News
from unioncrawl.reader import serving
from unioncrawl.reader.beside import served
from unioncrawl.reader.settings import ReaderSettings

TOKEN = "临".encode().hex() + "-0123456789"


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
    assert browser.get("/", headers={"If-None-Match": f'"x", {tag}'}).status_code == 304
    assert browser.get("/", headers={"If-None-Match": tag.removeprefix("W/")}).status_code == 304
    assert browser.get("/", headers={"If-None-Match": '"x"'}).status_code == 200


def test_pages_come_packed_to_who_takes_them_so(browser: httpx.Client) -> None:
    """Gzip makes a page a third or less; who does not name it gets the same content as it is."""
    packed = browser.get("/", headers={"Accept-Encoding": "gzip"})
    plain = browser.get("/", headers={"Accept-Encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.text == plain.text
    assert int(packed.headers["content-length"]) * 2 < int(plain.headers["content-length"])
    assert {packed.headers["vary"], plain.headers["vary"]} == {"Accept-Encoding"}
    assert packed.headers["x-robots-tag"] == "noindex"


def test_long_addresses_and_bodies_are_refused(browser: httpx.Client) -> None:
    """A query string beyond what a query may have, and any body, are refused unread."""
    assert browser.get("/", params={"q": "工" * 3_000}).status_code == 414
    assert browser.get("/", params={"q": "工" * 2_001}).status_code == 400
    assert browser.request("GET", "/", content=b"x").status_code == 413


def test_a_token_is_asked_for_and_its_cookie_suffices(news: News) -> None:
    """Without the token 401, with a wrong one 403; the entrance gives a strict cookie and leads on."""
    settings = ReaderSettings(archive=news.address, host="192.168.1.7", token=TOKEN)
    with served(settings) as address, httpx.Client(base_url=address, timeout=60) as client:
        for path in ("/", "/static/style.css", "/nowhere"):
            assert client.get(path).status_code == 401
        assert client.get("/", params={"token": "wrong"}).status_code == 403
        assert client.get("/", headers={"Authorization": "Bearer wrong"}).status_code == 403
        assert client.get("/", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 200
        entered = client.get("/", params={"q": "送清凉", "token": TOKEN})
        assert (entered.status_code, entered.headers["refresh"]) == (
            200,
            "0; url=/?q=%E9%80%81%E6%B8%85%E5%87%89",
        )
        cookie = entered.headers["set-cookie"]
        assert "HttpOnly; SameSite=Strict" in cookie
        assert TOKEN not in cookie
        assert "set-cookie" not in client.get("/").headers
        assert client.get("/").status_code == 200
        assert client.get("/", headers={"Host": "10.1.2.3"}).status_code == 200
        assert client.get("/", headers={"Host": "news.example"}).status_code == 403


def test_the_entrance_leads_to_no_other_host(news: News) -> None:
    """Whatever path stands in the address, the way on begins with one slash."""
    with served(ReaderSettings(archive=news.address, token=TOKEN)) as address:
        for path in ("//elsewhere.example/", "/%5Celsewhere.example", "/%2F%2Felsewhere.example"):
            entered = httpx.get(f"{address}{path}?token={TOKEN}", timeout=60)
            where = entered.headers["refresh"].removeprefix("0; url=")
            assert where.startswith("/"), path
            assert not where.startswith(("//", "/\\")), path


def test_a_reader_at_a_path_of_a_proxy_links_within_it(news: News) -> None:
    """The names allowed are answered, and every link begins with the path at which a proxy offers it."""
    settings = ReaderSettings(archive=news.address, names=("News.example",), root_path="/archive")
    with served(settings) as address:
        answer = httpx.get(f"{address}/?q=送清凉", headers={"Host": "news.example"}, timeout=60)
        assert answer.status_code == 200
        paths = [part.partition('"')[0] for part in answer.text.split('href="')[1:]]
        assert [path for path in paths if not path.startswith(("/archive/", "#"))] == []
        assert "/archive/archive" not in answer.text
        assert httpx.get(f"{address}/static/style.css", timeout=60).status_code == 200
        assert httpx.get(address, headers={"Host": "other.example"}, timeout=60).status_code == 403


def test_who_sends_no_request_is_let_go(news: News, monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection on which the head of a request does not come in time is closed."""
    monkeypatch.setattr(serving, "HEAD_SECONDS", 0.2)
    with served(ReaderSettings(archive=news.address)) as address:
        host, _, port = address.removeprefix("http://").partition(":")
        for said in (b"", b"GET / HTTP/1.1\r\nHost: "):
            with socket.create_connection((host, int(port)), timeout=60) as visitor:
                visitor.sendall(said)
                assert visitor.recv(100) == b""


def test_forwarded_headers_are_believed_from_named_proxies_alone(news: News) -> None:
    """What a visitor says of his own connection counts for nothing unless he is a proxy that was named."""
    forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7"}
    for proxies, is_secure in (((), False), (("203.0.113.9",), False), (("127.0.0.1",), True)):
        settings = ReaderSettings(archive=news.address, token=TOKEN, proxies=proxies)
        with served(settings) as address:
            entered = httpx.get(f"{address}/?token={TOKEN}", headers=forwarded, timeout=60)
            assert entered.headers["set-cookie"].endswith("; Secure") == is_secure


def test_no_other_origin_may_read_anything_unasked(browser: httpx.Client) -> None:
    """Without a switch no answer names an origin, and a preflight is refused."""
    headers = {"Origin": "https://news.example", "Access-Control-Request-Method": "GET"}
    assert not _allowed(browser.get("/api/v1/search", headers=headers))
    assert browser.options("/api/v1/search", headers=headers).status_code == 405


def test_a_named_origin_may_read_the_api_and_the_feeds_alone(news: News) -> None:
    """It is named back exactly, with errors too; its preflight passes without the token."""
    settings = ReaderSettings(
        archive=news.address, token=TOKEN, origins=("https://news.example", "http://localhost:5173")
    )
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    with served(settings) as url, httpx.Client(base_url=url, timeout=60) as client:
        for path in ("/api/v1/search", "/feed.json", "/api/v1/nowhere"):
            for origin in settings.origins:
                answer = client.get(path, headers={"Origin": origin, **bearer})
                assert _allowed(answer) == origin
                assert "Origin" in answer.headers["vary"].split(", ")
                assert "access-control-allow-credentials" not in answer.headers
            for origin in ("https://news.example.evil.example", "http://news.example", "null", "*"):
                assert not _allowed(client.get(path, headers={"Origin": origin, **bearer})), origin
        of_news = {"Origin": "https://news.example"}
        refused = client.get("/api/v1/search", headers=of_news)
        assert (refused.status_code, _allowed(refused)) == (401, "https://news.example")
        for path in ("/", "/articles/1", "/export.csv", "/captures/1/raw"):
            assert not _allowed(client.get(path, headers={**of_news, **bearer})), path
        asking = {**of_news, "Access-Control-Request-Method": "GET"}
        preflight = client.options("/api/v1/search", headers=asking)
        assert (preflight.status_code, _allowed(preflight)) == (204, "https://news.example")
        assert "Authorization" in preflight.headers["access-control-allow-headers"]
        assert client.options("/", headers=asking).status_code == 401
        foreign = client.options("/api/v1/search", headers={**asking, "Host": "rebound.example"})
        assert foreign.status_code == 403


def _allowed(answer: httpx.Response) -> str:
    return str(answer.headers.get("access-control-allow-origin", ""))
