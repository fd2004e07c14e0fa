"""Run all watches once: look, queue, deliver, and remove what is old."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Engine

from unioncrawl.archive.database import reading, writing
from unioncrawl.service.channels.channel_file import Channels
from unioncrawl.service.watches.delivery import Delivered, deliver
from unioncrawl.service.watches.look import Looked, look_and_queue
from unioncrawl.service.watches.notices import channels_with_notices, make_due, remove_old
from unioncrawl.service.watches.one_at_a_time import one_at_a_time


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run of all watches came to; ``is_elsewhere``: another process delivers at the moment."""

    looked: list[Looked]
    delivered: list[Delivered] = field(default_factory=list)
    removed: int = 0
    given_up: int = 0
    is_elsewhere: bool = False

    @property
    def failed(self) -> bool:
        """Whether a person has something to do."""
        lasting = any(one.outcome.needs_person for one in self.delivered)
        return lasting or bool(self.given_up) or any(one.error for one in self.looked)


def run_watches(engine: Engine, channels: Channels, now: datetime, *, retry: bool = False) -> Ran:
    """Look at all watches, queue what they found, and deliver it with what waited.

    ``retry`` tries at once what rests after a refusal.
    """
    looked = look_and_queue(engine, now)
    with one_at_a_time(engine) as is_ours:
        if not is_ours:
            return Ran(looked, is_elsewhere=True)
        if retry:
            with reading(engine) as connection:
                names = channels_with_notices(connection)
            with writing(engine) as connection:
                for name in names:
                    make_due(connection, name, now)
        delivered = deliver(engine, channels, now)
        with writing(engine) as connection:
            removed, given_up = remove_old(connection, now)
    return Ran(looked, delivered, removed, given_up)
