"""The index beside the database answers what the database's own index answers, to the last article."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine

from bench.material.news import News
from bench.parity import fill, queries
from unioncrawl.archive.migrations.upgrade import open_engine
from unioncrawl.archive.reports.publication_days import count_units
from unioncrawl.archive.search.answer import SearchRequest, search
from unioncrawl.archive.search.index.beside.chosen_index import INDEX_SETTING, keep_up, view_for
from unioncrawl.archive.search.matching_articles import find_candidates
from unioncrawl.archive.search.query import parse_query
from unioncrawl.archive.store import Archive

_ARTICLES, _QUERIES = 200, 25
_KINDS = ("newest", "relevance", "page 2", "after", "total and facets", "all numbers", "months")


@pytest.fixture
def both(no_archive: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Engine, Engine]]:
    """One archive by the database's own index, and by tantivy's."""
    with Archive.open(no_archive) as archive:
        fill(archive, tmp_path / "captures", _ARTICLES)
    own = open_engine(no_archive, create=False)
    monkeypatch.setenv(INDEX_SETTING, f"tantivy:{tmp_path / 'index'}")
    beside = open_engine(no_archive, create=False)
    try:
        yield own, beside
    finally:
        own.dispose()
        beside.dispose()


def test_every_answer_is_the_same(both: tuple[Engine, Engine]) -> None:
    """Random queries of the whole grammar get the same articles, totals, facets, snippets and months."""
    own, beside = both
    assert keep_up(beside)
    texts = [article.body_text for article in islice(News().articles(), _ARTICLES)]
    asked = [*queries(texts, _QUERIES, 3), *single_characters(texts)]
    with own.connect() as one, beside.connect() as other:
        assert view_for(one) is None
        assert view_for(other) is not None
        wrong = [
            (query, kind)
            for query in asked
            for kind, left, right in zip(_KINDS, answers(one, query), answers(other, query), strict=True)
            if left != right
        ]
    assert wrong == []


def single_characters(texts: list[str]) -> list[str]:
    """Characters that texts hold, and some with conditions."""
    chance = random.Random(5)  # noqa: S311 - a sample
    some = [chance.choice(text) for text in texts[:30]]
    return [
        *(f'"{one}"' for one in some if one.isalnum()),
        "工 -会",
        "source:劳",
        "column:劳 工",
        "工 hits:>100",
    ]


def answers(connection: Connection, query: str) -> Iterator[object]:
    """What users see of a query."""
    first = search(connection, SearchRequest(query=query, limit=20))
    yield first
    yield search(connection, SearchRequest(query=query, order="relevance", count_total=False))
    yield search(connection, SearchRequest(query=query, offset=20, count_total=False))
    yield search(connection, SearchRequest(query=query, after=first.next_page, count_total=False))
    yield search(connection, SearchRequest(query=query, facets=True, limit=1))
    node = parse_query(query)
    yield sorted(one.number for one in find_candidates(connection, node))
    yield count_units(connection, node, "week")
