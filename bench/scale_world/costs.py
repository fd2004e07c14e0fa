"""What a page costs by the number of workers, beside one plain crawl of the same sites in one run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import psycopg

from bench.scale_world.crew import Crew, Place
from bench.scale_world.database import Database
from bench.scale_world.engines import QUEUE, Engine
from bench.scale_world.server import Served
from bench.scale_world.sites import Plan, ScaleSite, make_sites
from unioncrawl.archive.store import Archive

DUE = "crawl --due"
# The part of the sites that is crawled first, to tell what starting takes.
_FEW = 5


@dataclass(frozen=True, slots=True)
class Cost:
    """What one crawl took: CPU seconds of its processes and of the database, articles that it stored.

    ``shares`` are the requests that each process sent, the fewest first.
    """

    cpu_seconds: float
    database_seconds: float
    articles: int
    shares: tuple[int, ...] = ()

    @property
    def page_milliseconds(self) -> float:
        """CPU milliseconds of the processes for each article, with their start."""
        return 1000 * self.cpu_seconds / max(1, self.articles)


@dataclass
class Way:
    """What some and all of the sites took with so many workers, round by round; 0: plain ``crawl --due``."""

    workers: int
    few: list[Cost] = field(default_factory=list)
    whole: list[Cost] = field(default_factory=list)

    def page_milliseconds(self) -> float:
        """CPU milliseconds of one more article, without the start of the processes, over all rounds.

        >>> way = Way(2, few=[Cost(3.0, 0.5, 10)], whole=[Cost(5.0, 1.0, 110)])
        >>> way.page_milliseconds(), way.record(way)["of plain"]
        (20.0, 1.0)
        """
        few, whole = _together(self.few), _together(self.whole)
        return 1000 * (whole.cpu_seconds - few.cpu_seconds) / max(1, whole.articles - few.articles)

    def record(self, plain: Way) -> dict[str, Any]:
        """Return its figures beside those of the plain crawl."""
        whole = _together(self.whole)
        with_start, plain_with_start = whole.page_milliseconds, _together(plain.whole).page_milliseconds
        return {
            "way": f"{self.workers} workers" if self.workers else DUE,
            "articles": whole.articles,
            "CPU ms a page": round(self.page_milliseconds(), 2),
            "of plain": round(self.page_milliseconds() / plain.page_milliseconds(), 3),
            "with their start": round(with_start, 2),
            "of plain with its start": round(with_start / plain_with_start, 3),
            "PostgreSQL's ms a page": round(1000 * whole.database_seconds / max(1, whole.articles), 2),
            "requests of each": [list(one.shares) for one in self.whole],
        }


def _together(costs: Sequence[Cost]) -> Cost:
    """The sum of all rounds: the cheapest would take a whole crawl of one hour and a start of another."""
    return Cost(
        sum(one.cpu_seconds for one in costs),
        sum(one.database_seconds for one in costs),
        sum(one.articles for one in costs),
    )


def part_of_each(sites: int, workers: int) -> int:
    """Return how many sites a worker crawls at once so that each of them has its part.

    The first one to be ready would take all, as it may where none is measured. A process's first page costs
    as much as fifty others: the crawl of few sites would have one, and that of all of them four.

    >>> part_of_each(20, 4), part_of_each(5, 2)
    (5, 3)
    """
    return -(-sites // workers)


class Costs:
    """Measures ways over the same sites, each with a database and a folder of its own."""

    def __init__(self, folder: Path, database: Database, plan: Plan, engine: Engine) -> None:
        self._folder, self._database, self._plan, self._engine = folder, database, plan, engine
        self._sites = make_sites(plan)
        self._served = Served(self._sites)
        self._taken = 0

    def by_turns(self, crews: Sequence[int], rounds: int) -> list[dict[str, Any]]:
        """Crawl by turns, plainly and with so many workers each; return the figures of each way."""
        ways = [Way(workers) for workers in (0, *crews)]
        few = max(1, len(self._sites) // _FEW)
        try:
            for _ in range(rounds):
                for way in ways:
                    way.few.append(self.measure(way.workers, self._sites[:few]))
                    way.whole.append(self.measure(way.workers, self._sites))
                    print(f"{way.workers or DUE}: {way.few[-1]}, {way.whole[-1]}", flush=True)
        finally:
            self._served.end()
        return [way.record(ways[0]) for way in ways]

    def measure(self, workers: int, sites: Sequence[ScaleSite]) -> Cost:
        """Crawl sites once with so many workers; with 0 of them by one plain ``crawl --due``."""
        self._taken += 1
        name = f"cost{self._taken}"
        place = Place(self._folder / name, self._database.new(name), sites)
        place.prepare(self._served.port, self._plan.delay_seconds)
        # Its tables are made beforehand: they are no work of the crawl.
        Archive.open(place.archive).close()
        crew = self._crew(place, workers)
        before = self._database.cpu_seconds()
        crew.start()
        crew.wait()
        taken = self._database.cpu_seconds() - before
        with psycopg.connect(place.archive) as connection:
            row = connection.execute("SELECT count(*) FROM article").fetchone()
        shares = Counter(one.agent for one in self._served.take())
        self._database.drop(name)
        return Cost(crew.cpu_seconds, taken, row[0] if row else 0, tuple(sorted(shares.values())))

    def _crew(self, place: Place, workers: int) -> Crew:
        if not workers:
            return Crew(place, lambda _: ["crawl", "--due", *place.names, "--json"], 1)
        at_once = self._engine.at_once or part_of_each(len(place.sites), workers)
        engine = replace(self._engine, workers=workers, at_once=at_once)
        return engine.crew(place, until_empty=engine.name == QUEUE)
