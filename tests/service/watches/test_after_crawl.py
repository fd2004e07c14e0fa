"""What follows a crawl: its sites are judged, and one that can't be judged keeps no other from it."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Connection

from tests.databases import archive_at
from tests.service.health.invented_runs import TIMEOUT, WELL, InventedRuns
from unioncrawl.archive.store import Archive
from unioncrawl.service.health.alerts import AlertEvent, judge_run
from unioncrawl.service.watches import after_crawl
from unioncrawl.service.watches.after_crawl import judge_ended_runs


@pytest.fixture
def archive(tmp_path: Path) -> str:
    """An archive in which the second bad runs of linxi (5) and donghe (6) have not been judged."""
    address = archive_at(tmp_path / "archive.db")
    with Archive.open(address) as opened:
        runs = InventedRuns(opened)
        for key in ("linxi", "donghe"):
            runs.crawl(key, WELL)
            runs.crawl(key, TIMEOUT)
        for key in ("linxi", "donghe"):
            runs.crawl(key, TIMEOUT, judged=False)
    return address


def test_ended_runs_are_judged_and_said_in_both_languages(archive: str) -> None:
    """The second bad run of each site opens its alert, which has a line; the record of a site names it."""
    judged = judge_ended_runs(archive, {"linxi": 5, "donghe": 6})
    assert judged.of("linxi") == {"health": ["alert-opened: unreachable"], "health_unjudged": False}
    assert [line.split("。")[0] for line in judged.lines("zh")] == [
        "linxi: 网站没有应答（等待应答超时）",
        "donghe: 网站没有应答（等待应答超时）",
    ]
    assert next(judged.lines("en")).startswith("linxi: The site does not answer")


def test_a_rule_that_fails_costs_no_crawl_and_is_named(
    archive: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The site at which judging raises is named and logged; the other is judged."""

    def judge(connection: Connection, number: int, *rest: object) -> list[AlertEvent]:
        if number == 5:
            raise ZeroDivisionError("临溪")
        return judge_run(connection, number, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(after_crawl, "judge_run", judge)
    judged = judge_ended_runs(archive, {"linxi": 5, "donghe": 6})
    assert judged.failed == ["linxi"]
    assert judged.of("linxi")["health_unjudged"]
    assert [line.partition(":")[0] for line in judged.lines("en")] == ["donghe", "linxi"]
    assert "ZeroDivisionError: 临溪" in caplog.text


def test_an_archive_that_is_gone_is_a_line_for_each_site(tmp_path: Path) -> None:
    """Nothing is raised for an archive that can't be opened."""
    judged = judge_ended_runs(str(tmp_path / "no" / "folder\0"), {"linxi": 5, "donghe": 6})
    assert judged.failed == ["donghe", "linxi"]
