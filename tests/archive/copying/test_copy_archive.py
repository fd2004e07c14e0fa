from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, text

from tests.archive.conftest import Templates
from tests.archive.copying.conftest import ARTICLES, Places, assert_same
from tests.archive.older_schemas import bring_back_to
from tests.archive.small_archive import BODY, fill
from unioncrawl.archive.care.takedown import take_down
from unioncrawl.archive.copying.compare_archives import compare_archives
from unioncrawl.archive.copying.copy_archive import copy_archive
from unioncrawl.archive.copying.watcher import Unwatched
from unioncrawl.archive.database import archive_url
from unioncrawl.archive.opening.read_only import open_archive
from unioncrawl.archive.store import Archive
from unioncrawl.errors import ArchiveError, ArchiveUnfinished, ArchiveUnwritable
from unioncrawl.model import Article

DATABASES = ("sqlite", "postgresql")
# Dies by kill -9 before the transaction of this number; the first one makes and marks the target.
_KILLED = """
import os, signal, sys
from unioncrawl.archive.copying import target
from unioncrawl.archive.copying.copy_archive import copy_archive
left, writing = int(sys.argv[3]), target.Target.writing
def count(self, **options):
    global left
    left -= 1
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)
    return writing(self, **options)
target.Target.writing = count
copy_archive(sys.argv[1], sys.argv[2])
print(left)
"""


class AtStage(Unwatched):
    """Does something when a stage of the copy begins."""

    def __init__(self, stage: str, act: Callable[[], object]) -> None:
        self._stage, self._act = stage, act

    def begin(self, doing: str, total: int) -> None:
        """Act at the stage."""
        del total
        if doing == self._stage:
            self._act()


def execute(address: str, *statements: str) -> None:
    """Change an archive as another program does."""
    engine = create_engine(archive_url(address))
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


@pytest.mark.parametrize("database", DATABASES)
def test_a_copy_is_the_same_archive(places: Places, database: str) -> None:
    """From either database to either: every row alike, nothing to verify, every question answered alike."""
    target = places.empty(database)
    report = copy_archive(places.source, target)
    assert report.is_complete
    assert (report.is_resumed, report.deleted, report.indexed) == (False, 0, ARTICLES)
    assert report.written == report.compared.rows
    assert [table.table for table in report.compared.tables if not table.source_rows] == []
    assert_same(places.source, target, places.captures)
    compared = compare_archives(places.source, target, Unwatched())
    assert compared.is_same
    assert [table.source_digest for table in compared.tables] == [
        table.target_digest for table in report.compared.tables
    ]
    # Numbers are given out by the writer: nothing counts on in the database.
    engine = create_engine(archive_url(target))
    inspector = inspect(engine)
    defaults = {c["default"] for t in inspector.get_table_names() for c in inspector.get_columns(t)}
    assert not any("nextval" in str(default) for default in defaults)
    engine.dispose()
    with Archive.open(target) as archive:
        run = archive.begin_run("x", {})
        archive.store(Article(url="http://new/1", site="x", body_text=BODY), run)
        archive.finish_run(run, {}, "finished")
        assert archive.counts["new"] == 1


@pytest.mark.parametrize("database", DATABASES)
@pytest.mark.parametrize("transactions", [1, 12, 24])
def test_a_killed_copy_is_refused_and_goes_on(places: Places, database: str, transactions: int) -> None:
    """After kill -9 at any point nothing but the same copy opens the target, and that one completes it."""
    target = places.empty(database)
    command = [sys.executable, "-c", _KILLED, places.source, target, str(transactions)]
    died = subprocess.run(command, check=False, capture_output=True, text=True)
    assert died.returncode == -signal.SIGKILL, died.stdout
    for opened in (Archive.open, open_archive):
        with pytest.raises(ArchiveUnfinished, match="is not complete") as caught:
            opened(target)
        assert "unioncrawl archive copy" in caught.value.next_step
    with pytest.raises(ArchiveUnfinished):
        copy_archive(target, places.empty("sqlite") + ".other")
    report = copy_archive(places.source, target)
    assert report.is_complete
    assert report.is_resumed
    assert report.deleted == 0
    assert_same(places.source, target, places.captures)


