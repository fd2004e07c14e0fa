from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, func, select, text

from tests.databases import archive_at
from unioncrawl import outcomes
from unioncrawl.archive.database import writing
from unioncrawl.archive.imports.column_mapping import ColumnMapping
from unioncrawl.archive.imports.import_report import ImportReport
from unioncrawl.archive.imports.take_in import Destination, TableImport, import_table
from unioncrawl.archive.schema import article, observation, rejection
from unioncrawl.archive.store import Archive
from unioncrawl.archive.write import write_queue
from unioncrawl.archive.write.batch_items import Item
from unioncrawl.archive.write.write_queue import WriteQueue
from unioncrawl.archive.write.writer import BatchWriter
from unioncrawl.errors import ArchiveUnwritable
from unioncrawl.model import Article, Rejection

TIME = datetime(2024, 4, 8, 1, 32, tzinfo=UTC)


@pytest.fixture
def archive(any_archive: str) -> Iterator[Archive]:
    """An open archive, in each database in turn."""
    with Archive.open(any_archive, batch_size=10**9, batch_age_seconds=10**9) as opened:
        yield opened


def _article(number: int, **more: Any) -> Article:
    values: dict[str, Any] = {
        "url": f"http://example.cn/{number}.html",
        "site": "xian",
        "title": f"市总工会送清凉之{number}",
        "body_text": f"第{number}篇：市总工会领导到一线慰问职工，送去清凉饮料。",
        "fetched_at": TIME,
    }
    return Article(**{**values, **more})


def _counts(archive: Archive) -> tuple[int, int, int]:
    with archive.engine.connect() as connection:
        number = [
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (article, observation, rejection)
        ]
    return (number[0], number[1], number[2])


def _break_for(monkeypatch: pytest.MonkeyPatch, bad: set[str]) -> None:
    """Let the database refuse, with its own error, each batch that holds one of these addresses."""
    write = BatchWriter.write

    def refuses(writer: BatchWriter, items: Sequence[Item]) -> Any:
        counts = write(writer, items)
        if bad & {item.record.url for item in items if isinstance(item.record, Article)}:
            writer._connection.execute(text("INSERT INTO observation (id) VALUES (1)"))
        return counts

    monkeypatch.setattr(BatchWriter, "write", refuses)


@pytest.mark.parametrize("place", [0, 7, 15, 29])
def test_a_poisoned_value_costs_its_article_alone(archive: Archive, place: int) -> None:
    """Of 30 articles the one with a number of 100 bits becomes a rejection; 29 are stored."""
    run_id = archive.begin_run("xian", {})
    for number in range(30):
        archive.store(_article(number, hits=10**30 if number == place else number), run_id)
    archive.flush()
    assert _counts(archive) == (29, 29, 1)
    with archive.engine.connect() as connection:
        rejected = connection.execute(select(rejection.c.url, rejection.c.stage, rejection.c.reason)).one()
    assert tuple(rejected) == (f"http://example.cn/{place}.html", "archive", "unkeepable-value")


@pytest.mark.parametrize("bad", [{0}, {29}, {3, 4, 17}, set(range(30))])
def test_what_the_database_refuses_is_found_by_dividing(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, bad: set[int]
) -> None:
    """Articles that the database itself refuses become rejections; all others are stored, each once."""
    _break_for(monkeypatch, {f"http://example.cn/{number}.html" for number in bad})
    run_id = archive.begin_run("xian", {})
    for number in range(30):
        archive.store(_article(number), run_id)
    archive.flush()
    assert _counts(archive) == (30 - len(bad), 30 - len(bad), len(bad))
    with archive.engine.connect() as connection:
        rows = connection.execute(select(rejection.c.url, rejection.c.reason, rejection.c.detail)).all()
    assert {row.url for row in rows} == {f"http://example.cn/{number}.html" for number in bad}
    assert {row.reason for row in rows} == {"unwritable"}
    assert all("refused a value" in row.detail for row in rows)


