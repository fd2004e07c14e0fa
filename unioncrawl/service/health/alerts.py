"""Judge a run of a site: two bad readings in a row open an alert, a good one ends it.

What a site is compared with is its history before the first bad run, so that no fault becomes
the rule by lasting. An alert is told when it opens, each week while it lasts, and when it ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import blake2b

from sqlalchemy import Connection

from unioncrawl.service.health.alert_rows import (
    Alert,
    add_alert,
    past_alerts,
    save_alert,
)
from unioncrawl.service.health.history import JudgedRun, find_run, readings_up_to
from unioncrawl.service.health.network import judge_network
from unioncrawl.service.health.reading import Reading
from unioncrawl.service.health.rules import DOWN, RULES, Case, Finding, Rule
from unioncrawl.service.health.words import Words, say_fault, say_next_step

BAD_IN_A_ROW = 2
# A streak of bad readings is looked at no further back.
_LONGEST_STREAK = 12
_REPEAT_AFTER = timedelta(days=7)


class Change(StrEnum):
    """What has become of an alert."""

    OPENED = "alert-opened"
    REPEATED = "alert-repeated"
    RECOVERED = "alert-recovered"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertEvent:
    """What somebody is to hear of an alert; ``site`` is empty where it is of the archive.

    ``event_id``: the same for the same event, however often it is made.
    """

    event_id: str
    change: Change
    kind: str
    site: str
    at: datetime
    alert_id: int
    said: Words
    next_step: Words


def judge_run(connection: Connection, run_id: int, now: datetime) -> list[AlertEvent]:
    """Judge a run that has ended; return what is to be told. The connection must be one that writes.

    Nothing is judged of a run that a person, a limit or a full disk ended, nor of one that is no site's.
    """
    judged = find_run(connection, run_id)
    if judged is None:
        return []
    network = judge_network(connection, judged, now)
    events = []
    if network.alert is not None and network.is_news:
        change = Change.OPENED if network.alert.is_open else Change.RECOVERED
        events.append(_event(network.alert, change, now))
    is_ours = network.alert is not None and network.alert.is_open
    for rule in RULES:
        events += _judge(connection, judged, rule, now, is_ours=is_ours and rule.kinds == DOWN)
    return events


def _judge(
    connection: Connection, judged: JudgedRun, rule: Rule, now: datetime, *, is_ours: bool
) -> list[AlertEvent]:
    """Judge a run by one rule; ``is_ours``: the network is to blame, and nobody is told of the site."""
    past = past_alerts(connection, judged.site, rule.kinds)
    changed = _changed(connection, judged, rule, past, now)
    if changed is None:
        return []
    change = None if is_ours else _change_to_tell(changed, now)
    save_alert(connection, changed if change is None else replace(changed, told_at=now))
    return [] if change is None else [_event(changed, change, now)]


def _change_to_tell(one: Alert, now: datetime) -> Change | None:
    """What is to be told of an alert as it is now; None where nobody is to hear of it."""
    if one.is_muted(now):
        return None
    if not one.is_open:
        return Change.RECOVERED if one.told_at is not None else None
    if one.told_at is None:
        return Change.OPENED
    return Change.REPEATED if now - one.told_at >= _REPEAT_AFTER else None


def _changed(
    connection: Connection, judged: JudgedRun, rule: Rule, past: Sequence[Alert], now: datetime
) -> Alert | None:
    """The alert that a run opens, carries on or ends; None where it does nothing of these."""
    present = next((one for one in past if one.is_open), None)
    settled = max((one.settled_at for one in past if one.settled_at), default=None)
    if present is not None:
        before = readings_up_to(connection, judged.site, present.first_run_id - 1, since=settled)
        case = Case(recent=[judged.reading], before=before, is_settled=settled is not None)
        return _carried_on(present, rule.look(case), judged.reading, now)
    readings = readings_up_to(connection, judged.site, judged.reading.run_id, since=settled)
    opened = _opened(judged, rule, readings, now, is_settled=settled is not None)
    if opened is None:
        return None
    muted = max((one.muted_until for one in past if one.muted_until), default=None)
    return add_alert(connection, replace(opened, muted_until=muted), judged.reading.run_id)


def _opened(
    judged: JudgedRun, rule: Rule, readings: Sequence[Reading], now: datetime, *, is_settled: bool
) -> Alert | None:
    """The alert that the last of a site's readings opens; None where it opens none."""
    streak = bad_streak(rule, readings, is_settled=is_settled)
    if len(streak) < BAD_IN_A_ROW:
        return None
    before = [one for one in readings if one.run_id < streak[0].run_id]
    found = rule.look(Case(recent=streak, before=before, is_settled=is_settled))
    if found is None or not (found.kind and found.is_sure):
        return None
    return Alert(
        id=0, site=judged.site, kind=found.kind, opened_at=now, first_run_id=streak[0].run_id,
        facts=found.facts, bad_runs=len(streak), last_bad_at=judged.reading.at,
    )  # fmt: skip


def bad_streak(rule: Rule, readings: Sequence[Reading], *, is_settled: bool = False) -> list[Reading]:
    """Return the bad readings at the end of a history, without those that say nothing; empty if it ends well.

    Each is judged alone, beside what was before the last two.
    """
    before = readings[:-BAD_IN_A_ROW]
    streak: list[Reading] = []
    for place in range(len(readings) - 1, max(-1, len(readings) - 1 - _LONGEST_STREAK), -1):
        found = rule.look(Case(recent=[readings[place]], before=before[:place], is_settled=is_settled))
        if found is None:
            if not streak:
                return []
            continue
        if not found.kind:
            break
        streak.insert(0, readings[place])
    return streak


def _carried_on(present: Alert, found: Finding | None, reading: Reading, now: datetime) -> Alert | None:
    """What becomes of an open alert by what a rule found; None where the run says nothing of it."""
    if found is None:
        return None
    if not found.kind:
        return replace(present, recovered_at=now)
    return replace(present, facts=found.facts, bad_runs=present.bad_runs + 1, last_bad_at=reading.at)


def _event(one: Alert, change: Change, now: datetime) -> AlertEvent:
    week = (now - one.opened_at) // _REPEAT_AFTER if change is Change.REPEATED else 0
    named = f"{one.site} {one.kind} {one.opened_at.isoformat()} {change} {week}"
    return AlertEvent(
        event_id=blake2b(named.encode(), digest_size=8).hexdigest(),
        change=change,
        kind=one.kind,
        site=one.site,
        at=now,
        alert_id=one.id,
        said=say_fault(one.kind, one.facts),
        next_step=say_next_step(one.kind, one.site),
    )
