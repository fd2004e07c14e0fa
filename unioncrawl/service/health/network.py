"""Whether so many sites fail together that the fault is ours: one notice then, instead of fifty."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from unioncrawl.service.health.alert_rows import (
    NETWORK,
    Alert,
    add_alert,
    past_alerts,
    save_alert,
    unrecovered_alerts,
)
from unioncrawl.service.health.history import JudgedRun, latest_readings, readings_up_to
from unioncrawl.service.health.reading import Reading
from unioncrawl.service.health.rules.answers import DOWN, NO_ANSWER, NO_NAME, cause_of_silence, is_down

# Of fewer sites that fail together each is told.
FEWEST_SITES = 3
_HALF = 0.5
# A network that is away has neither names nor answers.
_ALIKE = {NO_NAME: NO_ANSWER}


class NetworkState(NamedTuple):
    """The alert of the network, if there is one, and whether it opened or ended just now."""

    alert: Alert | None
    is_news: bool


def fail_together(failing: int, sites: int) -> bool:
    """Whether so many of the sites fail that the network is to blame.

    >>> fail_together(2, 2), fail_together(3, 6), fail_together(3, 7)
    (False, True, False)
    """
    return failing >= FEWEST_SITES and failing >= sites * _HALF


def judge_network(connection: Connection, judged: JudgedRun, now: datetime) -> NetworkState:
    """Open or end the alert of the network after a run.

    Counted are the sites that were crawled since this one's first bad run in a row, for what was well
    before says nothing of the network now; without those that somebody knows to be down.
    """
    past = past_alerts(connection, "")
    present = past[-1] if past and past[-1].is_open else None
    if present is None and not is_down(judged.reading):
        return NetworkState(None, is_news=False)
    since = present.first_run_id if present else _first_bad_run(connection, judged)
    known = _known_to_be_down(connection, present.opened_at if present else now)
    if present is None and judged.site in known:
        return NetworkState(None, is_news=False)
    latest = latest_readings(connection, since)
    crawled = [reading for key, reading in latest.items() if key not in known]
    failing = _failing_alike(crawled)
    facts = {"failing": failing, "sites": len(crawled)}
    together = fail_together(failing, len(crawled))
    if present is not None:
        changed = replace(present, facts=facts, last_bad_at=now)
        changed = changed if together else replace(present, recovered_at=now)
        save_alert(connection, changed)
        return NetworkState(changed, is_news=not together)
    if not together:
        return NetworkState(None, is_news=False)
    new = Alert(
        id=0, site="", kind=NETWORK, opened_at=now, first_run_id=since, facts=facts,
        bad_runs=1, last_bad_at=now, told_at=now,
    )  # fmt: skip
    return NetworkState(add_alert(connection, new, judged.reading.run_id), is_news=True)


def _failing_alike(readings: Sequence[Reading]) -> int:
    """How many sites fail for the cause that most of them have in common."""
    causes = Counter(_ALIKE.get(cause, cause) for cause in map(cause_of_silence, filter(is_down, readings)))
    return max(causes.values(), default=0)


def _known_to_be_down(connection: Connection, at: datetime) -> set[str]:
    """The sites that were told of before a moment, or whose silence is the new normal."""
    return {
        one.site
        for one in unrecovered_alerts(connection)
        if one.kind in DOWN and (one.settled_at or (one.told_at is not None and one.told_at < at))
    }


def _first_bad_run(connection: Connection, judged: JudgedRun) -> int:
    """The first of the runs without an article that the judged one ends."""
    first = judged.reading.run_id
    for reading in reversed(readings_up_to(connection, judged.site, first)):
        if not is_down(reading):
            break
        first = reading.run_id
    return first