def test_our_own_error_over_one_article_costs_no_other(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error of the writer itself, not of the database, is the one article's too."""
    take = BatchWriter._take

    def fails(writer: BatchWriter, draft: Any, run_id: int) -> None:
        if draft.record.url.endswith("/2.html"):
            raise KeyError("清凉")
        take(writer, draft, run_id)

    monkeypatch.setattr(BatchWriter, "_take", fails)
    run_id = archive.begin_run("xian", {})
    for number in range(5):
        archive.store(_article(number), run_id)
    archive.flush()
    assert _counts(archive) == (4, 4, 1)


def test_a_rejection_that_is_refused_costs_nothing_else(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rejection that the database refuses is stored without its detail, beside all others."""
    write = BatchWriter.write

    def refuses(writer: BatchWriter, items: Sequence[Item]) -> Any:
        if any(isinstance(item.record, Rejection) and item.record.detail == "bad" for item in items):
            raise ValueError("no such detail")
        return write(writer, items)

    monkeypatch.setattr(BatchWriter, "write", refuses)
    run_id = archive.begin_run("xian", {})
    for detail in ("good", "bad", "good"):
        archive.reject(
            Rejection(
                url="http://example.cn/",
                site="xian",
                stage="fetch",
                reason=outcomes.reason_of_status(404),
                detail=detail,
            ),
            run_id,
        )
    archive.store(_article(1), run_id)
    archive.flush()
    assert _counts(archive) == (1, 1, 3)


def test_an_archive_that_takes_nothing_keeps_everything_waiting(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When even a bare rejection is refused the archive is at fault: an error, and nothing is dropped."""

    def refuses(*_: object) -> Any:
        raise ValueError("nothing goes")

    run_id = archive.begin_run("xian", {})
    for number in range(4):
        archive.store(_article(number), run_id)
    with monkeypatch.context() as patch:
        patch.setattr(BatchWriter, "write", refuses)
        with pytest.raises(ArchiveUnwritable, match="takes nothing"):
            archive.flush()
    assert archive.waiting == 4
    archive.flush()
    assert _counts(archive)[0] == 3


def test_a_full_file_is_reported_and_what_waits_is_written_later(tmp_path: Path) -> None:
    """SQLite's own "full" is an unwritable archive; what was not written waits, and comes with room."""
    with Archive.open(archive_at(tmp_path / "a.db"), batch_size=10**9) as archive:
        run_id = archive.begin_run("xian", {})

        @event.listens_for(archive.engine, "begin")
        def cap(connection: Any) -> None:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one() if archive_is_full else 10**6
            connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

        archive_is_full = True
        for number in range(200):
            archive.store(_article(number, body_text=f"第{number}篇" + chr(0x4E00 + number) * 900), run_id)
        with pytest.raises(ArchiveUnwritable, match="can't grow"):
            archive.flush()
        assert archive.waiting == 200
        archive_is_full = False
        archive.flush()
        assert archive.waiting == 0
        assert _counts(archive) == (200, 200, 0)


@pytest.mark.parametrize("was_committed", [True, False])
def test_a_commit_without_an_answer_is_not_written_twice(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, *, was_committed: bool
) -> None:
    """After an error at the commit the archive is asked whether the batch is there before it is written."""
    run_id = archive.begin_run("xian", {})
    for number in range(3):
        archive.store(_article(number), run_id)
    archive.reject(
        Rejection(
            url="http://example.cn/", site="xian", stage="fetch", reason=outcomes.reason_of_status(404)
        ),
        run_id,
    )
    with monkeypatch.context() as patch:
        _lose_the_answer(patch, was_committed=was_committed)
        with pytest.raises(ArchiveUnwritable):
            archive.flush()
    assert _counts(archive) == ((3, 3, 1) if was_committed else (0, 0, 0))
    assert archive.waiting == 4
    archive.flush()
    assert archive.waiting == 0
    assert _counts(archive) == (3, 3, 1)
    assert archive.counts["new"] == 3


def _lose_the_answer(patch: pytest.MonkeyPatch, *, was_committed: bool) -> None:
    """Let the next transaction end in an error, after its commit or instead of it."""
    real = writing

    @contextmanager
    def cut(engine: Any) -> Iterator[Any]:
        error = ArchiveUnwritable("the connection was lost.", stage="archive")
        if was_committed:
            with real(engine) as connection:
                yield connection
            raise error
        with real(engine) as connection:
            yield connection
            raise error

    patch.setattr(write_queue, "writing", cut)


def test_a_queue_of_nothing_writes_nothing(archive: Archive) -> None:
    """An empty queue is not a transaction."""
    queue = WriteQueue(archive.engine)
    queue.write()
    assert not queue.counts


def test_a_repair_from_twins_that_fails_costs_no_visit(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Articles are stored although the repair of their group raises; the failure is counted."""

    def fails(*_: object) -> Any:
        raise RecursionError("too deep")

    monkeypatch.setattr("unioncrawl.archive.store.TwinRepair.repaired", fails)
    run_id = archive.begin_run("xian", {})
    body = "".join(f"第{number}段：市总工会领导到一线慰问职工，送去清凉饮料。" for number in range(40))
    for site in ("xian", "yinchuan"):
        archive.store(_article(1, site=site, body_text=body), run_id)
    archive.flush()
    assert _counts(archive)[0] == 2
    assert archive.counts["unrepaired"] == 1


def test_the_archive_is_asked_about_addresses_that_it_cannot_have(archive: Archive) -> None:
    """Addresses with half characters or NUL are unknown, and asking for them is not an error."""
    urls = ["http://example.cn/\ud83d", "http://example.cn/\x00"]
    assert archive.known("xian", urls) == {}
    assert archive.failed("xian", urls) == []


def test_a_poisoned_row_of_an_import_costs_itself(archive: Archive, tmp_path: Path) -> None:
    """Of an imported table the row that no column can hold is a rejection; the others are articles."""
    rows = [
        {
            "url": f"http://example.cn/{number}.html",
            "title": f"送清凉之{number}",
            "text": f"第{number}篇，慰问职工。",
        }
        for number in range(6)
    ]
    rows[2]["url"] = f"http://example.cn/{'a' * 3_000}.html"
    path = tmp_path / "old.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="ascii")
    mapping = ColumnMapping(site="xian", fields={"title": "title", "body_text": "text", "url": "url"})
    destination = Destination(archive, archive.begin_run("import", {}))
    import_table(path, TableImport(mapping), destination, ImportReport())
    archive.flush()
    assert _counts(archive) == (5, 5, 1)


@pytest.mark.parametrize(("items", "kilobytes"), [(1, 16_384), (300, 19_200), (1_100, 65_536)])
def test_a_large_batch_has_room_for_the_pages_that_it_touches(
    tmp_path: Path, items: int, kilobytes: int
) -> None:
    """SQLite keeps 64 kB an item of a batch in memory, no less than a crawl's batch has, up to 64 MB."""
    with Archive.open(archive_at(tmp_path / "a.db"), batch_size=10**9, batch_age_seconds=10**9) as archive:
        run = archive.begin_run("x", {})
        for number in range(items):
            url = f"http://example.cn/{number}.html"
            archive.reject(Rejection(url=url, site="xian", stage="fetch", reason=outcomes.SOFT_404), run)
        archive.flush()
        with archive.engine.connect() as connection:
            assert connection.execute(text("PRAGMA cache_size")).scalar_one() == -kilobytes
