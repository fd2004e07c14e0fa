"""What is asked for again in every run of a quiet site is one thing, however often it is asked."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from sqlalchemy import func, insert, select

from tests.service.health.invented_runs import BEGIN, WELL, InventedRuns
from unioncrawl.archive.database import writing
from unioncrawl.archive.schema import rejection, run
from unioncrawl.archive.sql import next_id
from unioncrawl.model import Article
from unioncrawl.service.health.alerts import judge_run

REVISED = {**WELL, "unioncrawl/archive/observation": 1, "unioncrawl/archive/revised": 1}
BUSY = {**WELL, "unioncrawl/archive/observation": 10, "unioncrawl/archive/new": 2}


def _refused(runs: InventedRuns, pages: Sequence[int], reason: str) -> list[str]:
    """Run a site that refuses a page in each of as many runs; return the kinds of alert that open."""
    kinds = []
    for page in pages:
        runs.crawl("linxi", {**WELL, f"unioncrawl/rejected/extract/{reason}": 1}, judged=False)
        with writing(runs.archive.engine) as connection:
            number = next_id(connection, rejection)
            run_id = connection.execute(select(func.max(run.c.id))).scalar_one()
            connection.execute(
                insert(rejection).values(
                    id=number, site_id=1, run_id=run_id, url=f"http://linxi.example/{page}.html",
                    stage="extract", reason=reason, detail="", status=404, at=runs.now,
                )
            )  # fmt: skip
            kinds += [event.kind for event in judge_run(connection, run_id, runs.now)]
    return kinds


@pytest.mark.parametrize("reason", ["404", "future-date"])
def test_one_page_that_is_asked_for_in_each_run_is_one_page(runs: InventedRuns, reason: str) -> None:
    """An article that its site deleted opens no alert on a quiet site; as many articles do."""
    runs.crawl("linxi", BUSY, times=20)
    assert _refused(runs, [7] * 11, reason) == []
    assert _refused(runs, range(100, 111), reason) == ["pages-lost"]


@pytest.mark.parametrize(("numbers", "kinds"), [([7] * 11, []), (range(100, 111), ["all-revised"])])
def test_one_article_that_is_another_each_time_is_one_article(
    runs: InventedRuns, numbers: Sequence[int], kinds: list[str]
) -> None:
    """A page that prints the weather is no template that changed; eleven articles with a new text are one."""
    runs.crawl("linxi", BUSY, times=20)
    told: list[str] = []
    for place, number in enumerate(numbers):
        run_id = runs.archive.begin_run("linxi", {})
        for text in (-1, place):
            runs.archive.store(_article(number, text), run_id)
        runs.archive.finish_run(run_id, REVISED, "finished")
        with writing(runs.archive.engine) as connection:
            told += [event.kind for event in judge_run(connection, run_id, runs.now)]
    assert told == kinds


def _article(number: int, text: int) -> Article:
    return Article(
        url=f"http://linxi.example/{number}.html",
        site="linxi",
        title=f"临溪市总工会第{number}次会议",
        body_text=f"临溪市总工会召开会议。今日气温{text}度。",
        fetched_at=BEGIN,
    )
