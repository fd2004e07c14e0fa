"""The sites that are due: which they are, which of them can be crawled now, and how they are listed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from unioncrawl import settings as defaults
from unioncrawl.archive.opening.open_to_read import archive_to_read
from unioncrawl.commands._console import print_table
from unioncrawl.commands._crawling import SiteJob
from unioncrawl.commands._options import print_json
from unioncrawl.commands._terminal import say
from unioncrawl.errors import ArchiveNotFound, SiteFileError
from unioncrawl.service.health.alert_rows import unrecovered_alerts
from unioncrawl.service.schedule.clock import now
from unioncrawl.service.schedule.due import Plan, SiteDue, due_of, due_sites
from unioncrawl.service.schedule.site_history import PastRun, SiteHistory, site_histories
from unioncrawl.service.schedule.site_locks import SiteLocks
from unioncrawl.service.schedule.words import WHY, said_due, said_rhythm
from unioncrawl.service.words import Words
from unioncrawl.sites.catalogue import Catalogue, load_catalogue, own_folders
from unioncrawl.sites.profile import Level, SiteProfile


@dataclass(frozen=True, slots=True)
class Planned:
    """Every site that was asked about with its decision, the sites with an open alert, the broken site files.

    ``broken``: by a file's name without ``.toml``, what is wrong with it, and its last run.
    """

    sites: Sequence[SiteDue]
    profiles: Mapping[str, SiteProfile]
    plan: Plan
    alerted: frozenset[str] = frozenset()
    broken: Mapping[str, tuple[SiteFileError, PastRun | None]] = field(default_factory=dict)

    def known_faults(self, site: str) -> frozenset[str]:
        """What was wrong at the last run of a site, or of what should have been one."""
        past = next((due.last_run for due in self.sites if due.site == site), None)
        past = self.broken[site][1] if site in self.broken else past
        return past.all_faults if past else frozenset()

    def jobs(self, names: Iterable[str], arguments: Mapping[str, str], at: datetime) -> list[SiteJob]:
        """The jobs of sites: deep where that is due, until their window closes."""
        due = {one.site: one for one in self.sites}
        deep = {name: {"full": "1"} if due[name].is_deep else {} for name in names}
        return [SiteJob(name, {**deep[name], **arguments}, self._closes_at(name, at)) for name in deep]

    def _closes_at(self, site: str, at: datetime) -> datetime | None:
        return self.plan.closes_at(self.profiles[site], at)


@dataclass(frozen=True, slots=True)
class Asked:
    """The sites that a crawl is asked for, and the plan they come from; None where a person named them."""

    names: Sequence[str]
    planned: Planned | None = None

    def take(self, locks: SiteLocks, arguments: Mapping[str, str]) -> tuple[list[SiteJob], list[str]]:
        """Take the locks of the sites; return their jobs, and the sites at which another run is at work."""
        free = [name for name in self.names if locks.take(name)]
        at_work = [name for name in self.names if name not in free]
        if self.planned is None:
            return [SiteJob(name, arguments) for name in free], at_work
        return self.planned.jobs(free, arguments, now()), at_work

    def more(self, archive: str, locks: SiteLocks) -> list[SiteJob]:
        """Return the jobs of sites that have become due since, with their locks taken."""
        names = list(self.planned.profiles) if self.planned else []
        planned = plan_sites(archive, names, now())
        return Asked([one.site for one in planned.sites if one.is_due], planned).take(locks, {})[0]


def plan_sites(archive: str, names: Sequence[str], at: datetime) -> Planned:
    """Decide when each site is due: the named ones, else all that are open, without the practice sites.

    An archive that is not there yet has no history. A name that no site has, or whose file is broken, is one
    of ``broken``: it keeps no other site from being crawled.
    """
    catalogue = load_catalogue(own_folders(defaults.UNIONCRAWL_SITES_DIRS))
    profiles = _profiles(catalogue, names)
    plan = Plan(defaults.UNIONCRAWL_WINDOW, defaults.UNIONCRAWL_ZONE)
    problems = _problems(catalogue, names)
    try:
        with archive_to_read(archive) as connection:
            sites = due_sites(connection, profiles.values(), at, plan)
            alerted = frozenset(one.site for one in unrecovered_alerts(connection) if one.site)
            of_broken = site_histories(connection, problems, at)
    except ArchiveNotFound:
        sites = [due_of(profile, SiteHistory(name), at, plan) for name, profile in profiles.items()]
        alerted, of_broken = frozenset(), {name: SiteHistory(name) for name in problems}
    broken = {name: (problem, of_broken[name].last) for name, problem in problems.items()}
    return Planned(sites, profiles, plan, alerted, broken)


def _file_name(problem: SiteFileError) -> str:
    """The name of the file or folder of a problem, without its ending: the message begins with its path."""
    return Path(problem.message.partition(": ")[0]).stem


def _profiles(catalogue: Catalogue, names: Sequence[str]) -> dict[str, SiteProfile]:
    return {
        name: profile
        for name, profile in catalogue.profiles.items()
        if not profile.closed and (name in names if names else profile.level is not Level.PRACTICE)
    }


def _problems(catalogue: Catalogue, names: Sequence[str]) -> dict[str, SiteFileError]:
    """What is wrong with files, and with names that no sound file has."""
    problems = {_file_name(problem): problem for problem in catalogue.problems}
    if not names:
        return problems
    missing = [name for name in names if name not in catalogue.profiles]
    return {name: problems.get(name) or _unknown(name) for name in missing}


def _unknown(name: str) -> SiteFileError:
    return SiteFileError(f"there is no site '{name}'.", next_step="See: unioncrawl sites list")


def print_plan(planned: Planned, language: str, *, as_json: bool) -> None:
    """Print a line for each site: its last run, its rhythm, when it is crawled next and why."""
    if as_json:
        print_json([due_record(due) for due in planned.sites])
        return
    head = [one.of(language) for one in _HEAD]
    rows = [_row(due, planned.plan.zone_of(planned.profiles[due.site]), language) for due in planned.sites]
    print_table(_TITLE.of(language).format(sum(due.is_due for due in planned.sites), len(rows)), head, rows)
    for problem, _ in planned.broken.values():
        say(f"unioncrawl: left out: {problem}", err=True)


_TITLE = Words("应采集的网站：{}/{}", "Sites that are due: {} of {}")
_HEAD = (
    Words("网站", "site"),
    Words("上次采集", "last run"),
    Words("发布规律", "rhythm"),
    Words("下次采集", "next run"),
    Words("方式", "way"),
)
_DEEP = Words("完整列表", "whole lists")
_NEVER = Words("从未", "never")


def _row(due: SiteDue, zone: tzinfo, language: str) -> list[str]:
    last = due.last_run
    said_last = f"{last.begun_at.astimezone(zone):%Y-%m-%d %H:%M}" if last else _NEVER.of(language)
    deep = _DEEP.of(language) if due.is_deep else ""
    return [due.site, said_last, said_rhythm(due).of(language), said_due(due, zone).of(language), deep]


def due_record(due: SiteDue) -> dict[str, object]:
    """A decision for a machine; times in UTC."""
    last = due.last_run
    return {
        "site": due.site,
        "is_due": due.is_due,
        "due_at": due.due_at and due.due_at.astimezone(UTC).isoformat(),
        "opens_at": due.opens_at and due.opens_at.astimezone(UTC).isoformat(),
        "why": due.why.value,
        "why_said": WHY[due.why]._asdict(),
        "last_run_at": last and last.begun_at.astimezone(UTC).isoformat(),
        "last_reason": last and last.reason,
        "last_faults": sorted(last.all_faults) if last else [],
        "pause_working_hours": due.pause_hours and round(due.pause_hours, 2),
        "looks": due.looks,
        "is_deep": due.is_deep,
    }
