"""Kill real crawls with SIGKILL at random moments, and look what is left each time.

Usage: python -m bench.kills [--kills 50] [--pages 60] [--seed 1]

Each round is an archive of its own: a crawl is killed at a random moment between
the beginning of its run and the time that a whole run takes. Then the archive must
verify and hold every article that a reader saw in it before. Then a second crawl
must end well, and the archive must hold exactly the articles of an undisturbed crawl,
each once, with one observation a run; the ledger of the second crawl must account for
as many entries as that of the undisturbed one, without one missing or owed. Where the
first had finished its run in the archive, and only its process was still ending, the
second rightly stops at what is known. Exit code 1 when a round falls short.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.crawl import ROOT
from bench.material.news_sites import NewsSite, listeners
from unioncrawl.archive.crawl_state.entry_ledger import counted_entries
from unioncrawl.archive.store import Archive
from unioncrawl.archive.verify.check_archive import verify

_DAMAGED = 0.2
_READ = "SELECT url FROM article UNION SELECT url FROM url_alias"
_TWICE = """SELECT (SELECT count(*) - count(DISTINCT canonical_url) FROM article)
    + (SELECT count(*) FROM (SELECT 1 FROM observation GROUP BY article_id, run_id HAVING count(*) > 1))"""


@dataclass(frozen=True)
class Round:
    """The result of one round; ``faults`` is empty when every promise held."""

    killed_after_seconds: float
    stored_before: int
    stored_after: int
    faults: tuple[str, ...]


class Place:
    """A working directory whose crawls go to one practice site."""

    def __init__(self, folder: Path, site: NewsSite, base_url: str) -> None:
        self.folder = folder
        sites = folder / "sites"
        sites.mkdir(parents=True)
        host = base_url.split("//")[1].rstrip("/")
        self.site = site.site_id
        (sites / f"{self.site}.toml").write_text(site.site_file(host), encoding="utf-8")
        self.database = folder / "data" / "archive.db"

    def start(self) -> subprocess.Popen[bytes]:
        """Start ``scrapy crawl`` with many small flushes."""
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "UNIONCRAWL_SITES_DIRS": str(self.folder / "sites"),
            "SCRAPY_SETTINGS_MODULE": "unioncrawl.settings",
        }
        options = ["UNIONCRAWL_FLUSH_SECONDS=0.2", "UNIONCRAWL_FLUSH_ARTICLES=7", "LOG_LEVEL=ERROR"]
        command = [sys.executable, "-m", "scrapy", "crawl", self.site]
        command += [part for option in options for part in ("-s", option)]
        return subprocess.Popen(command, cwd=self.folder, env=environment)

    def crawl(self) -> int:
        """Crawl to the end, and return the exit code."""
        return self.start().wait()

    def wait_for_run(self, process: subprocess.Popen[bytes]) -> None:
        """Wait until the crawl has begun its run in the archive."""
        while process.poll() is None and not self._ask("SELECT id FROM run"):
            time.sleep(0.02)

    def stored(self) -> set[str]:
        """Return the addresses that the archive has now, as any reader sees them."""
        return {row[0] for row in self._ask(_READ)}

    def _ask(self, query: str) -> list[tuple[str]]:
        if not self.database.exists():
            return []
        connection = sqlite3.connect(f"{self.database.as_uri()}?mode=ro", uri=True, timeout=10)
        try:
            return connection.execute(query).fetchall()
        except sqlite3.OperationalError:  # its tables are not made yet
            return []
        finally:
            connection.close()

    def is_finished(self) -> bool:
        """Return whether a run has come to its end in the archive."""
        return bool(self._ask("SELECT id FROM run WHERE finished_at IS NOT NULL"))

    def twice(self) -> int:
        """Return how many articles or observations are stored twice."""
        connection = sqlite3.connect(self.database)
        try:
            return int(connection.execute(_TWICE).fetchone()[0])
        finally:
            connection.close()

    def entries(self) -> dict[str, int]:
        """Return the account of the latest run's entries; empty when there is none."""
        rows = self._ask("SELECT stats FROM run ORDER BY id DESC LIMIT 1")
        stats = json.loads(rows[0][0] or "{}") if rows else {}
        return counted_entries(stats) or {}

    def harm(self) -> list[str]:
        """Return the harm that `verify` reports."""
        if not self.stored():
            return []
        with Archive.open(str(self.database), create=False) as archive:
            found = verify(archive.engine, self.database.parent / "captures")
            return [f"{one.check}: {one.detail}" for one in found if one.is_harm]


