"""How large a page gets where an article has very much of something."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from tests.databases import archive_at
from tests.reader.invented_news import COOLING
from unioncrawl.archive.store import Archive
from unioncrawl.model import Article, CaptureRef
from unioncrawl.reader.beside import served
from unioncrawl.reader.settings import ReaderSettings

TIME = datetime(2024, 4, 8, 1, 30, tzinfo=UTC)
MOST_BYTES = 60_000
_SITES, _VISITS = 150, 200


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """An archive of a story on very many sites, and of an article that changed at each of many visits."""
    path = archive_at(tmp_path_factory.mktemp("sizes") / "archive.db")
    with Archive.open(path) as archive:
        run = archive.begin_run("quanguo", {})
        for number in range(_SITES):
            archive.store(_copy(number), run)
        for number in range(_VISITS):
            archive.store(_visit(number), run)
    return path


def _copy(number: int) -> Article:
    time = TIME + timedelta(hours=number)
    return Article(
        url=f"http://www.site{number}.example/yw/2024/0408/{number}.html", site=f"county-union-{number}",
        title="临溪市总工会为全市环卫职工送清凉慰问活动今日正式启动", source="临溪工人日报", author="李方",
        body_text="\n".join(COOLING), published_at=time, fetched_at=TIME + timedelta(days=20),
    )  # fmt: skip


def _visit(number: int) -> Article:
    time, url = TIME + timedelta(hours=number), "http://gh.linxi.example/1.html"
    capture = CaptureRef(
        file="linxi-20240408T013000Z-00000.warc.gz", offset=number, length=1, digest=f"{number:064x}",
        url=url, status=200, content_type="text/html; charset=utf-8", encoding="utf-8", fetched_at=time,
    )  # fmt: skip
    return Article(
        url=url, site="linxi", title=f"防暑降温工作进展（第{number}次更新）",
        body_text=f"已慰问职工{number}人。",
        published_at=TIME, fetched_at=time, hits=number * 7, hits_raw=str(number * 7), captures=(capture,),
    )  # fmt: skip


def test_no_page_grows_with_what_happened_to_an_article(address: str) -> None:
    """Mirrors, captures, revisions and hits beyond what a page holds are left to files and to the API."""
    pages = (
        "/",
        "/articles/1",
        "/articles/1/lineage",
        f"/articles/{_SITES + 1}",
        "/sites",
        "/reprints",
        "/hits",
    )
    with served(ReaderSettings(archive=address)) as url, httpx.Client(base_url=url, timeout=60) as client:
        for path in pages:
            for looks in ({}, {"lang": "en", "type": "large"}):
                answer = client.get(path, params=looks)
                assert answer.status_code == 200, path
                assert len(answer.content) <= MOST_BYTES, path
        assert client.get("/articles/1/lineage.csv").text.count("\n") > _SITES
