"""Look at what has happened since a watch was last asked, and queue it: together with the new place."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine

from unioncrawl.archive.database import reading, writing
from unioncrawl.errors import UnioncrawlError
from unioncrawl.service.watches.article_events import article_events, position_of_day, present_position
from unioncrawl.service.watches.event import Event
from unioncrawl.service.watches.needs_of_watches import silence_event
from unioncrawl.service.watches.outbox import queue_for
from unioncrawl.service.watches.saved_watches import Watch, WatchKind, list_watches, move_watch
from unioncrawl.service.watches.story_events import story_events, story_position

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Looked:
    """What one watch has to report; ``error`` in words when it could not be asked."""

    watch: Watch
    events: tuple[Event, ...] = ()
    position: Mapping[str, Any] | None = None
    queued: int = 0
    error: str = ""


def first_position(
    connection: Connection, kind: WatchKind, arguments: Mapping[str, Any], since: datetime | None
) -> dict[str, Any]:
    """Return where a new watch begins: now, or at what the archive took in at a time or later."""
    if kind is WatchKind.HEALTH:
        return {}
    articles = present_position(connection) if since is None else position_of_day(connection, since)
    if kind is WatchKind.QUERY:
        return articles
    return {**story_position(connection, arguments), "revision": articles["revision"]}


def look(engine: Engine, now: datetime) -> Iterator[Looked]:
    """Yield what each watch that is not paused has to report; nothing is changed.

    A watch that cannot be asked stops no other.
    """
    with reading(engine) as connection:
        watches = [one for one in list_watches(connection) if not one.paused]
    for one in watches:
        try:
            with reading(engine) as connection:
                events, position = _events(connection, one, now)
        except UnioncrawlError as error:
            logger.warning("The watch %s could not be asked: %s", one.name, error)
            yield Looked(one, error=str(error))
        else:
            yield Looked(one, tuple(events), position)


def _events(
    connection: Connection, one: Watch, now: datetime
) -> tuple[list[Event], Mapping[str, Any] | None]:
    match one.kind:
        case WatchKind.QUERY:
            return article_events(connection, one.name, one.query, one.position, now)
        case WatchKind.STORY:
            return story_events(connection, one.arguments, one.position)
        case WatchKind.HEALTH:
            # Alerts are queued when health finds them.
            return silence_event(connection, one, now), {}


def look_and_queue(engine: Engine, now: datetime) -> list[Looked]:
    """Look, and queue what was found for the channels; the events and the new place in one transaction.

    What another process has queued meanwhile is not queued again.
    """
    return [_queue(engine, found, now) for found in look(engine, now)]


def _queue(engine: Engine, found: Looked, now: datetime) -> Looked:
    if found.position is None or (not found.events and found.position == found.watch.position):
        return found
    with writing(engine) as connection:
        if not move_watch(connection, found.watch, found.position):
            return Looked(found.watch)
        queued = queue_for(connection, found.watch, found.events, now)
    return Looked(found.watch, found.events, found.position, queued)
