"""Put events into the queue of notices, one for each channel; what is there already is not queued again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, insert, select

from unioncrawl.archive.service_tables import notice
from unioncrawl.archive.sql import next_id
from unioncrawl.service.watches.event import Event, event_record
from unioncrawl.service.watches.saved_watches import Watch, WatchKind, list_watches


def queue_event(connection: Connection, event: Event, now: datetime) -> int:
    """Queue an event of health for each watch that wants it; return how many notices are new.

    ``connection`` is that of the caller's own transaction (`unioncrawl.archive.database.writing`), so
    that the alert and its notices are written together or not at all. Events of articles are
    found by the watches themselves.
    """
    return sum(queue_for(connection, one, [event], now) for one in wanting(connection, event))


def wanting(connection: Connection, event: Event) -> list[Watch]:
    """Return the watches of health that an event belongs to; one of the whole archive belongs to all."""
    if not event.is_alert:
        return []
    return [
        one
        for one in list_watches(connection)
        if one.kind is WatchKind.HEALTH and not one.paused and _is_of_sites(one, event.site)
    ]


def _is_of_sites(wanted: Watch, site: str) -> bool:
    sites = wanted.arguments.get("sites") or []
    return not site or not sites or site in sites


def queue_for(connection: Connection, watch: Watch, events: Iterable[Event], now: datetime) -> int:
    """Queue events for the channels of one watch; return how many notices are new.

    An event that another watch has queued for the same channel goes there once.
    """
    added, number = 0, next_id(connection, notice)
    for event in events:
        # No other writer queues meanwhile: the archive has one write lock.
        there = select(notice.c.channel).where(notice.c.event_id == event.event_id)
        known = set(connection.execute(there).scalars())
        for channel in watch.channels:
            if channel in known:
                continue
            values = {"id": number + added, "event_id": event.event_id, "channel": channel}
            queued = {"watch_id": watch.id, "event": event_record(event), "created_at": now}
            connection.execute(insert(notice).values(**values, **queued, tries=0, next_try_at=now))
            added += 1
    return added
