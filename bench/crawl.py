"""The whole default crawl beside a bare Scrapy spider, on the same pages in one run.

Usage: python -m bench.crawl [--pages 5000] [--profile]

The bare spider follows the same lists and yields each article's URL, nothing
else. Ours is ``scrapy crawl`` with the project's settings: robots.txt, decoding,
WARC, fields, repair, normalising, archive with full-text index, feed. The
server runs in a process of its own whose time is not counted.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from multiprocessing.synchronize import Event as Stop
from pathlib import Path

import scrapy
from scrapy.http import Response

from bench.material.practice_pages import bench_listener

ROOT = Path(__file__).resolve().parent.parent
PROFILE = ROOT / "build" / "crawl.prof"
CONCURRENCY = 16
_ARTICLE = re.compile(rb'href="(/news/\d{4}-\d\d-\d\d/\d+\.html)"')
_NEXT = re.compile(rb'href="(/news/index_\d+\.html)">\xe4\xb8\x8b\xe4\xb8\x80\xe9\xa1\xb5')
SITE = """\
id = "bench"
name = "测量站"
level = "practice"
family = "empirecms"
hosts = ["{host}"]
scheme = "http"
columns = [{{ name = "新闻", url = "http://{host}/news/" }}]
[politeness]
delay_seconds = 0
concurrent_requests = 16
autothrottle = false
"""


class BareSpider(scrapy.Spider):
    """Follows the lists and yields each article's URL."""

    name = "bare"
    base_url = ""

    async def start(self) -> AsyncIterator[scrapy.Request]:
        """Ask for the first list page."""
        yield scrapy.Request(f"{self.base_url}/news/", callback=self.parse_list)

    def parse_list(self, response: Response) -> Iterator[scrapy.Request]:
        """Ask for the articles and the next list page."""
        for path in dict.fromkeys(_ARTICLE.findall(response.body)):
            yield scrapy.Request(self.base_url + path.decode(), callback=self.parse_article)
        following = _NEXT.search(response.body)
        if following:
            yield scrapy.Request(self.base_url + following[1].decode(), callback=self.parse_list)

    def parse_article(self, response: Response) -> Iterator[dict[str, str]]:
        """Yield the URL."""
        yield {"url": response.url}


@dataclass(frozen=True)
class Cost:
    """The cost of a crawl: CPU seconds, peak memory, and the number of items."""

    cpu_seconds: float
    peak_megabytes: float
    items: int

    @property
    def pages_per_cpu_second(self) -> float:
        """The figure to compare."""
        return self.items / self.cpu_seconds


def serve(pages: int, address: multiprocessing.SimpleQueue[str], stop: Stop) -> None:
    """Serve the pages until ``stop`` is set."""
    listener = bench_listener(pages)
    listener.start()
    address.put(listener.url)
    stop.wait()
    listener.stop()


def measure(command: list[str], folder: Path) -> tuple[float, float]:
    """Run a command to its end; return its CPU seconds and peak megabytes."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "UNIONCRAWL_SITES_DIRS": str(folder / "sites"),
        "SCRAPY_SETTINGS_MODULE": "unioncrawl.settings",
    }
    process = subprocess.Popen(command, cwd=folder, env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def crawl_bare(base_url: str, folder: Path) -> Cost:
    """Run the bare spider."""
    (folder / "sites").mkdir(exist_ok=True)
    command = [sys.executable, "-m", "bench.crawl", "--bare", base_url]
    cpu, memory = measure(command, folder)
    return Cost(cpu, memory, len((folder / "bare.jsonl").read_text(encoding="utf-8").splitlines()))


def crawl_ours(base_url: str, folder: Path, profile: bool) -> Cost:  # noqa: FBT001 - a flag of the command line
    """Run the default crawl."""
    (folder / "sites").mkdir(exist_ok=True)
    host = base_url.split("//")[1].rstrip("/")
    (folder / "sites" / "bench.toml").write_text(SITE.format(host=host), encoding="utf-8")
    command = [sys.executable, "-m"]
    PROFILE.parent.mkdir(exist_ok=True)
    command += ["cProfile", "-o", str(PROFILE), "-m"] if profile else []
    cpu, memory = measure([*command, "scrapy", "crawl", "bench", "-s", "LOG_LEVEL=WARNING"], folder)
    connection = sqlite3.connect(folder / "data" / "archive.db")
    items: int = connection.execute("select count(*) from article").fetchone()[0]
    connection.close()
    return Cost(cpu, memory, items)


def run_bare(base_url: str) -> None:
    """In the child process: crawl with Scrapy's own defaults."""
    from scrapy.crawler import CrawlerProcess  # noqa: PLC0415 - only in the child

    settings = {
        "FEEDS": {"bare.jsonl": {"format": "jsonlines"}},
        "LOG_LEVEL": "WARNING",
        "CONCURRENT_REQUESTS": CONCURRENCY,
        "CONCURRENT_REQUESTS_PER_DOMAIN": CONCURRENCY,
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
    }
    process = CrawlerProcess(settings)
    process.crawl(BareSpider, base_url=base_url.rstrip("/"))
    process.start()


def main() -> None:
    """Measure both and print the comparison."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--pages", type=int, default=5000)
    parser.add_argument("--profile", action="store_true", help=f"profile ours into {PROFILE}")
    parser.add_argument("--bare", metavar="URL", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.bare:
        run_bare(options.bare)
        return
    address: multiprocessing.SimpleQueue[str] = multiprocessing.SimpleQueue()
    stop = multiprocessing.Event()
    server = multiprocessing.Process(target=serve, args=(options.pages, address, stop), daemon=True)
    server.start()
    base_url = address.get()
    try:
        with tempfile.TemporaryDirectory() as name:
            bare = crawl_bare(base_url, Path(name))
            ours = crawl_ours(base_url, Path(name), options.profile)
    finally:
        stop.set()
        server.join()
    for title, cost in (("bare Scrapy", bare), ("unioncrawl", ours)):
        print(
            f"{title:12} {cost.items:6} items {cost.cpu_seconds:7.1f} CPU s "
            f"{cost.pages_per_cpu_second:7.1f} pages/CPU s {cost.peak_megabytes:6.0f} MB peak"
        )
    print(f"ratio {ours.pages_per_cpu_second / bare.pages_per_cpu_second:.2f}")


if __name__ == "__main__":
    main()
