"""Run all watches once: look, queue, deliver, and remove what is old."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Engine

from unioncrawl.archive.database import reading, writing
from unioncrawl.service.channels.channel_file import Channels
from unioncrawl.service.channels.outcome import Nature, outcome_in_words
from unioncrawl.service.watches.delivery import Delivered, deliver
from unioncrawl.service.watches.look import Looked, look_and_queue
from unioncrawl.service.watches.notices import channels_with_notices, make_due, remove_old
from unioncrawl.service.watches.one_at_a_time import one_at_a_time
from unioncrawl.service.words import Words, both

_GIVEN_UP = Words(
    "{} 条通知 90 天内未能送达，不再重发。", "{} notices could not be delivered in 90 days and are given up."
)  # fmt: skip
_ELSEWHERE = Words(
    "另一进程正在发送；已排队的通知下次发出。",
    "another process delivers at the moment; what is queued goes out with the next run.",
)


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

    def troubles(self) -> Iterator[Words]:
        """Yield what a person should know: refusals, watches that failed, what was given up."""
        for one in self.looked:
            if one.error:
                yield both(f"{one.watch.name}: {one.error}")
        for turn in self.delivered:
            if turn.outcome.nature is not Nature.DELIVERED:
                said = (f"{turn.channel}: {outcome_in_words(turn.outcome, name)}" for name in ("zh", "en"))
                yield Words(*said)
        if self.given_up:
            yield Words(*(one.format(self.given_up) for one in _GIVEN_UP))
        if self.is_elsewhere:
            yield _ELSEWHERE


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
