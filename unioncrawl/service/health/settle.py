"""What a person decides of an alert: nobody is to hear of it for some days, or it is the new normal."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from unioncrawl.archive.schema import site
from unioncrawl.errors import AlertNotFound, SiteUnknown
from unioncrawl.service.health.alert_rows import Alert, past_alerts, save_alert


def mute(connection: Connection, key: str, kind: str, until: datetime) -> Alert:
    """Let an open alert be told to nobody until a time; return it. Raises `AlertNotFound`, `SiteUnknown`."""
    muted = replace(_open_alert(connection, key, kind), muted_until=until)
    save_alert(connection, muted)
    return muted


def settle(connection: Connection, key: str, kind: str, now: datetime) -> Alert:
    """End an open alert: the present state is the new normal, and later runs are compared with it.

    Raises `AlertNotFound`, `SiteUnknown`.
    """
    settled = replace(_open_alert(connection, key, kind), settled_at=now)
    save_alert(connection, settled)
    return settled


def days_from(now: datetime, days: float) -> datetime:
    """Return the time in so many days."""
    return now + timedelta(days=days)


def _open_alert(connection: Connection, key: str, kind: str) -> Alert:
    if key and connection.execute(select(site.c.id).where(site.c.key == key)).first() is None:
        raise SiteUnknown(f"the archive has no site '{key}'.", next_step="See: unioncrawl health --all")
    alerts = [one for one in past_alerts(connection, key) if one.is_open]
    found = next((one for one in alerts if one.kind == kind), None)
    if found is None:
        there = ", ".join(one.kind for one in alerts) or "none"
        raise AlertNotFound(
            f"{key or 'the archive'} has no open alert '{kind}' (open: {there}).",
            next_step="See: unioncrawl health",
            stage="archive",
        )
    return found
