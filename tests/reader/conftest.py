"""A reader over invented news, asked over loopback as a browser asks it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.databases import archive_at
from tests.reader.invented_news import News, build_news
from unioncrawl.reader.beside import served
from unioncrawl.reader.settings import ReaderSettings


@pytest.fixture(scope="session")
def news(tmp_path_factory: pytest.TempPathFactory) -> News:
    """The archive that the reader's tests share; none of them writes to it."""
    folder = tmp_path_factory.mktemp("reader")
    return build_news(archive_at(folder / "archive.db"), folder / "captures")


@pytest.fixture(scope="session")
def reader_url(news: News) -> Iterator[str]:
    """The address of a reader over the news."""
    with served(ReaderSettings(archive=news.address, captures=Path(news.captures))) as address:
        yield address


@pytest.fixture(scope="session")
def browser(reader_url: str) -> Iterator[httpx.Client]:
    """What asks the reader; it follows no redirect."""
    with httpx.Client(base_url=reader_url, timeout=60) as client:
        yield client
