from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text
from warcio.archiveiterator import ArchiveIterator

from unioncrawl.archive.backup import back_up, restore
from unioncrawl.archive.captures import CaptureWriter
from unioncrawl.archive.export import ExportRequest, export_rows
from unioncrawl.archive.reading import count_all
from unioncrawl.archive.records import full_record
from unioncrawl.archive.schema import capture
from unioncrawl.archive.search import SearchRequest, search
from unioncrawl.archive.store import Archive
from unioncrawl.archive.takedown import blank_captures, take_down
from unioncrawl.archive.upkeep import drop_captures, regroup, reindex, vacuum
from unioncrawl.archive.verify import verify
from unioncrawl.errors import ArchiveError
from unioncrawl.model import Article, RawPage

TIME = datetime(2024, 4, 8, 1, 0, tzinfo=UTC)
BODY = "第{}篇：市总工会慰问一线职工，送去清凉饮料和防暑药品，叮嘱大家注意高温下的安全，合理安排作息。"


@dataclass
class _Kept:
    archive: Archive
    captures: Path

    def findings(self) -> list[str]:
        return [found.check for found in verify(self.archive.engine, self.captures)]

    def found(self, query: str) -> list[int]:
        with self.archive.engine.connect() as connection:
            return [hit.id for hit in search(connection, SearchRequest(query=query)).results]


@pytest.fixture
def kept(any_archive: str, tmp_path: Path) -> Iterator[_Kept]:
    """Five articles with captures in two files; the last one is a revisit of the first's body."""
    folder = tmp_path / "captures"
    with Archive.open(any_archive) as archive:
        for run, numbers in (("a", (1, 2, 3)), ("b", (4, 5))):
            run_id = archive.begin_run(run, {})
            with CaptureWriter(folder, run, find_original=archive.original_capture) as writer:
                for number in numbers:
                    time = TIME + timedelta(days=number)
                    url = f"http://x/{number}"
                    body = BODY.format(1 if number == 5 else number).encode()
                    reference = writer.write(
                        RawPage(url=url, body=body, fetched_at=time), metadata={"title": "题"}
                    )
                    archive.store(
                        Article(
                            url=url,
                            site="x",
                            title=f"题{number}",
                            body_text=BODY.format(number),
                            published_at=time,
                            fetched_at=time,
                            captures=(reference,),
                        ),
                        run_id,
                    )
            archive.flush()
        yield _Kept(archive, folder)


def test_sound_archive_has_no_finding(kept: _Kept) -> None:
    """What the store wrote verifies, before and after upkeep."""
    assert kept.findings() == []
    assert reindex(kept.archive.engine) == 5
    before = regroup(kept.archive.engine)
    assert regroup(kept.archive.engine) == before
    vacuum(kept.archive.engine)
    assert kept.findings() == []
    assert kept.found("工会") == [5, 4, 3, 2, 1]


def test_changed_text_is_found(kept: _Kept) -> None:
    """A text changed behind the store's back is told for its digest and for the index."""
    with kept.archive.engine.begin() as connection:
        connection.execute(text("UPDATE revision SET body_text = '别的文字' WHERE article_id = 2"))
    assert set(kept.findings()) == {"hashes", "index"}
    reindex(kept.archive.engine)
    assert kept.findings() == ["hashes"]


def test_missing_index_rows_are_found(kept: _Kept) -> None:
    """An article that fell out of the index is told, and comes back by building it again."""
    with kept.archive.engine.begin() as connection:
        connection.execute(text("DELETE FROM search_document WHERE article_id = 2"))
    assert "index" in kept.findings()
    reindex(kept.archive.engine)
    assert kept.findings() == []


def test_captures_are_checked(kept: _Kept) -> None:
    """A flipped byte, a missing file and an orphan are each told."""
    first, second = kept.captures / "a-00000.warc.gz", kept.captures / "b-00000.warc.gz"
    whole = first.read_bytes()
    first.write_bytes(whole[:900] + bytes([whole[900] ^ 0xFF]) + whole[901:])
    assert "captures" in kept.findings()
    first.write_bytes(whole)
    assert kept.findings() == []
    (kept.captures / "z.warc.gz").write_bytes(whole)
    second.rename(kept.captures / "c.warc.gz")
    assert len(kept.findings()) == 3


def test_one_damaged_record_hides_no_other(kept: _Kept) -> None:
    """A damaged record is told by its file and byte, and those behind it are still checked."""
    with kept.archive.engine.connect() as connection:
        places = connection.execute(select(capture.c.file, capture.c.offset).order_by(capture.c.id)).all()
    path = kept.captures / places[1].file
    _flip(path, places[1].offset + 60)
    (found,) = verify(kept.archive.engine, kept.captures)
    assert f"{places[1].file} at byte {places[1].offset}" in found.detail
    _flip(path, places[2].offset + 60)
    assert len(kept.findings()) == 2


