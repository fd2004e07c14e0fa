"""An index beside the database answers for the state that it holds; what it lacks is taken in."""

from __future__ import annotations

import logging
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.archive.small_archive import BODY, TIME, Kept, fill
from unioncrawl.archive.care.takedown import take_down
from unioncrawl.archive.care.vacuum import reindex, vacuum
from unioncrawl.archive.search.answer import SearchRequest, search
from unioncrawl.archive.search.index.beside import chosen_index as choosing
from unioncrawl.archive.search.index.beside.archive_state import is_current
from unioncrawl.archive.search.index.beside.chosen_index import INDEX_SETTING, chosen_index, keep_up, view_for
from unioncrawl.archive.search.index.beside.index_protocol import Index, View
from unioncrawl.archive.search.index.beside.tantivy_index import TantivyIndex
from unioncrawl.archive.store import Archive
from unioncrawl.archive.verify.check_archive import verify
from unioncrawl.archive.verify.findings import Finding
from unioncrawl.errors import ArchiveLocked, SettingInvalid
from unioncrawl.model import Article

_NEW = Article(
    url="http://x/9",
    site="x",
    title="题9",
    body_text="临溪市总工会举办焊工技能比武，一百二十名选手同台竞技，评出十名技术能手。",
    published_at=TIME + timedelta(days=9),
    fetched_at=TIME + timedelta(days=9),
)


@pytest.fixture
def indexed(folder: Path, kept: Kept) -> Kept:
    """Five articles, in the index beside too."""
    assert keep_up(kept.archive.engine)
    assert folder.is_dir()
    return kept


def _index(engine: Engine) -> Index:
    index = chosen_index(engine)
    assert index is not None
    return index


def _view(kept: Kept) -> View | None:
    """The index's view of the present state, without taking anything in."""
    view = _index(kept.archive.engine).view()
    assert view is not None
    with kept.archive.engine.connect() as connection:
        return view if is_current(connection, view.state) else None


def _store(kept: Kept, *articles: Article) -> None:
    run_id = kept.archive.begin_run("x", {})
    for article in articles:
        kept.archive.store(article, run_id)
    kept.archive.flush()


def _found(engine: Engine, query: str) -> list[int]:
    with engine.connect() as connection:
        return [hit.id for hit in search(connection, SearchRequest(query=query)).results]


def _harm(kept: Kept) -> list[Finding]:
    return [found for found in verify(kept.archive.engine, kept.captures) if found.is_harm]


def test_what_a_crash_left_out_is_taken_in(indexed: Kept) -> None:
    """An article whose batch was committed, and the index's was not, is found by the next search."""
    assert _view(indexed) is not None
    _store(indexed, _NEW)
    assert _view(indexed) is None
    assert indexed.found("焊工") == [6]
    assert _view(indexed) is not None
    assert _harm(indexed) == []


def test_a_run_ends_with_the_index_up_to_date(indexed: Kept) -> None:
    """The end of a crawl takes in what it stored."""
    run_id = indexed.archive.begin_run("x", {})
    indexed.archive.store(_NEW, run_id)
    indexed.archive.finish_run(run_id, {}, "finished")
    view = _view(indexed)
    assert view is not None
    assert view.articles == 6


def test_an_edit_replaces_the_words(indexed: Kept) -> None:
    """A revised article is found by its new words alone."""
    _store(indexed, replace(_NEW, url="http://x/1", fetched_at=TIME + timedelta(days=30)))
    assert indexed.found("焊工") == [1]
    assert 1 not in indexed.found("清凉")
    view = _view(indexed)
    assert view is not None
    assert view.articles == 5


