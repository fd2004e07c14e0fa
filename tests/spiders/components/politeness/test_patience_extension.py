"""Tests for `spiders.components.politeness.patience_extension`, over HTTP."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.spiders.conftest import ROOT, Workplace
from unioncrawl.practice.server import PracticeServer

ARTICLES = 4


class Weary(ThreadingHTTPServer):
    """Asks for a pause between requests in robots.txt, and once answers 503 with Retry-After."""

    daemon_threads = True

    def __init__(self, crawl_delay: str) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.crawl_delay = crawl_delay
        self.asked: list[tuple[str, float]] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Handler(BaseHTTPRequestHandler):
    """Serves robots.txt, and one list for every other address."""

    server: Weary

    def do_GET(self) -> None:
        """Answer, and note when it was asked."""
        self.server.asked.append((self.path, time.monotonic()))
        number = len(self.server.asked)
        if self.path == "/robots.txt":
            self._send(200, f"User-agent: *\n{self.server.crawl_delay}\n", "text/plain")
        elif number == 2 and not self.server.crawl_delay:
            self._send(503, "", "text/html", "2")
        else:
            links = "".join(
                f"<li><a href='/news/2025-03-01/{one}.html'>市总工会举办第{one}届职工技能竞赛</a></li>"
                for one in range(1, ARTICLES + 1)
            )
            self._send(200, f"<html><body><ul>{links}</ul></body></html>", "text/html")

    def _send(self, status: int, text: str, kind: str, retry_after: str = "") -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if retry_after:
            self.send_header("Retry-After", retry_after)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture(params=["", "Crawl-delay: 1"])
def weary(request: pytest.FixtureRequest) -> Iterator[Weary]:
    """A server that asks for patience in one of two ways."""
    server = Weary(request.param)
    yield server
    server.shutdown()
    server.server_close()


def test_the_asked_pause_is_kept(weary: Weary, tmp_path: Path) -> None:
    """A Crawl-delay of one second and a Retry-After of two are waited for, though the site file says 0.

    A request that a busy machine receives late shortens the pause after it, so pauses count together.
    """
    host = f"127.0.0.1:{weary.server_address[1]}"
    (tmp_path / "sites").mkdir()
    (tmp_path / "sites" / "weary.toml").write_text(
        'id = "weary"\nname = "某市总工会"\nlevel = "practice"\nfamily = "empirecms"\nscheme = "http"\n'
        f'hosts = ["{host}"]\ncolumns = [{{ name = "要闻", url = "http://{host}/news/" }}]\n'
        "[politeness]\ndelay_seconds = 0\nautothrottle = false\n",
        encoding="utf-8",
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "UNIONCRAWL_SITES_DIRS": str(tmp_path / "sites")}
    workplace = Workplace(tmp_path, PracticeServer(0), environment)
    workplace.run("unioncrawl", "crawl", "weary", "--max-pages", "1")
    times = [moment for _, moment in weary.asked]
    if weary.crawl_delay:
        assert len(times) == 2 + ARTICLES
        assert times[-1] - times[1] >= ARTICLES / 2
    else:
        # The pause begins when the 503 has arrived, after it was noted here.
        assert times[2] - times[1] >= 1.95
