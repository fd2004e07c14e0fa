from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from tests.archive.small_archive import BODY, TIME, Kept, fill
from tests.databases import archive_at
from unioncrawl import outcomes
from unioncrawl.archive.captures.warc_writer import CaptureWriter
from unioncrawl.archive.care.vacuum import drop_captures, recount_articles, regroup, reindex, vacuum
from unioncrawl.archive.schema import capture
from unioncrawl.archive.store import Archive
from unioncrawl.archive.verify.check_archive import verify
from unioncrawl.model import Article, Attachment, Evidence, Image, RawPage, Rejection


def test_sound_archive_has_no_finding(kept: Kept) -> None:
    """What the store wrote verifies, before and after reindexing, regrouping and vacuuming."""
    assert kept.findings() == []
    assert reindex(kept.archive.engine) == 5
    before = regroup(kept.archive.engine)
    assert regroup(kept.archive.engine) == before
    vacuum(kept.archive.engine)
    assert kept.findings() == []
    assert kept.found("工会") == [5, 4, 3, 2, 1]


def test_changed_text_is_found(kept: Kept) -> None:
    """A text changed without the store is reported for its digest and for the index."""
    with kept.archive.engine.begin() as connection:
        connection.execute(text("UPDATE revision SET body_text = '别的文字' WHERE article_id = 2"))
    assert set(kept.findings()) == {"hashes", "index"}
    reindex(kept.archive.engine)
    assert kept.findings() == ["hashes"]


def test_missing_index_rows_are_found(kept: Kept) -> None:
    """An article that the index lacks is reported, and building the index again brings it back."""
    with kept.archive.engine.begin() as connection:
        connection.execute(text("DELETE FROM search_document WHERE article_id = 2"))
    assert "index" in kept.findings()
    reindex(kept.archive.engine)
    assert kept.findings() == []


def test_captures_are_checked(kept: Kept) -> None:
    """A flipped byte, a missing file and an orphan are each reported."""
    first, second = kept.captures / "a-00000.warc.gz", kept.captures / "b-00000.warc.gz"
    whole = first.read_bytes()
    first.write_bytes(whole[:900] + bytes([whole[900] ^ 0xFF]) + whole[901:])
    assert "captures" in kept.findings()
    first.write_bytes(whole)
    assert kept.findings() == []
    (kept.captures / "z.warc.gz").write_bytes(whole)
    second.rename(kept.captures / "c.warc.gz")
    assert len(kept.findings()) == 3


def test_one_damaged_record_hides_no_other(kept: Kept) -> None:
    """A damaged record is reported by its file and byte, and the records after it are still checked."""
    with kept.archive.engine.connect() as connection:
        places = connection.execute(select(capture.c.file, capture.c.offset).order_by(capture.c.id)).all()
    path = kept.captures / places[1].file
    _flip(path, places[1].offset + 60)
    (found,) = verify(kept.archive.engine, kept.captures)
    assert f"{places[1].file} at byte {places[1].offset}" in found.detail
    _flip(path, places[2].offset + 60)
    assert len(kept.findings()) == 2


def test_damage_outside_of_the_pages_is_found(kept: Kept) -> None:
    """A flipped bit in a request record, and a file cut within its last record, are reported."""
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


def test_files_of_runs_that_stored_nothing_are_no_harm(kept: Kept) -> None:
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


def test_a_list_page_that_comes_again_is_no_loss(kept: Kept) -> None:
    """A dropped capture of a list and a later one with the same body: a record that no row needs."""
    page = RawPage(url="http://x/list", body="列表".encode(), fetched_at=TIME - timedelta(days=900))

    def visit(page: RawPage, *, is_rejected: bool) -> None:
        run_id = kept.archive.begin_run("x", {})
        name = f"x-{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}"
        with CaptureWriter(kept.captures, name) as writer:
            listed = writer.write(page)
            other = writer.write(RawPage(url="http://x/77", body=name.encode(), fetched_at=page.fetched_at))
        found = (listed, other) if is_rejected else (other,)
        reason = outcomes.reason_of_status(404)
        kept.archive.reject(
            Rejection(url=page.url, site="x", stage="extract", reason=reason, captures=found), run_id
        )
        kept.archive.finish_run(run_id, {}, "finished")

    visit(page, is_rejected=True)
    assert len(drop_captures(kept.archive.engine, kept.captures, TIME - timedelta(days=100))) == 1
    visit(replace(page, fetched_at=TIME), is_rejected=False)
    assert kept.findings() == []


