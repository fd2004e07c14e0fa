"""Crawls whose pages name addresses that the site may not be asked for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.databases import ask_at, variables_at
from tests.spiders.canned import Canned, Prepared, article, environment, listing, write_site
from tests.warm import run_module

INNER_PAGE = "<html><body>内部系统 点击 7</body></html>"


class Place:
    """A site, a server that is not part of it, and what a crawl of the site left in the archive."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.inner = Canned({"/secret": INNER_PAGE})
        self.inner_url = f"http://{self.inner.host}/secret"

    def crawl(self, prepared: Prepared, redirects: dict[str, str] | None = None) -> str:
        """Serve the pages and crawl them; the address of the server, and the log in ``log``."""
        server = write_site(self.folder, "gated", "generic", prepared)
        server.redirects = redirects or {}
        stored = variables_at(self.folder / "data" / "archive.db")
        given = {**environment(self.folder), **stored, "SCRAPY_SETTINGS_MODULE": "unioncrawl.settings"}
        done = run_module(("scrapy", "crawl", "gated"), given, self.folder)
        _close(server)
        self.log = done.stderr
        assert done.returncode == 0, done.stderr
        assert "Traceback" not in done.stderr, done.stderr
        return f"http://{server.host}"

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Ask the archive."""
        return ask_at(self.folder / "data" / "archive.db", query)

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


# What a page writes after 点击, the address that is recorded for it, and why.
COUNTERS = [
    ("<script src='http://INNER/hits?id=N00'></script>", "http://INNER/hits?id=N00", "address-private"),
    (
        "<script src='http://other.example/hits?id=N00'></script>",
        "http://other.example/hits?id=N00",
        "address-host",
    ),
    (
        "<script src='file:///etc/hostname?hits?id=N00'></script>",
        "file:///etc/hostname?hits?id=N00",
        "address-scheme",
    ),
    (
        "<script src='ftp://files.example/hits?id=N00'></script>",
        "ftp://files.example/hits?id=N00",
        "address-scheme",
    ),
    ("<script src='javascript:hits?id=N00'></script>", "javascript:hits?id=N00", "address-scheme"),
    (
        "<base href='http://169.254.169.254/'><script src='/hits?id=N00'></script>",
        "http://169.254.169.254/hits?id=N00",
        "address-private",
    ),
    ("<script>$.post('/hits', {id: N00, command: 'reboot'})</script>", "HOST/hits", "counter-body"),
    (
        "<script>$.post('http://INNER/add/hits', {id: N00})</script>",
        "http://INNER/add/hits",
        "address-private",
    ),
]


def test_a_counter_elsewhere_costs_the_hits_alone(place: Place) -> None:
    """Each article whose counter may not be asked is stored, its hits unknown, with the reason."""
    pages: dict[str, str | bytes] = {}
    for number, (written, _, _) in enumerate(COUNTERS, 1):
        counter = written.replace("INNER", place.inner.host).replace("N00", f"{number}00")
        pages[f"/2025/0301/{number}00.html"] = _with(article(number), f"<span>点击：{counter}</span>")
    pages["/list.html"] = listing([f"HOST{url}" for url in pages])
    own = place.crawl(Prepared(pages, ["/list.html"], len(COUNTERS)))
    rows = place.rows("select url, hits, hits_status, hits_raw from article join revision using (id)")
    assert sorted(rows) == [
        (f"{own}/2025/0301/{number}00.html", None, "failed", reason)
        for number, (_, _, reason) in enumerate(COUNTERS, 1)
    ]
    assert place.rejected() == {
        address.replace("INNER", place.inner.host).replace("N00", f"{number}00").replace("HOST", own): reason
        for number, (_, address, reason) in enumerate(COUNTERS, 1)
    }


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


def test_a_counters_redirect_passes_the_gate(place: Place) -> None:
    """A counter on the site's own host cannot lead inside either."""
    place.crawl(
        _site(1, "<span>点击：<script src='/hits?id=100'></script></span>"), {"/hits?id=100": place.inner_url}
    )
    assert list(place.rejected().values()) == ["address-private"]
    assert place.rows("select hits, hits_status, hits_raw from article join revision using (id)") == [
        (None, "failed", "address-private")
    ]


