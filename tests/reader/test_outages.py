"""A reader whose database server goes away says so, and answers again when the server is back."""

from __future__ import annotations

from pathlib import Path

import httpx

from tests.archive.conftest import postgres_server, postgres_url
from tests.archive.server.cut_off import way_to
from tests.archive.small_archive import fill
from unioncrawl.archive.store import Archive
from unioncrawl.reader.beside import served
from unioncrawl.reader.settings import ReaderSettings

__all__ = ["postgres_server", "postgres_url"]
_PAGES = ("/", "/?q=防暑", "/articles/3", "/sites", "/feed.json?q=防暑", "/api/v1/articles/3")


def test_pages_answer_503_until_the_server_is_back(postgres_url: str, tmp_path: Path) -> None:
    """No page is a traceback or takes the lost connection for damage; nothing has to be started again."""
    with Archive.open(postgres_url) as archive:
        fill(archive, tmp_path / "captures")
    with way_to(postgres_url) as way:
        settings = ReaderSettings(archive=way.url, captures=tmp_path / "captures")
        with served(settings) as address, httpx.Client(base_url=address, timeout=60) as client:
            before = {page: client.get(page).status_code for page in _PAGES}
            assert set(before.values()) == {200}, before
            way.is_shut = True
            way.cut_all()
            away = {page: client.get(page).status_code for page in _PAGES}
            assert set(away.values()) == {503}, away
            way.is_shut = False
            again = {page: client.get(page).status_code for page in _PAGES}
            assert again == before
            # In the middle of an answer.
            for page in _PAGES:
                way.cut_at("article", "before")
                assert client.get(page).status_code == 503, page
