"""What runs of a spider left in the archive: for the next run, and for the summary of this one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Table, func, select

from unioncrawl.archive.database import reading
from unioncrawl.archive.schema import observation, rejection, revision, run
from unioncrawl.outcomes import Reason, outcome_of

WALK_COMPLETE = "unioncrawl/walk/complete"
# The stat that names, in words, each list of which pages were not read.
SHORT_LISTS = "unioncrawl/walk/short_lists"
# Stats of a run that the archive has the beginning, and the end, of.
RUN_BEGUN, RUN_ENDED = "unioncrawl/archive/begun", "unioncrawl/archive/ended"
# The stat that holds the number of a run's row.
RUN_NUMBER = "unioncrawl/archive/run"
# The stat of a run in which no list showed an article.
EMPTY_CRAWL = "unioncrawl/crawl/empty"
# The exit code of a crawl that ended with articles, captures or feed rows unwritten.
UNWRITTEN_EXIT_CODE = 3
# A process that a signal ended exits with this and the signal's number: 130 is Ctrl-C, 143 SIGTERM.
SIGNALLED = 128
# The reasons of runs that were ended before they were through: by a signal, by their site's window.
SHUT_DOWN, WINDOW_CLOSED = "shutdown", "window-closed"
# The reason of a run that could not even begin: a broken site file, an error in a spider's own code.
NOT_BEGUN = "not-begun"
# Counts that a sound run does not have: no list with articles, a list that broke off, reached
# a bound or names more pages than were read, no robots.txt, entries without an answer, a site that refused.
FAULTS = (
    *("crawl/empty", "walk/failed", "walk/limited", "walk/short", "robots/pages_not_asked"),
    *("entries/missing", "crawl/blocked"),
)
# Those of a site that showed nothing at all.
NO_ANSWER = ("crawl/empty", "crawl/blocked", "robots/pages_not_asked")
_RUNS_LOOKED_AT = 200
_READ_AT_ONCE = 500
_WRITTEN_BY_RUNS = (observation, revision, rejection)


def unwritten(stats: Mapping[str, object]) -> str:
    """Say in words what of a run is not written, from its stats; empty when everything is.

    >>> unwritten({"unioncrawl/feed/error": "2 rows were not written.", "unioncrawl/archive/new": 7})
    '2 rows were not written.'
    >>> unwritten({"unioncrawl/archive/begun": 1, "unioncrawl/archive/ended": 1})
    ''
    """
    said = [stats.get(f"unioncrawl/{group}/error") for group in ("archive", "capture", "feed", "export")]
    if not said[0] and stats.get(RUN_BEGUN) and not stats.get(RUN_ENDED):
        said[0] = "The archive has no end of this run; the log says why. Crawl again."
    return " ".join(str(one) for one in said if one)


def faults(stats: Mapping[str, object]) -> frozenset[str]:
    """Return the names of `FAULTS` that a run's stats have.

    >>> sorted(faults({"unioncrawl/walk/failed": 2, "unioncrawl/crawl/empty": 0}))
    ['walk/failed']
    """
    counted = ((name, stats.get(f"unioncrawl/{name}")) for name in FAULTS)
    return frozenset(name for name, number in counted if isinstance(number, int) and number > 0)


@dataclass(frozen=True, slots=True)
class RunCounts:
    """What a run has in the archive: articles by outcome, visits, rejections by stage and reason."""

    new: int
    revised: int
    unchanged: int
    visits: int
    rejections: dict[tuple[str, str], int]


class RunRows:
    """Counts the rows that one run has in the archive; made when the run begins.

    Rows are numbered in the order of writing, so that only rows from after the
    beginning are read.
    """

    def __init__(self, engine: Engine, run_id: int) -> None:
        self.engine = engine
        self.run_id = run_id
        self.began_at = datetime.now(UTC)
        with reading(engine) as connection:
            self._before = {table: _last_number(connection, table) for table in _WRITTEN_BY_RUNS}

    @property
    def last_before(self) -> tuple[int, int]:
        """The numbers of the last revision and of the last observation before the run."""
        return self._before[revision], self._before[observation]

    def count(self) -> RunCounts:
        """Count now; raises `ArchiveUnwritable` when the archive can't be asked."""
        with reading(self.engine) as connection:
            changed = self._count(connection, revision, revision.c.kind.in_(("first", "edit")), distinct=True)
            return RunCounts(
                new=self._count(connection, revision, revision.c.kind == "first"),
                revised=self._count(connection, revision, revision.c.kind == "edit", distinct=True),
                unchanged=max(0, self._count(connection, observation, distinct=True) - changed),
                visits=self._count(connection, observation),
                rejections=self._rejections(connection),
            )

    def rejected(self) -> Iterator[tuple[str, Reason]]:
        """Yield the addresses that the run rejected, as recorded, and why; the last one last."""
        query = (
            select(rejection.c.url, rejection.c.reason).where(self._own(rejection)).order_by(rejection.c.id)
        )
        with reading(self.engine) as connection:
            rows = connection.execution_options(yield_per=_READ_AT_ONCE).execute(query)
            yield from ((url, outcome_of(reason).reason) for url, reason in rows)

    def _own(self, table: Table) -> ColumnElement[bool]:
        return (table.c.id > self._before[table]) & (table.c.run_id == self.run_id)

    def _count(
        self, connection: Connection, table: Table, *conditions: ColumnElement[bool], distinct: bool = False
    ) -> int:
        counted: Any = func.count(table.c.article_id.distinct()) if distinct else func.count()
        query = select(counted).select_from(table).where(self._own(table), *conditions)
        return int(connection.execute(query).scalar_one())

    def _rejections(self, connection: Connection) -> dict[tuple[str, str], int]:
        query = (
            select(rejection.c.stage, rejection.c.reason, func.count())
            .where(self._own(rejection))
            .group_by(rejection.c.stage, rejection.c.reason)
        )
        return {(stage, reason): number for stage, reason, number in connection.execute(query)}


def _last_number(connection: Connection, table: Table) -> int:
    return int(connection.execute(select(func.coalesce(func.max(table.c.id), 0))).scalar_one())


def last_complete_walks(engine: Engine, spider: str) -> dict[str, datetime]:
    """Return when the last complete walk of each column finished, by the column's address.

    A walk is complete when the run's stats say so: the list was walked to its end
    or to known articles. Killed, interrupted and limited runs are not complete, so
    that the next run looks for what they left out. A column whose list failed is
    not complete either; the other columns of its run may be.
    """
    query = (
        select(run.c.finished_at, run.c.stats)
        .where(run.c.spider == spider, run.c.finished_at.is_not(None))
        .order_by(run.c.id.desc())
        .limit(_RUNS_LOOKED_AT)
    )
    found: dict[str, datetime] = {}
    with engine.connect() as connection:
        for row in connection.execute(query):
            for name, value in (row.stats or {}).items():
                if value and name.startswith(f"{WALK_COMPLETE}/"):
                    found.setdefault(name.removeprefix(f"{WALK_COMPLETE}/"), row.finished_at)
    return found
