"""Crawls whose pages name addresses that the site may not be asked for."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.spiders.canned import Canned, Prepared, article, environment, listing, write_site

pytestmark = pytest.mark.xdist_group("practice")
INNER_PAGE = "<html><body>内部系统 点击 7</body></html>"


class Place:
    """A site, a server that is none of it, and what a crawl of the site left in the archive."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.inner = Canned({"/secret": INNER_PAGE})
        self.inner_url = f"http://{self.inner.host}/secret"

    def crawl(self, prepared: Prepared, redirects: dict[str, str] | None = None) -> str:
        """Serve the pages and crawl them; the address of the server, and the log in ``log``."""
        server = write_site(self.folder, "gated", "generic", prepared)
        server.redirects = redirects or {}
        done = subprocess.run(
            [sys.executable, "-m", "scrapy", "crawl", "gated"],
            cwd=self.folder,
            env={**environment(self.folder), "SCRAPY_SETTINGS_MODULE": "unioncrawl.settings"},
            capture_output=True,
            text=True,
            check=False,
        )
        _close(server)
        self.log = done.stderr
        assert done.returncode == 0, done.stderr
        assert "Traceback" not in done.stderr, done.stderr
        return f"http://{server.host}"

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Ask the archive."""
        connection = sqlite3.connect(self.folder / "data" / "archive.db")
        try:
            return connection.execute(query).fetchall()
        finally:
            connection.close()

    def rejected(self) -> dict[str, str]:
        """The reason of each address that was not fetched."""
        return dict(self.rows("select url, reason from rejection where stage = 'fetch'"))


def _close(server: Canned) -> None:
    server.shutdown()
    server.server_close()


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """A place, whose inner server must never be asked."""
    place = Place(tmp_path)
    yield place
    _close(place.inner)
    assert place.inner.asked == {}


def _with(page: str, more: str) -> str:
    return page.replace("</body>", f"{more}</body>")


def _site(number: int, more: str = "", after: str = "") -> Prepared:
    """A list of one article, with more on the article's page and after the list."""
    url = f"/2025/0301/{number}00.html"
    pages: dict[str, str | bytes] = {
        "/list.html": listing([f"HOST{url}"], after),
        url: _with(article(number), more),
    }
    return Prepared(pages, ["/list.html"], 1)


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("INNER", "address-private"),
        ("http://169.254.169.254/latest/hits?id=100", "address-private"),
        ("http://other.example/hits?id=100", "address-host"),
        ("file:///etc/hostname?hits?id=100", "address-scheme"),
        ("ftp://files.example/hits?id=100", "address-scheme"),
    ],
)
def test_a_counter_elsewhere_costs_the_hits_alone(place: Place, address: str, reason: str) -> None:
    """An article whose counter may not be asked is stored, its hits unknown, with the reason."""
    address = address.replace("INNER", f"http://{place.inner.host}/hits?id=100")
    place.crawl(_site(1, f"<span>点击：<script src='{address}'></script></span>"))
    assert place.rows("select hits, hits_status, hits_raw from article join revision using (id)") == [
        (None, "failed", reason)
    ]
    assert place.rejected() == {address: reason}


def test_a_next_page_elsewhere_ends_the_walk_with_a_reason(place: Place) -> None:
    """A list's next page on another host is refused and recorded; the list's articles are stored."""
    place.crawl(_site(2, after=f"<a href='{place.inner_url}'>下一页</a>"))
    assert place.rejected() == {place.inner_url: "address-private"}
    assert place.rows("select count(*) from article") == [(1,)]


def test_a_redirect_elsewhere_is_recorded_under_the_address_asked(place: Place) -> None:
    """What an article's address redirects to passes the gate again."""
    prepared = _site(3)
    asked = place.crawl(prepared, {"/2025/0301/300.html": place.inner_url}) + "/2025/0301/300.html"
    assert place.rejected() == {asked: "address-private"}
    assert place.rows("select detail from rejection")[0][0].startswith(f"redirected to {place.inner_url}: ")


def test_a_redirect_of_robots_txt_elsewhere_is_recorded(place: Place) -> None:
    """robots.txt has no errback of ours; its refusal is counted, logged and recorded all the same."""
    prepared = _site(4)
    prepared.pages["/robots.txt"] = "User-agent: *"
    place.crawl(prepared, {"/robots.txt": place.inner_url})
    assert f"Refused to ask for {place.inner_url}" in place.log
    assert place.rejected() == {place.inner_url: "address-private"}
    assert place.rows("select count(*) from article") == [(1,)]
