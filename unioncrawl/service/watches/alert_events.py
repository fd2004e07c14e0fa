"""Events of what health reports, in the words that health gives."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from unioncrawl.archive.schema import site
from unioncrawl.service.health.alerts import AlertEvent, Change
from unioncrawl.service.watches.event import Event
from unioncrawl.service.watches.outbox import queue_event
from unioncrawl.service.words import Words, both

_CHANGES = {
    Change.OPENED: Words("异常", "fault"),
    Change.REPEATED: Words("仍未恢复", "still faulty"),
    Change.RECOVERED: Words("已恢复", "recovered"),
}
_ALL_SITES = Words("全部站点", "all sites")


def queue_alerts(connection: Connection, alerts: Sequence[AlertEvent], now: datetime) -> int:
    """Queue what health reports for the watches of health; return how many notices are new.

    ``connection``: that of the transaction in which `judge_run` wrote the alerts.
    """
    return sum(queue_event(connection, alert_event(connection, one), now) for one in alerts)


def alert_event(connection: Connection, alert: AlertEvent) -> Event:
    """Return the event of an alert, the site by its name."""
    name = connection.execute(select(site.c.name).where(site.c.key == alert.site)).scalar() or alert.site
    named = both(name) if alert.site else _ALL_SITES
    change = _CHANGES[alert.change]
    lines = [alert.said]
    if alert.change is not Change.RECOVERED:
        lines.append(alert.next_step)
    return Event(
        event_id=alert.event_id,
        kind=alert.change.value,
        site=alert.site,
        at=alert.at,
        title=Words(f"{named.zh}：{change.zh}（{alert.kind}）", f"{named.en}: {change.en} ({alert.kind})"),
        lines=tuple(line for line in lines if line.zh or line.en),
    )
