from __future__ import annotations

from pathlib import Path

from sqlalchemy import text

from bench.parity import compare, differences
from tests.archive.small_archive import fill
from unioncrawl.archive.store import Archive

ARTICLES, QUERIES = 60, 20


def test_both_databases_answer_alike(postgres_url: str, tmp_path: Path) -> None:
    """The same news in SQLite and PostgreSQL: searches, groups, hits, reports, exports, takedowns."""
    addresses = (str(tmp_path / "archive.db"), postgres_url)
    assert list(compare(addresses, tmp_path, (ARTICLES, QUERIES), seed=5)) == []


def test_a_difference_is_reported(tmp_path: Path) -> None:
    """One number that one archive has and the other has not is reported by each question that shows it."""
    with Archive.open(str(tmp_path / "a.db")) as one, Archive.open(str(tmp_path / "b.db")) as other:
        for archive, folder in ((one, tmp_path / "a"), (other, tmp_path / "b")):
            fill(archive, folder)
        assert list(differences(one, other, ["工会"], seed=1)) == []
        with other.engine.begin() as connection:
            connection.execute(text("UPDATE article SET hits = 7 WHERE id = 2"))
        reported = {line.split()[0] for line in differences(one, other, ["工会"], seed=1)}
    assert reported >= {"newest:", "relevance:", "article", "export"}
