from __future__ import annotations

import os
import signal
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text

from tests.databases import NO_TABLE_YET, archive_at, ask_at, made_at, writing_lock
from tests.processes import ROOT, start, wait_until
from unioncrawl import outcomes
from unioncrawl.archive.read.json_records import full_record
from unioncrawl.archive.schema import SCHEMA_VERSIONS, capture, observation, rejection, revision
from unioncrawl.archive.search.answer import SearchRequest, search
from unioncrawl.archive.store import Archive
from unioncrawl.archive.verify.check_archive import verify
from unioncrawl.errors import ArchiveError, ArchiveLocked, ArchiveNotFound, ArchiveTooNew
from unioncrawl.model import Article, CaptureRef, FieldStep, HitsStatus, Image, Rejection, Step
from unioncrawl.sites.profile import Column, Level, SiteProfile

TIME = datetime(2024, 4, 8, 1, 32, 34, tzinfo=UTC)
BODY = "本报讯 市总工会领导到一线慰问职工，送去清凉。\n共有52名职工收到慰问品。"


def _article(number: int = 1, **more: Any) -> Article:
    values: dict[str, Any] = {
        "url": f"http://example.cn/{number}.html",
        "site": "xian",
        "title": "市总工会送清凉",
        "body_text": BODY,
        "fetched_at": TIME,
    }
    return Article(**{**values, **more})


def _store(archive: Archive, *articles: Article) -> dict[str, int]:
    number = archive.begin_run("xian", {"full": "1"})
    before = archive.counts.copy()
    for article in articles:
        archive.store(article, number)
    archive.flush()
    return dict(archive.counts - before)


@pytest.fixture
def archive(any_archive: str) -> Any:
    """An open archive."""
    with Archive.open(any_archive) as opened:
        yield opened


def test_second_visit_is_an_observation(archive: Archive) -> None:
    """An article seen again unchanged adds an observation, no revision and no article."""
    _store(archive, _article(hits=3, hits_status=HitsStatus.PAGE))
    later = TIME + timedelta(days=1)
    counts = _store(archive, _article(hits=9, hits_status=HitsStatus.PAGE, fetched_at=later))
    assert counts == {"unchanged": 1, "observation": 1}
    known = archive.known("xian", ["http://example.cn/1.html", "http://example.cn/none.html"])
    assert list(known) == ["http://example.cn/1.html"]
    assert known["http://example.cn/1.html"].last_seen_at == later
    assert known["http://example.cn/1.html"].first_seen_at == TIME


@pytest.mark.parametrize(
    "body",
    [
        BODY.replace("，", ", "),
        BODY.replace("52", "５２"),
        BODY + "\n2024-04-09 10:00",
        BODY + "\n点击量：77",
        BODY.replace("总工会", "總工會"),
    ],
)
def test_trivial_changes_make_no_revision(archive: Archive, body: str) -> None:
    """Punctuation, width, script, a date stamp and a hit count in the body are no edit."""
    _store(archive, _article())
    assert _store(archive, _article(body_text=body)) == {"unchanged": 1, "observation": 1}


@pytest.mark.parametrize(
    "change",
    [{"body_text": BODY.replace("52", "53")}, {"title": "市总工会送温暖"}, {"lead_title": "高温下的关怀"}],
)
def test_edits_make_a_revision(archive: Archive, change: dict[str, Any]) -> None:
    """A changed figure, title or headline line is a revision; the first text stays."""
    _store(archive, _article())
    assert _store(archive, _article(**change)) == {"revised": 1, "observation": 1}
    with archive.engine.connect() as connection:
        rows = connection.execute(select(revision).order_by(revision.c.number)).all()
    assert [row.kind for row in rows] == ["first", "edit"]
    assert rows[0].body_text == BODY


def test_same_content_elsewhere_on_the_site_is_an_alias(archive: Archive) -> None:
    """The same story at another address of its site is the same article; on another site its own."""
    story = {"body_text": BODY * 3}
    counts = _store(archive, _article(1, **story), _article(2, **story), _article(3, site="other", **story))
    assert counts == {"new": 2, "duplicate": 1, "observation": 3}
    known = archive.known("xian", ["http://example.cn/1.html", "http://example.cn/2.html"])
    assert len({entry.article_id for entry in known.values()}) == 1


