from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from sqlalchemy import select

from unioncrawl.archive.schema import article
from unioncrawl.archive.store import Archive
from unioncrawl.model import Article, HitsStatus

DAY = datetime(2024, 4, 8, 1, 0, tzinfo=UTC)
BODY = "市总工会慰问一线职工，送去清凉饮料和防暑药品，叮嘱大家注意高温下的安全。"


def _visit(day: int, hits: int | None) -> Article:
    return Article(
        url="http://x/1",
        site="x",
        title="送清凉",
        body_text=BODY,
        hits=hits,
        hits_raw="" if hits is None else str(hits),
        hits_status=HitsStatus.EMPTY if hits is None else HitsStatus.PAGE,
        fetched_at=DAY + timedelta(days=day),
    )


@pytest.mark.parametrize("batch_size", [1, 9])
def test_an_article_shows_its_latest_count_in_whatever_order_its_visits_came(
    any_archive: str, batch_size: int
) -> None:
    """Visits of the past, as an import brings them, leave the count and the days of the whole series."""
    visits = [_visit(0, 5), _visit(1, 30), _visit(2, None)]
    with Archive.open(any_archive, batch_size=batch_size) as archive:
        run_id = archive.begin_run("x", {})
        for number, order in enumerate(permutations(visits)):
            for visit in order:
                # Another text each time, or all would be the same story.
                text = BODY + "一二三四五六"[number] * 3
                archive.store(replace(visit, url=f"http://x/{number}", body_text=text), run_id)
        archive.flush()
        with archive.engine.connect() as connection:
            rows = connection.execute(select(article)).all()
    assert len(rows) == 6
    for row in rows:
        assert (row.hits, row.hits_raw, row.hits_status) == (30, "30", "page")
        assert (row.first_seen_at, row.last_seen_at) == (DAY, DAY + timedelta(days=2))
