"""A crawl of a running XunRui CMS, as its responses were recorded."""

from __future__ import annotations

import json
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.recordings import RecordedCms
from tests.spiders.canned import environment
from tests.spiders.conftest import Workplace
from unioncrawl.practice.server import PracticeServer

RECORDED_HOST = b"127.0.0.1:38081"
ARTICLES = {"own": 11, "beside": 30}


class Replay(ThreadingHTTPServer):
    """Answers each recorded request with its recorded bytes, at this server's own address."""

    daemon_threads = True

    def __init__(self, answers: dict[str, bytes]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self.server_address[1]}"
        self.asked: Counter[str] = Counter()
        self.answers = answers
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Handler(BaseHTTPRequestHandler):
    """Replays one response."""

    server: Replay

    def do_GET(self) -> None:
        """Send the recorded status, type and body."""
        self.server.asked[self.path] += 1
        # The recorder named its callback; the CMS uses the name that it is given, or its own.
        recorded = self.server.answers.get(self.path) or self.server.answers.get(f"{self.path}&callback=cb")
        if recorded is None:
            self.send_error(404)
            return
        head, _, body = recorded.replace(RECORDED_HOST, self.server.host.encode()).partition(b"\r\n\r\n")
        lines = head.decode("latin-1").splitlines()
        self.send_response(int(lines[0].split()[1]))
        for line in lines[1:]:
            name, _, value = line.partition(":")
            if name.lower() in ("content-type", "set-cookie"):
                self.send_header(name, value.strip())
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def test_every_article_and_counter_of_the_recorded_cms_is_found(tmp_path: Path, cms: RecordedCms) -> None:
    """Both columns are walked over all pages; every article is stored with the number of its counter."""
    server = Replay(cms.answers)
    (tmp_path / "sites").mkdir()
    columns = ", ".join(
        f'{{ name = "{name}", url = "http://{server.host}/index.php?c=category&id={number}" }}'
        for number, name in ((1, "工会要闻"), (2, "基层动态"))
    )
    (tmp_path / "sites" / "recorded.toml").write_text(
        'id = "recorded"\nname = "某市总工会"\nlevel = "practice"\nfamily = "xunrui"\nscheme = "http"\n'
        f'hosts = ["{server.host}"]\n'
        f"columns = [{columns}]\n"
        "[politeness]\ndelay_seconds = 0\nautothrottle = false\n",
        encoding="utf-8",
    )
    workplace = Workplace(tmp_path, PracticeServer(0), environment(tmp_path))
    done = workplace.run("unioncrawl", "crawl", "recorded", "--json")
    server.shutdown()
    server.server_close()
    assert done.returncode == 0, done.stderr
    record = json.loads(done.stdout)[0]
    count = len(cms.articles())
    assert record["new"] == count == ARTICLES[cms.place]
    assert record["rejected"] == 0
    hits = workplace.rows("select count(*) from observation where status = 'counter' and hits > 0")
    assert hits == [(count,)]
    counters = {target: number for target, number in server.asked.items() if "m=hits" in target}
    assert set(counters.values()) == {1}
