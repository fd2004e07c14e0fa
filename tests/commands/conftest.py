"""Two small archives that the commands are tried on."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.databases import archive_at, copy_archive
from unioncrawl import outcomes
from unioncrawl.archive.store import Archive
from unioncrawl.model import Article, FieldStep, HitsStatus, Rejection, Step

TIME = datetime(2024, 4, 8, 1, 32, 34, tzinfo=UTC)
BODY = "市总工会领导到一线慰问环卫职工，送去清凉饮料和防暑药品，叮嘱大家注意安全，合理安排作息时间。"


@pytest.fixture
def address(two_articles: str, tmp_path: Path) -> str:
    """An archive of two articles, one seen twice and edited."""
    return copy_archive(two_articles, tmp_path / "archive.db")


@pytest.fixture
def reprinted(three_visits: str, tmp_path: Path) -> str:
    """A story, its reprint a day later, and an edit of the story with more hits."""
    (tmp_path / "data").mkdir(exist_ok=True)
    return copy_archive(three_visits, tmp_path / "data" / "archive.db")


@pytest.fixture(scope="session")
def two_articles(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The archive that `address` is a copy of."""
    path = archive_at(tmp_path_factory.mktemp("two") / "archive.db")
    step = FieldStep("title", Step("pinyin-note", 2, 8, "(gōng)", "", 0.9))
    first = Article(
        url="http://example.cn/1.html", site="xian", title="总工会送清凉",
        body_text="市总工会慰问一线环卫职工两千人。",
        published_at=TIME, fetched_at=TIME, hits=3, hits_status=HitsStatus.PAGE, steps=(step,),
    )  # fmt: skip
    with Archive.open(path) as archive:
        number = archive.begin_run("xian", {})
        archive.store(first, number)
        archive.store(
            Article(url="http://example.cn/2.html", site="other", title="别的", fetched_at=TIME), number
        )
        archive.reject(
            Rejection(url="http://example.cn/3", site="xian", stage="validate", reason=outcomes.NO_TITLE),
            number,
        )
        archive.finish_run(number, {}, "finished")
    return path


@pytest.fixture(scope="session")
def three_visits(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The archive that `reprinted` is a copy of."""
    path = archive_at(tmp_path_factory.mktemp("three") / "archive.db")
    with Archive.open(path) as archive:
        number = archive.begin_run("x", {})
        for site, title, day, hits in (
            ("a", "送清凉", 0, 10),
            ("b", "送清凉", 1, 5),
            ("a", "送清凉(更新)", 2, 30),
        ):
            archive.store(
                Article(
                    url=f"http://{site}/1",
                    site=site,
                    title=title,
                    body_text=BODY,
                    published_at=TIME + timedelta(days=day if site == "b" else 0),
                    fetched_at=TIME + timedelta(days=day),
                    hits=hits,
                    hits_status=HitsStatus.PAGE,
                ),
                number,
            )
        archive.finish_run(number, {}, "finished")
    return path


@pytest.fixture
def roundup(tmp_path: Path) -> str:
    """Two stories, and a roundup of both under their titles."""
    chance = random.Random(3)  # noqa: S311 - invented text
    signs = [chr(code) for code in range(0x4E00, 0x5200)]
    stories = [
        ("".join(chance.choices(signs, k=9)), "".join(chance.choices(signs, k=100)) + "。") for _ in "ab"
    ]
    body = "\n".join(line for story in stories for line in story)
    path = archive_at(tmp_path / "data" / "archive.db")
    with Archive.open(path) as archive:
        number = archive.begin_run("x", {})
        for place, (title, text) in enumerate([*stories, ("要闻速览", body)]):
            url = f"http://a.example.cn/{place}"
            archive.store(Article(url=url, site="a", title=title, body_text=text, fetched_at=TIME), number)
        archive.finish_run(number, {}, "finished")
    return path
