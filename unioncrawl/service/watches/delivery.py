"""Deliver what waits: one message for each channel and turn, at least once, and never too often.

Before a message goes out, its notices are given the message's name and the time of the try, and
afterwards what came back. A process that is killed in between leaves them named: the next
one sends the same events as the same message again.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Engine

from unioncrawl.archive.database import reading, writing
from unioncrawl.archive.sql import chunks
from unioncrawl.errors import ChannelInvalid, UnioncrawlError
from unioncrawl.service.channels.channel_file import Channel, Channels
from unioncrawl.service.channels.message import Item, Message
from unioncrawl.service.channels.outcome import Nature, Outcome
from unioncrawl.service.channels.send import send
from unioncrawl.service.watches.event import TEST, Event, event_id, event_record
from unioncrawl.service.watches.notices import (
    Notice,
    channels_with_notices,
    messages_around,
    name_message,
    part_message,
    put_off,
    record_delivered,
    record_refused,
    waiting,
)
from unioncrawl.service.words import Words

# 企业微信 and 钉钉 take 20 a minute from each robot; others who use the same robot get the rest.
MOST_A_MINUTE = 15
_MINUTE = timedelta(minutes=1)
# 飞书 takes five a second.
_GAP_SECONDS = 0.25
# A channel that does not come to an end is left to itself after so long.
CHANNEL_SECONDS = 120.0
# A program gets every event, so many in a message; a person gets one message that counts the rest.
MOST_FOR_MACHINES = 100
# How long a channel rests after each refusal in a row, a day at most; 钉钉 takes nothing for ten minutes
# after too many.
_PAUSES_MINUTES = {
    "rate": (10, 20, 60),
    Nature.TEMPORARY: (1, 2, 5, 10, 30, 60),
    Nature.SETUP: (15, 60, 360, 1_440),
    Nature.CONTENT: (10, 60),
}
# A message of one event that was refused so often for what it holds, the message it was part of
# included, is given up.
_MOST_CONTENT_TRIES = 4


@dataclass
class Delivered:
    """What became of a channel's notices in one turn: what arrived, what still waits, and the refusal."""

    channel: str
    messages: int = 0
    events: int = 0
    waiting: int = 0
    outcome: Outcome = field(default_factory=Outcome)


def deliver(engine: Engine, channels: Channels, now: datetime) -> list[Delivered]:
    """Deliver all that is due, each channel beside the others; none waits for another.

    Only one process may deliver at a time (`unioncrawl.service.watches.one_at_a_time`).
    """
    with reading(engine) as connection:
        turns = [Delivered(name) for name in channels_with_notices(connection)]
    threads = [
        threading.Thread(target=_turn, args=(engine, channels, turn, now), name=turn.channel, daemon=True)
        for turn in turns
    ]
    for thread in threads:
        thread.start()
    ends = time.monotonic() + CHANNEL_SECONDS
    for thread, turn in zip(threads, turns, strict=True):
        thread.join(max(0.0, ends - time.monotonic()))
        if thread.is_alive():
            turn.outcome = Outcome("no-answer", f"no end after {CHANNEL_SECONDS:.0f} seconds")
    return turns


def _turn(engine: Engine, channels: Channels, turn: Delivered, now: datetime) -> None:
    try:
        _deliver_channel(engine, channels, turn, now)
    except UnioncrawlError as error:
        # The archive can't be read or written: what was sent is sent again as the same message.
        turn.outcome = Outcome("unknown", str(error))


def _deliver_channel(engine: Engine, channels: Channels, turn: Delivered, now: datetime) -> None:
    with reading(engine) as connection:
        notices = waiting(connection, turn.channel)
        left = MOST_A_MINUTE - messages_around(connection, turn.channel, now, _MINUTE)
    turn.waiting = len(notices)
    channel = channels.by_name.get(turn.channel)
    most = MOST_FOR_MACHINES if channel is not None and channel.type == "json" else len(notices)
    queue, has_parted = list(messages_due(notices, now, most)), False
    while queue and left > 0:
        sent = queue.pop(0)
        left -= 1
        turn.outcome = _send(engine, channels, sent, now)
        if turn.outcome.nature is Nature.DELIVERED:
            turn.messages, turn.events = turn.messages + 1, turn.events + len(sent)
            turn.waiting -= len(sent)
        elif turn.outcome.nature is not Nature.CONTENT:
            return
        elif len(sent) > 1:
            has_parted = True
            with reading(engine) as connection:
                queue = list(messages_due(waiting(connection, turn.channel), now, most))
        time.sleep(_GAP_SECONDS if queue else 0)
    if has_parted and queue:
        # A message that was parted is not counted any more: the rest waits until it need not be.
        with writing(engine) as connection:
            put_off(connection, [one for sent in queue for one in sent], now + _MINUTE)


