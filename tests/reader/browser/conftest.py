"""A real Chromium over a real reader, and which pages the reader has."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, expect, sync_playwright
from starlette.routing import Match, Route

from tests.processes import HANG_SECONDS
from unioncrawl.reader.app import ROUTERS

_PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
# Beyond so many addresses nothing new is found: every kind of page is one or two links from the first.
_MOST_ASKED = 400
expect.set_options(timeout=HANG_SECONDS * 1000)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, one for all tests; it ends with the session, even when that is killed."""
    program = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if program is None:
        pytest.fail("Chromium is missing: apt-get install chromium fonts-noto-cjk")
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])


class _Links(HTMLParser):
    """The addresses that a page links to or loads."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take the address that an element leads to."""
        self.found += [value for name, value in attrs if name in {"href", "src", "action"} and value]


def links_of(answer: httpx.Response) -> list[str]:
    """The addresses that a page links to or loads."""
    parser = _Links()
    parser.feed(answer.text)
    return [urljoin(str(answer.url), link) for link in parser.found]


@pytest.fixture(scope="session")
def routes() -> list[Route]:
    """What the reader answers to."""
    return [route for router in ROUTERS for route in router.routes if isinstance(route, Route)]


def route_of(routes: list[Route], address: str) -> str:
    """The route that answers an address; empty where none does."""
    scope = {"type": "http", "method": "GET", "path": urlsplit(address).path, "headers": []}
    return next((route.path for route in routes if route.matches(scope)[0] is Match.FULL), "")


@pytest.fixture(scope="session")
def answers(browser: httpx.Client, routes: list[Route]) -> dict[str, httpx.Response]:
    """What the reader answers where its links lead, two addresses for each route, the first page first."""
    begin = str(browser.base_url)
    waiting = [urljoin(begin, "/"), urljoin(begin, "/?q=工会")]
    found: dict[str, httpx.Response] = {}
    of_route: dict[str, int] = {}
    for _ in range(_MOST_ASKED):
        if not waiting:
            break
        address = waiting.pop(0)
        route = route_of(routes, address)
        if address in found or of_route.get(route, 0) >= 2 or not address.startswith(begin):
            continue
        of_route[route] = of_route.get(route, 0) + 1
        answer = found[address] = browser.get(address)
        if answer.headers.get("content-type", "").startswith("text/html"):
            waiting += links_of(answer)
    return found


@pytest.fixture(scope="session")
def pages(answers: dict[str, httpx.Response], routes: list[Route]) -> dict[str, str]:
    """The pages to look at: one address for each route that answers with a page."""
    return {
        route_of(routes, address): address
        for address, answer in reversed(answers.items())
        if answer.headers.get("content-type", "").startswith("text/html")
    }
