from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from tests.reader.conftest import served
from unioncrawl.archive.care.takedown import take_down
from unioncrawl.archive.store import Archive
from unioncrawl.model import Article
from unioncrawl.reader.settings import ReaderSettings
from unioncrawl.sites.profile import SiteProfile

TIME = datetime(2024, 4, 8, 1, 30, tzinfo=UTC)


def test_a_reader_shows_what_is_written_meanwhile(tmp_path: Path) -> None:
    """New articles, more hits and takedowns are seen at once: no total outlives its state of the archive."""
    address = str(tmp_path / "archive.db")
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
    address = str(tmp_path / "archive.db")
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
