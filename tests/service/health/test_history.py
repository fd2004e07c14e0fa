from __future__ import annotations

from pathlib import Path

from tests.databases import archive_at
from tests.service.health.invented_runs import WELL, InventedRuns
from unioncrawl.archive.store import Archive
from unioncrawl.service.health.history import find_run, readings_up_to


def test_a_run_reads_the_same_alone_and_within_its_history(tmp_path: Path) -> None:
    """The history is read by another reader of JSON than one run, and has the same figures."""
    stats = {
        **WELL,
        "unioncrawl/rejected/fetch/404": 3,
        "unioncrawl/rejected/read/404": 1,
        "unioncrawl/rejected/read/没有正文": 2**63,
        "unioncrawl/health/lists": {"http://gh.linxi.example/要闻/": {"entries": 20, "next": True}},
        "unioncrawl/health/articles": {"new": 4, "来源": 1, "hits": {"counter": 4}, "letters": [7, 1e3]},
        "unioncrawl/health/certificate_ends": "2027-01-01T00:00:00+00:00",
        "share": 0.1,
        "nothing": None,
        "text": '"\\\n\u2028工会',
    }
    with Archive.open(archive_at(tmp_path / "archive.db")) as archive:
        runs = InventedRuns(archive)
        runs.crawl("linxi", stats, judged=False)
        runs.crawl("linxi", {}, judged=False)
        with archive.engine.connect() as connection:
            alone = [find_run(connection, number) for number in (1, 2)]
            assert readings_up_to(connection, "linxi", 2) == [one.reading for one in alone if one]
    first = alone[0]
    assert first is not None
    assert first.reading.refused == {"404": 4, "没有正文": 2**63}
