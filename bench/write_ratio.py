"""Write the same news into SQLite and PostgreSQL in turn, and compare how many articles a second each takes.

    python -m bench.write_ratio postgresql://user@host/empty [--articles 8000] [--batch 1000]

Both write the same batch one after the other, the first of them in turn, so that what else the machine
does weighs on both. Printed are the articles a second of each batch, and their ratio by wall time, with
the CPU time of this process beside it: the rest of PostgreSQL's is the server's.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from bench.material.news import News
from unioncrawl.archive.store import Archive
from unioncrawl.model import Article


class Taken(NamedTuple):
    """What a batch took."""

    wall_seconds: float
    cpu_seconds: float


def write(archive: Archive, run_id: int, batch: Sequence[Article]) -> Taken:
    """Store a batch and flush it."""
    wall, cpu = time.perf_counter(), time.process_time()
    for one in batch:
        archive.store(one, run_id)
    archive.flush()
    return Taken(time.perf_counter() - wall, time.process_time() - cpu)


def compare(addresses: Sequence[str], count: int, batch_size: int) -> list[list[Taken]]:
    """What each batch took in each of two empty archives."""
    archives = [Archive.open(one, batch_size=10**9, batch_age_seconds=10**9) for one in addresses]
    runs = [archive.begin_run("ratio", {}) for archive in archives]
    taken: list[list[Taken]] = [[], []]
    news = News().articles()
    for number in range(count // batch_size):
        batch = list(islice(news, batch_size))
        for place in (0, 1) if number % 2 else (1, 0):
            taken[place].append(write(archives[place], runs[place], batch))
        print(
            f"{(number + 1) * batch_size:>8}",
            *(
                f"{batch_size / each[-1].wall_seconds:8.0f}/s {each[-1].cpu_seconds:6.2f} CPU-s"
                for each in taken
            ),
        )
    for archive in archives:
        archive.close()
    return taken


def main() -> None:
    """Compare, and print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("address")
    parser.add_argument("--articles", type=int, default=8_000)
    parser.add_argument("--batch", type=int, default=1_000)
    given = parser.parse_args()
    print("articles   SQLite                 PostgreSQL")
    with tempfile.TemporaryDirectory() as name:
        taken = compare((str(Path(name) / "archive.db"), given.address), given.articles, given.batch)
    sums = [sum(one.wall_seconds for one in each) for each in taken]
    ratios = [mine.wall_seconds / theirs.wall_seconds for mine, theirs in zip(*taken, strict=True)]
    median = statistics.median(ratios)
    print(f"all: {sums[0] / sums[1]:.2f} of SQLite's articles a second; a batch in the median {median:.2f}")


if __name__ == "__main__":
    main()
