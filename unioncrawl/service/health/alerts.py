"""Judge a run of a site: two bad readings in a row open an alert, a good one ends it.

One is enough where nothing that passes by itself explains it.

What a site is compared with is its history before the first bad run, so that no fault becomes
the rule by lasting. An alert is told when it opens, each week while it lasts, and when it ends.
What one run opens is told as one event, for it mostly has one cause; what opens in the week after another
alert of the site's pages stands in ``unioncrawl health``, and is told when it outlasts that one or the week.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from itertools import groupby

from sqlalchemy import Connection

from unioncrawl.service.health.alert_event import REPEAT_AFTER, AlertEvent, Change, event_of
from unioncrawl.service.health.alert_rows import Alert, add_alert, past_alerts, save_alert
from unioncrawl.service.health.history import (
    JudgedRun,
    find_run,
    publication_days,
    readings_up_to,
    refused_pages,
    revised_articles,
)
from unioncrawl.service.health.network import judge_network
from unioncrawl.service.health.reading import Reading
from unioncrawl.service.health.rules.answers import ANSWERED, DOWN, NEVER, is_down
from unioncrawl.service.health.rules.case import Case, Finding, IsHoliday, Rule
from unioncrawl.service.health.rules.table import APART, LOOKS, RULES
from unioncrawl.service.schedule.rest_days import DayKind, china_day

__all__ = ["AlertEvent", "Change", "judge_run"]
BAD_IN_A_ROW = 2
# So many bad readings say all that a streak can say; those between that say nothing are not counted.
_LONGEST_STREAK = 12


def is_rest_day(day: date) -> bool:
    """Whether a day is a public holiday of China, with the weekend beside it."""
    return china_day(day) is DayKind.HOLIDAY


def judge_run(
    connection: Connection, run_id: int, now: datetime, is_holiday: IsHoliday = is_rest_day
) -> list[AlertEvent]:
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
        events.append(event_of([network.alert], change, now))
    is_ours = network.alert is not None and network.alert.is_open
    return events + _Judging.of(connection, judged, now, is_holiday).events(is_ours=is_ours)


@dataclass(frozen=True, slots=True)
class _Judging:
    """The judging of one run: the site's readings up to it, and the alerts that it has had."""

    connection: Connection
    judged: JudgedRun
    now: datetime
    is_holiday: IsHoliday
    readings: Sequence[Reading]
    past: Sequence[Alert]

    @classmethod
    def of(cls, connection: Connection, judged: JudgedRun, now: datetime, is_holiday: IsHoliday) -> _Judging:
        readings = readings_up_to(connection, judged.site, judged.reading.run_id)
        return cls(connection, judged, now, is_holiday, readings, past_alerts(connection, judged.site))

    def events(self, *, is_ours: bool) -> list[AlertEvent]:
        """Judge by every rule; ``is_ours``: the network is to blame for a site that is down."""
        told: list[tuple[Change, Alert]] = []
        for rule in RULES:
            changed = self._changed(rule)
            if changed is None:
                continue
            is_known = is_ours if rule.kinds == DOWN else self._is_told_of_another(changed)
            change = None if is_known and changed.told_at is None else change_to_tell(changed, self.now)
            save_alert(self.connection, changed if change is None else replace(changed, told_at=self.now))
            told += [] if change is None else [(change, changed)]
        told.sort(key=lambda one: one[0])
        grouped = groupby(told, key=lambda one: one[0])
        return [event_of([alert for _, alert in some], change, self.now) for change, some in grouped]

    def _is_told_of_another(self, changed: Alert) -> bool:
        """Whether it was told lately that something is wrong with the site's pages.

        One cause opens many alerts, most of them in a week. What comes later is mostly something else, and
        whoever hears of the first alert each week is to hear of it as well.
        """
        return changed.kind not in APART and any(
            one.is_open
            and one.told_at is not None
            and one.kind not in APART
            and one.id != changed.id
            and self.now - one.opened_at < REPEAT_AFTER
            for one in self.past
        )

    def _changed(self, rule: Rule) -> Alert | None:
        """The alert that the run opens, carries on or ends; None where it does nothing of these."""
        past = [one for one in self.past if one.kind in rule.kinds]
        present = next((one for one in past if one.is_open), None)
        settled = max((one.settled_at for one in past if one.settled_at), default=None)
        case = replace(self._case, is_settled=settled is not None)
        if present is not None:
            before = _since(self._before(present.first_run_id), settled)
            if present.kind in LOOKS and self._has_new_file(before):
                return replace(present, settled_at=self.now)
            found = rule.look(replace(case, recent=[self.judged.reading], before=before))
            if rule.kinds == DOWN and found is not None and answers_again(present, found):
                return self._told_anew(present, found)
            return _carried_on(present, found, self.judged.reading, self.now)
        opened = opened_by(rule, case, _since(self.readings, settled))
        if opened is None:
            return None
        muted = max((one.muted_until for one in past if one.muted_until), default=None)
        new = replace(opened, site=self.judged.site, opened_at=self.now, muted_until=muted)
        return add_alert(self.connection, new, self.judged.reading.run_id)

    def _told_anew(self, present: Alert, found: Finding) -> Alert:
        """Put an alert of what is wrong now in the place of one of a site that did not answer."""
        save_alert(self.connection, replace(present, recovered_at=self.now))
        at = self.judged.reading.at
        new = replace(
            present, kind=found.kind, facts=found.facts, opened_at=self.now, bad_runs=BAD_IN_A_ROW,
            last_bad_at=at, told_at=None,
        )  # fmt: skip
        return add_alert(self.connection, new, self.judged.reading.run_id)

    def _has_new_file(self, before: Sequence[Reading]) -> bool:
        """Whether the site file was changed after the fault, and its lists show articles."""
        said, now = before[-1].site_file if before else "", self.judged.reading
        return bool(said and now.site_file and now.site_file != said and now.entries)

    def _before(self, run_id: int) -> Sequence[Reading]:
        """The readings before a run, also of runs that lie far back."""
        if self.readings and self.readings[0].run_id < run_id:
            return [one for one in self.readings if one.run_id < run_id]
        return readings_up_to(self.connection, self.judged.site, run_id - 1)

    @property
    def _case(self) -> Case:
        """A case without readings: what its rules may ask of the archive."""
        site_id = self.judged.site_id
        return Case(
            recent=(),
            before=(),
            days=partial(publication_days, self.connection, site_id, self.now),
            is_holiday=self.is_holiday,
            refused=partial(refused_pages, self.connection, site_id),
            revised=partial(revised_articles, self.connection, site_id),
        )


