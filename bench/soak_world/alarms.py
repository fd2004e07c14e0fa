"""Judges what was told of the sites' health by what was wrong with them: true, false, late and missed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from bench.soak_world.faults import NETWORK
from bench.soak_world.judge import Run, Verdict
from bench.soak_world.site import Site
from bench.soak_world.site_files import needs_new_file
from bench.soak_world.world import START, World
from unioncrawl.service.health.rules.answers import DOWN

# A fault must be told after so many runs, and its end too.
_RUNS = 2
# What a redesign or a reset changed may be noticed so long after it.
_ECHO = timedelta(days=30)
# What an outage leaves (articles that come late, a rhythm that stood still) is noticed so long after it.
_OUTAGE_ECHO = timedelta(days=4)
OPENED, REPEATED, RECOVERED = "alert-opened", "alert-repeated", "alert-recovered"
# Its reader or a new site file took an alert for the new normal: that is no notice, and it is open no more.
SETTLED = "alert-settled"
MINUTES_A_NOTICE = 5
# What a redesign that changes one thing can show as; the others, moves and new systems, as anything.
_OF_ARTICLES = frozenset({
    *("layout-changed", "field-lost", "hits-lost", "dates-ahead", "texts-short", "lines-dropped"),
    *("repairs-uncertain", "all-revised", "pages-lost"),
})  # fmt: skip
_SHOWS_AS = {
    **dict.fromkeys(("redesign date", "redesign headline", "redesign counter"), _OF_ARTICLES),
    "redesign pager": frozenset({"pager-lost", "layout-changed"}),
    "counts reset": frozenset({"hits-lost"}),
}


# The runs in which articles of a site were visited, by the site.
Visited: TypeAlias = Mapping[str, frozenset[datetime]]


@dataclass(frozen=True, slots=True)
class Told:
    """One notice: when, of which site, what became of which kind of alert; or that one was settled."""

    at: datetime
    site: str
    change: str
    kind: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """A span in which something is wrong with a site, or from which on it is another one."""

    kind: str
    start: datetime
    end: datetime
    must_be_told: bool

    @property
    def is_of_articles(self) -> bool:
        """Whether it shows in articles alone: a run that asks for none can't see it."""
        return _SHOWS_AS.get(self.kind) == _OF_ARTICLES

    def may_show_as(self, kind: str) -> bool:
        """Whether a kind of alert may be about it."""
        return self.kind not in _SHOWS_AS or kind in _SHOWS_AS[self.kind]

    def explains(self, at: datetime) -> bool:
        """Whether an alert that opens at a time may be about it."""
        echo = _OUTAGE_ECHO if self.must_be_told and not self.kind.startswith("redesign") else _ECHO
        return self.start <= at <= self.end + echo


