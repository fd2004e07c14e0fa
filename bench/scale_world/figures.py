"""What a trial has shown, judged: counts with examples, kills, costs, and which goals are missed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bench.scale_world.engines import PLAIN, Engine, jobs_by_state
from bench.scale_world.judge import Judge, Verdict
from bench.scale_world.ledger import judge_alerts, judge_feeds, judge_requests, judge_runs
from bench.scale_world.server import Served
from bench.scale_world.sites import Plan
from bench.scale_world.traffic import Traffic
from bench.scale_world.trial import Away, Trial
from unioncrawl.archive.store import Archive
from unioncrawl.archive.verify.check_archive import verify

GOAL_AGAIN_SECONDS, GOAL_COST = 60.0, 1.15
FAULTS = tuple(
    """lost, doubled, altered, made up, requests unaccounted for, accounts that are wrong, not in a feed,
    false alarms, harm in the archive, pauses too short, at work on one site at once, jobs left,
    jobs that waited for a person, sites not begun again, sites begun again too late,
    workers ended by themselves, gave up, troubles that did not come""".replace("\n    ", " ").split(", ")
)
# A worker that began while the database was away may take so long to say that it is.
_START_SECONDS = 20.0
_DONE = ("succeeded", "cancelled")


@dataclass
class Figures:
    """All that a trial has shown."""

    verdict: Verdict
    shortest_pause_seconds: float
    kills: list[dict[str, Any]] = field(default_factory=list)
    away: list[dict[str, Any]] = field(default_factory=list)
    jobs: dict[str, int] = field(default_factory=dict)
    requests: dict[str, int] = field(default_factory=dict)
    too_soon: dict[str, int] = field(default_factory=dict)
    exit_codes: list[int] = field(default_factory=list)
    seconds: float = 0.0
    stop_seconds: float = 0.0
    costs: list[dict[str, Any]] = field(default_factory=list)

    def missed(self) -> list[str]:
        """The goals that are missed."""
        counts = self.verdict.counts
        missed = [f"{name}: {counts[name]}" for name in FAULTS if counts[name]]
        dear = [one for one in self.costs if one["of plain"] > GOAL_COST]
        if len({one["articles"] for one in self.costs}) > 1:
            missed.append("a way whose cost was measured stored fewer articles than another")
        return missed + [f"{one['way']}: {one['of plain']:.2f} of plain" for one in dear]


def judge_trial(trial: Trial, served: Served, plan: Plan, engine: Engine) -> Figures:
    """Judge a trial that has ended, by what the server saw and what its sites printed."""
    place, traffic = trial.crew.place, Traffic(served.take())
    traffic.time_kills(trial.kills)
    judge = Judge(place.sites, served.port)
    verdict = judge.judge(place.archive)
    judge_requests(traffic.asked, place.captures, verdict)
    judge_runs(place.archive, {site.site_id: site.count for site in place.sites}, verdict)
    judge_feeds(place.folder / "data" / "feeds", judge.addresses(), verdict)
    judge_alerts(place.archive, verdict)
    _judge_traffic(trial, traffic, plan, verdict)
    _judge_kills(trial, verdict)
    _judge_harm(trial, verdict)
    jobs = _judge_jobs(trial, engine, verdict)
    return Figures(
        verdict,
        traffic.shortest_pause(),
        kills=[{"kind": one.kind, "agent": one.agent, "again after": one.again_after} for one in trial.kills],
        away=[vars(one) | {"requests": traffic.between(one.begin, one.end)} for one in trial.away],
        jobs=jobs,
        requests=dict(traffic.agents()),
        too_soon=dict(Counter(one.host for one in traffic.too_soon(plan.delay_seconds))),
        exit_codes=trial.crew.stopped,
        seconds=trial.seconds,
        stop_seconds=trial.stop_seconds,
    )


def _judge_traffic(trial: Trial, traffic: Traffic, plan: Plan, verdict: Verdict) -> None:
    for soon in traffic.too_soon(plan.delay_seconds):
        pairs = " and ".join(map(" ".join, zip(soon.agents, soon.targets, strict=True)))
        verdict.note("pauses too short", f"{soon.host}: {soon.seconds:.4f} s, {pairs}")
    for both in traffic.both_at_work():
        verdict.note("at work on one site at once", both)
    fetched = traffic.article_requests()
    verdict.counts["articles fetched again"] = fetched.total() - len(fetched)
    verdict.counts["gave up"] = trial.gave_up
    verdict.counts["troubles that did not come"] = trial.not_come


def _judge_kills(trial: Trial, verdict: Verdict) -> None:
    for kill in trial.kills:
        for site, seconds in kill.again_after.items():
            if seconds is None:
                verdict.note("sites not begun again", f"{site} after the {kill.kind} of {kill.agent}")
            elif seconds > GOAL_AGAIN_SECONDS:
                said = f"{site}: {seconds:.0f} s after the {kill.kind} of {kill.agent}"
                verdict.note(_late(kill.at, kill.at + seconds, trial.away), said)


def _late(begin: float, end: float, away: Sequence[Away]) -> str:
    """What a late beginning is called: who was away himself declares nobody dead for a while.

    >>> _late(0, 90, [Away("cut", 10, 20)]), _late(0, 90, [Away("cut", 100, 110)])
    ('sites begun again late, an outage between', 'sites begun again too late')
    """
    is_cut = any(one.begin < end and begin < one.end for one in away)
    return "sites begun again late, an outage between" if is_cut else "sites begun again too late"


def _judge_harm(trial: Trial, verdict: Verdict) -> None:
    place = trial.crew.place
    with Archive.open(place.archive, create=False) as archive:
        for one in verify(archive.engine, place.captures):
            if one.is_harm:
                verdict.note("harm in the archive", f"{one.check}: {one.detail}")


def _judge_jobs(trial: Trial, engine: Engine, verdict: Verdict) -> dict[str, int]:
    """Judge what is left of jobs; with plain crawls there are none, and one that failed is begun again."""
    if engine.name == PLAIN:
        return {}
    jobs = jobs_by_state(trial.crew.place)
    verdict.counts["jobs left"] = sum(number for state, number in jobs.items() if state not in _DONE)
    verdict.counts["jobs that waited for a person"] = trial.crew.retried
    for at, code in trial.crew.by_themselves:
        is_refused = code == 1 and any(one.begin < at < one.end + _START_SECONDS for one in trial.away)
        kind = "refused to start without a database" if is_refused else "workers ended by themselves"
        verdict.note(kind, f"exit code {code}")
    return jobs


def print_figures(figures: Figures, plan: Plan) -> None:
    """Print what was found."""
    counts, examples = figures.verdict.counts, figures.verdict.examples
    for name, number in counts.items():
        print(f"{name:40}{number:10,}")
        for example in examples.get(name, ()):
            print(f"    {example}")
    print(f"{'shortest pause, s':40}{figures.shortest_pause_seconds:10.4f} of {plan.delay_seconds}")
    print(f"{'pauses too short by host':40}{figures.too_soon}; hosts of two sites: {plan.shared_hosts()}")
    print(f"{'seconds':40}{figures.seconds:10.0f}")
    print(f"{'seconds until all had stopped':40}{figures.stop_seconds:10.1f}")
    for number, kill in enumerate(figures.kills, 1):
        print(f"{kill['kind']} {number:2}: {kill['agent']}: {_again(kill['again after'])}")
    for one in (*figures.away, *figures.costs):
        print(", ".join(f"{name} {value}" for name, value in one.items()))
    print(f"jobs {figures.jobs}, exit codes {figures.exit_codes}, requests of each {figures.requests}")


def _again(again_after: dict[str, float | None]) -> str:
    shown = (
        f"{site} {'never' if seconds is None else f'{seconds:.1f} s'}"
        for site, seconds in again_after.items()
    )
    return ", ".join(shown) or "at work on nothing"
