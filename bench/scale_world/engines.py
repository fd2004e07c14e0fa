"""The ways to crawl all sites that are compared: workers of the queue, or plain crawls with a part each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from bench.scale_world.crew import Crew, Place
from bench.scale_world.trial import crew_is_through

QUEUE, PLAIN = "queue", "plain"
_OPEN_STATES = ("todo", "doing")


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
        return lambda: not jobs_left(crew.place)


def jobs_left(place: Place) -> int:
    """How many jobs wait or are done, by what ``unioncrawl jobs`` says."""
    return sum(job["state"] in _OPEN_STATES for job in place.jobs()["jobs"])


def jobs_by_state(place: Place) -> dict[str, int]:
    """How many jobs there are of each state."""
    states = [str(job["state"]) for job in place.jobs()["jobs"]]
    return {state: states.count(state) for state in sorted(set(states))}
