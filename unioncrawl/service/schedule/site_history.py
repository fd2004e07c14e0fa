"""What the archive knows of each site's runs: when they looked, what they found, what they left open."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, case, func, select

from unioncrawl.archive.crawl_state.crawl_runs import NO_ANSWER, NOT_BEGUN, faults
from unioncrawl.archive.schema import article, run, site
from unioncrawl.language.zones import CHINA
from unioncrawl.outcomes import Owed, outcome_of

FINISHED = "finished"
# So many of a site's latest runs are looked at, and articles of so many days.
_RUNS, _DAYS = 40, 28
_REJECTED = "unioncrawl/rejected/"


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRun:
    """A run of a site; without ``ended_at`` it was killed, or is at work now.

    ``faults``: as in `unioncrawl.archive.crawl_state.crawl_runs.FAULTS`; ``owed``: addresses that failed and
    are owed a request soon.
    """

    begun_at: datetime
    ended_at: datetime | None
    reason: str
    is_deep: bool = False
    is_past_only: bool = False
    new: int = 0
    owed: int = 0
    faults: frozenset[str] = frozenset()

    @property
    def is_look(self) -> bool:
        """Whether the run saw what the site had at the time."""
        return self.reason == FINISHED and not self.is_past_only and not self.failed

    @property
    def failed(self) -> bool:
        """Whether the site gave no news, or the run was killed or never begun: more than a finding."""
        if self.ended_at is None or self.reason == NOT_BEGUN:
            return True
        return not self.was_cut_short and not self.faults.isdisjoint(NO_ANSWER)

    @property
    def all_faults(self) -> frozenset[str]:
        """What was wrong with the run; of one that failed as a whole also why it ended."""
        return self.faults | ({self.reason} if self.failed else frozenset())

    @property
    def was_cut_short(self) -> bool:
        """Whether the run was ended before it was through: by a person, its window, a full disk."""
        is_ended = self.ended_at is not None and self.reason not in {FINISHED, NOT_BEGUN}
        return is_ended and "crawl/blocked" not in self.faults


@dataclass(frozen=True, slots=True)
class Publication:
    """A time at which articles of a site were published, and whether its hour is known or its day alone."""

    at: datetime

    @property
    def has_hour(self) -> bool:
        """Whether it is another time than midnight in China, which is kept for a day without an hour."""
        return self.at.astimezone(CHINA).time() != time()


@dataclass(frozen=True, slots=True)
class SiteHistory:
    """A site's runs from old to new, its publications of the latest weeks, and its next owed visit.

    ``deep_at`` and ``deep_tried_at``: when the last run began that walked every list to its end, and the
    last that was to do so. A first run does: it knows nothing.
    """

    site: str
    runs: Sequence[PastRun] = ()
    publications: Sequence[Publication] = ()
    next_visit_at: datetime | None = None
    deep_at: datetime | None = None
    deep_tried_at: datetime | None = None

    @property
    def last(self) -> PastRun | None:
        """The latest run; None when there was never one."""
        return self.runs[-1] if self.runs else None


def site_histories(connection: Connection, sites: Collection[str], now: datetime) -> dict[str, SiteHistory]:
    """Read the history of each site; one without a row in the archive has an empty one.

    The visits that are owed are added by `unioncrawl.service.schedule.visits_ahead`.
    """
    runs: dict[str, list[PastRun]] = {name: [] for name in sites}
    published: dict[str, list[Publication]] = {name: [] for name in sites}
    for row in connection.execute(_latest_runs()):
        if row.spider in runs:
            runs[row.spider].append(_past_run(row))
    for row in connection.execute(_publications(now - timedelta(days=_DAYS), now)):
        if row.key in published:
            published[row.key].append(Publication(row.published_at))
    deep = {row.spider: (row.deep_at, row.deep_tried_at) for row in connection.execute(_deep_runs())}
    return {
        name: SiteHistory(name, runs[name], published[name], None, *deep.get(name, (None, None)))
        for name in sites
    }


def _latest_runs() -> Select[Any]:
    """Select the latest runs of each spider, from old to new."""
    place = func.row_number().over(partition_by=run.c.spider, order_by=run.c.id.desc()).label("place")
    placed = select(run.c.id, place).subquery()
    return (
        select(run.c.spider, run.c.arguments, run.c.started_at, run.c.finished_at, run.c.reason, run.c.stats)
        .join(placed, placed.c.id == run.c.id)
        .where(placed.c.place <= _RUNS)
        .order_by(run.c.id)
    )


def _deep_runs() -> Select[Any]:
    """Select when the last run that walked every list of a site to its end began, and the last try."""
    firsts = select(func.min(run.c.id)).group_by(run.c.spider)
    is_deep = run.c.arguments["full"].as_string().is_not(None) | run.c.id.in_(firsts)
    deep_at = func.max(case((run.c.reason == FINISHED, run.c.started_at)), type_=run.c.started_at.type)
    return (
        select(run.c.spider, deep_at.label("deep_at"), func.max(run.c.started_at).label("deep_tried_at"))
        .where(is_deep)
        .group_by(run.c.spider)
    )


def _past_run(row: Row[Any]) -> PastRun:
    stats: Mapping[str, object] = row.stats or {}
    arguments: Mapping[str, object] = row.arguments or {}
    return PastRun(
        begun_at=row.started_at,
        ended_at=row.finished_at,
        reason=row.reason,
        is_deep=bool(arguments.get("full")),
        is_past_only=bool(arguments.get("until")),
        new=_number(stats.get("unioncrawl/archive/new")),
        owed=sum(_number(number) for name, number in stats.items() if _is_owed_soon(name)),
        faults=faults(stats),
    )


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _is_owed_soon(name: str) -> bool:
    """Whether a stat counts rejections (``unioncrawl/rejected/STAGE/REASON``) that every run asks again."""
    group, _, reason = name.removeprefix(_REJECTED).rpartition("/")
    return name.startswith(_REJECTED) and bool(group) and outcome_of(reason).owed is Owed.SOON


def _publications(since: datetime, until: datetime) -> Select[Any]:
    """Select the times of publishing of a span by site, each once, in order."""
    return (
        select(site.c.key, article.c.published_at)
        .join(site, site.c.id == article.c.site_id)
        .where(article.c.published_at > since, article.c.published_at <= until)
        .distinct()
        .order_by(article.c.published_at)
    )
