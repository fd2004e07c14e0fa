"""Runs the watches for commands, and puts into words what came of it; in a crawl it harms nothing."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Connection, Engine

from unioncrawl.archive.database import reading, writing
from unioncrawl.archive.migrations.upgrade import open_engine
from unioncrawl.archive.search.known_sites import refuse_unknown_sites
from unioncrawl.archive.search.query import filter_node, parse_query
from unioncrawl.commands._options import print_json
from unioncrawl.commands._terminal import say
from unioncrawl.errors import ArchiveNotFound, SiteUnknown
from unioncrawl.language.zones import local_time
from unioncrawl.service.channels.channel_file import Channels, channels_path, load_channels
from unioncrawl.service.channels.outcome import Outcome, outcome_in_words
from unioncrawl.service.watches.delivery import Delivered
from unioncrawl.service.watches.event import event_record
from unioncrawl.service.watches.look import Looked
from unioncrawl.service.watches.notices import Notice, channels_with_notices, make_due, waiting
from unioncrawl.service.watches.run import Ran
from unioncrawl.service.watches.saved_watches import Watch, WatchKind
from unioncrawl.service.words import Words

logger = logging.getLogger(__name__)
_KINDS = {
    WatchKind.QUERY: Words("检索", "search"),
    WatchKind.STORY: Words("报道", "story"),
    WatchKind.HEALTH: Words("健康", "health"),
}


def print_run(ran: Ran, language: str) -> None:
    """Print what each watch found and each channel took; nothing where nothing happened, as cron likes it."""
    is_english = language == "en"
    for one in ran.looked:
        if one.queued:
            found = f"{one.queued} notices queued" if is_english else f"新增通知 {one.queued} 条"
            say(f"{one.watch.name}: {found}")
    for turn in ran.delivered:
        if turn.messages or turn.outcome.fault:
            say(f"→ {turn.channel}: {_turn_in_words(turn, is_english=is_english)}")
    if ran.removed:
        say(
            f"{ran.removed} delivered notices older than 90 days removed"
            if is_english
            else f"已清除 90 天前送达的通知 {ran.removed} 条"
        )
    for line in ran.troubles():
        say(line.of(language), err=True)


def _turn_in_words(turn: Delivered, *, is_english: bool) -> str:
    if is_english:
        waits = f", {turn.waiting} wait" if turn.waiting else ""
        return f"{turn.events} delivered in {turn.messages} messages{waits}"
    waits = f"，{turn.waiting} 条待发" if turn.waiting else ""
    return f"送达 {turn.events} 条（{turn.messages} 则消息）{waits}"


def run_record(ran: Ran) -> dict[str, object]:
    """Return what came of a run of the watches, for a machine."""
    return {
        "watches": [
            {"name": one.watch.name, "events": len(one.events), "queued": one.queued, "error": one.error}
            for one in ran.looked
        ],
        "channels": [
            {
                "channel": turn.channel,
                "messages": turn.messages,
                "delivered": turn.events,
                "waiting": turn.waiting,
                **outcome_record(turn.outcome),
            }
            for turn in ran.delivered
        ],
        "removed": ran.removed,
        "given_up": ran.given_up,
        "delivered_elsewhere": ran.is_elsewhere,
        "ok": not ran.failed,
    }


def outcome_record(outcome: Outcome) -> dict[str, object]:
    """Return how sending ended, in both languages."""
    words = {name: outcome_in_words(outcome, name) for name in ("zh", "en")} if outcome.fault else {}
    return {"nature": outcome.nature.value, "fault": outcome.fault, "detail": outcome.detail, "said": words}


def watch_record(one: Watch) -> dict[str, object]:
    """Return a watch for a machine."""
    return {
        "name": one.name,
        "kind": one.kind.value,
        "query": one.query,
        "arguments": dict(one.arguments),
        "channels": list(one.channels),
        "created_at": local_time(one.created_at),
        "paused": one.paused,
        "position": dict(one.position),
    }


def watch_line(one: Watch, language: str) -> str:
    """Return a watch in one line."""
    wanted = one.query
    if one.kind is WatchKind.STORY:
        wanted = f"{one.arguments['article']}{' +reprints' if one.arguments.get('reprints') else ''}"
    elif one.kind is WatchKind.HEALTH:
        wanted = ", ".join(one.arguments.get("sites") or []) or Words("全部站点", "all sites").of(language)
    paused = Words("  （已暂停）", "  (paused)").of(language) if one.paused else ""
    return f"{one.name}  {_KINDS[one.kind].of(language)}: {wanted}  → {', '.join(one.channels)}{paused}"


def notice_record(one: Notice) -> dict[str, object]:
    """Return a notice for a machine."""
    return {
        "event_id": one.event.event_id,
        "kind": one.event.kind,
        "site": one.event.site,
        "title": one.event.title._asdict(),
        "url": one.event.url,
        "watch": one.watch,
        "channel": one.channel,
        "message": one.message,
        "queued_at": local_time(one.created_at),
        "tries": one.tries,
        "tried_at": local_time(one.tried_at),
        "delivered_at": local_time(one.delivered_at),
        "next_try_at": local_time(one.next_try_at),
        "given_up": one.is_given_up,
        "refusal": outcome_record(one.refusal) if one.refusal.fault else None,
    }


def notice_lines(one: Notice, language: str) -> Sequence[str]:
    """Return what became of a notice: a line, and below it why it was refused, if it was."""
    state = {
        "delivered": Words("已送达", "delivered"),
        "given_up": Words("已放弃", "given up"),
        "waits": Words("待发", "waits"),
    }
    kind = "delivered" if one.delivered_at else "given_up" if one.is_given_up else "waits"
    at = (local_time(one.delivered_at or one.tried_at or one.created_at) or "")[:16].replace("T", " ")
    title = one.event.title.of(language)
    line = f"{at}  {one.channel}  {state[kind].of(language)}  {title}  {one.event.event_id}"
    if not one.refusal.fault:
        return [line]
    tries = Words(f"第 {one.tries} 次：", f"try {one.tries}: ").of(language)
    later = (local_time(one.next_try_at) or "")[:16].replace("T", " ") if not one.delivered_at else ""
    again = Words(f" 下次：{later}", f" Next try: {later}").of(language) if later else ""
    return [line, f"      {tries}{outcome_in_words(one.refusal, language)}{again}"]


def print_plan(engine: Engine, found: Sequence[Looked], language: str, *, as_json: bool) -> None:
    """Print what would be queued, and what waits already."""
    with reading(engine) as connection:
        queued = {name: waiting(connection, name) for name in channels_with_notices(connection)}
    if as_json:
        watches = [
            {"name": one.watch.name, "channels": list(one.watch.channels), "error": one.error,
             "events": [event_record(event) for event in one.events]}
            for one in found
        ]  # fmt: skip
        print_json(
            {
                "watches": watches,
                "waiting": {name: list(map(notice_record, some)) for name, some in queued.items()},
            }
        )
        return
    for one in found:
        say(watch_line(one.watch, language))
        if one.error:
            say(f"  {one.error}", err=True)
        for event in one.events:
            lines = "；".join(line.of(language) for line in event.lines)
            say(f"  {event.title.of(language)}  {lines}  {event.url}  {event.event_id}")
    for name, some in queued.items():
        say(f"→ {name}: {Words('已排队', 'waits already').of(language)} {len(some)}")


def let_go_on(archive: str, channel: str, now: datetime) -> int:
    """Let what waits for a channel be tried again; a channel can be tested before there is an archive."""
    try:
        with opened_archive(archive) as engine, writing(engine) as connection:
            return make_due(connection, channel, now)
    except ArchiveNotFound:
        return 0


def open_channels(archive: str) -> Channels:
    """Return the channels of an archive; what is wrong with their file is printed."""
    channels = load_channels(channels_path(archive))
    for warning in channels.warnings:
        say(f"unioncrawl: {warning}", err=True)
    for name, fault in channels.faults.items():
        say(f"unioncrawl: {channels.path}: channel {name}: {fault}", err=True)
    return channels


@contextmanager
def opened_archive(archive: str) -> Iterator[Engine]:
    """Open an archive that is there, to read and to write watches."""
    engine = open_engine(archive, create=False)
    try:
        yield engine
    finally:
        engine.dispose()


def check_query(connection: Connection, query: str) -> None:
    """Raise `QueryError`; a site that the archive does not know yet is only mentioned."""
    node = parse_query(query)
    try:
        refuse_unknown_sites(connection, node)
    except SiteUnknown as error:
        say(f"unioncrawl: {error.message} Nothing matches until it is crawled.", err=True)


def day_of(written: str) -> datetime | None:
    """Return the first moment of a day as a search writes it; None for an empty text."""
    if not written:
        return None
    value = filter_node("since", written).value
    return value if isinstance(value, datetime) else None
