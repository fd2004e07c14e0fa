from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from tests.databases import archive_at, in_files
from unioncrawl.archive.care.backup import back_up
from unioncrawl.archive.care.takedown import take_down
from unioncrawl.archive.care.vacuum import vacuum
from unioncrawl.archive.database import writing
from unioncrawl.archive.opening import read_only
from unioncrawl.archive.store import Archive
from unioncrawl.model import Article
from unioncrawl.reader.beside import served
from unioncrawl.reader.settings import ReaderSettings
from unioncrawl.sites.profile import SiteProfile

TIME = datetime(2024, 4, 8, 1, 30, tzinfo=UTC)


def test_a_reader_shows_what_is_written_meanwhile(tmp_path: Path) -> None:
    """New articles, more hits and takedowns are seen at once: no total outlives its state of the archive."""
    address = archive_at(tmp_path / "archive.db")
    with Archive.open(address) as archive:
        run = archive.begin_run("linxi", {})
        with served(ReaderSettings(archive=address)) as url, httpx.Client(base_url=url, timeout=60) as client:
            assert "unioncrawl crawl" in client.get("/").text
            for number in range(1, 4):
                time = TIME + timedelta(days=number)
                article = Article(
                    url=f"http://gh.linxi.example/{number}", site="linxi", title=f"第{number}篇",
                    body_text="市总工会慰问职工。", published_at=time, fetched_at=time, hits=5,
                )  # fmt: skip
                archive.store(article, run)
                archive.flush()
                assert f"共 {number} 篇" in client.get("/", params={"q": "慰问职工"}).text
            assert "共 3 篇" in client.get("/", params={"q": "hits:5"}).text
            seen = time + timedelta(days=1)
            visited = Article(
                url=article.url, site="linxi", title="第3篇", body_text="市总工会慰问职工。",
                published_at=time, fetched_at=seen, hits=9,
            )  # fmt: skip
            archive.store(visited, run)
            archive.flush()
            assert "共 2 篇" in client.get("/", params={"q": "hits:5"}).text
            take_down(archive.engine, tmp_path / "captures", "1", "当事人要求")
            page = client.get("/", params={"q": "慰问职工"}).text
            assert "共 2 篇" in page
            assert "第1篇" not in page


def test_a_site_that_changes_its_level_changes_the_totals(tmp_path: Path) -> None:
    """What a site file says now decides what is counted, though no article was written since."""
    address = archive_at(tmp_path / "archive.db")
    with Archive.open(address) as archive:
        run = archive.begin_run("linxi", {})
        for key in ("linxi", "donghe"):
            archive.ensure_site(_site(key, "county"))
            archive.store(
                Article(url=f"http://{key}.example/1", site=key, title=key, body_text="慰问。"), run
            )
        archive.flush()
        with served(ReaderSettings(archive=address)) as url, httpx.Client(base_url=url, timeout=60) as client:
            assert "共 2 篇" in client.get("/", params={"q": "level:county"}).text
            archive.ensure_site(_site("linxi", "city"))
            assert "共 1 篇" in client.get("/", params={"q": "level:county"}).text


def _site(key: str, level: str) -> SiteProfile:
    fields = {"id": key, "name": key, "level": level, "family": "generic", "scheme": "http"}
    return SiteProfile.model_validate({**fields, "hosts": [f"{key}.example"], "columns": []})


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader that fails at once where it would have to wait for a lock."""
    monkeypatch.setattr(read_only, "BUSY_TIMEOUT_SECONDS", 0)


@pytest.mark.usefixtures("impatient")
def test_no_page_waits_for_whoever_writes(tmp_path: Path) -> None:
    """While a transaction is open, a backup, a takedown, a vacuum or a checkpoint run, every page comes."""
    address, captures = archive_at(tmp_path / "archive.db"), tmp_path / "captures"
    with Archive.open(address) as archive:
        run = archive.begin_run("linxi", {})
        for number in range(40):
            archive.store(_long_article(number), run)
        archive.flush()
        works: list[Callable[[], object]] = [
            lambda: _write_one(archive, run),
            lambda: back_up(archive.engine, captures, tmp_path / "backup"),
            lambda: take_down(archive.engine, captures, "3", "当事人要求"),
            lambda: vacuum(archive.engine),
            lambda: _checkpoint(archive),
        ]
        with served(ReaderSettings(archive=address)) as url, httpx.Client(base_url=url, timeout=60) as client:
            _ask_every_page(client)
            with suppress(_TakenBackError), writing(archive.engine) as connection:
                # More than the pages that SQLite keeps in memory: they are in the file's journal by now.
                if in_files():
                    connection.exec_driver_sql("PRAGMA cache_size=4")
                connection.exec_driver_sql("UPDATE revision SET source = source || '工人日报'")
                _ask_every_page(client)
                raise _TakenBackError
            for work in works:
                doing = threading.Thread(target=work)
                doing.start()
                while doing.is_alive():
                    _ask_every_page(client)
                doing.join()
            _ask_every_page(client)


class _TakenBackError(Exception):
    """Ends a transaction without its changes."""


def _ask_every_page(client: httpx.Client) -> None:
    for path in ("/?q=慰问职工", "/articles/1", "/sites", "/api/v1/articles?limit=5", "/feed.json"):
        assert client.get(path).status_code == 200, path


def _write_one(archive: Archive, run: int) -> None:
    archive.store(_long_article(41), run)
    archive.flush()


def _checkpoint(archive: Archive) -> None:
    with archive.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)" if in_files() else "CHECKPOINT")


def _long_article(number: int) -> Article:
    text = "\n".join(f"第{number}篇第{line}段，市总工会慰问职工。" for line in range(100))
    return Article(
        url=f"http://gh.linxi.example/{number}", site="linxi", title=f"第{number}篇", body_text=text,
        published_at=TIME, fetched_at=TIME,
    )  # fmt: skip
