"""The queue of notices in the archive: what waits, what was tried, what arrived, how long it is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, select, update

from unioncrawl.archive.service_tables import notice, watch
from unioncrawl.archive.sql import chunks
from unioncrawl.service.channels.outcome import Nature, Outcome, read_outcome
from unioncrawl.service.watches.event import Event, read_event

# Delivered notices are kept so long, to be looked up and so that no event is queued again; what could
# not be delivered in this time is given up, and counted.
KEPT = timedelta(days=90)
# A clock that jumps a year ahead gives nothing up that was not tried often.
_LEAST_TRIES = 10
# No channel rests longer after a refusal.
LONGEST_PAUSE = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One event for one channel: when it was queued, tried and delivered, and its last refusal."""

    id: int
    channel: str
    watch: str
    event: Event
    created_at: datetime
    tries: int
    next_try_at: datetime | None
    tried_at: datetime | None
    delivered_at: datetime | None
    message: str
    refusal: Outcome

    @property
    def is_given_up(self) -> bool:
        """Whether it is not tried again by itself."""
        return self.delivered_at is None and self.next_try_at is None

    def is_due(self, now: datetime) -> bool:
        """Whether it is to be tried; a time further off than any pause is that of a clock that was wrong."""
        if self.next_try_at is None:
            return False
        return not now < self.next_try_at <= now + LONGEST_PAUSE

    def holds_channel(self, now: datetime) -> bool:
        """Whether its channel is to be left alone until its next try."""
        is_of_channel = self.refusal.nature in {Nature.TEMPORARY, Nature.SETUP}
        return bool(self.tries) and is_of_channel and self.next_try_at is not None and not self.is_due(now)


def waiting(connection: Connection, channel: str) -> list[Notice]:
    """Return the notices of a channel that are to be delivered, now or later, in the order of events."""
    query = _notices().where(notice.c.channel == channel, notice.c.delivered_at.is_(None))
    query = query.where(notice.c.next_try_at.is_not(None)).order_by(notice.c.id)
    return [_notice(row) for row in connection.execute(query)]


def channels_with_notices(connection: Connection) -> list[str]:
    """Return the names of the channels for which notices wait."""
    query = select(notice.c.channel).where(notice.c.delivered_at.is_(None), notice.c.next_try_at.is_not(None))
    return sorted(connection.execute(query.distinct()).scalars())


def messages_around(connection: Connection, channel: str, now: datetime, span: timedelta) -> int:
    """Return how many messages went to a channel within a time of now, refused ones too.

    What a clock that was ahead dated later does not count.
    """
    near = (notice.c.tried_at > now - span, notice.c.tried_at < now + span)
    query = select(func.count(notice.c.message.distinct())).where(notice.c.channel == channel, *near)
    return connection.execute(query).scalar_one()


def name_message(connection: Connection, sent: Sequence[Notice], message: str, now: datetime) -> None:
    """Record that some notices are about to go out as one message."""
    values = {"message": message, "tries": notice.c.tries + 1, "tried_at": now}
    _update(connection, sent, values)


def record_delivered(connection: Connection, sent: Sequence[Notice], now: datetime) -> None:
    """Record that some notices arrived; their last refusal stays."""
    _update(connection, sent, {"delivered_at": now, "next_try_at": None})


def record_refused(
    connection: Connection, sent: Sequence[Notice], outcome: Outcome, next_try_at: datetime | None
) -> None:
    """Record why some notices were not taken, and when they are tried again (``None``: never)."""
    _update(connection, sent, {"refusal": str(outcome), "next_try_at": next_try_at})


def part_message(
    connection: Connection, part: Sequence[Notice], outcome: Outcome, message: str, now: datetime
) -> None:
    """Record that a message was refused for what it holds: this part of it is a message of its own now."""
    values = {"refusal": str(outcome), "message": message, "next_try_at": now, "tries": 1}
    _update(connection, part, values)


def put_off(connection: Connection, waits: Sequence[Notice], next_try_at: datetime) -> None:
    """Let some notices wait until a time."""
    _update(connection, waits, {"next_try_at": next_try_at})


def make_due(connection: Connection, channel: str, now: datetime) -> int:
    """Let all that waits for a channel be tried at once, also what was given up; return how many."""
    waits = update(notice).where(notice.c.channel == channel, notice.c.delivered_at.is_(None))
    return connection.execute(waits.values(next_try_at=now)).rowcount


def _update(connection: Connection, sent: Sequence[Notice], values: Mapping[str, object]) -> None:
    for some in chunks([one.id for one in sent]):
        connection.execute(update(notice).where(notice.c.id.in_(some)).values(dict(values)))


def remove_old(connection: Connection, now: datetime) -> tuple[int, int]:
    """Remove notices beyond `KEPT`; return how many were delivered, and how many never were.

    What is new in a channel that takes nothing is tried in its turn before it is given up.
    """
    delivered = delete(notice).where(notice.c.delivered_at < now - KEPT)
    is_tried = notice.c.next_try_at.is_(None) | (notice.c.tries >= _LEAST_TRIES)
    given_up = delete(notice).where(
        notice.c.delivered_at.is_(None), notice.c.created_at < now - KEPT, is_tried
    )
    return connection.execute(delivered).rowcount, connection.execute(given_up).rowcount


def list_notices(connection: Connection, limit: int, channel: str = "") -> list[Notice]:
    """Return the latest notices, the newest first; of one channel or of all."""
    query = _notices().order_by(notice.c.id.desc()).limit(limit)
    if channel:
        query = query.where(notice.c.channel == channel)
    return [_notice(row) for row in connection.execute(query)]


def count_notices(connection: Connection) -> dict[str, dict[str, int]]:
    """Return for each channel how many notices were delivered, wait, and were given up."""
    is_waiting = notice.c.next_try_at.is_not(None)
    query = select(notice.c.channel, notice.c.delivered_at.is_not(None), is_waiting, func.count())
    counts: dict[str, dict[str, int]] = {}
    for channel, is_delivered, waits, number in connection.execute(
        query.group_by(*query.selected_columns[:3])
    ):
        kind = "delivered" if is_delivered else "waiting" if waits else "given_up"
        counts.setdefault(channel, {"delivered": 0, "waiting": 0, "given_up": 0})[kind] += number
    return counts


def channel_faults(connection: Connection) -> dict[str, Outcome]:
    """Return the channels that a person has to see to, each with its last refusal."""
    query = _notices().where(notice.c.delivered_at.is_(None), notice.c.refusal != "").order_by(notice.c.id)
    found = [_notice(row) for row in connection.execute(query)]
    return {
        one.channel: one.refusal for one in found if one.is_given_up or one.refusal.nature is Nature.SETUP
    }


def _notices() -> Select[Any]:
    return select(notice, watch.c.name.label("watch")).outerjoin(watch, watch.c.id == notice.c.watch_id)


def _notice(row: Row[Any]) -> Notice:
    names = ("id", "channel", "created_at", "tries", "next_try_at", "tried_at", "delivered_at", "message")
    values = {name: getattr(row, name) for name in names}
    event, refusal = read_event(row.event), read_outcome(row.refusal)
    return Notice(**values, watch=row.watch or "", event=event, refusal=refusal)