@pytest.mark.parametrize("is_one_batch", [True, False])
def test_an_earlier_text_at_another_address_is_an_alias(archive: Archive, is_one_batch: bool) -> None:  # noqa: FBT001 - pytest's
    """A site that moves may show what stood there before an edit; another date makes a story of its own."""
    story = {"body_text": BODY * 3, "published_at": TIME}
    visits = (
        _article(1, **story),
        _article(1, **{**story, "body_text": BODY * 4}),
        _article(2, **story),
        _article(3, **{**story, "published_at": TIME - timedelta(days=365)}),
        _article(4, **{**story, "published_at": None}),
        _article(5, **{**story, "site": "other"}),
    )
    for batch in [visits] if is_one_batch else [(visit,) for visit in visits]:
        _store(archive, *batch)
    assert {name: archive.counts[name] for name in ("new", "revised", "duplicate")} == {
        "new": 3,
        "revised": 1,
        "duplicate": 2,
    }
    known = archive.known("xian", [f"http://example.cn/{number}.html" for number in (1, 2, 3, 4)])
    assert known["http://example.cn/1.html"].article_id == known["http://example.cn/2.html"].article_id
    assert len({one.article_id for one in known.values()}) == 2


def test_pages_without_text_are_not_merged(archive: Archive) -> None:
    """Two photo pages with one title and no text stay two articles."""
    assert _store(archive, _article(1, body_text=""), _article(2, body_text=""))["new"] == 2


def test_an_alias_that_lags_after_is_no_edit(archive: Archive) -> None:
    """After an edit, the other address still showing the first text adds no revision."""
    _store(archive, _article(1), _article(2))
    _store(archive, _article(1, title="市总工会送清凉(更新)"))
    assert "revised" not in _store(archive, _article(2))


def test_everything_of_an_article_is_kept(archive: Archive) -> None:
    """Raw strings, steps, pictures and where the response lies come back from the tables."""
    reference = CaptureRef(
        file="r.warc.gz", offset=9, length=8, digest="ab", url="http://example.cn/1.html", status=200
    )
    step = FieldStep("title", Step("pinyin-note", 0, 3, "(gōng)", "", 0.9, "page"))
    article = _article(
        steps=(step,),
        raw=(("title", "市总(gōng)工会"),),
        images=(Image("http://example.cn/a.jpg", "图"),),
        captures=(reference,),
    )
    _store(archive, article)
    with archive.engine.connect() as connection:
        row = connection.execute(select(revision)).one()
        assert row.steps[0]["kind"] == "pinyin-note"
        assert row.raw == {"title": "市总(gōng)工会"}
        assert connection.execute(select(capture.c.offset, capture.c.article_id)).one() == (9, 1)


def test_rejections_are_rows(archive: Archive) -> None:
    """A page that is not an article is a row with its stage and reason."""
    number = archive.begin_run("xian", {})
    archive.reject(
        Rejection(url="http://example.cn/x", site="xian", stage="extract", reason=outcomes.WAF_PAGE, at=TIME),
        number,
    )
    archive.finish_run(number, {"unioncrawl/pages": 1, "start": TIME}, "finished")
    assert archive.counts["rejection"] == 1
    with archive.engine.connect() as connection:
        assert connection.execute(select(rejection.c.reason)).scalar_one() == "waf-page"


def test_sites_and_columns_are_recorded_once(archive: Archive) -> None:
    """Recording a site twice updates it."""
    for name in ("西安工会", "西安市总工会"):
        archive.ensure_site(
            SiteProfile(
                id="xian",
                name=name,
                level=Level.CITY,
                family="phpcms",
                hosts=("example.cn",),
                columns=(Column(name="要闻", url="http://example.cn/yw/"),),
            )
        )
    with archive.engine.connect() as connection:
        assert connection.execute(text("SELECT name, level FROM site")).all() == [("西安市总工会", "city")]
        assert connection.execute(text("SELECT count(*) FROM site_column")).scalar() == 1


def test_batch_goes_out_when_full(any_archive: str) -> None:
    """The batch is written when it holds as many items as allowed, without a flush."""
    with Archive.open(any_archive, batch_size=2) as opened:
        number = opened.begin_run("xian", {})
        opened.store(_article(1), number)
        assert opened.counts["new"] == 0
        opened.store(_article(2, title="另一篇文章"), number)
        assert opened.counts["new"] == 2


def test_locked_archive_loses_nothing(tmp_path: Path) -> None:
    """A held lock is waited for, then reported with the unfinished run; the next flush writes all."""
    path = tmp_path / "archive.db"
    with Archive.open(archive_at(path), busy_timeout_seconds=0.2) as opened:
        number = opened.begin_run("xian", {})
        with writing_lock(archive_at(path)):
            opened.store(_article(), number)
            with pytest.raises(ArchiveLocked, match=r"run 1 \(xian, process \d+"):
                opened.flush()
            assert opened.known("xian", ["http://example.cn/1.html"]) == {}
        opened.flush()
        assert opened.counts["new"] == 1