def ledger_faults(entries: dict[str, int], expected: int) -> list[str]:
    """Return what is wrong with a run's account, where so many entries are expected.

    >>> ledger_faults({"total": 3, "stored": 1, "known": 2}, 3)
    []
    >>> ledger_faults({"total": 3, "stored": 1, "known": 1, "owed": 1}, 3)
    ['2 of 3 entries settled, 3 expected']
    """
    settled = entries.get("stored", 0) + entries.get("known", 0)
    if entries.get("total", 0) == settled == expected:
        return []
    return [f"{settled} of {entries.get('total', 0)} entries settled, {expected} expected"]


def kill_once(place: Place, moment: float, expected: set[str], entries: int) -> Round:
    """Run one round; ``moment`` in seconds from the beginning of the run, ``entries`` of its lists."""
    process = place.start()
    place.wait_for_run(process)
    time.sleep(moment)
    before = place.stored()
    process.kill()
    process.wait()
    after, is_finished = place.stored(), place.is_finished()
    faults = [f"after the kill, {finding}" for finding in place.harm()]
    faults += [f"lost {url}" for url in sorted(before - after)]
    code = place.crawl()
    faults += [f"the next crawl ended with {code}"] if code else []
    faults += [f"after the next crawl, {finding}" for finding in place.harm()]
    whole = place.stored()
    faults += [f"not completed: {url}" for url in sorted(expected - whole)]
    faults += [f"not expected: {url}" for url in sorted(whole - expected)]
    account = place.entries()
    faults += ledger_faults(account, account.get("total", 0) if is_finished else entries)
    faults += [f"{twice} twice" for twice in [place.twice()] if twice]
    return Round(moment, len(before), len(after), tuple(faults))


def run(kills: int, pages: int, seed: int, folder: Path) -> Iterator[Round]:
    """Kill so many crawls of so many pages, at moments that the seed decides; each round as it ends."""
    site = NewsSite(0, pages, _DAMAGED)
    (listener,) = listeners([site])
    listener.start()
    try:
        whole = Place(folder / "whole", site, listener.url)
        process = whole.start()
        whole.wait_for_run(process)
        start = time.monotonic()
        if process.wait():
            raise SystemExit("the undisturbed crawl failed")
        seconds, expected = time.monotonic() - start, whole.stored()
        entries = whole.entries().get("total", 0)
        if ledger_faults(whole.entries(), len(expected)):
            raise SystemExit(f"the undisturbed crawl's account is wrong: {whole.entries()}")
        chance = random.Random(seed)
        for number in range(kills):
            place = Place(folder / str(number), site, listener.url)
            yield kill_once(place, chance.uniform(0, seconds), expected, entries)
            shutil.rmtree(place.folder)
    finally:
        listener.stop()


def main() -> None:
    """Run the rounds and print each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--pages", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rounds = []
    with tempfile.TemporaryDirectory() as name:
        for one in run(options.kills, options.pages, options.seed, Path(name)):
            rounds.append(one)
            result = "; ".join(one.faults) or "sound, completed"
            print(
                f"killed after {one.killed_after_seconds:5.2f} s with {one.stored_after:3} stored: {result}",
                flush=True,
            )
    broken = sum(bool(one.faults) for one in rounds)
    amid = sum(one.stored_after > 0 for one in rounds)
    print(f"{len(rounds)} kills ({amid} with articles stored), {broken} fell short")
    raise SystemExit(bool(broken))


if __name__ == "__main__":
    main()
