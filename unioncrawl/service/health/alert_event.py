"""What somebody is to hear of alerts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import blake2b

from unioncrawl.service.health.alert_rows import Alert
from unioncrawl.service.health.words import say_fault, say_next_step
from unioncrawl.service.words import Words

REPEAT_AFTER = timedelta(days=7)


class Change(StrEnum):
    """What has become of an alert."""

    OPENED = "alert-opened"
    REPEATED = "alert-repeated"
    RECOVERED = "alert-recovered"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertEvent:
    """What somebody is to hear of an alert; ``site`` is empty where it is of the archive.

    ``event_id``: the same for the same event, however often it is made. ``said`` has what other alerts
    of the site have to say at the same time too; ``kind`` and ``next_step`` are those of the first.
    """

    event_id: str
    change: Change
    kind: str
    site: str
    at: datetime
    alert_id: int
    said: Words
    next_step: Words


def event_of(alerts: Sequence[Alert], change: Change, now: datetime) -> AlertEvent:
    """Return the event of what became of some alerts of a site at once, the weightiest first."""
    first = alerts[0]
    week = (now - first.opened_at) // REPEAT_AFTER if change is Change.REPEATED else 0
    named = f"{first.site} {first.kind} {first.opened_at.isoformat()} {change} {week}"
    said = [say_fault(one.kind, one.facts) for one in alerts]
    return AlertEvent(
        event_id=blake2b(named.encode(), digest_size=8).hexdigest(),
        change=change,
        kind=first.kind,
        site=first.site,
        at=now,
        alert_id=first.id,
        said=Words(zh="".join(one.zh for one in said), en=" ".join(one.en for one in said)),
        next_step=say_next_step(first.kind, first.site),
    )
