"""Which runs there were, how each ended, and what became of what its lists showed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from unioncrawl.archive.crawl_state.crawl_runs import SHORT_LISTS, unwritten
from unioncrawl.archive.crawl_state.entry_ledger import counted_entries, missing_addresses
from unioncrawl.archive.schema import rejection, run
from unioncrawl.archive.sql import bytewise
from unioncrawl.errors import RunNotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """A run: its spider and arguments, its times, why it ended, what it left.

    ``finished_at``: ``None`` while it goes on, or when it was killed. ``entries``: what
    became of the entries of its lists, ``None`` where no ledger was closed. ``unwritten``: in
    words what of it is not in the archive.
    """

    id: int
    spider: str
    arguments: Mapping[str, Any]
    started_at: datetime
    finished_at: datetime | None
    reason: str
    version: str
    stats: Mapping[str, Any]
    entries: Mapping[str, int] | None
    unwritten: str
    missing: tuple[str, ...]
    short_lists: tuple[str, ...]


def load_runs(
    connection: Connection, limit: int, before: int | None = None, spider: str = ""
) -> list[RunFacts]:
    """Return the newest runs, or the newest before one with a number; of one spider, or of all."""
    query = select(run).order_by(run.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(run.c.id < before)
    if spider:
        query = query.where(run.c.spider == spider)
    return [_facts(row) for row in connection.execute(query)]


def load_run(connection: Connection, number: int) -> RunFacts:
    """Return one run; raises `RunNotFound`."""
    row = connection.execute(select(run).where(run.c.id == number)).one_or_none()
    if row is None:
        raise RunNotFound(f"the archive has no run {number}.", next_step="The list of runs has all of them.")
    return _facts(row)


def _facts(row: Row[Any]) -> RunFacts:
    stats = row.stats or {}
    noted = stats.get(SHORT_LISTS, ())
    return RunFacts(
        id=row.id,
        spider=row.spider,
        arguments=row.arguments,
        started_at=row.started_at,
        finished_at=row.finished_at,
        reason=row.reason,
        version=row.version,
        stats=stats,
        entries=counted_entries(stats),
        unwritten=unwritten(stats),
        missing=tuple(missing_addresses(stats)),
        short_lists=tuple(map(str, noted)) if isinstance(noted, (list, tuple)) else (str(noted),),
    )


@dataclass(frozen=True, slots=True)
class Refused:
    """A rejection of a run: the address, the stage and reason, and when."""

    url: str
    stage: str
    reason: str
    detail: str
    at: datetime


def load_refused(connection: Connection, number: int, limit: int) -> list[Refused]:
    """Return the first rejections of a run."""
    columns = (rejection.c.url, rejection.c.stage, rejection.c.reason, rejection.c.detail, rejection.c.at)
    query = select(*columns).where(rejection.c.run_id == number).order_by(rejection.c.id).limit(limit)
    return [Refused(*row) for row in connection.execute(query)]


def count_refused(connection: Connection, number: int) -> dict[str, int]:
    """Return how many pages of a run each reason rejected, most first."""
    query = (
        select(rejection.c.reason, func.count().label("number"))
        .where(rejection.c.run_id == number)
        .group_by(rejection.c.reason)
        .order_by(func.count().desc(), bytewise(rejection.c.reason))
    )
    return {row.reason: row.number for row in connection.execute(query)}
