"""The reader asked by whoever does not know it: wrong numbers, signs, parameters, methods and headers."""

from __future__ import annotations

from itertools import product

import httpx
import pytest

from tests.reader.invented_news import News

VALUES = (
    "", "-1", "1.5", "9223372036854775807", "9223372036854775808", "%00", "%20", "%F0%9F%98%80",
    "..%2f..%2fx",
)  # fmt: skip
PATHS = (
    "/articles/{}", "/articles/{}/cite", "/articles/{}/ledger", "/captures/{}/raw", "/revisions/{}",
    "/runs/{}", "/sites/{}", "/charts/{}.csv", "/feed.{}", "/articles/1/revisions/{}", "/api/v1/articles/{}",
    "/api/v1/sites/{}", "/?q={}", "/?after={}", "/trends?since={}", "/hits?until={}",
    "/reports/adoption?since={}", "/feed.json?limit={}", "/export.csv?q={}", "/api/v1/search?after={}",
    "/api/v1/hits?since={}",
)  # fmt: skip
ODD = (
    "/trends?since=9999-12-31", "/trends?until=0001", "/trends?by=day&since=0001-01-01&until=9999-12-31",
    "/reports/adoption?since=0001-01&until=9999-12", "/reports/adoption?since=1900-01&until=2199-12",
    "/charts/calendar.svg?year=9999", "/sites/linxi?year=1", "/?q=since:9999-99", "/?q=" + "(" * 400,
    "/feed.json?after=-99999999999.999999999999999999", "/articles/99999/cite", "//evil.example",
    "/%2e%2e/app.py", "/?q=" + "x" * 2_500,
)  # fmt: skip


def test_nothing_that_is_asked_ends_in_an_error_of_the_program(browser: httpx.Client) -> None:
    """Whatever the address, the answer is a page, a refusal or a redirect here; the API has problems."""
    asked = [path.format(value) for path, value in product(PATHS, VALUES)]
    for address in (*asked, *ODD):
        answer = browser.get(address)
        assert answer.status_code in {200, 303, 400, 404, 414}, address
        assert "Traceback" not in answer.text
        assert not answer.headers.get("location", "/").startswith("//"), address
        if address.startswith("/api/") and answer.status_code != 200:
            assert answer.headers["content-type"] == "application/problem+json", address


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/search?query=工会", "/api/v1/articles?site=linxi", "/api/v1/search?q=a&q=b",
        "/api/v1/sites?q=a", "/feed.json?site=linxi", "/export.csv?query=工会",
        "/articles/1/cite?format=bibtex",
        "/charts/reprinted.csv?site=linxi", "/charts/hits.csv?q=工会",
    ],
)  # fmt: skip
def test_a_parameter_that_is_not_there_is_refused(browser: httpx.Client, address: str) -> None:
    """Left out in silence, it would give all articles for the few that were asked for."""
    answer = browser.get(address)
    assert answer.status_code == 400
    name = address.partition("?")[2].partition("=")[0]
    assert name in answer.text


def test_the_looks_of_a_page_are_no_fault_of_a_file(browser: httpx.Client) -> None:
    """Who adds lang or type to a feed's address gets the feed."""
    assert browser.get("/feed.json?q=慰问&lang=en&type=large").status_code == 200


def test_a_query_that_is_not_in_utf8_is_refused(browser: httpx.Client) -> None:
    """A link that holds 工会 in GBK would find nothing, as if there were nothing."""
    for address in ("/?q=%B9%A4%BB%E1", "/api/v1/search?q=%B9%A4%BB%E1", "/export.csv?q=%ED%A0%80"):
        answer = browser.get(address)
        assert answer.status_code == 400, address
        assert "UTF-8" in answer.text


@pytest.mark.parametrize("method", ["OPTIONS", "POST", "PUT", "DELETE", "TRACE", "UNIONS"])
def test_only_reading_is_allowed(browser: httpx.Client, method: str) -> None:
    """Any other method is refused with those that are allowed."""
    for address in ("/", "/api/v1/search", "/static/style.css"):
        answer = browser.request(method, address)
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


def test_conditions_of_any_form_are_understood(browser: httpx.Client, news: News) -> None:
    """An ETag as given, as a strong one, in a list or any; what is no condition is none."""
    for address in ("/", f"/articles/{news.numbers['cooling']}", "/feed.atom", "/api/v1/sites"):
        tag = browser.get(address).headers["etag"]
        for known in (tag, tag.removeprefix("W/"), f'"a", {tag}', "*"):
            assert browser.get(address, headers={"If-None-Match": known}).status_code == 304, known
        wrong = {"If-None-Match": '"a'}, {"If-Modified-Since": "yesterday"}, {"Range": "bytes=9-1,zz"}
        for headers in wrong:
            assert browser.get(address, headers=headers).status_code == 200, headers
