from __future__ import annotations

import asyncio
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse, Request
from scrapy.settings import Settings
from scrapy.statscollectors import StatsCollector
from sqlalchemy import Engine, event, select, update
from warcio.archiveiterator import ArchiveIterator

from spiders.components.capture_middleware import CaptureMiddleware
from spiders.loader import site_spider
from tests.archive.small_archive import BODY, TIME, Kept
from tests.databases import archive_at
from unioncrawl import outcomes
from unioncrawl import settings as defaults
from unioncrawl.archive.captures.warc_writer import CaptureWriter
from unioncrawl.archive.care.takedown import blank_captures, blank_record, take_down
from unioncrawl.archive.crawl_state.crawl_memory import recall
from unioncrawl.archive.exports.export import ExportRequest, export_rows
from unioncrawl.archive.read.json_records import full_record
from unioncrawl.archive.schema import article, capture, revision
from unioncrawl.archive.search.index.fulltext_index import remove_entries
from unioncrawl.archive.search.index.index_rows import indexed_entries
from unioncrawl.archive.store import Archive
from unioncrawl.archive.verify.check_archive import verify
from unioncrawl.model import Article, RawPage, Rejection
from unioncrawl.sites.profile import SiteProfile


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


def test_a_text_that_was_withdrawn_is_gone_from_the_file(tmp_path: Path) -> None:
    """Not a character lies on in the file or its journal, whatever SQLite does unasked."""
    file, secret = tmp_path / "archive.db", "独门秘语"

    def keep_what_is_deleted(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA secure_delete=OFF")

    event.listen(Engine, "connect", keep_what_is_deleted)
    try:
        with Archive.open(str(file)) as archive:
            run_id = archive.begin_run("x", {})
            for number, word in enumerate((secret, "高温慰问"), 1):
                body = f"市总工会{word}送清凉。" * 5_000
                archive.store(Article(url=f"http://x/{number}", site="x", title="题", body_text=body), run_id)
            archive.finish_run(run_id, {}, "finished")
            assert secret.encode() in _held(tmp_path)
            take_down(archive.engine, tmp_path / "captures", "1", "当事人要求")
            assert secret.encode() not in _held(tmp_path)
            assert "高温慰问".encode() in _held(tmp_path)
    finally:
        event.remove(Engine, "connect", keep_what_is_deleted)


def test_words_that_were_withdrawn_are_gone_from_the_index(tmp_path: Path) -> None:
    """No pair of its characters lies on in the file, nor after a takedown that was killed half-way."""
    # A term is written without what it has in common with the one before: here the first byte.
    words = ["靐齉".encode()[1:], "麤龘".encode()[1:]]
    with Archive.open(archive_at(tmp_path / "archive.db")) as archive:
        run_id = archive.begin_run("x", {})
        for number, name in enumerate(("靐齉厂", "麤龘厂"), 1):
            archive.store(Article(url=f"http://x/{number}", site="x", title="题", body_text=name), run_id)
        archive.finish_run(run_id, {}, "finished")
        assert all(word in _held(tmp_path) for word in words)
        take_down(archive.engine, tmp_path / "captures", "1", "当事人要求")
        assert [word in _held(tmp_path) for word in words] == [False, True]
        with archive.engine.begin() as connection:
            entries = indexed_entries(connection, [2])
            remove_entries(connection, entries)
            connection.execute(update(article).where(article.c.id == 2).values(withdrawn_at=TIME))
            connection.execute(update(revision).where(revision.c.id == 2).values(body_text=""))
        take_down(archive.engine, tmp_path / "captures", "2", "当事人要求")
        assert [word in _held(tmp_path) for word in words] == [False, False]


def _held(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())


def test_what_was_withdrawn_is_not_withdrawn_again(kept: Kept) -> None:
    """A second takedown leaves the first one's day and reason, and adds no revision."""
    for reason in ("当事人要求", "再次要求"):
        done = take_down(kept.archive.engine, kept.captures, "2", reason)
    assert (done.revisions, done.captures) == (0, 0)
    with kept.archive.engine.connect() as connection:
        assert [row["kind"] for row in full_record(connection, "2")["revisions"]] == ["first", "withdrawn"]
    assert kept.findings() == []


def test_a_takedown_that_was_killed_is_ended_by_the_next(kept: Kept) -> None:
    """Records side by side that were overwritten keep their places; `verify` asks for the takedown."""
    with kept.archive.engine.connect() as connection:
        overwritten = select(capture.c.file, capture.c.offset).where(capture.c.article_id.in_([2, 3]))
        for file, offset in connection.execute(overwritten.order_by(capture.c.offset.desc())):
            blank_record(kept.captures / file, offset)
    found = list(verify(kept.archive.engine, kept.captures))
    assert len(found) == 2
    assert {one.next_step for one in found} == {"Run unioncrawl takedown again with its article."}
    for number in ("2", "3"):
        assert take_down(kept.archive.engine, kept.captures, number, "撤稿").captures == 1
    assert kept.findings() == []


def test_a_rejected_page_at_the_address_goes_too(kept: Kept) -> None:
    """A capture of a visit that made no article of the page may have its text: it is overwritten."""
    words = "被拒绝的页面也写有全文"
    run_id = kept.archive.begin_run("c", {})
    with CaptureWriter(kept.captures, "c") as writer:
        for url in ("http://x/3", "http://x/other"):
            reference = writer.write(RawPage(url=url, body=f"<p>{words}</p>{url}".encode(), fetched_at=TIME))
            rejected = Rejection(
                url=url, site="x", stage="validate", reason=outcomes.NO_TITLE, captures=(reference,)
            )
            kept.archive.reject(rejected, run_id)
    kept.archive.finish_run(run_id, {}, "finished")
    assert take_down(kept.archive.engine, kept.captures, "3", "当事人要求").captures == 2
    held = b"".join(_payloads(kept.captures / "c-00000.warc.gz")).decode()
    assert held.count(words) == 1
    assert f"{words}</p>http://x/other" in held
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


def test_a_crawl_keeps_no_answer_of_a_withdrawn_address(kept: Kept) -> None:
    """Whatever it would become, under whatever of its addresses it comes; other pages are kept."""
    profile = SiteProfile.model_validate(
        {
            "id": "x",
            "name": "x",
            "level": "city",
            "family": "generic",
            "scheme": "http",
            "hosts": ["x", "www.x"],
        }
        | {"columns": []}
    )
    crawler = Crawler(site_spider(profile), _settings(kept))
    crawler.stats = StatsCollector(crawler)
    crawler.spider = site_spider(profile)()
    crawler.spider.crawler = crawler
    crawler.spider.remember(recall(kept.archive, profile, "x", 1, kept.captures))
    captures = CaptureMiddleware.from_crawler(crawler)
    take_down(kept.archive.engine, kept.captures, "http://x/1", "当事人要求")
    for url, *led in (("https://www.x/1?utm_source=weixin",), ("http://x/77", "http://x/1"), ("http://x/2",)):
        request = Request(url, meta={"redirect_urls": led})
        body = f"<p>被拒绝的页面也写有全文</p>{url}".encode()
        response = HtmlResponse(url, body=body, encoding="utf-8", request=request)
        # In a thread of its own: a browser that another test has open keeps a loop going in this one.
        with ThreadPoolExecutor() as threads:
            threads.submit(asyncio.run, captures.process_response(request, response)).result()
    captures._close()
    (written,) = kept.captures.glob("x-*")
    held = b"".join(_payloads(written)).decode()
    assert held.count("全文") == 1
    assert "</p>http://x/2" in held


def _settings(kept: Kept) -> Settings:
    settings = Settings()
    settings.setmodule(defaults, priority="project")
    settings.set("UNIONCRAWL_CAPTURES", str(kept.captures), priority="cmdline")
    return settings


def _payloads(path: Path) -> list[bytes]:
    with path.open("rb") as file:
        return [record.content_stream().read() for record in ArchiveIterator(file)]