def test_archives_in_one_folder_share_it(tmp_path: Path) -> None:
    """The captures of the archive beside it are a note that names it; those of none stay a finding."""
    with (
        Archive.open(archive_at(tmp_path / "a.db")) as one,
        Archive.open(archive_at(tmp_path / "b.db")) as other,
    ):
        fill(one, tmp_path / "captures")
        run_id = other.begin_run("linxi", {})
        name = f"linxi-{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}"
        with CaptureWriter(tmp_path / "captures", name) as writer:
            writer.write(RawPage(url="http://x/list", body=b"x", fetched_at=TIME))
        other.finish_run(run_id, {}, "finished")
        (found,) = verify(one.engine, tmp_path / "captures")
        assert (found.is_harm, "b.db" in found.detail) == (False, True)
        assert all(not found.is_harm for found in verify(other.engine, tmp_path / "captures"))
        (tmp_path / "captures" / "z.warc.gz").write_bytes(b"")
        assert sum(found.is_harm for found in verify(one.engine, tmp_path / "captures")) == 1


def test_every_revision_is_checked(kept: Kept) -> None:
    """Texts of earlier revisions are held to their digests too, and the date to the revision's."""
    edited = Article(url="http://x/2", site="x", title="题2", body_text=BODY.format(22), published_at=TIME)
    kept.archive.store(edited, 1)
    kept.archive.flush()
    assert kept.findings() == []
    with kept.archive.engine.begin() as connection:
        connection.execute(text("UPDATE revision SET body_text = '假的' WHERE article_id = 2 AND number = 1"))
        connection.execute(text("UPDATE article SET published_at = NULL WHERE id = 3"))
    assert set(kept.findings()) == {"hashes", "revisions"}


@pytest.mark.parametrize(
    ("statement", "check"),
    [
        ("UPDATE article SET hits = 7 WHERE id = 2", "visits"),
        ("UPDATE article SET last_seen_at = '2031-01-01 00:00:00' WHERE id = 2", "visits"),
        ("UPDATE article SET content_hash = 7 WHERE id = 2", "revisions"),
        ("UPDATE article SET published_at = NULL WHERE id = 2", "revisions"),
    ],
)
def test_what_a_row_says_is_held_to_visits_and_revisions(kept: Kept, statement: str, check: str) -> None:
    """Hits, days of visits, date and digest of an article come back by --recount."""
    with kept.archive.engine.begin() as connection:
        connection.execute(text(statement))
    assert check in kept.findings()
    assert recount_articles(kept.archive.engine) == 5
    assert kept.findings() == []


@pytest.mark.parametrize(
    ("statement", "check"),
    [
        ("DELETE FROM observation WHERE id = 3", "rows"),
        ("UPDATE observation SET hits = 8, hits_raw = '7' WHERE id = 3", "visits"),
        ("UPDATE observation SET status = 'no such' WHERE id = 3", "values"),
        ("UPDATE revision SET kind = 'edit' WHERE id = 3", "revisions"),
        ("UPDATE article SET withdrawn_at = '2031-01-01 00:00:00' WHERE id = 2", "revisions"),
        ("UPDATE capture SET length = length + 1 WHERE id = 3", "captures"),
        ("UPDATE capture SET url = 'http://x/9' WHERE id = 3", "captures"),
        ("UPDATE capture SET status = 404 WHERE id = 3", "captures"),
        ("UPDATE capture SET fetched_at = '2031-01-01 00:00:00' WHERE id = 3", "captures"),
        ("UPDATE capture SET file = '' WHERE id = 3", "captures"),
        ("UPDATE capture SET revision_id = 1 WHERE id = 3", "captures"),
        ("UPDATE reprint_member SET group_id = 2 WHERE article_id = 2", "reprints"),
    ],
)
def test_rows_that_contradict_others_are_found(kept: Kept, statement: str, check: str) -> None:
    """A row that is gone, and one that another row or file contradicts, are reported with what to do."""
    with kept.archive.engine.begin() as connection:
        connection.execute(text("INSERT INTO reprint_group VALUES (2, '2031-01-01 00:00:00')"))
        connection.execute(text(statement))
        if "reprint_member" not in statement:
            connection.execute(text("DELETE FROM reprint_group WHERE id = 2"))
    findings = list(verify(kept.archive.engine, kept.captures))
    assert check in {found.check for found in findings}
    assert all(found.next_step for found in findings)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE revision SET body_text = replace(body_text, '，', ',') WHERE id = 2",
        "UPDATE revision SET title = '题２' WHERE id = 2",
        "UPDATE revision SET source = '工人日报' WHERE id = 2",
        "UPDATE revision SET published_raw = '2024' WHERE id = 2",
        "UPDATE revision SET seen_at = '2031-01-01 00:00:00' WHERE id = 2",
        "UPDATE revision SET raw = '{}' WHERE id = 2",
        "UPDATE revision SET exact_digest = NULL WHERE id = 2",
        "UPDATE article SET url = 'http://x/9' WHERE id = 2",
        "UPDATE article SET canonical_url = 'http://x/9' WHERE id = 2",
        "UPDATE article SET mirror = (1 = 1) WHERE id = 2",
        "INSERT INTO image VALUES (2, 0, 'http://x/1.jpg', '')",
        "INSERT INTO attachment VALUES (2, 0, 'http://x/1.doc', '')",
    ],
)
def test_a_change_of_a_mark_is_found(kept: Kept, statement: str) -> None:
    """Punctuation, width, and every other field of a revision are held to what was stored."""
    with kept.archive.engine.begin() as connection:
        connection.execute(text(statement))
    assert "hashes" in kept.findings()


