"""What the reader is measured by: questions from the archive's own news that it understands."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from random import Random

from bench.material.news import News
from bench.material.reader_questions import Questions
from unioncrawl.archive.search.query import parse_query
from unioncrawl.archive.store import Archive


def test_questions_are_of_the_archive(tmp_path: Path) -> None:
    """Queries can be read, most words are of two to four characters, and the same seed asks the same."""
    path = tmp_path / "archive.db"
    with Archive.open(str(path)) as archive:
        run = archive.begin_run("bench", {})
        for article in islice(News(drawn=20_000).articles(), 12):
            archive.store(article, run)
    asked = Questions(path, Random(1))  # noqa: S311 - draws questions
    queries = [asked.query() for _ in range(200)]
    for query in queries:
        parse_query(query)
    lengths = sorted(len(asked.word()) for _ in range(200))
    assert (lengths[0], lengths[-1]) == (1, 8)
    assert 2 <= lengths[100] <= 4
    assert list(islice(asked.mix(), 5)) != list(islice(asked.mix(), 5))
    drawn = [Questions(path, Random(2)).searches() for _ in range(2)]  # noqa: S311 - the same
    first, second = (list(islice(one, 20)) for one in drawn)
    assert first == second
    assert len(dict(asked.every_page())) > 30