def _since(readings: Sequence[Reading], settled: datetime | None) -> Sequence[Reading]:
    return readings if settled is None else [one for one in readings if one.at > settled]


def change_to_tell(one: Alert, now: datetime) -> Change | None:
    """Return what is to be told of an alert as it is now; None where nobody is to hear of it."""
    if one.is_muted(now):
        return None
    if not one.is_open:
        return Change.RECOVERED if one.told_at is not None else None
    if one.told_at is None:
        return Change.OPENED
    return Change.REPEATED if now - one.told_at >= REPEAT_AFTER else None


def opened_by(rule: Rule, case: Case, readings: Sequence[Reading]) -> Alert | None:
    """Return the alert that the last of a site's readings opens by a rule; None where it opens none.

    It lacks site, number and time. ``case`` has what the rule may ask besides readings.
    """
    if rule.kinds != DOWN:
        # A run that showed nothing stands between no two others, and is no part of what was before.
        is_silent = bool(readings) and is_down(readings[-1])
        readings = [] if is_silent else [one for one in readings if not is_down(one)]
    streak = bad_streak(rule, case, readings)
    if not streak:
        return None
    before = [one for one in readings if one.run_id < streak[0].run_id]
    found = rule.look(replace(case, recent=streak, before=before))
    if found is None or not (found.kind and found.is_sure):
        return None
    if len(streak) < BAD_IN_A_ROW and not found.is_lasting:
        return None
    at = streak[-1].at
    return Alert(
        id=0, site="", kind=found.kind, opened_at=at, first_run_id=streak[0].run_id,
        facts=found.facts, bad_runs=len(streak), last_bad_at=at,
    )  # fmt: skip


def bad_streak(rule: Rule, case: Case, readings: Sequence[Reading]) -> list[Reading]:
    """Return the bad readings at the end of a history, without those that say nothing; empty if it ends well.

    Each is judged alone, beside what was before the last two.
    """
    before = readings[:-BAD_IN_A_ROW]
    streak: list[Reading] = []
    for place in range(len(readings) - 1, -1, -1):
        if len(streak) == _LONGEST_STREAK:
            break
        found = rule.look(replace(case, recent=[readings[place]], before=before[:place]))
        if found is None:
            if not streak:
                return []
            continue
        if not found.kind:
            break
        streak.insert(0, readings[place])
    return streak


def answers_again(present: Alert, found: Finding) -> bool:
    """Whether a site that was known not to answer does so, for two runs now, and its lists show nothing.

    Somebody who waits for the end of an outage hears in this way that the site came back as another one.
    """
    is_other = found.kind in ANSWERED and present.kind not in (*ANSWERED, NEVER)
    return is_other and present.facts.get("cause") == found.kind


def _carried_on(present: Alert, found: Finding | None, reading: Reading, now: datetime) -> Alert | None:
    """What becomes of an open alert by what a rule found; None where the run says nothing of it."""
    if found is None:
        return None
    if not found.kind:
        return replace(present, recovered_at=now)
    return replace(present, facts=found.facts, bad_runs=present.bad_runs + 1, last_bad_at=reading.at)
