from __future__ import annotations

import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.archive.older_schemas import bring_back_to
from tests.archive.small_archive import BODY, Kept
from tests.databases import archive_at, ask, ask_at, made_at, writing_lock
from unioncrawl.archive.opening.read_only import ReadOnlyArchive, open_archive
from unioncrawl.archive.read.stored_articles import count_all
from unioncrawl.archive.store import Archive
from unioncrawl.errors import ArchiveError, ArchiveNotFound, ArchiveTooNew, ArticleNotFound, QueryError
from unioncrawl.model import Article


@pytest.fixture
def opened(kept: Kept, any_archive: str) -> Iterator[ReadOnlyArchive]:
    """Five articles, in each database in turn."""
    assert kept.captures.is_dir()
    with open_archive(any_archive) as archive:
        yield archive


def test_it_finds_and_gives_articles(opened: ReadOnlyArchive) -> None:
    """Search, one article by number and by address, its history, and the counts."""
    answer = opened.search("防暑药品", limit=2, facets=True)
    assert (answer.total, [hit.id for hit in answer.results]) == (5, [5, 4])
    assert answer.facets["site"] == [("x", 5)]
    assert opened.article(3) == opened.article("3") == opened.article("http://x/3")
    assert opened.article(3).body_text == BODY.format(3)
    assert [row["number"] for row in opened.history(3)["revisions"]] == [1]
    assert opened.counts()["articles"] == 5
    assert repr(opened).endswith("5 articles of 1 sites, read-only>")


def test_a_transaction_reads_one_state(opened: ReadOnlyArchive, kept: Kept) -> None:
    """What is stored after its first statement is not seen by the others of a page, in either database."""
    with opened.connected() as connection:
        before = count_all(connection)
        run_id = kept.archive.begin_run("x", {})
        kept.archive.store(Article(url="http://x/9", site="x", title="题9", body_text=BODY.format(9)), run_id)
        kept.archive.flush()
        assert count_all(connection) == before
    assert opened.counts()["articles"] == before["articles"] + 1


def test_unknown_articles_and_queries_are_reported(opened: ReadOnlyArchive) -> None:
    """What is not there, and a query that cannot be read, raise the errors of the library."""
    with pytest.raises(ArticleNotFound):
        opened.article(99)
    with pytest.raises(QueryError):
        opened.search('"工会')


def test_a_table_has_types(opened: ReadOnlyArchive) -> None:
    """A data frame has a row an article, times in China's zone, whole numbers, and missing ones as such."""
    table = opened.to_pandas("防暑药品")
    assert list(table.index) == [1, 2, 3, 4, 5]
    assert str(table["published_at"].dt.tz) == "Asia/Shanghai"
    assert table.loc[1, "published_at"].isoformat() == "2024-04-09T09:00:00+08:00"
    assert table["hits"].isna().all()
    assert str(table["hits"].dtype) == "Int64"
    assert table.loc[2, "body_text"] == BODY.format(2)


def test_a_table_of_nothing_is_empty(opened: ReadOnlyArchive) -> None:
    """A query without an answer gives an empty frame."""
    assert opened.to_pandas("汽车拉力赛").empty


def test_nothing_can_be_written(opened: ReadOnlyArchive) -> None:
    """The database itself refuses to change anything."""
    with pytest.raises(ArchiveError), opened.connected() as connection:
        connection.execute(text("DELETE FROM article"))
    assert opened.counts()["articles"] == 5


def test_a_writer_is_not_waited_for(tmp_path: Path) -> None:
    """While a writer holds the archive's lock, it is opened and read as it was before."""
    path = tmp_path / "a.db"
    Archive.open(archive_at(path)).close()
    with writing_lock(archive_at(path)), open_archive(archive_at(path)) as archive:
        assert archive.search("工会").results == ()


def test_opening_makes_nothing(no_archive: str, tmp_path: Path) -> None:
    """An address without an archive is reported, and neither a file nor a table is made there."""
    with pytest.raises(ArchiveNotFound, match="no archive"):
        open_archive(no_archive)
    assert made_at(no_archive, tmp_path) == []


def test_what_is_no_archive_is_reported(tmp_path: Path) -> None:
    """A text file is refused with its name."""
    (tmp_path / "text.db").write_text("工会" * 1000, encoding="utf-8")
    with pytest.raises(ArchiveError, match=r"text\.db is not a sound SQLite file"):
        open_archive(tmp_path / "text.db")


def test_a_database_of_somebody_else_is_left_alone(no_archive: str, tmp_path: Path) -> None:
    """It is refused to readers, and holds its own table alone afterwards."""
    (tmp_path / "archive.db").touch()
    ask(no_archive, "CREATE TABLE news (title text)")
    before = made_at(no_archive, tmp_path)
    with pytest.raises(ArchiveNotFound, match="holds no archive"):
        open_archive(no_archive)
    with pytest.raises(ArchiveNotFound, match="holds no archive"):
        Archive.open(no_archive, create=False)
    assert made_at(no_archive, tmp_path) == before


@pytest.mark.parametrize(("version", "error"), [("9999", ArchiveTooNew), ("0001", ArchiveError)])
def test_another_schema_is_not_read(tmp_path: Path, version: str, error: type[ArchiveError]) -> None:
    """An archive of another schema is refused as it is, with the next step."""
    path = tmp_path / "a.db"
    Archive.open(archive_at(path)).close()
    ask_at(path, "UPDATE alembic_version SET version_num = ?", version)
    with pytest.raises(error) as caught:
        open_archive(archive_at(path))
    assert caught.value.next_step


def test_an_older_schema_is_refused_with_the_command_that_changes_it(tmp_path: Path) -> None:
    """The words after the colon are a command: run as they stand they make the archive readable."""
    path = tmp_path / "an archive.db"
    with Archive.open(archive_at(path)) as written, written.engine.begin() as connection:
        bring_back_to(connection, "0004")
    with pytest.raises(ArchiveError, match="the older schema 0004") as caught:
        open_archive(archive_at(path))
    command = shlex.split(caught.value.next_step.rpartition(": ")[2])
    assert command[0] == "unioncrawl"
    subprocess.run([sys.executable, "-m", *command], check=True, stdout=subprocess.DEVNULL)
    with open_archive(archive_at(path)) as archive:
        assert archive.counts()["articles"] == 0