def messages_due(notices: Sequence[Notice], now: datetime, most: int) -> Iterator[list[Notice]]:
    """Yield the notices of each message that is due: those that were tried before, then all that are new.

    ``most``: the new ones of one message. Nothing is due while the channel rests after a refusal.
    """
    if any(one.holds_channel(now) for one in notices):
        return
    named: dict[str, list[Notice]] = {}
    for one in notices:
        if one.is_due(now):
            named.setdefault(one.message, []).append(one)
    fresh = named.pop("", [])
    yield from named.values()
    yield from (list(some) for some in chunks(fresh, max(1, most)))


def _send(engine: Engine, channels: Channels, sent: Sequence[Notice], now: datetime) -> Outcome:
    message_id = sent[0].message or _message_id(sent)
    with writing(engine) as connection:
        name_message(connection, sent, message_id, now)
    try:
        channel = channels.named(sent[0].channel)
    except ChannelInvalid:
        outcome = Outcome("no-channel", str(channels.path))
    else:
        outcome = send(channel, make_message(channel, sent, message_id), now)
    with writing(engine) as connection:
        if outcome.nature is Nature.DELIVERED:
            record_delivered(connection, sent, now)
            if outcome.detail:
                record_refused(connection, sent, Outcome("recipient", outcome.detail), None)
        elif outcome.nature is Nature.CONTENT and len(sent) > 1:
            for half in (sent[: len(sent) // 2], sent[len(sent) // 2 :]):
                part_message(connection, half, outcome, _message_id(half), now)
        else:
            record_refused(connection, sent, outcome, _next_try(sent, outcome, now))
    return outcome


def _message_id(sent: Sequence[Notice]) -> str:
    """The event's id for one event, else a digest of all: a repeat has the same events, so the same id."""
    if len(sent) == 1:
        return sent[0].event.event_id
    joined = "\n".join(one.event.event_id for one in sent)
    return hashlib.blake2b(joined.encode(), digest_size=10).hexdigest()


def _next_try(sent: Sequence[Notice], outcome: Outcome, now: datetime) -> datetime | None:
    """When a message is tried again; None when it is given up, because what it holds is refused."""
    tries = max(one.tries for one in sent)
    if outcome.nature is Nature.CONTENT and tries + 1 >= _MOST_CONTENT_TRIES:
        return None
    pauses = _PAUSES_MINUTES.get(outcome.fault) or _PAUSES_MINUTES[outcome.nature]
    return now + timedelta(minutes=pauses[min(tries, len(pauses) - 1)])


def make_message(channel: Channel, sent: Sequence[Notice], message_id: str) -> Message:
    """Return what a channel sends of some notices, in its language."""
    watches = list(dict.fromkeys(one.watch for one in sent if one.watch))
    return Message(
        message_id=message_id,
        heading=_heading(watches, len(sent), channel.language),
        items=tuple(_item(one.event, channel.language) for one in sent),
        records=tuple(event_record(one.event) for one in sent),
        language=channel.language,
        plain=any(one.refusal.nature is Nature.CONTENT for one in sent),
    )


_SHOWN_WATCHES = 3


def _heading(watches: Sequence[str], number: int, language: str) -> str:
    named = "、".join(watches[:_SHOWN_WATCHES]) + (" …" if len(watches) > _SHOWN_WATCHES else "")
    if language == "en":
        return f"unioncrawl {named}: {number} {'event' if number == 1 else 'events'}".replace(" :", ":")
    return f"工会新闻监测 {named}：{number} 条".replace(" ：", "：")


def _item(event: Event, language: str) -> Item:
    lines = tuple(line.of(language) for line in event.lines)
    return Item(event.event_id, event.title.of(language), lines, event.url)


def send_test(channel: Channel, now: datetime) -> Outcome:
    """Send a test to a channel, whatever waits for it."""
    named = event_id(TEST, channel.name, now.isoformat())
    title = Words(
        "测试：这个通道可以收到 unioncrawl 的通知", "Test: this channel receives notices of unioncrawl"
    )
    event = Event(event_id=named, kind=TEST, site="", at=now, title=title)
    notice = Notice(
        id=0, channel=channel.name, watch="", event=event, created_at=now, tries=0, next_try_at=now,
        tried_at=None, delivered_at=None, message=named, refusal=Outcome(),
    )  # fmt: skip
    return send(channel, make_message(channel, [notice], named), now)