class Alarms:
    """Compares the notices with the world, over the runs."""

    def __init__(
        self, world: World, runs: Sequence[Run], told: Sequence[Told], visited: Visited | None = None
    ) -> None:
        self._world, self._all, self._told, self._visited = world, runs, told, visited or {}
        # Those of the site that is judged.
        self._runs = [run.at for run in runs]
        self.verdict = Verdict()

    def judge(self) -> Verdict:
        """Return the verdict."""
        by_site: dict[str, list[Told]] = defaultdict(list)
        for one in self._told:
            by_site[one.site].append(one)
        for site in self._world.sites:
            self._judge_site(site, by_site[site.site_id])
        self._judge_network(by_site[""])
        years = len(self._world.sites) * (self._runs[-1] - START) / timedelta(days=365)
        counts = self.verdict.counts
        counts["notices"] = sum(one.change != SETTLED for one in self._told)
        counts["minutes of attention"] = MINUTES_A_NOTICE * counts["notices"]
        counts["false alerts, hundredths a site-year"] = round(100 * counts["alerts false"] / years)
        return self.verdict

    def _judge_site(self, site: Site, told: Sequence[Told]) -> None:
        troubles = list(troubles_of(site))
        self._runs = [run.at for run in self._all if run.is_of(site.site_id)]
        for one in told:
            if one.change == OPENED:
                self._judge_opening(site, one, troubles)
        for trouble in troubles:
            if trouble.kind != NETWORK:
                self._judge_trouble(site, trouble, told)

    def _judge_opening(self, site: Site, one: Told, troubles: Sequence[Trouble]) -> None:
        explained = [trouble for trouble in troubles if trouble.explains(one.at)]
        causes = [trouble.kind for trouble in explained if trouble.may_show_as(one.kind)]
        is_true = bool(causes) and causes != [NETWORK]
        name = f"{site.site_id} {one.kind} {one.at:%m-%d %H:%M}: {', '.join(causes) or 'no cause'}"
        self.verdict.note("alerts true" if is_true else "alerts false", name)

    def _judge_trouble(self, site: Site, trouble: Trouble, told: Sequence[Told]) -> None:
        is_redesign = trouble.kind.startswith("redesign")
        amid = [at for at in self._runs if trouble.start <= at < trouble.end]
        # While a site is down nobody sees that it is another one.
        amid = [at for at in amid if not is_redesign or site.fault(at) is None]
        amid = [at for at in amid if not trouble.is_of_articles or self._asks_for_articles(site, at)]
        name = f"{site.site_id} {trouble.kind} from {trouble.start:%m-%d %H:%M}, {len(amid)} runs"
        what = trouble.kind if is_redesign else "fault"
        if hidden := self._hidden(site, trouble, amid):
            self.verdict.counts[f"{what}s {hidden}"] += 1
            return
        about = [one for one in told if not (is_redesign and _is_of_fault(site, one))]
        about = [one for one in about if trouble.may_show_as(one.kind)]
        opened = [one.at for one in about if one.change == OPENED and trouble.start <= one.at]
        opened = [at for at in opened if at < trouble.end + timedelta(hours=12)]
        # An alert that is open already says that the site is down, not that it is another one.
        before = what == "fault" and self._is_open(told, trouble.start)
        if before or (opened and opened[0] < self._after(amid[_RUNS - 1])):
            self.verdict.note(f"{what} told in time", name)
        elif opened:
            self.verdict.note(f"{what} told late", f"{name}, told {opened[0]:%m-%d %H:%M}")
        elif trouble.must_be_told:
            self.verdict.note(f"{what} not told", name)
        else:
            self.verdict.counts[f"{what} without harm, not told"] += 1
        if (opened or before) and what == "fault" and self._is_well_after(site, trouble):
            self._judge_recovery(name, trouble, told)

    def _hidden(self, site: Site, trouble: Trouble, amid: Sequence[datetime]) -> str:
        """Return why nobody can be told of a trouble by these runs; empty where somebody must be."""
        if len(amid) < _RUNS:
            return "too short for an alert"
        is_redesign = trouble.kind.startswith("redesign")
        seen = [at for at in amid if self._is_outdated(site, at)]
        if is_redesign and trouble.must_be_told and len(seen) < _RUNS:
            # The notice of an outage had the site file mended before two runs could show what it lacked.
            return "mended before they could show"
        # Where all sites fail, the network is told of, and nothing else.
        is_ours = any(one.kind == NETWORK and one.holds(at) for one in site.faults for at in amid[:_RUNS])
        return "in the outage of the network" if is_ours else ""

    def _asks_for_articles(self, site: Site, at: datetime) -> bool:
        """Whether a run asks for an article: for a new one, by the world, or for a known one."""
        before = max((one for one in self._runs if one < at), default=START)
        is_new = any(before < one.visible_at <= at for one in site.stories)
        return is_new or at in self._visited.get(site.site_id, ())

    def _is_outdated(self, site: Site, at: datetime) -> bool:
        """Whether the file of a site was out of date in a run, also of one whose files nobody noted."""
        run = next(one for one in self._all if one.at == at)
        return site.site_id in run.outdated or not any(one.outdated for one in self._all)

    def _is_well_after(self, site: Site, trouble: Trouble) -> bool:
        """Whether runs follow in which nothing else is wrong with the site."""
        after = [at for at in self._runs if at >= trouble.end][: _RUNS + 1]
        return len(after) > _RUNS and not any(site.fault(at) for at in after)

    def _judge_network(self, told: Sequence[Told]) -> None:
        """Judge what was told of no site: the outage of our own network, and nothing else."""
        self._runs = [run.at for run in self._all]
        spans = [one for one in troubles_of(self._world.sites[0]) if one.kind == NETWORK]
        for one in told:
            if one.change == OPENED and not any(span.start <= one.at < span.end for span in spans):
                self.verdict.note("alerts false", f"{one.kind} {one.at:%m-%d %H:%M}")
        for span in spans:
            amid = [at for at in self._runs if span.start <= at < span.end]
            opened = [one.at for one in told if one.change == OPENED and one.at in amid[:_RUNS]]
            self.verdict.counts["network outage told in time" if opened else "network outage not told"] += 1

    def _after(self, run: datetime) -> datetime:
        return next((at for at in self._runs if at > run), run + timedelta(days=1))

    @staticmethod
    def _is_open(told: Sequence[Told], at: datetime) -> bool:
        """Whether an alert of the site is open at a time."""
        last: dict[str, str] = {}
        for one in told:
            if one.at < at:
                last[one.kind] = one.change
        return any(change not in (RECOVERED, SETTLED) for change in last.values())

    def _judge_recovery(self, name: str, trouble: Trouble, told: Sequence[Told]) -> None:
        after = [at for at in self._runs if at >= trouble.end]
        ends = [one.at for one in told if one.change == RECOVERED and one.at >= trouble.end]
        if ends and len(after) > _RUNS and ends[0] < after[_RUNS]:
            self.verdict.counts["recoveries told in time"] += 1
        else:
            self.verdict.note("recoveries late or not told", name)


def _is_of_fault(site: Site, told: Told) -> bool:
    """Whether a notice is of an outage or a certificate, and no sign of a redesign."""
    is_down = told.kind in DOWN and site.fault(told.at) is not None
    return is_down or (told.kind == "certificate-expired" and site.has_expired(told.at))


def troubles_of(site: Site) -> Iterator[Trouble]:
    """Yield what is wrong with a site and when, or changed: faults, redesigns, resets of its counters."""
    for fault in site.faults:
        yield Trouble(fault.kind, fault.start, fault.end, must_be_told=True)
    for before, after in zip(site.periods, site.periods[1:], strict=False):
        is_harmful = needs_new_file(before.look, after.look) and after.look.old_addresses == "gone"
        # What is told after the next redesign is told of that one.
        end = min([after.start + _ECHO, *(one.start for one in site.periods if one.start > after.start)])
        yield Trouble(f"redesign {after.kind}", after.start, end, must_be_told=is_harmful)
    for reset in site.resets:
        yield Trouble("counts reset", reset, reset, must_be_told=False)
