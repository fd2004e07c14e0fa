"""The whole default crawl beside spiders that others would write, on the same sites in one run.

Usage: python -m bench.crawl [--pages 2000] [--damaged 5] [--only unioncrawl,bare] [--profile] [--stages]

Ours is ``unioncrawl crawl`` with the project's settings: robots.txt, decoding, WARC, fields, counters,
repair, normalising, reprints, archive with full-text index, feed. The others are in
`bench.peer_spiders`. Seven sites answer, in a process of its own whose time is not counted.

Start-up is measured apart: each spider crawls first a small part of the sites, then all. The cost of
a page is the difference of the two CPU times by the difference of the two numbers of pages; what
the first crawl took beyond that is start-up. Memory is the peak by the time when so many articles
had been served, and at the end.
"""

from __future__ import annotations

import argparse
import importlib.util
import multiprocessing
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.sharedctypes import Synchronized
from multiprocessing.synchronize import Event as Stop
from pathlib import Path

from bench.material.news_sites import NewsSite, listeners, news_sites
from bench.peer_spiders import FEED, SPIDERS

ROOT = Path(__file__).resolve().parent.parent
PROFILE = ROOT / "build" / "crawl.prof"
OURS = "unioncrawl"
EARLY = 1_000
_SMALL = 140
_PEAK = "VmHWM:"
_WAIT_SECONDS = 0.05


@dataclass(frozen=True)
class Cost:
    """What a crawl cost: CPU seconds, and peak megabytes early and at its end; and its articles."""

    cpu_seconds: float
    early_megabytes: float | None
    peak_megabytes: float
    items: int


@dataclass(frozen=True)
class Pace:
    """A crawl's cost with start-up apart."""

    name: str
    small: Cost
    whole: Cost

    @property
    def page_seconds(self) -> float:
        """CPU seconds that one more page takes."""
        return (self.whole.cpu_seconds - self.small.cpu_seconds) / (self.whole.items - self.small.items)

    @property
    def start_up_seconds(self) -> float:
        """CPU seconds before the first page and after the last."""
        return self.small.cpu_seconds - self.small.items * self.page_seconds


class Served:
    """The sites in a process of their own: their hosts, and how many articles they have served."""

    def __init__(self, pages: int, damaged: float) -> None:
        self.pages = pages
        self.count: Synchronized[int] = multiprocessing.Value("l", 0)
        self._stop = multiprocessing.Event()
        addresses: multiprocessing.SimpleQueue[list[str]] = multiprocessing.SimpleQueue()
        self._process = multiprocessing.Process(
            target=serve, args=(pages, damaged, addresses, self.count, self._stop), daemon=True
        )
        self._process.start()
        self.hosts = addresses.get()

    def end(self) -> None:
        """Stop answering."""
        self._stop.set()
        self._process.join()


class CountedSite(NewsSite):
    """A site that counts the articles it serves."""

    served: Synchronized[int]

    def page(self, place: int) -> bytes:
        """Count, and make the page."""
        with self.served.get_lock():
            self.served.value += 1
        return super().page(place)


def serve(
    pages: int,
    damaged: float,
    addresses: multiprocessing.SimpleQueue[list[str]],
    served: Synchronized[int],
    stop: Stop,
) -> None:
    """Serve the sites until ``stop`` is set."""
    CountedSite.served = served
    sites = [CountedSite(order, site.count, damaged) for order, site in enumerate(news_sites(pages))]
    servers = listeners(sites)
    for server in servers:
        server.start()
    addresses.put([server.url.split("//")[1].rstrip("/") for server in servers])
    stop.wait()
    for server in servers:
        server.stop()


def measure(command: list[str], folder: Path, served: Served) -> tuple[float, float | None, float]:
    """Run a command to its end; return its CPU seconds, and its peak megabytes early and at the end."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "UNIONCRAWL_SITES_DIRS": str(folder / "sites"),
        "SCRAPY_SETTINGS_MODULE": "unioncrawl.settings",
    }
    served.count.value = 0
    early = None
    with (folder / "output.txt").open("wb") as output:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=output)
        while not (ended := os.wait4(process.pid, os.WNOHANG))[0]:
            if early is None and served.count.value >= EARLY:
                early = _peak_megabytes(process.pid)
            time.sleep(_WAIT_SECONDS)
    _, status, usage = ended
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    return usage.ru_utime + usage.ru_stime, early, usage.ru_maxrss / 1024


def _peak_megabytes(process: int) -> float | None:
    """Return the most memory that a process had so far; None where the system does not say."""
    try:
        lines = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(_PEAK)), None)


def crawl(name: str, served: Served, before: Sequence[str] = ()) -> Cost:
    """Crawl all sites with one of the spiders, or with ours; ``before`` are Python's arguments."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        if name != OURS:
            spent = measure(
                [sys.executable, "-m", "bench.peer_spiders", name, str(served.pages), *served.hosts],
                folder,
                served,
            )
            with (folder / FEED).open(encoding="utf-8") as lines:
                return Cost(*spent, sum(1 for _ in lines))
        names = write_site_files(served, folder / "sites")
        program = before or ("-m", "unioncrawl")
        spent = measure([sys.executable, *program, "crawl", *names, "--json"], folder, served)
        return Cost(*spent, _articles(folder / "data" / "archive.db"))


