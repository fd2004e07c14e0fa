"""What a page costs by the number of workers, beside one plain crawl of the same sites in one run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psycopg

from bench.scale_world.crew import Crew, Place
from bench.scale_world.database import Database
from bench.scale_world.engines import QUEUE, Engine
from bench.scale_world.server import Served
from bench.scale_world.sites import Plan, make_sites
from unioncrawl.archive.store import Archive

DUE = "crawl --due"


@dataclass(frozen=True, slots=True)
class Cost:
    """What one way took: CPU seconds of its processes and of the database, articles that it stored."""

    way: str
    cpu_seconds: float
    database_seconds: float
    articles: int

    @property
    def page_milliseconds(self) -> float:
        """CPU milliseconds of the processes for each article."""
        return 1000 * self.cpu_seconds / max(1, self.articles)


class Costs:
    """Measures ways over the same sites, each with a database and a folder of its own."""

    def __init__(self, folder: Path, database: Database, plan: Plan, engine: Engine) -> None:
        self._folder, self._database, self._plan, self._engine = folder, database, plan, engine
        self._sites = make_sites(plan)
        self._served = Served(self._sites)
        self._taken = 0

    def by_turns(self, crews: Sequence[int], rounds: int) -> dict[str, Cost]:
        """Crawl by turns, plainly and with so many workers each; return each way's cheapest round."""
        taken: dict[str, list[Cost]] = {}
        try:
            for _ in range(rounds):
                for workers in (0, *crews):
                    cost = self.measure(workers)
                    print(cost, flush=True)
                    taken.setdefault(cost.way, []).append(cost)
        finally:
            self._served.end()
        return {way: min(some, key=lambda one: one.page_milliseconds) for way, some in taken.items()}

    def measure(self, workers: int) -> Cost:
        """Crawl everything once with so many workers; with 0 of them by one plain ``crawl --due``."""
        self._taken += 1
        name = f"cost{self._taken}"
        place = Place(self._folder / name, self._database.new(name), self._sites)
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
        self._served.take()
        self._database.drop(name)
        way = f"{workers} {self._engine.name}" if workers else DUE
        return Cost(way, crew.cpu_seconds, taken, row[0] if row else 0)

    def _crew(self, place: Place, workers: int) -> Crew:
        if not workers:
            return Crew(place, lambda _: ["crawl", "--due", *place.names, "--json"], 1)
        engine = replace(self._engine, workers=workers)
        return engine.crew(place, until_empty=engine.name == QUEUE)


def cost_records(cheapest: dict[str, Cost]) -> list[dict[str, Any]]:
    """Return the costs beside that of the plain crawl.

    >>> cost_records({DUE: Cost(DUE, 3.0, 1.0, 100), "2": Cost("2", 3.3, 1.2, 100)})[1]["of plain"]
    1.1
    """
    plain = cheapest[DUE].page_milliseconds
    return [
        {
            "way": way,
            "articles": one.articles,
            "CPU ms a page": round(one.page_milliseconds, 2),
            "of plain": round(one.page_milliseconds / plain, 3),
            "PostgreSQL's ms a page": round(1000 * one.database_seconds / max(1, one.articles), 2),
        }
        for way, one in cheapest.items()
    ]
