"""Measure what an article costs as an archive grows: its parts, the file, the memory, the searches.

    python -m bench.slope write FIGURES ADDRESS [--articles 1000000]
    python -m bench.slope report FIGURES

Each 10,000 articles add a row to the file of figures, so that a run that is broken off is of use. The
seconds are CPU time, on PostgreSQL of this process and of the server on this machine together; the parts
are this process's alone (asking the server's time of each would cost as much as they). At 10,000,
100,000, 300,000 articles and so on what readers type is searched as well. The report fits a line over the
logarithm of the number of articles and says how far the rows lie from it.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

from sqlalchemy import Connection, Engine, text

from bench.archive import fixed_loop, peak_megabytes
from bench.archive_search import WORDS
from bench.material.news import News
from bench.search_queries import make_queries
from bench.slope_report import COLUMNS, MARKS, report
from bench.stages import START, Clock, wrap
from unioncrawl.archive.search.answer import Order, SearchRequest, search
from unioncrawl.archive.search.facets import count_with_facets
from unioncrawl.archive.search.query import parse_query
from unioncrawl.archive.search.spreads import Spreads
from unioncrawl.archive.store import Archive

STEP = 10_000
_REPRINTS = "unioncrawl.archive.reprints"
_COMMIT, _COMPARE = "commit", "reprints: compare"
# Part of the writing -> the functions at which it begins; what is in none of those within is the part's own.
PARTS: dict[str, tuple[str, ...]] = {
    "fit": ("unioncrawl.archive.write.fitting:fitted", "unioncrawl.archive.write.article_rows:draft"),
    "known": ("unioncrawl.archive.write.decide:KnownArticles.load",),
    "decide": ("unioncrawl.archive.write.writer:BatchWriter.write",),
    "rows": ("unioncrawl.archive.write.row_batch:RowBatch.insert",),
    "index": ("unioncrawl.archive.search.index.fulltext_index:add_entries",),
    "reprints: prints read": (f"{_REPRINTS}.fingerprint_postings:Postings.load",),
    "reprints: prints written": (f"{_REPRINTS}.fingerprint_postings:Postings.write",),
    "reprints: texts read": (f"{_REPRINTS}.texts_at_hand:TextsAtHand.load",),
    "reprints: edges": (
        f"{_REPRINTS}.edge_paragraphs:EdgeParagraphs.load",
        f"{_REPRINTS}.edge_paragraphs:EdgeParagraphs.write",
    ),
    "reprints: groups": (
        f"{_REPRINTS}.groups:ReprintGroups.load_excerpts",
        f"{_REPRINTS}.groups:ReprintGroups.write",
        f"{_REPRINTS}.story_parts:StoryParts.load",
        f"{_REPRINTS}.story_parts:StoryParts.write",
    ),
    _COMPARE: (f"{_REPRINTS}.reprint_index:ReprintIndex.add",),
    "twins": ("unioncrawl.archive.store:Archive._repair_groups",),
    _COMMIT: ("unioncrawl.archive.store:Archive.store", "unioncrawl.archive.store:Archive.flush"),
}


class ServerTime:
    """The CPU time of the PostgreSQL server on this machine; 0 for an archive in a file."""

    def __init__(self, engine: Engine) -> None:
        self._folder: Path | None = None
        if engine.dialect.name == "postgresql":
            with engine.connect() as connection:
                backend = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
            # proc_pid_stat(5): the parent stands second after the name in brackets.
            parent = Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()[1]
            self._folder = Path(f"/proc/{parent}")

    def __call__(self) -> float:
        """CPU-seconds of all its processes, those that ended included."""
        if self._folder is None:
            return 0.0
        spent = self._folder.joinpath("stat").read_text().rpartition(")")[2].split()
        # utime, stime, and those of the children that ended.
        seconds = sum(map(int, spent[11:15])) / os.sysconf("SC_CLK_TCK")
        task = self._folder / "task" / self._folder.name / "children"
        return seconds + sum(map(_run_seconds, task.read_text().split()))


def _run_seconds(process: str) -> float:
    try:
        return int(Path(f"/proc/{process}/schedstat").read_text().split()[0]) / 1e9
    except FileNotFoundError:
        return 0.0


@dataclass
class Writing:
    """One archive that grows, and the file of figures."""

    archive: Archive
    news: News
    figures: Path
    clock: Clock
    server: ServerTime

    def row(self, articles: int, before: dict[str, float], server: float, wall: float) -> dict[str, float]:
        """What the last step took, in all and by its parts."""
        spent = {part: self.clock.seconds.get(part, 0.0) - before.get(part, 0.0) for part in PARTS}
        return {
            "articles": articles,
            "write": sum(spent.values()) + server,
            "reprints": sum(seconds for part, seconds in spent.items() if part.startswith("reprints")),
            "server": server,
            "calibration": fixed_loop(),
            "bytes": _database_bytes(self.archive.engine),
            "text": self.news.text_bytes,
            "peak": peak_megabytes(),
            "wall": wall,
            **spent,
        }

    def grow(self, count: int) -> None:
        """Write so many articles, a row of figures for each step."""
        run, stream = self.archive.begin_run("bench", {}), self.news.articles()
        for articles in range(STEP, count + 1, STEP):
            before, begin, server = dict(self.clock.seconds), time.monotonic(), self.server()
            for article in islice(stream, STEP):
                self.archive.store(article, run)
            self.archive.flush()
            self.clock.enter(START)
            self.clock.leave()
            spent, wall = self.server() - server, time.monotonic() - begin
            _append(self.figures, self.row(articles, before, spent, wall))
            if articles in MARKS:
                _append_searches(self.figures, articles, self.archive.engine, self.server)
        self.archive.finish_run(run, {}, "finished")


def _database_bytes(engine: Engine) -> int:
    asked = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    if engine.dialect.name == "postgresql":
        asked = "SELECT pg_database_size(current_database())"
    with engine.connect() as connection:
        return int(connection.execute(text(asked)).scalar_one())


def _append(figures: Path, row: dict[str, float]) -> None:
    is_new = not figures.exists()
    with figures.open("a", newline="") as file:
        writer = csv.DictWriter(file, [*COLUMNS, *PARTS])
        if is_new:
            writer.writeheader()
        writer.writerow({name: round(value, 4) for name, value in row.items()})


def _append_searches(figures: Path, articles: int, engine: Engine, server: ServerTime) -> None:
    with engine.connect() as connection:
        found = {"articles": articles, **measure_searches(connection, server)}
    with figures.with_suffix(".searches.jsonl").open("a") as file:
        file.write(json.dumps(found, ensure_ascii=False) + "\n")


def measure_searches(connection: Connection, server: Callable[[], float]) -> dict[str, object]:
    """Time pages of the newest and of the most relevant, totals and facets of what readers type, in ms."""

    def timed(work: Callable[[], object]) -> float:
        begin = time.process_time() + server()
        work()
        return 1_000 * (time.process_time() + server() - begin)

    def page(query: str, order: Order) -> object:
        return search(connection, SearchRequest(query=query, order=order, count_total=False))

    newest = sorted(timed(partial(page, word, "newest")) for word in WORDS for _ in range(5))
    spreads = Spreads()
    reading = timed(lambda: spreads.refresh(connection))
    pages, tallies = {}, {}
    for asked in make_queries(connection):
        node, name = parse_query(asked.query), f"{asked.kind}: {asked.query}"
        pages[name] = timed(partial(page, asked.query, asked.order))
        tallies[name] = timed(partial(count_with_facets, connection, node, spreads))
    return {
        "newest": _spread(newest),
        "reading what facets count by": reading,
        "pages": _spread(sorted(pages.values())) | _slowest(pages),
        "tallies": _spread(sorted(tallies.values())) | _slowest(tallies),
    }


def _spread(rising: Sequence[float]) -> dict[str, float]:
    at = {"median": 0.5, "95": 0.95, "99": 0.99}
    spread = {name: round(rising[int(len(rising) * share)], 2) for name, share in at.items()}
    return {**spread, "longest": round(rising[-1], 2)}


def _slowest(taken: dict[str, float]) -> dict[str, float]:
    return {name: round(taken[name], 1) for name in sorted(taken, key=lambda name: -taken[name])[:10]}


def measure(figures: Path, address: str, count: int) -> None:
    """Fill an archive, and append what each step cost."""
    news = News()
    with Archive.open(address) as archive:
        server = ServerTime(archive.engine)
        clock = Clock()
        wrap(clock, PARTS)
        Writing(archive, news, figures, clock, server).grow(count)


def main() -> None:
    """Write, or report what was written."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("what", choices=("write", "report"))
    parser.add_argument("figures", type=Path)
    parser.add_argument("address", nargs="?", default="")
    parser.add_argument("--articles", type=int, default=1_000_000)
    given = parser.parse_args()
    if given.what == "write":
        measure(given.figures, given.address, given.articles)
    print(*report(given.figures), sep="\n")


if __name__ == "__main__":
    main()
