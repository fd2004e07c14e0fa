"""The watches of an archive: what somebody wants to hear of, by which channels, and how far it was read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from unioncrawl.archive.service_tables import notice, watch
from unioncrawl.archive.sql import next_id
from unioncrawl.errors import WatchInvalid

_NAME = re.compile(r"[^\W_][\w.-]{0,63}")


class WatchKind(StrEnum):
    """What a watch looks at."""

    QUERY = "query"
    STORY = "story"
    HEALTH = "health"


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """A saved wish to hear of something.

    ``query``: the search of a query watch; ``arguments``: the article of a story watch, the
    sites of a health watch (none: all); ``position``: how far its events were read.
    """

    name: str
    kind: WatchKind
    query: str = ""
    arguments: Mapping[str, Any] = field(default_factory=dict)
    channels: tuple[str, ...] = ()
    created_at: datetime
    position: Mapping[str, Any] = field(default_factory=dict)
    paused: bool = False
    id: int = 0


def add_watch(connection: Connection, made: Watch) -> Watch:
    """Store a watch under a free name; raises `WatchInvalid`."""
    if _NAME.fullmatch(made.name) is None:
        raise WatchInvalid(
            f"{made.name!a} can't be the name of a watch.",
            next_step="Take letters, digits, hyphens and dots, 64 at most: 高温慰问, strikes-2026.",
        )
    if not made.channels:
        raise WatchInvalid(f"the watch {made.name} names no channel.", next_step="Add --to CHANNEL.")
    if connection.execute(select(watch.c.id).where(watch.c.name == made.name)).first() is not None:
        raise WatchInvalid(
            f"there is a watch {made.name} already.",
            next_step=f"Look at it (unioncrawl watch show {made.name}), remove it, or take another name.",
        )
    number = next_id(connection, watch)
    connection.execute(
        insert(watch).values(
            id=number,
            name=made.name,
            kind=made.kind.value,
            query=made.query,
            arguments=dict(made.arguments),
            channels=list(dict.fromkeys(made.channels)),
            created_at=made.created_at,
            position=dict(made.position),
            paused=made.paused,
        )
    )
    return find_watch(connection, made.name)


def list_watches(connection: Connection) -> list[Watch]:
    """Return all watches, the oldest first."""
    return [_watch(row) for row in connection.execute(select(watch).order_by(watch.c.id))]


def has_watches(connection: Connection) -> bool:
    """Whether there is any watch."""
    return connection.execute(select(watch.c.id).limit(1)).first() is not None


def find_watch(connection: Connection, name: str) -> Watch:
    """Return a watch by its name; raises `WatchInvalid`."""
    row = connection.execute(select(watch).where(watch.c.name == name)).first()
    if row is None:
        known = "、".join(one.name for one in list_watches(connection)[:20])
        raise WatchInvalid(
            f"there is no watch {name!a}." if not name.isprintable() else f"there is no watch {name}.",
            next_step=f"There are: {known}." if known else "Add one: unioncrawl watch add --help",
        )
    return _watch(row)


def remove_watch(connection: Connection, name: str) -> int:
    """Remove a watch with what waits for it; return how many notices are not sent any more.

    What waits for a channel that another watch has too still goes out: that one may want it as well.
    """
    found = find_watch(connection, name)
    others = {channel for one in list_watches(connection) if one.id != found.id for channel in one.channels}
    alone = [channel for channel in found.channels if channel not in others]
    of_watch = notice.c.watch_id == found.id
    unsent = delete(notice).where(of_watch, notice.c.delivered_at.is_(None), notice.c.channel.in_(alone))
    removed = connection.execute(unsent).rowcount
    connection.execute(update(notice).where(of_watch).values(watch_id=None))
    connection.execute(delete(watch).where(watch.c.id == found.id))
    return removed


def pause_watch(connection: Connection, name: str, *, paused: bool) -> None:
    """Pause a watch, or let it go on from where it was paused."""
    found = find_watch(connection, name)
    connection.execute(update(watch).where(watch.c.id == found.id).values(paused=paused))


def move_watch(connection: Connection, moved: Watch, position: Mapping[str, Any]) -> bool:
    """Record how far a watch was read; False when another process moved it meanwhile, or it is gone."""
    row = connection.execute(select(watch.c.position).where(watch.c.id == moved.id)).first()
    if row is None or row.position != moved.position:
        return False
    connection.execute(update(watch).where(watch.c.id == moved.id).values(position=dict(position)))
    return True


def _watch(row: Any) -> Watch:  # noqa: ANN401 - a row
    channels: Sequence[str] = row.channels
    return Watch(
        id=row.id,
        name=row.name,
        kind=WatchKind(row.kind),
        query=row.query,
        arguments=row.arguments or {},
        channels=tuple(channels),
        created_at=row.created_at,
        position=row.position or {},
        paused=row.paused,
    )
