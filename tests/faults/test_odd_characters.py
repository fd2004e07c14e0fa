"""Half characters and NUL in any text of an article cost nothing else, on either database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from unioncrawl import outcomes
from unioncrawl.archive.store import Archive
from unioncrawl.archive.verify.check_archive import verify
from unioncrawl.model import Article, Rejection

_ODD = "市总\ud83d工会\x00开会\udfff"
_TIME = datetime(2024, 4, 8, 1, 32, 34, tzinfo=UTC)
_TEXTS = [one.name for one in fields(Article) if one.type in {"str", "str | None"} and one.name != "site"]


@pytest.fixture(params=["sqlite", "postgresql"])
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Archive]:
    """An empty archive in each database in turn."""
    is_file = request.param == "sqlite"
    address = str(tmp_path / "a.db") if is_file else str(request.getfixturevalue("postgres_url"))
    with Archive.open(address) as opened:
        yield opened


def _article(number: int) -> Article:
    return Article(
        url=f"http://x/{number}",
        site="x",
        title=f"题{number}",
        body_text=f"第{number}篇：市总工会慰问一线职工。",
        fetched_at=_TIME,
    )


def test_every_text_of_an_article_may_be_odd(archive: Archive, tmp_path: Path) -> None:
    """Each odd article is stored or rejected by its column's name; all others are stored."""
    run_id = archive.begin_run("x", {})
    assert len(_TEXTS) > 10
    for number, name in enumerate(_TEXTS):
        odd_text: dict[str, Any] = {name: _ODD}
        archive.store(replace(_article(2 * number), **odd_text), run_id)
        archive.store(_article(2 * number + 1), run_id)
    archive.reject(
        Rejection(url=f"http://x/{_ODD}", site="x", stage="extract", reason=outcomes.NO_TITLE, detail=_ODD),
        run_id,
    )
    archive.flush()
    archive.finish_run(run_id, {"unioncrawl/note": _ODD}, _ODD)
    with archive.engine.connect() as connection:
        stored = set(connection.exec_driver_sql("SELECT url FROM article").scalars())
        rejected = connection.exec_driver_sql("SELECT url, reason, detail FROM rejection").all()
    assert {_article(2 * number + 1).url for number in range(len(_TEXTS))} <= stored
    assert len(stored) + len(rejected) == 2 * len(_TEXTS) + 1
    assert [one for one in rejected if one.reason == "unwritable"] == []
    assert [one.check for one in verify(archive.engine, tmp_path) if one.is_harm] == []