def test_newer_archive_is_refused(tmp_path: Path) -> None:
    """An archive of a later schema is left alone and the message says to upgrade."""
    path = tmp_path / "archive.db"
    Archive.open(archive_at(path)).close()
    ask_at(path, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(ArchiveTooNew, match="Upgrade unioncrawl"):
        Archive.open(archive_at(path))


def test_missing_archive_is_reported(no_archive: str, tmp_path: Path) -> None:
    """Opening for reading what isn't there names the next step and creates nothing."""
    with pytest.raises(ArchiveNotFound, match="no archive") as caught:
        Archive.open(no_archive, create=False)
    assert "unioncrawl crawl" in caught.value.next_step
    assert made_at(no_archive, tmp_path) == []


def test_other_files_are_refused(tmp_path: Path) -> None:
    """A file that is no SQLite database is reported as such and left alone."""
    path = tmp_path / "text.db"
    path.write_text("工会" * 3000)
    with pytest.raises(ArchiveError, match="not a sound SQLite file"):
        Archive.open(archive_at(path))
    assert path.read_text() == "工会" * 3000


def test_sqlite_settings(tmp_path: Path) -> None:
    """A SQLite archive has large pages, WAL and foreign keys."""
    with Archive.open(archive_at(tmp_path / "a.db")) as opened, opened.engine.connect() as connection:
        values = [
            connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("page_size", "journal_mode", "foreign_keys", "busy_timeout")
        ]
        assert (
            connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
            == SCHEMA_VERSIONS[-1]
        )
    assert values == [16384, "wal", 1, 30000]


_WRITER = """
import sys
from unioncrawl.archive.store import Archive
from unioncrawl.model import Article
archive = Archive.open(sys.argv[1], batch_size=7)

number = archive.begin_run("xian", {})
for n in range(100000):
    article = Article(url=f"http://example.cn/{n}", site="xian", title=f"第{n}号", body_text=f"工会{n}" * 20)
    archive.store(article, number)
"""


def test_killed_writer_leaves_a_sound_archive(tmp_path: Path) -> None:
    """After kill -9 the database is sound, whole batches are in, and the index agrees."""
    path = tmp_path / "archive.db"
    process = start([sys.executable, "-c", _WRITER, archive_at(path)], cwd=ROOT)
    wait_until(lambda: _rows(path) > 20, process)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    with Archive.open(archive_at(path)) as opened, opened.engine.connect() as connection:
        assert list(verify(opened.engine, tmp_path / "captures")) == []
        stored = connection.execute(select(func.count()).select_from(revision)).scalar_one()
        assert stored > 20
        assert connection.execute(select(func.count()).select_from(observation)).scalar_one() == stored
        assert search(connection, SearchRequest(query="工会")).total == stored


def _rows(path: Path) -> int:
    try:
        ((count,),) = ask_at(path, "SELECT count(*) FROM article")
    except NO_TABLE_YET:
        return 0
    return int(count)


def test_an_earlier_visit_takes_its_place_in_the_history(archive: Archive) -> None:
    """What is brought later but was seen earlier stands before; present text, hits and last visit stay."""
    _store(archive, _article(body_text=BODY + "今年", hits=9, hits_status=HitsStatus.PAGE))
    old = TIME - timedelta(days=400)
    older = [
        _article(body_text=BODY + "去年", hits=4, hits_status=HitsStatus.PAGE, fetched_at=old),
        _article(body_text=BODY + "去年", fetched_at=old + timedelta(days=1)),
        _article(body_text=BODY + "初稿", fetched_at=old - timedelta(days=1)),
    ]
    assert _store(archive, *older) == {"revised": 2, "unchanged": 1, "observation": 3}
    with archive.engine.connect() as connection:
        record = full_record(connection, "1")
    kinds = [(row["number"], row["kind"], row["body_text"][-2:]) for row in record["revisions"]]
    assert sorted(kinds) == [(1, "first", "初稿"), (2, "edit", "去年"), (3, "edit", "今年")]
    assert (record["revision"], record["body_text"][-2:], record["hits"]) == (3, "今年", 9)
    assert record["first_seen_at"] < "2023-03-05"
    assert record["last_seen_at"] == "2024-04-08T09:32:34+08:00"
    assert (
        _store(archive, _article(body_text=BODY + "明年", fetched_at=TIME + timedelta(days=1)))["revised"]
        == 1
    )
