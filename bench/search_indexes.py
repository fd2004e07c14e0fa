"""Compare the database's own search index with one beside it: the same answers, and what each costs.

    python -m bench.search_indexes ADDRESS FOLDER [--queries 1000] [--seed 1] [--texts 2000]

The archive is not written. The index in the folder is brought to its state first. Random queries of the
whole grammar (`bench.parity`) must get the same answers from both; those that readers type
(`bench.search_queries`) are timed, in CPU time of this process: ask an archive in a file. Exit code 1
when any answer differs.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from sqlalchemy import Connection, Engine, func, select

from bench.figures import print_figure
from bench.parity import queries
from bench.slope import measure_searches
from unioncrawl.archive.migrations.upgrade import open_engine
from unioncrawl.archive.schema import article, revision
from unioncrawl.archive.search.answer import Order, SearchAnswer, SearchRequest, search
from unioncrawl.archive.search.index.beside.chosen_index import (
    INDEX_SETTING,
    choose_index,
    chosen_index,
    view_for,
)
from unioncrawl.archive.search.index.beside.follow import follow

_SHOWN = 60


def sample_texts(connection: Connection, count: int) -> list[str]:
    """Return the texts of so many articles, from all of the archive."""
    last: int = connection.execute(select(func.max(article.c.id))).scalar_one()
    step = max(1, last // count)
    query = select(revision.c.body_text).join(article, article.c.revision_id == revision.c.id)
    return list(connection.execute(query.where(article.c.id % step == 0)).scalars())


def answers(connection: Connection, query: str) -> Iterator[SearchAnswer]:
    """The newest with total and facets, the most relevant, and a later page."""
    orders: tuple[Order, ...] = ("newest", "relevance")
    for order in orders:
        yield search(connection, SearchRequest(query=query, order=order, limit=50, facets=order == "newest"))
    yield search(connection, SearchRequest(query=query, offset=40, count_total=False))


def differences(one: Connection, other: Connection, asked: Sequence[str]) -> Iterator[str]:
    """Yield the queries that two indexes answer differently, with the beginnings of both answers."""
    for query in asked:
        for left, right in zip(answers(one, query), answers(other, query), strict=True):
            if left != right:
                shown = (f"{len(found.results)} of {found.total}" for found in (left, right))
                yield f"{query[:_SHOWN]!r}: {' and '.join(shown)}"


def bring_up(engine: Engine, folder: Path) -> None:
    """Give an engine the index in a folder, and bring that to the archive's state."""
    choose_index(engine, {INDEX_SETTING: f"tantivy:{folder}"})
    index = chosen_index(engine)
    assert index is not None  # noqa: S101 - chosen a line before
    begin = time.process_time()
    changed = follow(engine, index)
    print_figure("index beside: articles taken in", changed, "")
    print_figure("index beside: taking them in", time.process_time() - begin, "CPU-seconds")
    size = sum(file.stat().st_size for file in folder.iterdir())
    print_figure("index beside: files", size / 1e6, "MB")


def main() -> None:
    """Compare, time, and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("address")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--queries", type=int, default=1_000)
    parser.add_argument("--texts", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    own, beside = (open_engine(given.address, create=False) for _ in range(2))
    bring_up(beside, given.folder)
    with own.connect() as one, beside.connect() as other:
        assert view_for(one) is None  # noqa: S101 - else one index would be compared with itself
        assert view_for(other) is not None  # noqa: S101
        for name, connection in (("own", one), ("beside", other)):
            found = measure_searches(connection, lambda: 0.0)
            print(name, json.dumps(found, ensure_ascii=False, indent=1), flush=True)
        asked = list(queries(sample_texts(one, given.texts), given.queries, given.seed))
        found_wrong = list(differences(one, other, asked))
    print(*found_wrong, f"{len(found_wrong)} differences in the answers to {len(asked)} queries", sep="\n")
    raise SystemExit(bool(found_wrong))


if __name__ == "__main__":
    main()