def test_damage_outside_of_the_pages_is_found(kept: _Kept) -> None:
    """A flipped bit in a request record, and a file cut within its last record, are told."""
    with kept.archive.engine.connect() as connection:
        place = connection.execute(select(capture).order_by(capture.c.id)).first()
    assert place is not None
    path = kept.captures / place.file
    whole = path.read_bytes()
    _flip(path, place.offset + place.length + 40)
    assert kept.findings() == ["captures"]
    path.write_bytes(whole[:-20])
    assert kept.findings() == ["captures"]
    path.write_bytes(whole)
    assert kept.findings() == []


def _flip(path: Path, position: int) -> None:
    data = bytearray(path.read_bytes())
    data[position] ^= 1
    path.write_bytes(bytes(data))


def test_files_of_runs_that_stored_nothing_are_no_harm(kept: _Kept) -> None:
    """A killed run's file is a note, a finished one's holds lists alone; another archive's is an orphan."""
    run_id = kept.archive.begin_run("xian", {})
    name = f"xian-{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}-00000.warc.gz"
    (kept.captures / name).write_bytes((kept.captures / "a-00000.warc.gz").read_bytes()[:-9])
    (found,) = verify(kept.archive.engine, kept.captures)
    assert (found.is_harm, name in found.detail) == (False, True)
    kept.archive.finish_run(run_id, {}, "finished")
    assert kept.findings() == []
    (kept.captures / name).rename(kept.captures / name.replace("xian", "lanzhou"))
    assert kept.findings() == ["captures"]
    (kept.captures / "index.cdxj").write_text("")
    assert sorted(found.is_harm for found in verify(kept.archive.engine, kept.captures)) == [False, True]


def test_every_revision_is_checked(kept: _Kept) -> None:
    """Texts of earlier revisions are held to their digests too, and the date to the revision's."""
    edited = Article(url="http://x/2", site="x", title="题2", body_text=BODY.format(22), published_at=TIME)
    kept.archive.store(edited, 1)
    kept.archive.flush()
    assert kept.findings() == []
    with kept.archive.engine.begin() as connection:
        connection.execute(text("UPDATE revision SET body_text = '假的' WHERE article_id = 2 AND number = 1"))
        connection.execute(text("UPDATE article SET published_at = NULL WHERE id = 3"))
    assert set(kept.findings()) == {"hashes", "revisions"}


def test_torn_database_is_found(tmp_path: Path) -> None:
    """Bytes overwritten in the middle of the file are told, and nothing further is read."""
    path = tmp_path / "a.db"
    with Archive.open(str(path)) as archive:
        number = archive.begin_run("x", {})
        for position in range(300):
            archive.store(
                Article(url=f"http://x/{position}", site="x", body_text=BODY.format(position)), number
            )
        archive.flush()
        vacuum(archive.engine)
    data = bytearray(path.read_bytes())
    data[16384 * 3 : 16384 * 12] = b"\xaa" * (16384 * 9)
    path.write_bytes(data)
    with Archive.open(str(path)) as archive:
        assert {found.check for found in verify(archive.engine, tmp_path)} == {"database"}


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_backup_comes_back_whole(
    kept: _Kept, tmp_path: Path, database: str, request: pytest.FixtureRequest
) -> None:
    """A backup of either database restores into either, with captures, and verifies."""
    back_up(kept.archive.engine, kept.captures, tmp_path / "backup")
    target = (
        str(tmp_path / "new.db")
        if database == "sqlite"
        else str(request.getfixturevalue("other_postgres_url"))
    )
    restore(tmp_path / "backup", target, tmp_path / "restored")
    with Archive.open(target, create=False) as restored:
        again = _Kept(restored, tmp_path / "restored")
        assert again.findings() == []
        assert again.found("工会") == [5, 4, 3, 2, 1]
        with restored.engine.connect() as new, kept.archive.engine.connect() as old:
            assert count_all(new) == count_all(old)
            assert full_record(new, "3") == full_record(old, "3")


def test_damaged_backup_is_refused(kept: _Kept, tmp_path: Path) -> None:
    """A backup that changed since is not restored, and nothing is overwritten."""
    back_up(kept.archive.engine, kept.captures, tmp_path / "backup")
    with pytest.raises(ArchiveError, match="already there"):
        back_up(kept.archive.engine, kept.captures, tmp_path / "backup")
    (tmp_path / "backup" / "captures" / "a-00000.warc.gz").write_bytes(b"")
    with pytest.raises(ArchiveError, match="not as it was backed up"):
        restore(tmp_path / "backup", str(tmp_path / "new.db"), tmp_path / "restored")
    assert not (tmp_path / "new.db").exists()


