"""What health reports is queued in its own words, in both languages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from unioncrawl.archive.database import reading, writing
from unioncrawl.archive.schema import site
from unioncrawl.archive.store import Archive
from unioncrawl.model import Article
from unioncrawl.service.health.alerts import AlertEvent, Change
from unioncrawl.service.health.words import say_fault, say_next_step
from unioncrawl.service.watches.alert_events import queue_alerts
from unioncrawl.service.watches.look import look_and_queue
from unioncrawl.service.watches.notices import list_notices
from unioncrawl.service.watches.saved_watches import Watch, WatchKind, add_watch

NOW = datetime(2026, 11, 30, 4, tzinfo=UTC)


@pytest.mark.parametrize("stored_in", ["sqlite"])
def test_alerts_are_queued_with_the_sites_name_and_the_next_step(any_archive: str) -> None:
    """A recovery needs no step; the same alert again is not queued again."""
    with Archive.open(any_archive) as archive:
        run_id = archive.begin_run("linxi", {})
        archive.store(Article(url="http://x.cn/1", site="linxi", title="题", fetched_at=NOW), run_id)
        archive.flush()
        alerts = [
            AlertEvent(
                event_id=change.value, change=change, kind="no-articles", site=key, at=NOW, alert_id=1,
                said=say_fault("no-articles", {}), next_step=say_next_step("no-articles", key),
            )
            for change, key in ((Change.OPENED, "linxi"), (Change.RECOVERED, "linxi"), (Change.REPEATED, ""))
        ]  # fmt: skip
        with writing(archive.engine) as connection:
            connection.execute(update(site).values(name="临溪市总工会"))
            add_watch(
                connection, Watch(name="健康", kind=WatchKind.HEALTH, channels=("mail",), created_at=NOW)
            )
            assert [queue_alerts(connection, alerts, NOW) for _ in range(2)] == [3, 0]
        with reading(archive.engine) as connection:
            repeated, recovered, opened = (one.event for one in list_notices(connection, 9))
    assert opened.title == ("临溪市总工会：异常（no-articles）", "临溪市总工会: fault (no-articles)")
    assert "propose-update linxi" in opened.lines[1].zh
    assert len(recovered.lines) == 1
    assert repeated.title.zh.startswith("全部站点：仍未恢复")
    assert opened.event_id == "alert-opened"


@pytest.mark.parametrize("stored_in", ["sqlite"])
def test_a_watch_may_hear_that_no_run_has_ended(any_archive: str) -> None:
    """Once when the hours are over, and each week; another watch of health does not ask."""
    with Archive.open(any_archive) as archive:
        run_id = archive.begin_run("linxi", {})
        archive.finish_run(run_id, {}, "finished")
        now = datetime.now(UTC)
        with writing(archive.engine) as connection:
            for name, hours in (("silent", 24), ("other", 0)):
                made = Watch(
                    name=name,
                    kind=WatchKind.HEALTH,
                    arguments={"hours": hours},
                    channels=(name,),
                    created_at=now,
                )
                add_watch(connection, made)
        queued = []
        for hours in (23, 25, 30, 24 * 8, 24 * 9):
            found = look_and_queue(archive.engine, now + timedelta(hours=hours))
            queued.append([one.queued for one in found])
        assert queued == [[0, 0], [1, 0], [0, 0], [1, 0], [0, 0]]
