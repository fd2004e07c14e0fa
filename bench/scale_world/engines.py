"""The ways to crawl all sites that are compared: workers of the queue, or plain crawls with a part each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import psycopg

from bench.scale_world.crew import Crew, Place
from bench.scale_world.trial import crew_is_through

QUEUE, PLAIN = "queue", "plain"
_ENDED = "SELECT DISTINCT spider FROM run WHERE finished_at IS NOT NULL"


@dataclass(frozen=True, slots=True)
class Engine:
    """A way to crawl with so many processes.

    ``at_once``: how many sites a worker of the queue crawls together, 0: its default.
    """

    name: str
    workers: int
    at_once: int = 0

    def crew(self, place: Place, *, until_empty: bool = False) -> Crew:
        """Return the processes, not yet started, and hand them the sites."""
        count = self.workers
        if self.name == PLAIN:
            names = place.names
            return Crew(
                place, lambda number: ["crawl", *names[number::count], "--json"], count, is_spread=False
            )
        place.run("schedule", "sync", *place.names)
        words = ["work", *(["--at-once", str(self.at_once)] if self.at_once else [])]
        words += ["--until-empty"] if until_empty else []
        return Crew(place, lambda _: words, count, ends=until_empty)

    def is_done(self, crew: Crew) -> Callable[[], bool]:
        """Return what tells whether a crew has nothing left to do."""
        if self.name == PLAIN:
            return partial(crew_is_through, crew)
        return partial(_is_empty, crew)


def _is_empty(crew: Crew) -> bool:
    """Whether every site has a run that ended, and no job waits, runs or has failed.

    What has failed waits for a person: it is retried as one would, and counted.
    """
    place = crew.place
    jobs = jobs_by_state(place)
    if jobs.keys() & {"todo", "doing"}:
        return False
    if failed := jobs.get("failed", 0):
        place.run("jobs", "retry", "--failed")
        crew.retried += failed
        return False
    with psycopg.connect(place.archive) as connection:
        ended = {spider for (spider,) in connection.execute(_ENDED)}
    return ended.issuperset(place.names)


def jobs_by_state(place: Place) -> dict[str, int]:
    """How many jobs of sites there are of each state, by what ``unioncrawl jobs`` says."""
    states = [str(job["state"]) for job in place.jobs()["jobs"] if job["site"]]
    return {state: states.count(state) for state in sorted(set(states))}
