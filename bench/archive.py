"""Measure the archive: writing, size, reprints, search, care. All in one run, beside the targets.

    python -m bench.archive [--articles 10000] [--folder DIR] [--address postgresql://…]

Figures are per CPU-second of this process (on PostgreSQL the server's work is
not in them); ``calibration`` is the time of a fixed loop, by which machines and
loads compare. Each figure is printed as soon as it is known. ``--folder`` keeps the archive there.
"""

from __future__ import annotations

import argparse
import gc
import resource
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import combinations, islice
from pathlib import Path

from sqlalchemy import text

from bench.archive_reprocess import measure_reprocess
from bench.archive_search import measure_search
from bench.figures import print_figure
from bench.material.news import News
from unioncrawl.archive.reprints.reprint_index import NewText, ReprintIndex
from unioncrawl.archive.store import Archive
from unioncrawl.archive.verify.check_archive import verify
from unioncrawl.archive.write import writer

_FIRST = 10_000
_STEPS = 10


@dataclass
class Spent:
    """CPU time spent on reprints within all writing, and the number of articles."""

    seconds: float = 0.0
    articles: int = 0


@contextmanager
def watched_reprints() -> Iterator[Spent]:
    """Time the reprint index within all writing."""
    spent = Spent()

    class Watched(ReprintIndex):
        def add(self, texts: list[NewText]) -> dict[int, int]:  # type: ignore[override]
            start = time.process_time()
            joined = super().add(texts)
            spent.seconds += time.process_time() - start
            spent.articles += len(texts)
            return joined

    writer.ReprintIndex = Watched  # type: ignore[attr-defined]
    try:
        yield spent
    finally:
        writer.ReprintIndex = ReprintIndex  # type: ignore[attr-defined]


@dataclass
class Paces:
    """How writing went, a step at a time."""

    seconds: list[float] = field(default_factory=list)
    reprint_seconds: list[float] = field(default_factory=list)
    articles: list[int] = field(default_factory=list)
    loops: list[float] = field(default_factory=list)


def fixed_loop() -> float:
    """CPU-seconds of a loop that is always the same: it slows when the machine does other work."""
    start = time.process_time()
    sum(range(30_000_000))
    return time.process_time() - start


def write(archive: Archive, news: News, count: int) -> None:
    """Write the articles through `Archive.store`, and print the pace of each step."""
    run, stream, paces = archive.begin_run("bench", {}), news.articles(), Paces()
    steps = [min(_FIRST, count)] + [(count - _FIRST) // _STEPS] * _STEPS * (count > _FIRST)
    with watched_reprints() as spent:
        for step in steps:
            seconds, spent.seconds, left = 0.0, 0.0, step
            while batch := list(islice(stream, min(1_000, left))):
                left -= len(batch)
                before = time.process_time()
                for article in batch:
                    archive.store(article, run)
                seconds += time.process_time() - before
            paces.seconds.append(seconds)
            paces.reprint_seconds.append(spent.seconds)
            paces.articles.append(step)
            paces.loops.append(fixed_loop())
            _print_step(paces)
        before = time.process_time()
        archive.finish_run(run, {}, "finished")
        print_figure("finishing the run", time.process_time() - before, "CPU-seconds")
    _print_all(paces)


def _print_step(paces: Paces) -> None:
    step = paces.articles[-1]
    written = f"write, articles up to {sum(paces.articles):,}"
    print_figure(written, step / paces.seconds[-1], "a CPU-second", ">= 500")
    print_figure("  of that reprints alone", step / paces.reprint_seconds[-1], "a CPU-second", ">= 3,000")
    print_figure("  calibration", paces.loops[-1], "CPU-seconds")
    print_figure("  peak memory", peak_megabytes(), "MB")


def _print_all(paces: Paces) -> None:
    count = sum(paces.articles)
    costs = [seconds / articles for seconds, articles in zip(paces.seconds, paces.articles, strict=True)]
    growth, loops = costs[-1] / costs[0], paces.loops[-1] / paces.loops[0]
    print_figure(f"cost of the last tenth / of the first {paces.articles[0]:,}", growth, "times", "<= 1.3")
    print_figure("  the same, beside the calibration", growth / loops, "times")
    print_figure("all writing", count / sum(paces.seconds), "a CPU-second", ">= 500")
    print_figure("all reprints", count / sum(paces.reprint_seconds), "a CPU-second", ">= 3,000")


def score_reprints(archive: Archive, news: News) -> None:
    """Compare the groups found with the truth."""
    group_of = _groups(archive)
    seen: Counter[str] = Counter()
    found: Counter[str] = Counter()
    for number, truth in enumerate(news.truths):
        if truth.edit is not None:
            seen[truth.edit] += 1
            found[truth.edit] += group_of[number] == group_of[truth.story]
    by_group = defaultdict(list)
    for number, group in group_of.items():
        by_group[group].append(news.truths[number].story)
    pairs = [pair for stories in by_group.values() for pair in combinations(stories[:50], 2)]
    right = sum(a == b for a, b in pairs)
    print_figure("reprints: recall", sum(found.values()) / max(1, sum(seen.values())), "", ">= 0.99")
    for edit, count in seen.items():
        print_figure(f"  {edit}", found[edit] / count, f"of {count:,}")
    print_figure("reprints: precision", right / max(1, len(pairs)), "", ">= 0.99")


def _groups(archive: Archive) -> dict[int, int]:
    """Return each article's group by its number in the stream; one without a group has its own."""
    with archive.engine.connect() as connection:
        members = connection.execute(text("SELECT article_id, group_id FROM reprint_member")).all()
        urls = connection.execute(
            text("SELECT url, id FROM article UNION ALL SELECT url, article_id FROM url_alias")
        ).all()
    groups = {row[0]: row[1] for row in members}
    return {
        int(url.rsplit("/", 1)[1].removesuffix(".html")): groups.get(number, -number)
        for url, number in map(tuple, urls)
    }


def measure_care(archive: Archive, folder: Path, count: int) -> None:
    """Time ``verify``."""
    begin = time.process_time()
    findings = list(verify(archive.engine, folder / "captures"))
    seconds = time.process_time() - begin
    print_figure("verify", seconds, "CPU-seconds", "<= 60 at 100,000")
    print_figure("  for 100,000 articles", seconds * 100_000 / count, "CPU-seconds", "<= 60")
    print_figure("  findings", len(findings), "", "0")
    for finding in findings:
        print(finding)


def peak_megabytes() -> float:
    """Return the peak memory of this process; it includes the bench's own record of the news."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(address: str, folder: Path, count: int) -> None:
    """Run all measurements on one archive."""
    news = News()
    with Archive.open(address) as archive:
        write(archive, news, count)
        gc.collect()
        if archive.engine.dialect.name == "sqlite":
            with archive.engine.connect() as connection:
                connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
            size = Path(address).stat().st_size
            print_figure("text of an article, mean", news.text_bytes / count, "bytes")
            print_figure("file / text", size / news.text_bytes, "times", "<= 2.2")
        score_reprints(archive, news)
        measure_search(archive, Path(address))
        measure_care(archive, folder, count)
    measure_reprocess(folder)
    print_figure("peak memory", peak_megabytes(), "MB")


def main() -> None:
    """Run all measurements."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--folder", type=Path, default=None)
    parser.add_argument("--address", default="")
    given = parser.parse_args()
    print_figure("calibration", fixed_loop(), "CPU-seconds")
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        measure(given.address or str(folder / "archive.db"), folder, given.articles)


if __name__ == "__main__":
    main()
