"""The rows of alerts: opened, carried on, recovered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, insert, select, update

from unioncrawl.archive.schema import site
from unioncrawl.archive.service_tables import alert
from unioncrawl.archive.sql import next_id

# The kind of the alert that belongs to no site: so many sites fail together that the fault is ours.
NETWORK = "network"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A fault of a site, or with an empty ``site`` of the archive; ``facts`` are the figures of its words.

    ``first_run_id``: the first bad run; the site's history before it is what later runs are compared with.
    """

    id: int
    site: str
    kind: str
    opened_at: datetime
    first_run_id: int
    facts: Mapping[str, object]
    bad_runs: int
    last_bad_at: datetime
    told_at: datetime | None = None
    muted_until: datetime | None = None
    settled_at: datetime | None = None
    recovered_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether it has neither recovered nor become the new normal."""
        return self.recovered_at is None and self.settled_at is None

    def is_muted(self, now: datetime) -> bool:
        """Whether nobody wants to hear of it now."""
        return self.muted_until is not None and now < self.muted_until


def past_alerts(connection: Connection, key: str) -> list[Alert]:
    """Return the alerts of a site, or with an empty key those of the archive, oldest first."""
    return _load(connection, site.c.key == key if key else alert.c.site_id.is_(None))


def unrecovered_alerts(connection: Connection) -> list[Alert]:
    """Return every alert that has not recovered, also one that is settled, oldest first."""
    return _load(connection, alert.c.recovered_at.is_(None))


def _load(connection: Connection, *conditions: ColumnElement[bool]) -> list[Alert]:
    query = select(alert, site.c.key.label("site")).outerjoin(site, site.c.id == alert.c.site_id)
    return [_alert(row) for row in connection.execute(query.where(*conditions).order_by(alert.c.id))]


def _alert(row: Row[Any]) -> Alert:
    baseline = row.baseline or {}
    return Alert(
        id=row.id,
        site=row.site or "",
        kind=row.kind,
        opened_at=row.opened_at,
        first_run_id=baseline.get("first_run_id", row.opened_run_id or 0),
        facts=row.reading or {},
        bad_runs=row.bad_runs,
        last_bad_at=row.last_bad_at,
        told_at=row.told_at,
        muted_until=row.muted_until,
        settled_at=row.settled_at,
        recovered_at=row.recovered_at,
    )


def add_alert(connection: Connection, new: Alert, run_id: int) -> Alert:
    """Write a new alert, which a run has opened; return it with its number."""
    number = next_id(connection, alert)
    site_id = select(site.c.id).where(site.c.key == new.site).scalar_subquery() if new.site else None
    connection.execute(
        insert(alert).values(
            id=number,
            site_id=site_id,
            kind=new.kind,
            opened_at=new.opened_at,
            opened_run_id=run_id,
            baseline={"first_run_id": new.first_run_id},
            **_present(new),
        )
    )
    return replace(new, id=number)


def save_alert(connection: Connection, changed: Alert) -> None:
    """Write what has become of an alert."""
    connection.execute(update(alert).where(alert.c.id == changed.id).values(_present(changed)))


def _present(one: Alert) -> dict[str, object]:
    return {
        "reading": dict(one.facts),
        "bad_runs": one.bad_runs,
        "last_bad_at": one.last_bad_at,
        "told_at": one.told_at,
        "muted_until": one.muted_until,
        "settled_at": one.settled_at,
        "recovered_at": one.recovered_at,
    }
