from __future__ import annotations

from pathlib import Path

from sqlalchemy import text

from unioncrawl.archive.merging import merge_pieces
from unioncrawl.archive.search import SearchRequest, search
from unioncrawl.archive.store import Archive
from unioncrawl.archive.verify import verify
from unioncrawl.model import Article


def _pieces(archive: Archive) -> int:
    with archive.engine.connect() as connection:
        return int(
            connection.execute(text("SELECT count(DISTINCT segid) FROM search_index_idx")).scalar_one()
        )


def test_the_end_of_a_run_leaves_one_piece(tmp_path: Path) -> None:
    """Many batches write many pieces of the index; when the run is finished they are one, and sound."""
    with Archive.open(str(tmp_path / "archive.db"), batch_size=1) as archive:
        run = archive.begin_run("x", {})
        for number in range(6):
            body = f"第{number}次慰问职工，工会送清凉到一线。"
            archive.store(Article(url=f"http://x.cn/{number}", site="x", title="工会", body_text=body), run)
        assert _pieces(archive) > 1
        archive.finish_run(run, {}, "finished")
        assert _pieces(archive) == 1
        assert list(verify(archive.engine, tmp_path / "captures")) == []
        with archive.engine.connect() as connection:
            assert search(connection, SearchRequest(query="清凉")).total == 6


def test_merging_is_for_either_database(any_archive: str) -> None:
    """An empty archive, and one on PostgreSQL, stay as they are."""
    with Archive.open(any_archive) as archive:
        merge_pieces(archive.engine)
        with archive.engine.connect() as connection:
            assert search(connection, SearchRequest(query="清凉")).total == 0
