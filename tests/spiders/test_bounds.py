"""What a site may cost, over HTTP: bombs, endless lists and sitemaps, cookies, robots.txt, deep pages."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import brotli
import pytest
import zstandard

from tests.spiders.canned import article, environment, listing
from tests.spiders.conftest import Workplace
from unioncrawl.guard.bounds import COOKIE_BYTES, PARTS
from unioncrawl.practice.server import PracticeServer

Headers = list[tuple[str, str]]
Answer = tuple[int, Headers, bytes]
Site = Callable[["_Handler"], Answer | None]


class _Handler(BaseHTTPRequestHandler):
    """Answers what the test's function says; robots.txt and what it does not know are a 404."""

    server: _Server

    def do_GET(self) -> None:
        """Answer a GET."""
        self.server.asked.append(self.path)
        status, headers, body = self.server.site(self) or (404, [], b"<html><body>404</body></html>")
        self.send_response(status)
        if not any(name == "Content-Type" for name, _ in headers):
            self.send_header("Content-Type", "text/html; charset=utf-8")
        for name, value in (*headers, ("Content-Length", str(len(body)))):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, site: Site) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.site = site
        self.asked: list[str] = []
        self.host = f"127.0.0.1:{self.server_address[1]}"


@contextmanager
def _served(folder: Path, site: Site, start: str = "/list.html") -> Iterator[tuple[_Server, Workplace]]:
    server = _Server(site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    (folder / "sites").mkdir()
    (folder / "sites" / "hostile.toml").write_text(
        'id = "hostile"\nname = "某市总工会"\nlevel = "practice"\nfamily = "generic"\n'
        f'hosts = ["{server.host}"]\nscheme = "http"\n'
        f'columns = [{{ name = "要闻", url = "http://{server.host}{start}" }}]\n'
        "article_url = '/a/\\d+\\.html'\n[politeness]\ndelay_seconds = 0\nautothrottle = false\n",
        encoding="utf-8",
    )
    try:
        yield server, Workplace(folder, PracticeServer(0), environment(folder))
    finally:
        server.shutdown()
        server.server_close()


def _crawl(workplace: Workplace, *settings: str) -> tuple[int, dict[str, Any], str]:
    if settings:
        environment = {**workplace.environment, **dict(setting.split("=", 1) for setting in settings)}
        workplace = Workplace(workplace.folder, workplace.server, environment)
    done = workplace.run("unioncrawl", "crawl", "hostile")
    found = workplace.rows("select stats from run order by id desc limit 1")
    return done.returncode, json.loads(found[0][0]) if found else {}, done.stderr + done.stdout


def _reasons(workplace: Workplace) -> dict[str, str]:
    rows = workplace.rows("select url, reason from rejection")
    return {url.split("/", 3)[3]: reason for url, reason in rows}


def _stored(workplace: Workplace) -> list[str]:
    rows = workplace.rows("select url from article order by id")
    return sorted(url.rsplit("/", 1)[1] for (url,) in rows)


def _page(text: str, *headers: tuple[str, str]) -> Answer:
    return 200, list(headers), text.encode()


def test_a_bomb_is_kept_packed_and_refused(tmp_path: Path) -> None:
    """Articles that unpack to 300 MB, by each coding and by several, are rejections; the others are not."""
    zeros = bytes(1 << 20)
    packer = zstandard.ZstdCompressor().compressobj()
    zstd = b"".join(packer.compress(zeros) for _ in range(300)) + packer.flush()
    br = brotli.Compressor(quality=1)
    bombs = {
        "2": ("gzip", gzip.compress(zeros * 300, 1)),
        "3": ("br", b"".join(br.process(zeros) for _ in range(300)) + br.finish()),
        "4": ("zstd", zstd),
        "5": ("gzip, gzip", gzip.compress(gzip.compress(zeros * 300, 1))),
    }

    def site(asked: _Handler) -> Answer | None:
        if asked.path == "/list.html":
            return _page(listing([f"/a/{n}.html" for n in range(1, 7)]))
        number = asked.path.removeprefix("/a/").removesuffix(".html")
        if number in bombs:
            coding, body = bombs[number]
            return 200, [("Content-Encoding", coding)], body
        return _page(article(int(number))) if number.isdigit() else None

    with _served(tmp_path, site) as (_, workplace):
        _, stats, log = _crawl(workplace)
        assert _stored(workplace) == ["1.html", "6.html"], log
        assert _reasons(workplace) == {f"a/{n}.html": "unpacks-too-large" for n in bombs}
        assert stats["unioncrawl/unpack/unpacks-too-large"] == 4
        kept = workplace.rows("select count(*) from capture where rejection_id is not null")
        assert kept == [(4,)]


def test_a_cut_packing_is_said(tmp_path: Path) -> None:
    """A gzip body that ends too early gives what it has, and the article says that its end may be missing."""

    def site(asked: _Handler) -> Answer | None:
        if asked.path == "/list.html":
            return _page(listing(["/a/1.html"]))
        if asked.path == "/a/1.html":
            return 200, [("Content-Encoding", "gzip")], gzip.compress(article(1).encode())[:-6]
        return None

    with _served(tmp_path, site) as (_, workplace):
        _, stats, _ = _crawl(workplace)
        ((evidence,),) = workplace.rows("select evidence from revision")
        assert "damaged-packing" in [piece["rule"] for piece in json.loads(evidence)]
        assert stats["unioncrawl/unpack/damaged"] == 1


def _endless(asked: _Handler) -> Answer | None:
    """A calendar: each list page names a new next page, and articles that nobody has seen."""
    if asked.path.startswith("/list"):
        number = int(asked.path.removeprefix("/list").removesuffix(".html") or 0)
        links = [f"/a/{number}{n}.html" for n in range(1, 4)]
        return _page(listing(links, f"<a href='/list{number + 1}.html'>下一页</a>"))
    return _page("<html><body>404</body></html>") if asked.path.startswith("/a/") else None


@pytest.mark.parametrize(
    ("setting", "reason", "pages"),
    [
        ("UNIONCRAWL_MAX_LIST_PAGES=7", "too-many-pages", 7),
        ("UNIONCRAWL_MAX_ENTRIES=30", "too-many-entries", 10),
    ],
)
def test_an_endless_list_ends_with_its_reason(tmp_path: Path, setting: str, reason: str, pages: int) -> None:
    """A calendar without an end is walked as far as the bound: rejection, not complete, exit 1, said."""
    with _served(tmp_path, _endless) as (server, workplace):
        code, stats, log = _crawl(workplace, setting)
        assert code == 1
        assert sum(path.startswith("/list") for path in server.asked) == pages
        assert reason in _reasons(workplace).values()
        assert stats["unioncrawl/walk/complete"] == 0
        assert "reached a bound" in log


def test_an_endless_chain_of_sitemaps_ends(tmp_path: Path) -> None:
    """An index that names itself and ever new indexes is followed as far as the bound."""

    def site(asked: _Handler) -> Answer | None:
        if not asked.path.startswith("/map"):
            return None
        number = int(asked.path.removeprefix("/map").removesuffix(".xml"))
        own = f"http://{asked.headers['Host']}"
        children = "".join(f"<sitemap><loc>{own}/map{n}.xml</loc></sitemap>" for n in (number, number + 1))
        xml = f"<?xml version='1.0'?><sitemapindex>{children}</sitemapindex>"
        return _page(xml, ("Content-Type", "text/xml"))

    with _served(tmp_path, site, "/map0.xml") as (server, workplace):
        code, _, log = _crawl(workplace, "UNIONCRAWL_MAX_SITEMAPS=6")
        assert code == 1
        assert len(server.asked) < 12
        assert "too-many-sitemaps" in _reasons(workplace).values(), log


def test_cookies_never_cost_a_page(tmp_path: Path) -> None:
    """A host that sets more cookies with each answer than it takes back is crawled to its end."""

    def site(asked: _Handler) -> Answer | None:
        if len(asked.headers.get("Cookie", "")) > 2000:
            return 431, [], b"<html><body>431</body></html>"
        bomb = [("Set-Cookie", f"c{asked.path.count('/')}{n}={'x' * 600}; Path=/") for n in range(5)]
        if asked.path == "/list.html":
            return _page(listing([f"/a/{n}.html" for n in range(1, 6)]), *bomb)
        number = asked.path.removeprefix("/a/").removesuffix(".html")
        return _page(article(int(number)), *bomb) if number.isdigit() else None

    with _served(tmp_path, site) as (_, workplace):
        _, stats, log = _crawl(workplace)
        assert _stored(workplace) == [f"{n}.html" for n in range(1, 6)], log
        assert stats["unioncrawl/cookies/dropped"] > 0


def test_a_cookie_header_is_bounded(tmp_path: Path) -> None:
    """Cookies of more bytes than the bound are never sent."""
    sent: list[int] = []

    def site(asked: _Handler) -> Answer | None:
        sent.append(len(asked.headers.get("Cookie", "")))
        bomb = [("Set-Cookie", f"c{n}={'x' * 3000}; Path=/") for n in range(20)]
        if asked.path == "/list.html":
            return _page(listing([f"/a/{n}.html" for n in range(1, 4)]), *bomb)
        number = asked.path.removeprefix("/a/").removesuffix(".html")
        return _page(article(int(number))) if number.isdigit() else None

    with _served(tmp_path, site) as (_, workplace):
        _crawl(workplace)
        assert len(_stored(workplace)) == 3
    assert max(sent) <= COOKIE_BYTES.default


@pytest.mark.parametrize("packed", [False, True])
def test_robots_is_bounded(tmp_path: Path, packed: bool) -> None:  # noqa: FBT001 - pytest's
    """The first half megabyte of robots.txt counts; one that is a bomb forbids everything."""

    def site(asked: _Handler) -> Answer | None:
        if asked.path == "/robots.txt":
            if packed:
                body = gzip.compress(b"User-agent: *\nDisallow:\n" + bytes(1 << 28), 1)
                return 200, [("Content-Encoding", "gzip"), ("Content-Type", "text/plain")], body
            rules = "User-agent: *\nDisallow: /a/2.html\n" + "Disallow: /x/y/z*.html\n" * 40_000
            return _page(f"{rules}Disallow: /\n", ("Content-Type", "text/plain"))
        if asked.path == "/list.html":
            return _page(listing(["/a/1.html", "/a/2.html"]))
        number = asked.path.removeprefix("/a/").removesuffix(".html")
        return _page(article(int(number))) if number.isdigit() else None

    with _served(tmp_path, site) as (server, workplace):
        _, stats, log = _crawl(workplace)
        if packed:
            assert server.asked == ["/robots.txt"]
            assert stats["unioncrawl/robots/unreachable"] == 1
        else:
            assert _stored(workplace) == ["1.html"], log
            assert stats["unioncrawl/robots/cut"] == 1


def test_a_page_that_no_parser_bears_costs_itself(tmp_path: Path) -> None:
    """Nesting, attributes and length beyond the bounds are rejections with their reason; lists too."""
    hostile = {
        "2": "<html><body>" + "<div>" * 100_000 + article(2),
        "3": "<html><body><div " + " ".join(f"a{n}=1" for n in range(100_000)) + ">" + article(3),
        "4": article(4) + "<p>" + "工会" * (9 << 20),
    }

    def site(asked: _Handler) -> Answer | None:
        if asked.path == "/list.html":
            return _page(listing([f"/a/{n}.html" for n in range(1, 6)]))
        number = asked.path.removeprefix("/a/").removesuffix(".html")
        return _page(hostile.get(number) or article(int(number))) if number.isdigit() else None

    with _served(tmp_path, site) as (_, workplace):
        _, _, log = _crawl(workplace)
        assert _stored(workplace) == ["1.html", "5.html"], log
        reasons = {"a/2.html": "too-complex", "a/3.html": "too-complex", "a/4.html": "too-large"}
        assert _reasons(workplace) == reasons


def test_an_article_of_endless_parts_says_what_is_missing(tmp_path: Path) -> None:
    """Parts without an end are joined up to the bound, and the evidence names the next one."""

    def site(asked: _Handler) -> Answer | None:
        if asked.path == "/list.html":
            return _page(listing(["/a/1.html"]))
        if not asked.path.startswith("/a/1"):
            return None
        number = int(asked.path.removeprefix("/a/1").removesuffix(".html").removeprefix("_") or 1)
        text = article(1).replace("第1号稿件", f"第{number}号稿件")
        return _page(
            text.replace(
                "</body>", f"<div class='pages'><a href='/a/1_{number + 1}.html'>下一页</a></div></body>"
            )
        )

    with _served(tmp_path, site) as (server, workplace):
        _, _, log = _crawl(workplace)
        assert sum(path.startswith("/a/") for path in server.asked) == PARTS.default, log
        ((evidence,),) = workplace.rows("select evidence from revision")
        assert "part-missing" in [piece["rule"] for piece in json.loads(evidence)]