@pytest.mark.parametrize("database", DATABASES)
def test_a_copy_that_goes_on_brings_what_changed_since(places: Places, database: str) -> None:
    """Between two calls the source was crawled, taken down from, indexed and numbered anew."""
    target = places.empty(database)
    command = [sys.executable, "-c", _KILLED, places.source, target, "24"]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    with Archive.open(places.source) as archive:
        run = archive.begin_run("later", {})
        for number in range(3):
            url, body = f"http://later/{number}", f"第{number}条：{BODY}"
            archive.store(Article(url=url, site="site1", title="后来", body_text=body), run)
        archive.finish_run(run, {}, "finished")
        take_down(archive.engine, places.captures, "7", "当事人要求")
        with archive.engine.begin() as connection:
            # Two documents change places, as numbers may that were given anew.
            first, second = connection.execute(
                text("SELECT id FROM search_document ORDER BY id LIMIT 2")
            ).scalars()
            for old, new in ((first, -7), (second, first), (-7, second)):
                connection.execute(
                    text("UPDATE search_document SET id = :new WHERE id = :old"), {"old": old, "new": new}
                )
    report = copy_archive(places.source, target)
    assert report.is_complete
    assert report.deleted > 0
    assert compare_archives(places.source, target, Unwatched()).is_same


def test_a_copy_is_of_one_moment(places: Places) -> None:
    """What is written while rows are copied is left to the next copy, with all that belongs to it."""

    def crawl() -> None:
        with Archive.open(places.source) as archive:
            run = archive.begin_run("meanwhile", {})
            archive.store(Article(url="http://new/1", site="site1", body_text=BODY), run)
            archive.finish_run(run, {}, "finished")

    target = places.empty("sqlite")
    assert copy_archive(places.source, target, watcher=AtStage("copying", crawl)).is_complete
    with open_archive(places.source) as one, open_archive(target) as other:
        assert one.counts()["articles"] == ARTICLES + 1
        assert other.counts()["articles"] == ARTICLES
    with Archive.open(target) as archive:
        assert archive.known("site1", ["http://new/1"]) == {}


