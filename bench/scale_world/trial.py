"""One trial: workers crawl all sites while they are killed, their database is cut off, its disk is filled.

Each trouble comes when so many articles have been served, so that a slow machine meets it at the same point.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random

import psycopg

from bench.scale_world.crew import Crew
from bench.scale_world.database import Database
from bench.scale_world.server import Served
from bench.scale_world.traffic import Kill

KILL, FREEZE, CUT, FULL = "kill", "freeze", "cut", "full disk"
_LOOK_SECONDS = 0.1
# A process that ended by itself is started again after this, as a service manager does.
_RESTART_SECONDS = 2.0
# Troubles lie between these parts of all articles.
_FIRST, _LAST = 0.03, 0.92
# Of a worker that was frozen others have the sites by now, and runs of their own.
_OPEN_RUNS = """
SELECT DISTINCT pid, spider FROM run WHERE pid = ANY(%s) AND finished_at IS NULL
AND NOT EXISTS (SELECT FROM run later WHERE later.spider = run.spider AND later.id > run.id)
"""
_ASK_TRIES = 20


@dataclass(frozen=True, slots=True)
class Trouble:
    """What happens when so many articles have been served."""

    kind: str
    after_articles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered:
    """So many kills, frozen workers, cuts and fills of the disk; how long one of the latter lasts.

    ``patience_seconds`` ends a trial in which nothing happens any more.
    """

    kills: int
    freezes: int = 0
    freeze_seconds: float = 60.0
    cuts: int = 0
    fills: int = 0
    away_seconds: float = 10.0
    patience_seconds: float = 300.0


def plan_troubles(ordered: Ordered, total: int, seed: int) -> list[Trouble]:
    """Return the troubles of a trial of so many articles in their order.

    >>> [one.kind for one in plan_troubles(Ordered(kills=2, cuts=1), 100, seed=2)]
    ['kill', 'kill', 'cut']
    """
    chance = Random(f"{seed} troubles")
    kinds = (
        [KILL] * ordered.kills + [FREEZE] * ordered.freezes + [CUT] * ordered.cuts + [FULL] * ordered.fills
    )
    chance.shuffle(kinds)
    part = (_LAST - _FIRST) * total / max(1, len(kinds))
    return [
        Trouble(kind, int(_FIRST * total + part * (number + chance.random())))
        for number, kind in enumerate(kinds)
    ]


@dataclass
class Away:
    """A time without the database or without room for it; ``ended``: whether its server ended by it."""

    kind: str
    begin: float
    end: float = 0.0
    ended: bool = False


@dataclass
class Trial:
    """A crew at work, its database, and what is done to both.

    ``is_done`` is asked when no article was served for a while.
    """

    crew: Crew
    database: Database
    served: Served
    is_done: Callable[[], bool]
    seed: int
    ordered: Ordered
    kills: list[Kill] = field(default_factory=list)
    away: list[Away] = field(default_factory=list)
    gave_up: bool = False
    # Troubles for which it was too late: nobody was at work any more.
    not_come: int = 0
    seconds: float = 0.0
    stop_seconds: float = 0.0
    _ended_at: dict[int, float] = field(default_factory=dict)

    def run(self, total: int) -> None:
        """Go on until all of so many articles are done, or nothing happens any more."""
        begin = time.monotonic()
        self._chance = Random(f"{self.seed} victims")
        self.crew.start()
        left = iter(plan_troubles(self.ordered, total, self.seed))
        following = next(left, None)
        for count in self._served_counts():
            self._restart()
            is_time = following is not None and count >= following.after_articles
            if following is not None and is_time and self._make(following.kind):
                following = next(left, None)
        self.not_come = len([one for one in (following, *left) if one is not None])
        asked_at = time.monotonic()
        self.crew.stop()
        self.seconds, self.stop_seconds = asked_at - begin, time.monotonic() - asked_at

    def _served_counts(self) -> Iterator[int]:
        """Yield how many articles were served, again and again, until the end."""
        before, changed_at = 0, time.monotonic()
        asked_at = changed_at
        while True:
            count, now = self.served.count.value, time.monotonic()
            if count != before:
                before, changed_at = count, now
            elif now - changed_at > 2 and now - asked_at > 5:
                if self.is_done():
                    return
                asked_at = time.monotonic()
            if now - changed_at > self.ordered.patience_seconds:
                self.gave_up = True
                return
            yield count
            time.sleep(_LOOK_SECONDS)

    def _restart(self) -> None:
        running = self.crew.running()
        for worker in self.crew.workers:
            if worker in running or self.crew.is_finished(worker):
                continue
            since = self._ended_at.setdefault(worker.number, time.monotonic())
            if time.monotonic() - since >= _RESTART_SECONDS:
                del self._ended_at[worker.number]
                self.crew.start_one(worker)

    def _make(self, kind: str) -> bool:
        """Make trouble; whether it came: who is at work on nothing is not killed."""
        if kind in {KILL, FREEZE}:
            return self._strike(kind)
        self._say(kind)
        away = Away(kind, time.monotonic())
        self.away.append(away)
        if kind == CUT:
            self.database.stop()
            self._go_on(self.ordered.away_seconds)
        else:
            self.database.fill()
            self._go_on(self.ordered.away_seconds)
            away.ended = self.database.has_ended()
            self.database.free()
        if self.database.has_ended():
            self.database.start()
        away.end = time.monotonic()
        return True

    def _say(self, what: str) -> None:
        print(f"{self.served.count.value} articles served: {what}", flush=True)

    def _strike(self, kind: str) -> bool:
        """Kill a worker that is at work, or freeze it for a while."""
        workers = {one.process.pid: one for one in self.crew.running() if one.process}
        at_work = sorted(open_runs(self.crew.place.archive, list(workers)))
        if not at_work:
            return False
        number = self._chance.choice(at_work)
        worker = workers[number]
        if kind == KILL:
            self.crew.kill(worker)
        else:
            os.kill(number, signal.SIGSTOP)
        sites = open_runs(self.crew.place.archive, [number]).get(number, [])
        struck = Kill(kind, time.monotonic(), worker.agent, sites)
        self.kills.append(struck)
        self._say(f"{kind} of {worker.agent}, at work on {len(struck.sites)} sites")
        if kind == FREEZE:
            self._go_on(self.ordered.freeze_seconds)
            os.kill(number, signal.SIGCONT)
        return True

    def _go_on(self, seconds: float) -> None:
        """Do nothing but start anew what has ended."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self._restart()
            time.sleep(_LOOK_SECONDS)


def open_runs(archive: str, processes: list[int]) -> dict[int, list[str]]:
    """The sites of the runs of processes that have no end, and are the last ones of their sites."""
    for _ in range(_ASK_TRIES):
        try:
            with psycopg.connect(archive) as connection:
                rows = connection.execute(_OPEN_RUNS, (processes,)).fetchall()
        except psycopg.errors.UndefinedTable:
            return {}
        except psycopg.OperationalError:
            time.sleep(1)
        else:
            return {pid: [site for one, site in rows if one == pid] for pid, _ in rows}
    raise RuntimeError("the database does not answer any more")


def crew_is_through(crew: Crew) -> bool:
    """Whether every process has ended as it should, where each has its own part."""
    return all(crew.is_finished(worker) for worker in crew.workers)
