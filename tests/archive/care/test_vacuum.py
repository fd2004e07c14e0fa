from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from tests.archive.small_archive import BODY, TIME, Kept
from unioncrawl.archive.captures.warc_writer import CaptureWriter
from unioncrawl.archive.care.vacuum import drop_captures
from unioncrawl.archive.schema import capture
from unioncrawl.model import Article, RawPage


def test_old_captures_are_dropped_but_not_what_is_referred_to(kept: Kept) -> None:
    """A file whose body a later revisit needs stays; without that it goes, its facts stay."""
    assert drop_captures(kept.archive.engine, kept.captures, TIME + timedelta(days=4)) == []
    later = TIME + timedelta(days=9)
    assert drop_captures(kept.archive.engine, kept.captures, later) == ["a-00000.warc.gz", "b-00000.warc.gz"]
    assert kept.findings() == []
    with kept.archive.engine.connect() as connection:
        assert len(connection.execute(select(capture.c.digest).where(capture.c.file == "")).all()) == 5


def test_a_file_that_is_kept_keeps_what_it_refers_to(kept: Kept) -> None:
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