@pytest.mark.parametrize("stored_in", ["sqlite"], indirect=True)
def test_a_source_without_locks_that_was_written_makes_no_archive(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From a file share, where nothing keeps a writer away, a copy is completed only if none came."""
    monkeypatch.setattr("unioncrawl.guard.disk.is_remote", lambda _: True)
    target = places.empty("sqlite")
    with sqlite3.connect(places.source, isolation_level=None) as writer:
        at = AtStage("copying", lambda: writer.execute("UPDATE article SET hits = 5 WHERE id = 1"))
        with pytest.raises(ArchiveUnwritable, match="was written while it was read"):
            copy_archive(places.source, target, watcher=at)
    writer.close()
    with pytest.raises(ArchiveUnfinished):
        Archive.open(target)
    assert copy_archive(places.source, target).is_complete
    assert compare_archives(places.source, target, Unwatched()).is_same


@pytest.mark.parametrize("database", DATABASES)
def test_a_row_that_another_program_changed_is_found(places: Places, database: str) -> None:
    """A changed, a deleted and an added row are named; the copy stays unfinished, and the next mends it."""
    target = places.empty(database)
    change = (
        "UPDATE revision SET body_text = body_text || '。' WHERE id = 5",
        "DELETE FROM observation WHERE id = 9",
        "INSERT INTO url_alias VALUES ('http://other', 1, 1, '2024-01-01 00:00:00', 'x', NULL)",
    )
    at = AtStage("comparing every row", lambda: execute(target, *change))
    report = copy_archive(places.source, target, watcher=at)
    assert not report.is_complete
    assert [line for table in report.compared.tables for line in table.differing] == [
        "observation 9: only the first has it",
        "revision 5: body_text differ",
        "url_alias http://other, 1: only the second has it",
    ]
    with pytest.raises(ArchiveUnfinished):
        Archive.open(target)
    again = copy_archive(places.source, target)
    assert (again.is_complete, again.deleted, again.written) == (True, 2, 2)
    assert_same(places.source, target, places.captures)


def test_what_is_there_already_is_not_touched(places: Places, templates: Templates, tmp_path: Path) -> None:
    """An archive with rows, another program's database, a copy of another archive, a journal, memory."""
    archive = templates.copy("sqlite", tmp_path / "full.db", fill)
    before = Path(archive).read_bytes()
    with pytest.raises(ArchiveError, match=r"is an archive already, and its table .* holds rows"):
        copy_archive(places.source, archive)
    assert Path(archive).read_bytes() == before
    other = tmp_path / "other.db"
    execute(str(other), "CREATE TABLE mine (id INTEGER)")
    with pytest.raises(ArchiveError, match="tables of another program"):
        copy_archive(places.source, str(other))
    (tmp_path / "new.db-wal").write_bytes(b"left")
    with pytest.raises(ArchiveError, match="already exists without its archive"):
        copy_archive(places.source, str(tmp_path / "new.db"))
    assert not (tmp_path / "new.db").exists()
    with pytest.raises(ArchiveError, match="in memory"):
        copy_archive(places.source, ":memory:")
    target = places.empty("sqlite")
    with pytest.raises(KeyboardInterrupt):
        copy_archive(places.source, target, watcher=AtStage("comparing every row", _interrupt))
    with pytest.raises(ArchiveError, match="holds a copy of another archive"):
        copy_archive(archive, target)
    assert copy_archive(places.source, target).is_complete


def _interrupt() -> None:
    raise KeyboardInterrupt


def test_two_copies_into_one_place_do_not_mix(places: Places) -> None:
    """The one that began last goes on; the other one stops, and says why."""
    target = places.empty("sqlite")
    with pytest.raises(ArchiveError, match="another process has gone on with the copy"):
        copy_archive(
            places.source, target, watcher=AtStage("copying", lambda: _complete(places.source, target))
        )
    assert_same(places.source, target, places.captures)


def _complete(source: str, target: str) -> None:
    assert copy_archive(source, target).is_complete


def test_an_empty_archive_and_an_empty_target(templates: Templates, tmp_path: Path) -> None:
    """An archive without a row is copied into one without a row."""
    one, other = (templates.copy("sqlite", tmp_path / name) for name in ("one.db", "other.db"))
    report = copy_archive(one, other)
    assert (report.is_complete, report.written) == (True, 0)
    with Archive.open(other, create=False):
        pass


def test_an_older_archive_is_refused_and_not_changed(places: Places) -> None:
    """The source is never brought up to date: the user is told how to, and no target is made."""
    with Archive.open(places.source) as archive, archive.engine.begin() as connection:
        bring_back_to(connection, "0010")
    target = places.empty("sqlite")
    with pytest.raises(ArchiveError, match="older schema 0010") as caught:
        copy_archive(places.source, target)
    assert "unioncrawl vacuum --archive" in caught.value.next_step
    assert not Path(target).exists()


@pytest.mark.parametrize(
    ("stored_in", "statement", "said"),
    [
        (
            "sqlite",
            "UPDATE revision SET title = 'a' || char(0) || 'b' WHERE id = 5",
            "row 5 of the table revision",
        ),
        ("sqlite", "UPDATE article SET hits = 'viele' WHERE id = 5", "row 5 of the table article"),
    ],
    indirect=["stored_in"],
)
def test_a_value_that_the_other_database_does_not_take_is_named(
    places: Places, statement: str, said: str
) -> None:
    """A NUL or a text in the place of a number, which SQLite keeps, ends the copy with the row's number."""
    execute(places.source, statement)
    with pytest.raises(ArchiveError, match=said) as caught:
        copy_archive(places.source, places.empty("postgresql"))
    assert "unioncrawl verify" in caught.value.next_step


@pytest.mark.parametrize("stored_in", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE revision SET seen_at = 'gestern' WHERE id = 5",
        "UPDATE revision SET title = CAST(x'e5b7' AS TEXT) WHERE id = 5",
    ],
)
def test_a_value_that_can_not_be_read_is_named(places: Places, statement: str) -> None:
    """Half a character or half a date in the source ends the copy, with the table's name."""
    execute(places.source, statement)
    with pytest.raises(ArchiveError, match="table revision") as caught:
        copy_archive(places.source, places.empty("sqlite"))
    assert "unioncrawl verify" in caught.value.next_step


@pytest.mark.parametrize("database", DATABASES)
@pytest.mark.parametrize("stored_in", ["sqlite"], indirect=True)
def test_rows_that_contradict_each_other_do_not_make_an_archive(places: Places, database: str) -> None:
    """A row that refers to nothing is copied as it is, and reported when the foreign keys are checked."""
    with sqlite3.connect(places.source) as source:
        source.execute("PRAGMA foreign_keys=OFF")
        source.execute("UPDATE observation SET article_id = 999 WHERE id = 4")
    source.close()
    target = places.empty(database)
    with pytest.raises(ArchiveError, match=r"contradict each other: .*article") as caught:
        copy_archive(places.source, target)
    assert "unioncrawl verify" in caught.value.next_step
    with pytest.raises(ArchiveUnfinished):
        Archive.open(target)