def write_site_files(served: Served, folder: Path) -> list[str]:
    """Write a site file for each site; return the sites' ids."""
    folder.mkdir(parents=True, exist_ok=True)
    sites = news_sites(served.pages)
    for site, host in zip(sites, served.hosts, strict=True):
        (folder / f"{site.site_id}.toml").write_text(site.site_file(host), encoding="utf-8")
    return [site.site_id for site in sites]


def _articles(archive: Path) -> int:
    connection = sqlite3.connect(archive)
    # A text that a site prints again at another address is one article with an alias.
    asked = "SELECT (SELECT count(*) FROM article) + (SELECT count(*) FROM url_alias)"
    count: int = connection.execute(asked).fetchone()[0]
    connection.close()
    return count


def print_table(paces: Sequence[Pace]) -> None:
    """Print a row for each crawl: pages a CPU-second without start-up, and beside the bare one."""
    print(
        f"{'':12}{'articles':>9}{'pages/CPU-s':>13}{'ms a page':>11}{'start-up s':>12}{'of bare':>9}", end=""
    )
    print(f"{'MB early':>10}{'MB end':>8}")
    bare = next((pace for pace in paces if pace.name == "bare"), None)
    for pace in paces:
        of_bare = f"{bare.page_seconds / pace.page_seconds:.2f}" if bare else "-"
        early = pace.whole.early_megabytes
        print(
            f"{pace.name:12}{pace.whole.items:9,}{1 / pace.page_seconds:13.1f}"
            f"{1000 * pace.page_seconds:11.2f}"
            f"{pace.start_up_seconds:12.2f}{of_bare:>9}{'-' if early is None else f'{early:.0f}':>10}"
            f"{pace.whole.peak_megabytes:8.0f}"
        )


def measure_all(names: Sequence[str], pages: int, damaged: float) -> list[Pace]:
    """Crawl a small part and then all with each spider."""
    small, whole = Served(min(_SMALL, pages // 2), damaged), Served(pages, damaged)
    try:
        paces = []
        for name in names:
            paces.append(Pace(name, crawl(name, small), crawl(name, whole)))
            print(f"{name} is done.", file=sys.stderr)
        return paces
    finally:
        small.end()
        whole.end()


def inspect(given: argparse.Namespace) -> None:
    """Crawl with ours alone, under cProfile or with its stages timed."""
    served = Served(given.pages, given.damaged / 100)
    PROFILE.parent.mkdir(exist_ok=True)
    report = PROFILE.with_suffix(".stages.txt")
    profiled = ("-m", "cProfile", "-o", str(PROFILE), "-m", "unioncrawl")
    try:
        crawl(OURS, served, profiled if given.profile else ("-m", "bench.stages", str(report)))
    finally:
        served.end()
    print(f"Profile in {PROFILE}" if given.profile else report.read_text(encoding="utf-8"))


def main() -> None:
    """Measure and print the comparison."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--pages", type=int, default=2000, help="articles of all sites together")
    parser.add_argument("--damaged", type=float, default=5, help="so many of a hundred pages are damaged")
    parser.add_argument("--only", default="", help="names of spiders, with commas: unioncrawl,bare")
    parser.add_argument("--profile", action="store_true", help=f"profile ours alone into {PROFILE}")
    parser.add_argument("--stages", action="store_true", help="time ours alone, stage by stage")
    given = parser.parse_args()
    if given.profile or given.stages:
        inspect(given)
        return
    names = given.only.split(",") if given.only else [*SPIDERS, OURS]
    if "trafilatura" in names and importlib.util.find_spec("trafilatura") is None:
        print("trafilatura is left out: pip install --group peers", file=sys.stderr)
        names.remove("trafilatura")
    print_table(measure_all(names, given.pages, given.damaged / 100))


if __name__ == "__main__":
    main()
