from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select

from bench.news import News
from unioncrawl.archive.schema import reprint_member
from unioncrawl.archive.search import SearchAnswer, SearchRequest, search
from unioncrawl.archive.store import Archive

ARTICLES, QUERIES = 200, 50
_FILTERS = (
    "site:site1", "source:劳动报", "column:劳模", "level:city", "region:61", "since:2019", "until:2016-05",
    "hits:>200", "hits:<=25", "hits:>1000000",
)  # fmt: skip


@pytest.fixture(scope="module")
def both(
    postgres_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Archive, Archive]]:
    """The same news in SQLite and in PostgreSQL."""
    path: Path = tmp_path_factory.mktemp("parity") / "archive.db"
    with Archive.open(str(path)) as one, Archive.open(postgres_database) as other:
        news = list(islice(News().articles(), ARTICLES))
        for archive in (one, other):
            run = archive.begin_run("x", {})
            for article in news:
                archive.store(article, run)
            archive.finish_run(run, {}, "finished")
        yield one, other


def _answer(archive: Archive, query: str, **more: object) -> SearchAnswer:
    with archive.engine.connect() as connection:
        return search(connection, SearchRequest(query=query, **more))  # type: ignore[arg-type]


def _queries(archive: Archive) -> Iterator[str]:
    """Words cut from the texts at random, joined at random, with and without filters."""
    chance = Random(5)  # noqa: S311 - not a secret
    texts = [hit.snippet for hit in _answer(archive, "", limit=ARTICLES).results]
    for _ in range(QUERIES):
        parts = []
        for _ in range(chance.randint(1, 3)):
            text = chance.choice(texts)
            start = chance.randrange(max(1, len(text) - 4))
            word = "".join(text[start : start + chance.randint(1, 4)].split()).replace('"', "")
            parts.append(chance.choice(("", "", "-")) + f'"{word or "工会"}"')
        if chance.random() < 0.5:
            parts.append(chance.choice(("", "-")) + chance.choice(_FILTERS))
        yield chance.choice((" ", " ", " OR ")).join(parts)


def test_both_databases_answer_alike(both: tuple[Archive, Archive]) -> None:
    """Random queries find the same articles in the same order, with the same totals and facets."""
    for query in _queries(both[0]):
        for order in ("newest", "relevance"):
            one, other = (_answer(archive, query, order=order, limit=50, facets=True) for archive in both)
            assert one.results == other.results, query
            assert one.total == other.total, query
            assert one.facets == other.facets, query


def test_both_databases_group_reprints_alike(both: tuple[Archive, Archive]) -> None:
    """The same articles are reprints of the same ones, as like as each other."""
    groups = []
    for archive in both:
        with archive.engine.connect() as connection:
            rows = connection.execute(select(reprint_member).order_by(reprint_member.c.article_id))
            groups.append([tuple(row) for row in rows])
    assert groups[0] == groups[1]
    assert len(groups[0]) > ARTICLES // 10
