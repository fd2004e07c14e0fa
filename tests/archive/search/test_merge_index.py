from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlalchemy import text

from tests.databases import archive_at
from unioncrawl.archive.care.vacuum import vacuum
from unioncrawl.archive.search.answer import SearchRequest, search
from unioncrawl.archive.search.index.merge_index import count_pieces, give_back_space, merge_pieces
from unioncrawl.archive.store import Archive
from unioncrawl.archive.verify.check_archive import verify
from unioncrawl.model import Article


def _pieces(archive: Archive) -> int:
    with archive.engine.connect() as connection:
        pieces = connection.execute(text("SELECT count(DISTINCT segid) FROM search_index_idx")).scalar_one()
        assert count_pieces(connection) == pieces
        return int(pieces)


def test_the_end_of_a_run_leaves_one_piece(tmp_path: Path) -> None:
    """Many batches write many pieces of the index; when the run is finished they are one, and sound."""
    with Archive.open(archive_at(tmp_path / "archive.db"), batch_size=1) as archive:
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


def test_batches_are_merged_seldom(tmp_path: Path) -> None:
    """Sixty-three batches stay the pieces that they were written as, and a search reads them all."""
    with Archive.open(archive_at(tmp_path / "archive.db"), batch_size=1) as archive:
        run = archive.begin_run("x", {})
        for number in range(63):
            url, body = f"http://x.cn/{number}", f"第{number}次慰问职工，工会送清凉到一线。"
            archive.store(Article(url=url, site="x", title="工会", body_text=body), run)
        assert _pieces(archive) == 63
        for number in range(63, 140):
            url, body = f"http://x.cn/{number}", f"第{number}次慰问职工，工会送清凉到一线。"
            archive.store(Article(url=url, site="x", title="工会", body_text=body), run)
        assert _pieces(archive) < 70
        assert list(verify(archive.engine, tmp_path / "captures")) == []
        with archive.engine.connect() as connection:
            assert search(connection, SearchRequest(query="清凉")).total == 140


def _pages(archive: Archive) -> tuple[int, int]:
    """How many pages the file has, and how many of them are empty."""
    with archive.engine.connect() as connection:
        pages, empty = (
            connection.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("page_count", "freelist_count")
        )
        return pages, empty


def _leave_empty_pages(archive: Archive) -> None:
    with archive.engine.begin() as connection:
        connection.execute(text("CREATE TABLE passing AS SELECT randomblob(8000000) AS data"))
        connection.execute(text("DROP TABLE passing"))


def test_the_end_of_a_run_gives_empty_pages_back(tmp_path: Path) -> None:
    """What was left empty leaves the file when a run is finished; the archive stays sound."""
    with Archive.open(archive_at(tmp_path / "archive.db")) as archive:
        run = archive.begin_run("x", {})
        archive.store(Article(url="http://x.cn/1", site="x", title="工会", body_text="慰问职工。"), run)
        archive.flush()
        whole, free = _pages(archive)
        pages = whole - free
        _leave_empty_pages(archive)
        assert _pages(archive)[1] > pages
        archive.finish_run(run, {}, "finished")
        assert _pages(archive) == (pages, 0)
        assert list(verify(archive.engine, tmp_path / "captures")) == []


def test_an_older_file_gives_back_after_vacuum(tmp_path: Path) -> None:
    """A file that was made without steps of giving back stays as it is, until ``vacuum`` makes it anew."""
    path = tmp_path / "archive.db"
    with Archive.open(archive_at(path)):
        pass
    plain = sqlite3.connect(path, isolation_level=None)
    plain.execute("PRAGMA auto_vacuum=NONE")
    plain.execute("VACUUM")
    plain.close()
    with Archive.open(archive_at(path)) as archive:
        _leave_empty_pages(archive)
        before = _pages(archive)
        give_back_space(archive.engine)
        assert _pages(archive) == before
        vacuum(archive.engine)
        pages, _ = _pages(archive)
        _leave_empty_pages(archive)
        give_back_space(archive.engine)
        assert _pages(archive) == (pages, 0)


def test_merging_is_for_either_database(any_archive: str) -> None:
    """An empty archive, and one on PostgreSQL, stay as they are."""
    with Archive.open(any_archive) as archive:
        merge_pieces(archive.engine)
        give_back_space(archive.engine)
        with archive.engine.connect() as connection:
            assert search(connection, SearchRequest(query="清凉")).total == 0
