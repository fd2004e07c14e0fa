"""What an open archive holds in memory does not grow with what was stored."""

from __future__ import annotations

import _sqlite3
import ctypes
import gc
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from tests.databases import archive_at, in_files
from unioncrawl.archive.store import Archive
from unioncrawl.model import Article

_EARLY, _LATE, _BATCH = 300, 900, 50
# Of 600 articles; it was 23 kB and 3 kB. With the statements of each batch kept, and SQLite's pages, it was
# 350 kB and some MB.
_MOST_BYTES = 150_000


def _articles() -> Iterator[Article]:
    chance, number = Random(3), 0  # noqa: S311 - invented texts
    characters = [chr(code) for code in range(0x4E00, 0x5600)]
    while True:
        number += 1
        url = f"http://www.linxi.example.cn/{number}.html"
        yield Article(
            url=url,
            canonical_url=url,
            site=f"site{number % 7}",
            title="".join(chance.choices(characters, k=12)),
            body_text="".join(chance.choices(characters, k=200)),
            fetched_at=datetime(2026, 11, 1, tzinfo=UTC),
        )


def _bytes_of_sqlite() -> int:
    if not in_files():
        return 0
    try:
        used = ctypes.CDLL(_sqlite3.__file__).sqlite3_memory_used
    except AttributeError:
        pytest.skip("this build of SQLite does not say how much memory it takes")
    used.restype = ctypes.c_int64
    return int(used())


def test_an_open_archive_takes_no_more_memory_after_hundreds_of_articles_more(tmp_path: Path) -> None:
    """Neither Python's objects nor SQLite's pages stay in memory from batch to batch."""
    held: list[tuple[int, int]] = []
    tracemalloc.start()
    try:
        with Archive.open(archive_at(tmp_path / "archive.db"), batch_size=_BATCH) as archive:
            run = archive.begin_run("linxi", {})
            for number, article in enumerate(_articles(), 1):
                archive.store(article, run)
                if number in {_EARLY, _LATE}:
                    gc.collect()
                    held.append((tracemalloc.get_traced_memory()[0], _bytes_of_sqlite()))
                if number == _LATE:
                    break
    finally:
        tracemalloc.stop()
    (python_early, sqlite_early), (python_late, sqlite_late) = held
    assert python_late - python_early < _MOST_BYTES
    assert sqlite_late - sqlite_early < _MOST_BYTES
