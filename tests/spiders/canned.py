"""A server of prepared pages, and a working directory whose site files point at such servers."""

from __future__ import annotations

import os
import threading
import time
from collections import Counter
from dataclasses import dataclass
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from tests.spiders.conftest import ROOT

SENTENCES = (
    "市总工会日前举办职工技能竞赛，来自各县区的一百二十名选手参加了比赛。",
    "比赛设钳工、焊工、养老护理三个项目，成绩前列的选手将获得技术能手称号。",
    "市总工会有关负责人表示，要让更多一线职工走上领奖台，带动班组学技术、比本领。",
)
# A site's answers: path with query (and the body of a POST after a space) -> page.
Pages = dict[str, str | bytes]


def article(number: int) -> str:
    """An article page."""
    body = "".join(f"<p>第{number}号稿件。{sentence}</p>" for sentence in SENTENCES)
    title = f"市总工会举办第{number}届职工技能竞赛"
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{title}</title></head><body>"
        f"<h1>{title}</h1><div>发布时间：2025-03-{number:02d} 09:30 来源：市总工会</div>"
        f"<div class='content'>{body}</div></body></html>"
    )


def listing(links: list[str], after: str = "") -> str:
    """A list page of links, followed by its pager."""
    rows = "".join(
        f"<li><a href='{escape(link)}'>市总工会举办职工技能竞赛</a><span>2025-03-01</span></li>"
        for link in links
    )
    return f"<!DOCTYPE html><html><body><ul>{rows}</ul>{after}</body></html>"


@dataclass(frozen=True)
class Prepared:
    """A site's answers, the addresses of its lists, how many articles it has, more lines of its file."""

    pages: Pages
    lists: list[str]
    articles: int
    more: str = ""


class Canned(ThreadingHTTPServer):
    """Serves prepared pages; anything else is a 404."""

    daemon_threads = True

    def __init__(self, pages: Pages) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self.server_address[1]}"
        self.asked: Counter[str] = Counter()
        self.times: list[tuple[str, float]] = []
        self.statuses: dict[str, int] = {}
        self.redirects: dict[str, str] = {}
        own = f"http://{self.host}"
        self.pages = {
            key: page.replace("HOST", own) if isinstance(page, str) else page for key, page in pages.items()
        }
        threading.Thread(target=self.serve_forever, daemon=True).start()


def content_type(body: bytes) -> str:
    """The type by the first bytes."""
    if body.startswith(b"\x1f\x8b"):
        return "application/x-gzip"
    return "text/xml" if body.startswith(b"<?xml") else "text/html"


class Handler(BaseHTTPRequestHandler):
    """Answers from the server's pages."""

    server: Canned

    def do_GET(self) -> None:
        """Answer a GET, its fields in whatever order they came."""
        path, _, query = self.path.partition("?")
        given = parse_qs(query, keep_blank_values=True)
        for key in () if self.path in self.server.pages or not query else self.server.pages:
            known, _, wanted = key.partition("?")
            if known == path and parse_qs(wanted, keep_blank_values=True) == given:
                self._send(key)
                return
        self._send(self.path)

    def do_POST(self) -> None:
        """Answer a POST by its fields, in whatever order they came."""
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        given = parse_qs(body, keep_blank_values=True)
        for key in self.server.pages:
            path, _, wanted = key.partition(" ")
            if path == self.path and wanted and parse_qs(wanted) == given:
                self._send(key)
                return
        self._send("")

    def _send(self, key: str) -> None:
        self.server.asked[key or self.path] += 1
        self.server.times.append((key or self.path, time.monotonic()))
        page = self.server.pages.get(key, "")
        body = page if isinstance(page, bytes) else (page or "<html><body>404</body></html>").encode()
        moved = self.server.redirects.get(key)
        self.send_response(302 if moved else self.server.statuses.get(key, 200 if page else 404))
        if moved:
            self.send_header("Location", moved)
        self.send_header("Content-Type", content_type(body))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def environment(folder: Path) -> dict[str, str]:
    """The variables of a process that crawls with the site files below ``folder``."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "UNIONCRAWL_SITES_DIRS": str(folder / "sites")}


def write_site(folder: Path, site: str, family: str, prepared: Prepared) -> Canned:
    """Serve a family's pages, and write the site file that points at them."""
    server = Canned(prepared.pages)
    columns = ", ".join(
        f'{{ name = "栏目{n}", url = "http://{server.host}{url}" }}' for n, url in enumerate(prepared.lists)
    )
    (folder / "sites").mkdir(exist_ok=True)
    (folder / "sites" / f"{site}.toml").write_text(
        f'id = "{site}"\nname = "某市总工会"\nlevel = "practice"\nfamily = "{family}"\n'
        f'hosts = ["{server.host}"]\nscheme = "http"\ncolumns = [{columns}]\n'
        f"{prepared.more}"
        "[politeness]\ndelay_seconds = 0\nautothrottle = false\n",
        encoding="utf-8",
    )
    return server