def test_revisions_are_held_to_what_was_stored_whatever_came_after(kept: Kept) -> None:
    """An earlier capture, edits, pictures and a mirror's flag of another revision leave digests right."""
    picture = Image("http://x/1.jpg", "慰问现场")
    changes = (
        ("又讯", 40, True),
        ("早先", -40, False),
        ("再讯", 50, False),
    )
    for number, (more, days, mirror) in enumerate(changes):
        kept.archive.store(
            Article(
                url="http://x/2?from=list",
                canonical_url="http://x/2",
                site="x",
                title=f"题{number}",
                body_text=BODY.format(2) + more,
                images=(picture,),
                attachments=(Attachment("http://x/1.doc", "通知"),),
                mirror=mirror,
                evidence=(Evidence("title", "h1", "题“2”"),),
                fetched_at=TIME + timedelta(days=days),
            ),
            1,
        )
        kept.archive.flush()
    assert kept.findings() == []
    with kept.archive.engine.begin() as connection:
        connection.execute(text("UPDATE image SET caption = '别处' WHERE revision_id = 6"))
    assert kept.findings() == ["hashes"]


def test_values_that_no_reader_takes_are_found(tmp_path: Path) -> None:
    """SQLite takes a text for a number and half a date; both are reported before anything reads them."""
    with Archive.open(archive_at(tmp_path / "a.db")) as archive:
        fill(archive, tmp_path / "captures")
        with archive.engine.begin() as connection:
            connection.execute(text("UPDATE article SET hits = 'many', first_seen_at = '2024' WHERE id = 2"))
            connection.execute(text("UPDATE revision SET steps = '[{' WHERE id = 3"))
        details = [found.detail for found in verify(archive.engine, tmp_path / "captures")]
    assert details[:2] == [
        "article 2: its first_seen_at is not a valid value",
        "revision 3 of article 3: its steps is not a valid value",
    ]
    assert "revision 1 of article 3 can't be read" in details[2]


def test_a_word_in_the_wrong_article_is_found(tmp_path: Path) -> None:
    """A word of the index that moved to another article is reported, though as many articles hold it."""
    with Archive.open(archive_at(tmp_path / "a.db")) as archive:
        fill(archive, tmp_path / "captures")
        ids = "SELECT id FROM search_document WHERE article_id = :number"
        with archive.engine.begin() as connection:
            one, other = (connection.execute(text(ids), {"number": n}).scalar_one() for n in (2, 3))
            taken = "INSERT INTO search_index(search_index, rowid, tokens) VALUES ('delete', ?, '题2')"
            connection.exec_driver_sql(taken, (one,))
            connection.exec_driver_sql("INSERT INTO search_index(rowid, tokens) VALUES (?, '题2')", (other,))
        (found,) = verify(archive.engine, tmp_path / "captures")
    assert (found.check, "题2" in found.detail) == ("index", True)


def test_torn_database_is_found(tmp_path: Path) -> None:
    """Bytes overwritten in the middle of the file are reported, and nothing further is read."""
    path = tmp_path / "a.db"
    with Archive.open(archive_at(path)) as archive:
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
    with Archive.open(archive_at(path)) as archive:
        assert {found.check for found in verify(archive.engine, tmp_path)} == {"database"}