def test_backup_while_a_writer_writes(tmp_path: Path) -> None:
    """An open write transaction neither stops the backup nor gets into it."""
    path = tmp_path / "a.db"
    with Archive.open(str(path)) as archive:
        number = archive.begin_run("x", {})
        archive.store(Article(url="http://x/1", site="x", body_text=BODY), number)
        archive.flush()
        writer = sqlite3.connect(path, isolation_level=None)
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("UPDATE article SET url = 'half'")
        back_up(archive.engine, tmp_path / "none", tmp_path / "backup")
        writer.execute("ROLLBACK")
        writer.close()
    with (
        Archive.open(str(tmp_path / "backup" / "archive.db"), create=False) as copy,
        copy.engine.connect() as c,
    ):
        assert c.execute(text("SELECT url FROM article")).scalar() == "http://x/1"


def test_takedown_withdraws_for_good(kept: _Kept) -> None:
    """Text, index and captures go, the revisit's too; the fact stays; no visit brings it back."""
    done = take_down(kept.archive.engine, kept.captures, "http://x/1", "当事人要求")
    assert (done.article_id, done.captures) == (1, 2)
    assert kept.found("工会") == [5, 4, 3, 2]
    with kept.archive.engine.connect() as connection:
        record = full_record(connection, "1")
        exported = {row["id"]: row for row in export_rows(connection, ExportRequest(since_cursor="r5"))}
    assert record["withdrawn_at"]
    assert "清凉" not in str(record)
    assert [row["kind"] for row in record["revisions"]] == ["first", "withdrawn"]
    assert "第1篇".encode() not in b"".join(_payloads(kept.captures / "a-00000.warc.gz"))
    assert len(_payloads(kept.captures / "a-00000.warc.gz")) == 8
    run_id = kept.archive.begin_run("x", {})
    kept.archive.store(Article(url="http://x/1", site="x", title="题1", body_text=BODY.format(1)), run_id)
    kept.archive.flush()
    assert kept.found("工会") == [5, 4, 3, 2]
    assert exported == {}


def test_a_visit_after_a_takedown_leaves_no_capture(kept: _Kept) -> None:
    """What a visit brought of a withdrawn article, by a redirect for one, is overwritten; the rest stays."""
    take_down(kept.archive.engine, kept.captures, "http://x/1", "当事人要求")
    pages = [RawPage(url=f"http://x/{number}", body=BODY.format(number).encode() * 3) for number in (1, 2)]
    with CaptureWriter(kept.captures, "c") as writer:
        for page in pages:
            reference = writer.write(page)
            article = Article(url=page.url, site="x", title="题", body_text=BODY, captures=(reference,))
            kept.archive.store(article, 1)
        kept.archive.flush()
        blank_captures(kept.captures, kept.archive.take_refused())
    held = b"".join(_payloads(kept.captures / "c-00000.warc.gz"))
    assert pages[0].body not in held
    assert pages[1].body in held
    assert [one.detail for one in verify(kept.archive.engine, kept.captures)] == []
    assert kept.archive.take_refused() == []


def _payloads(path: Path) -> list[bytes]:
    with path.open("rb") as file:
        return [record.content_stream().read() for record in ArchiveIterator(file)]


def test_old_captures_are_dropped_but_not_what_is_referred_to(kept: _Kept) -> None:
    """A file whose body a later revisit needs stays; without that it goes, its facts stay."""
    assert drop_captures(kept.archive.engine, kept.captures, TIME + timedelta(days=4)) == []
    later = TIME + timedelta(days=9)
    assert drop_captures(kept.archive.engine, kept.captures, later) == ["a-00000.warc.gz", "b-00000.warc.gz"]
    assert kept.findings() == []
    with kept.archive.engine.connect() as connection:
        assert len(connection.execute(select(capture.c.digest).where(capture.c.file == "")).all()) == 5


def test_a_file_that_is_kept_keeps_what_it_refers_to(kept: _Kept) -> None:
    """A revisit within an old file that must stay needs the file of its body, however old."""
    with CaptureWriter(kept.captures, "c", find_original=kept.archive.original_capture) as writer:
        page = RawPage(url="http://x/4", body=BODY.format(4).encode(), fetched_at=TIME + timedelta(days=40))
        reference = writer.write(page)
    article = Article(
        url="http://x/4", site="x", title="题4", body_text=BODY.format(4), fetched_at=page.fetched_at,
        captures=(reference,),
    )  # fmt: skip
    kept.archive.store(article, 1)
    kept.archive.flush()
    # The new file repeats a body of b, and b repeats one of a.
    assert drop_captures(kept.archive.engine, kept.captures, TIME + timedelta(days=9)) == []
    assert kept.findings() == []
