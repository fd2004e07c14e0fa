"""Tests for `spiders.components.decode_middleware` and `spiders.responses`."""

from __future__ import annotations

import pytest
from scrapy.http import HtmlResponse, Request, Response
from scrapy.utils.test import get_crawler

from spiders.components.decode_middleware import NO_TEXT, DecodeMiddleware
from spiders.responses import PageResponse, raw_page

REQUEST = Request("http://a.cn/1.html")
PAGE = (
    "<html><head><meta charset='gb2312'></head><body>朱镕基同志会见劳动模范，市总工会领导参加。</body></html>"
)


@pytest.fixture
def middleware() -> DecodeMiddleware:
    """The middleware with a crawler of its own."""
    crawler = get_crawler()
    crawler._apply_settings()
    return DecodeMiddleware.from_crawler(crawler)


def test_the_text_is_the_one_that_decode_found(middleware: DecodeMiddleware) -> None:
    """GBK bytes that a page and header declare otherwise come out as Chinese, with the evidence."""
    response = HtmlResponse(
        REQUEST.url, body=PAGE.encode("gb18030"), headers={"Content-Type": "text/html; charset=utf-8"}
    )
    decoded = middleware.process_response(REQUEST, response)
    assert isinstance(decoded, PageResponse)
    assert "朱镕基" in decoded.text
    assert decoded.page.encoding == "gb18030"
    assert decoded.page.evidence
    assert decoded.body == response.body
    assert decoded.replace(url="http://a.cn/2.html").text == decoded.text


def test_a_page_keeps_all_that_its_response_has(middleware: DecodeMiddleware) -> None:
    """Status, headers, flags, request, protocol and address of a response are those of its page."""
    about = {"status": 404, "flags": ["partial"], "request": REQUEST, "protocol": "HTTP/1.0"}
    headers = {"Content-Type": "text/html", "X-Note": ["一".encode(), b"two"]}
    response = HtmlResponse(REQUEST.url, body=PAGE.encode(), headers=headers, **about)
    decoded = middleware.process_response(REQUEST, response)
    assert isinstance(decoded, PageResponse)
    assert all(getattr(decoded, name) == getattr(response, name) for name in Response.attributes)
    assert raw_page(decoded).headers == raw_page(response).headers


def test_a_page_sent_as_a_file_is_read_as_a_page(middleware: DecodeMiddleware) -> None:
    """HTML that a server calls application/octet-stream is decoded all the same."""
    response = Response(REQUEST.url, body=PAGE.encode(), headers={"Content-Type": "application/octet-stream"})
    assert isinstance(middleware.process_response(REQUEST, response), PageResponse)


def test_a_file_sent_as_a_page_stays_as_it_is(middleware: DecodeMiddleware) -> None:
    """A PDF that a server calls text/html is not text; the reason stands in the request's meta."""
    request = Request("http://a.cn/2.html")
    response = HtmlResponse(request.url, body=b"%PDF-1.4 \xff\xfe\x00")
    assert middleware.process_response(request, response) is response
    assert "PDF" in request.meta[NO_TEXT]


def test_repeated_headers_are_all_kept() -> None:
    """A raw page has every value of a header that was sent twice, names in lower case."""
    response = Response(REQUEST.url, headers={"Set-Cookie": ["a=1", "b=2"]}, body=b"\xff")
    page = raw_page(response)
    assert page.headers == (("set-cookie", "a=1"), ("set-cookie", "b=2"))
    assert page.body == b"\xff"
    assert page.fetched_at is not None
