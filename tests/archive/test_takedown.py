from __future__ import annotations

from pathlib import Path

from warcio.archiveiterator import ArchiveIterator

from tests.archive.kept import BODY, Kept
from unioncrawl.archive.captures import CaptureWriter
from unioncrawl.archive.export import ExportRequest, export_rows
from unioncrawl.archive.records import full_record
from unioncrawl.archive.takedown import blank_captures, take_down
from unioncrawl.archive.verify import verify
from unioncrawl.model import Article, RawPage


def test_takedown_withdraws_for_good(kept: Kept) -> None:
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


def test_what_was_withdrawn_is_not_withdrawn_again(kept: Kept) -> None:
    """A second takedown leaves the first one's day and reason, and adds no revision."""
    for reason in ("当事人要求", "再次要求"):
        done = take_down(kept.archive.engine, kept.captures, "2", reason)
    assert (done.revisions, done.captures) == (0, 0)
    with kept.archive.engine.connect() as connection:
        assert [row["kind"] for row in full_record(connection, "2")["revisions"]] == ["first", "withdrawn"]
    assert kept.findings() == []


def test_a_visit_after_a_takedown_leaves_no_capture(kept: Kept) -> None:
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
