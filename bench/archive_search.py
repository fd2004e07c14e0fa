"""Time the searches that users make, and those that could take long; check answers against the texts."""

from __future__ import annotations

import os
import sqlite3
import statistics
import time
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from itertools import chain
from pathlib import Path

from sqlalchemy import Connection, text

from bench.figures import print_figure
from bench.search_queries import make_queries
from unioncrawl.archive.search.answer import Order, SearchRequest, search
from unioncrawl.archive.search.facets import count_with_facets
from unioncrawl.archive.search.found_numbers import count
from unioncrawl.archive.search.matching_articles import find_candidates
from unioncrawl.archive.search.query import parse_query
from unioncrawl.archive.search.spreads import Spreads
from unioncrawl.archive.store import Archive
from unioncrawl.language.folding import fold

# From words of nearly every article to words of hardly any.
WORDS = (
    "工会",
    "职工",
    "中国",
    "公司",
    "会议",
    "劳动",
    "企业",
    "服务",
    "北京",
    "经费",
    "竞赛",
    "凤凰",
    "芦苇",
    "貔貅",
)
# Queries that a user may ask, by the reason why they are hard.
QUERIES = {
    "one character": ("工", "会", "凰", "龘"),
    "phrases": ("困难职工", "劳动和技能竞赛", "党的二十大精神", "会工职工"),
    "AND OR NOT": ("工会 AND 北京", "凤凰 OR 芦苇", "工会 NOT 职工", "-工会", "(公司 OR 企业) -会议 竞赛"),
    "filters": (
        "工会 site:site60",
        "职工 source:劳动报",
        "工会 column:通知 site:site70",
        "工会 level:city",
        "工会 region:61",
        "column:劳模",
    ),
    "times and hits": (
        "since:2020-01 until:2020-02",
        "工会 until:2012",
        "hits:>1000000",
        "工会 hits:>1000000",
        "工会 hits:<3",
        "hits:>5000 until:2013",
    ),
}
LIKE = (
    "SELECT a.id, r.title FROM revision r JOIN article a ON a.revision_id = r.id"
    " WHERE r.body_text LIKE ? ORDER BY a.published_at DESC, a.id DESC LIMIT 20"
)


def measure_search(archive: Archive, path: Path) -> None:
    """Time newest and relevance, totals, facets and deep pages, with the same by LIKE beside them."""
    is_file = archive.engine.dialect.name == "sqlite"
    if is_file:
        _forget(path)
    with archive.engine.connect() as connection:
        if is_file:
            first = [_milliseconds(connection, word) for word in WORDS]
            print_figure("search: newest 20, first time, median", statistics.median(first), "ms")
            print_figure("search: newest 20, first time, longest", max(first), "ms")
        newest = sorted(_milliseconds(connection, word) for word in WORDS for _ in range(20))
        print_figure("search: newest 20, median", statistics.median(newest), "ms", "<= 5")
        print_figure("search: newest 20, 99th percentile", newest[int(len(newest) * 0.99)], "ms", "<= 50")
        relevance = sorted(_milliseconds(connection, word, order="relevance") for word in WORDS)
        print_figure("search: relevance, median", statistics.median(relevance), "ms", "<= 100 at 100,000")
        print_figure("search: relevance, longest", relevance[-1], "ms")
        _time_hard_ones(connection)
        _time_typed_ones(connection)
        _check_answers(archive, connection)
    if is_file:
        like = _time_like(path)
        print_figure("search: the same by LIKE, mean", statistics.mean(like), "ms")
        print_figure(
            "search: times faster than LIKE",
            statistics.mean(like) / statistics.mean(newest),
            "times",
            ">= 50",
        )


def _forget(path: Path) -> None:
    """Let the system drop the pages of the file that it keeps in memory."""
    handle = os.open(path, os.O_RDONLY)
    os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
    os.close(handle)


def _time_hard_ones(connection: Connection) -> None:
    for kind, queries in QUERIES.items():
        taken = {query: _milliseconds(connection, query) for query in queries}
        worst = max(taken, key=lambda query: taken[query])
        print_figure(f"search: {kind}, longest ({worst})", taken[worst], "ms")
    for word in WORDS[:1]:
        print_figure(f"search: page 500 of {word}", _milliseconds(connection, word, offset=10_000), "ms")
        total = _timed(partial(_total, connection, word))
        print_figure(f"search: total of {word}", total, "ms")
        request = SearchRequest(query=word, facets=True, count_total=False)
        print_figure(f"search: facets of {word}", _timed(partial(search, connection, request)), "ms")
    node = parse_query("困难职工")
    print_figure("search: total of a phrase", _timed(lambda: count(connection, node)), "ms")


def _time_typed_ones(connection: Connection) -> None:
    """Time what a search page asks the first time: its results, its total and its facets."""
    spreads, taken = Spreads(), defaultdict[str, list[float]](list)
    print_figure("search: reading the facets of all", _timed(lambda: spreads.refresh(connection)), "ms")
    for asked in make_queries(connection):
        node = parse_query(asked.query)
        request = SearchRequest(query=asked.query, order=asked.order, count_total=False)
        page = _timed(partial(search, connection, request))
        taken[asked.kind].append(page + _timed(partial(count_with_facets, connection, node, spreads)))
    every = sorted(chain.from_iterable(taken.values()))
    print_figure("search: as typed, first time, median", statistics.median(every), "ms")
    print_figure(
        "search: as typed, first time, 95th percentile", every[int(len(every) * 0.95)], "ms", "<= 100"
    )
    for kind, times in taken.items():
        print_figure(f"search: as typed, {kind}, longest", max(times), "ms")


def _total(connection: Connection, word: str) -> object:
    """Return how many articles hold a word, its query parsed anew."""
    return count(connection, parse_query(word))


def _check_answers(archive: Archive, connection: Connection) -> None:
    """Count the wrong answers of two-character words: articles missed, or found without the word."""
    truth: dict[str, set[int]] = {word: set() for word in WORDS}
    with archive.engine.connect().execution_options(yield_per=1_000) as reading:
        rows = reading.execute(
            text("SELECT a.id, r.title, r.body_text FROM article a JOIN revision r ON r.id = a.revision_id")
        )
        for number, title, body in rows:
            folded = fold(f"{title}\n{body}")
            for word in WORDS:
                if word in folded:
                    truth[word].add(number)
    wrong = 0
    for word in WORDS:
        found = {candidate.article_id for candidate in find_candidates(connection, parse_query(word))}
        wrong += len(found ^ truth[word])
    print_figure(
        "search: two-character words, wrong answers", wrong, f"of {sum(map(len, truth.values())):,}", "0"
    )


def _milliseconds(connection: Connection, query: str, *, order: Order = "newest", offset: int = 0) -> float:
    request = SearchRequest(query=query, count_total=False, order=order, offset=offset)
    return _timed(lambda: search(connection, request))


def _timed(work: Callable[[], object]) -> float:
    """Return the CPU time of some work: other processes of the machine do not count."""
    start = time.process_time()
    work()
    return 1000 * (time.process_time() - start)


def _time_like(path: Path) -> list[float]:
    """Time each word by LIKE over the index of times: a frequent word is found soon, a rare one never."""
    plain = sqlite3.connect(path)
    taken = [_timed(lambda word=word: plain.execute(LIKE, (f"%{word}%",)).fetchall()) for word in WORDS[1::3]]  # type: ignore[misc]
    plain.close()
    return taken
