"""What the server saw: pauses at each host, who was at work on which site, when a killed worker's went on."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from bench.scale_world.server import Asked

# Two workers that take turns at a site within so many seconds are at work on it at once.
_AT_ONCE_SECONDS = 5.0


@dataclass(slots=True)
class Kill:
    """One worker's end, or its freezing: when, who, and at which sites it was at work, by its open runs.

    ``again_after`` are the seconds until somebody else asked each of these sites, or had begun with it and
    was struck himself before he asked; None where nobody did.
    """

    kind: str
    at: float
    agent: str
    sites: Sequence[str]
    again_after: dict[str, float | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pause:
    """Between two requests to a host: by whom they were sent, and for what."""

    host: str
    seconds: float
    agents: tuple[str, str]
    targets: tuple[str, str]


class Traffic:
    """All requests of one trial, in the order of their coming."""

    def __init__(self, asked: Sequence[Asked]) -> None:
        self.asked = sorted(asked, key=lambda one: one.at)
        self._by_host: defaultdict[str, list[Asked]] = defaultdict(list)
        self._by_site: defaultdict[str, list[Asked]] = defaultdict(list)
        for one in self.asked:
            self._by_host[one.host].append(one)
            if one.site:
                self._by_site[one.site].append(one)

    def pauses(self) -> Iterator[Pause]:
        """Yield each pause between two requests to a host, with the two that asked."""
        for host, asked in self._by_host.items():
            for before, after in pairwise(asked):
                yield Pause(
                    host, after.at - before.at, (before.agent, after.agent), (before.target, after.target)
                )

    def shortest_pause(self) -> float:
        """The shortest pause at any host; infinite where no host was asked twice."""
        return min((one.seconds for one in self.pauses()), default=float("inf"))

    def too_soon(self, pause_seconds: float) -> list[Pause]:
        """The pauses that were shorter than configured, the shortest first."""
        found = [one for one in self.pauses() if one.seconds < pause_seconds]
        return sorted(found, key=lambda one: one.seconds)

    def both_at_work(self) -> list[str]:
        """Sites that one worker went on with while another was at it: A, B, then A again within seconds."""
        found = []
        for site, asked in self._by_site.items():
            turns = [(a, b) for a, b in pairwise(asked) if a.agent != b.agent]
            for (first, second), (_, third) in pairwise(turns):
                if first.agent == third.agent and third.at - second.at < _AT_ONCE_SECONDS:
                    found.append(f"{site}: {first.agent}, {second.agent}, {third.agent} within seconds")
        return found

    def time_kills(self, kills: Sequence[Kill]) -> None:
        """Note for each kill when somebody else went on with its sites."""
        for kill in kills:
            for site in kill.sites:
                asked = [
                    one.at for one in self._by_site[site] if one.at > kill.at and one.agent != kill.agent
                ]
                struck = [
                    one.at
                    for one in kills
                    if one.at > kill.at and one.agent != kill.agent and site in one.sites
                ]
                again = min((*asked, *struck), default=None)
                kill.again_after[site] = None if again is None else again - kill.at

    def between(self, begin: float, end: float) -> int:
        """How many requests came between two times."""
        return sum(begin < one.at < end for one in self.asked)

    def article_requests(self) -> Counter[tuple[str, str]]:
        """How often each article was asked for, by host and address."""
        return Counter((one.host, one.target) for one in self.asked if one.is_article)

    def agents(self) -> Counter[str]:
        """How many requests each worker sent."""
        return Counter(one.agent for one in self.asked)