def test_a_far_index_leaves_the_answer_to_the_database(
    indexed: Kept, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """An index that lacks too much for a search to wait is not asked, and that is said once."""
    monkeypatch.setattr(choosing, "_FEW_REVISIONS", 0)
    _store(indexed, _NEW)
    with caplog.at_level(logging.WARNING):
        assert indexed.found("焊工") == [6]
        assert indexed.found("焊工") == [6]
    said = [record.getMessage() for record in caplog.records if "not up to date" in record.getMessage()]
    assert len(said) == 1
    assert "unioncrawl vacuum; until then the database's own index answers" in said[0]
    assert _view(indexed) is None
    notes = [found for found in verify(indexed.archive.engine, indexed.captures) if not found.is_harm]
    assert any("not up to date" in found.detail for found in notes)
    vacuum(indexed.archive.engine)
    assert _view(indexed) is not None


def test_an_older_state_is_read_from_the_database(indexed: Kept) -> None:
    """A transaction that began before an article was stored does not see it, whatever the index holds."""
    with indexed.archive.engine.connect() as early:
        assert search(early, SearchRequest(query="焊工")).total == 0
        _store(indexed, _NEW)
        assert keep_up(indexed.archive.engine)
        assert view_for(early) is None
        assert search(early, SearchRequest(query="焊工")).total == 0
    assert indexed.found("焊工") == [6]


def test_one_process_at_a_time_changes_it(indexed: Kept) -> None:
    """While another process takes in, searches are answered by the database; nothing waits or fails."""
    index = _index(indexed.archive.engine)
    other = TantivyIndex(index.folder)
    _store(indexed, _NEW)
    with other.writing():
        with pytest.raises(ArchiveLocked), index.writing():
            pass
        assert not keep_up(indexed.archive.engine)
        assert indexed.found("焊工") == [6]
    assert keep_up(indexed.archive.engine)


_KILLED = """
import os, sys
from unioncrawl.archive.store import Archive
from unioncrawl.archive.search.index.beside.tantivy_index import TantivyWriting
TantivyWriting.commit = lambda self, state: os._exit(9)
with Archive.open(sys.argv[1]) as archive:
    from unioncrawl.archive.search.index.beside.chosen_index import keep_up
    keep_up(archive.engine)
"""


def test_a_killed_follower_leaves_the_last_commit(indexed: Kept) -> None:
    """A process that dies before its commit changes nothing and holds no lock."""
    _store(indexed, _NEW)
    url = indexed.archive.engine.url.render_as_string(hide_password=False)
    address = url.removeprefix("sqlite:///")
    done = subprocess.run([sys.executable, "-c", _KILLED, address], check=False)
    assert done.returncode == 9
    assert _view(indexed) is None
    assert indexed.found("焊工") == [6]
    assert _view(indexed) is not None
    assert _harm(indexed) == []


def test_a_backup_that_came_back_is_noticed(
    folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """An index of a later state of the archive, or of another archive, is built anew, and that is said."""
    file = tmp_path / "archive.db"
    with Archive.open(str(file)) as archive:
        fill(archive, tmp_path / "captures")
    shutil.copyfile(file, tmp_path / "backup.db")
    with Archive.open(str(file)) as archive:
        _store(Kept(archive, tmp_path), _NEW)
        assert _found(archive.engine, "焊工") == [6]
    for name in (f"{file.name}-wal", f"{file.name}-shm"):
        (tmp_path / name).unlink(missing_ok=True)
    shutil.copyfile(tmp_path / "backup.db", file)
    with Archive.open(str(file)) as archive:
        assert _found(archive.engine, "焊工") == []
        other = replace(_NEW, body_text=BODY.format(7), fetched_at=TIME + timedelta(days=40))
        _store(Kept(archive, tmp_path), other)
        assert _found(archive.engine, "焊工") == []
        assert _found(archive.engine, "清凉") == [6, 5, 4, 3, 2, 1]
        assert [
            found for found in verify(archive.engine, tmp_path / "captures") if "beside" in found.check
        ] == []
    assert any("built anew" in record.getMessage() for record in caplog.records)
    assert folder.is_dir()


def test_takedown_takes_the_words_from_the_files(indexed: Kept) -> None:
    """Neither the words of an article nor those of its earlier texts stay in any file of the index."""
    index = _index(indexed.archive.engine)
    _store(indexed, _NEW)
    _store(indexed, replace(_NEW, body_text="貔貅驩驫四个怪字。" * 9, fetched_at=TIME + timedelta(days=30)))
    assert keep_up(indexed.archive.engine)
    assert index.removed() == 1
    done = take_down(indexed.archive.engine, indexed.captures, "http://x/9", "当事人要求")
    assert done.words_left_in is None
    assert index.removed() == 0
    assert indexed.found("貔貅 OR 焊工") == []
    held = b"".join(file.read_bytes() for file in index.folder.iterdir() if file.is_file())
    # In the dictionary of words a word follows what it has in common with the one before it.
    assert "貅".encode() not in held
    assert "焊工".encode() not in held
    assert _harm(indexed) == []


def test_takedown_names_an_index_that_it_could_not_change(indexed: Kept) -> None:
    """Where another process changes the index, its files still hold the words, and that is said."""
    index = _index(indexed.archive.engine)
    with TantivyIndex(index.folder).writing():
        done = take_down(indexed.archive.engine, indexed.captures, "http://x/1", "当事人要求")
    assert done.words_left_in == index.folder
    vacuum(indexed.archive.engine)
    assert index.removed() == 0
    assert _view(indexed) is not None


def test_takedown_looks_for_an_index_beside_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process without the setting takes the words out of the index that another one has."""
    file = tmp_path / "archive.db"
    monkeypatch.setenv(INDEX_SETTING, "tantivy")
    with Archive.open(str(file)) as archive:
        fill(archive, tmp_path / "captures")
        assert keep_up(archive.engine)
    monkeypatch.delenv(INDEX_SETTING)
    index = TantivyIndex(tmp_path / "archive.db.tantivy")
    with Archive.open(str(file)) as archive:
        assert chosen_index(archive.engine) is None
        assert take_down(archive.engine, tmp_path / "captures", "1", "当事人要求").words_left_in is None
    view = index.view()
    assert view is not None
    assert view.articles == 4
    assert index.removed() == 0


def test_verify_compares_every_article(indexed: Kept) -> None:
    """An entry with other words, a missing one and one of no article are named; reindexing mends them."""
    index = _index(indexed.archive.engine)
    state = index.view()
    assert state is not None
    with index.writing() as writing:
        writing.remove(2)
        writing.commit(state.state)
    assert [found.detail for found in _harm(indexed)] == [
        "1 articles are not in the index beside as their texts are: 2"
    ]
    reindex(indexed.archive.engine)
    vacuum(indexed.archive.engine)
    assert _harm(indexed) == []
    assert _view(indexed) is not None


@pytest.mark.parametrize("ending", [".pos", ".term", ".idx", ".fast", ".store", ".fieldnorm"])
def test_a_changed_byte_is_damage(ending: str, folder: Path, tmp_path: Path) -> None:
    """Each file has a checksum: one changed byte is named, and reindexing mends it."""
    with Archive.open(str(tmp_path / "archive.db")) as archive:
        fill(archive, tmp_path / "captures")
        assert keep_up(archive.engine)
    file = next(file for file in sorted(folder.iterdir()) if file.suffix == ending)
    held = bytearray(file.read_bytes())
    held[len(held) // 3] ^= 1
    file.write_bytes(held)
    with Archive.open(str(tmp_path / "archive.db")) as archive:
        kept = Kept(archive, tmp_path / "captures")
        assert f"{file} is not what was written" in [found.detail for found in _harm(kept)]
        reindex(archive.engine)
        vacuum(archive.engine)
        assert _harm(kept) == []
        assert kept.found("清凉") == [5, 4, 3, 2, 1]


def test_a_torn_index_is_made_anew(folder: Path, tmp_path: Path) -> None:
    """Where the list of its files can't be read the database answers, until the index is built again."""
    with Archive.open(str(tmp_path / "archive.db")) as archive:
        fill(archive, tmp_path / "captures")
        assert keep_up(archive.engine)
    (folder / "meta.json").write_text("{")
    with Archive.open(str(tmp_path / "archive.db")) as archive:
        kept = Kept(archive, tmp_path / "captures")
        assert [found.detail for found in _harm(kept)] == [f"{folder / 'meta.json'} can't be read"]
        assert kept.found("清凉") == [5, 4, 3, 2, 1]
        vacuum(archive.engine)
        assert _harm(kept) == []
        assert _view(kept) is not None


@pytest.mark.parametrize("named", ["lucene", "tantivy2:/tmp/x", "tantivy"])
def test_another_value_is_refused(named: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A setting that names no index is an error, and not an archive without one; nor a place that is none."""
    monkeypatch.setenv(INDEX_SETTING, named)
    with pytest.raises(SettingInvalid, match="not an index for this archive"):
        Archive.open("sqlite://")