def test_a_redirect_to_no_address_has_its_reason(place: Place) -> None:
    """A ``Location`` that cannot be read is the article's rejection."""
    pages: dict[str, str | bytes] = {f"/2025/0301/{n}00.html": article(n) for n in (1, 2)}
    moved = dict(zip(pages, ("http://[x/", "javascript:alert(1)"), strict=True))
    pages["/list.html"] = listing([f"HOST{url}" for url in pages])
    own = place.crawl(Prepared(pages, ["/list.html"], 2), moved)
    assert place.rejected() == {own + url: "address-invalid" for url in moved}


def test_a_meta_refresh_passes_the_gate(place: Place) -> None:
    """A page that sends its reader inside is recorded; one whose refresh is broken is read."""
    prepared = _site(1)
    first, second = "/2025/0301/100.html", "/2025/0301/200.html"
    refresh = "<head><meta http-equiv='refresh' content='0;url={}'>"
    inside, broken = refresh.format(place.inner_url), refresh.format("http://[x/")
    prepared.pages[first] = article(1).replace("<head>", inside)
    prepared.pages[second] = article(2).replace("<head>", broken)
    prepared.pages["/list.html"] = listing([f"HOST{first}", f"HOST{second}"])
    own = place.crawl(prepared)
    assert place.rejected() == {own + first: "address-private"}
    assert place.rows("select title from article join revision using (id)") == [
        ("市总工会举办第2届职工技能竞赛",)
    ]


def test_a_sitemaps_children_pass_the_gate(place: Place) -> None:
    """An index of sitemaps names the site's own sitemaps and nothing else; the own ones are read."""
    index = "<?xml version='1.0'?><sitemapindex>{}</sitemapindex>"
    urls = "<?xml version='1.0'?><urlset><url><loc>HOST/2025/0301/100.html</loc></url></urlset>"
    children = (place.inner_url, "file:///etc/hostname", "HOST/own.xml")
    pages: dict[str, str | bytes] = {
        "/sitemap.xml": index.format("".join(f"<sitemap><loc>{one}</loc></sitemap>" for one in children)),
        "/own.xml": urls,
        "/2025/0301/100.html": article(1),
    }
    place.crawl(Prepared(pages, ["/sitemap.xml"], 1))
    assert place.rejected() == {place.inner_url: "address-private", "file:///etc/hostname": "address-scheme"}
    assert place.rows("select count(*) from article") == [(1,)]


def test_an_entity_opens_no_file(place: Place) -> None:
    """A feed whose document type names a file or another host brings its own entries and nothing else."""
    (place.folder / "inside.txt").write_text("HOST/2025/0301/200.html", encoding="utf-8")
    entities = (
        f"<!ENTITY a SYSTEM '{(place.folder / 'inside.txt').as_uri()}'><!ENTITY b SYSTEM '{place.inner_url}'>"
    )
    items = "".join(f"<item><link>{link}</link></item>" for link in ("HOST/2025/0301/100.html", "&a;", "&b;"))
    feed = f"<?xml version='1.0'?><!DOCTYPE rss [{entities}]><rss><channel>{items}</channel></rss>"
    pages: dict[str, str | bytes] = {"/rss.xml": feed}
    pages |= {f"/2025/0301/{number}00.html": article(number) for number in (1, 2)}
    own = place.crawl(Prepared(pages, ["/rss.xml"], 1))
    assert place.rows("select url from article") == [(f"{own}/2025/0301/100.html",)]


def test_a_part_elsewhere_leaves_the_parts_that_came(place: Place) -> None:
    """An article whose second part is on another host keeps its first, and says which one is missing."""
    prepared = _site(1, f"<a class='next' href='{place.inner_url}'>第二页</a>")
    more = '[selectors]\nnext_part = "a.next"\n'
    place.crawl(Prepared(prepared.pages, prepared.lists, 1, more))
    assert place.rows("select reason from rejection where stage = 'fetch'") == [("part-missing",)]
    detail = place.rows("select detail from rejection where stage = 'fetch'")[0][0]
    assert detail.startswith(f"{place.inner_url}: address-private")
    assert place.rows("select count(*) from article") == [(1,)]
