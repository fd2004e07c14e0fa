"""The rules by which a site's runs are judged: one small function each, in the table `RULES`.

A rule sees readings that follow each other, and those before them. It says whether the former are
bad beside the latter, and with which figures; None where they say nothing of what it looks at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from unioncrawl.outcomes import Cause, outcome_of
from unioncrawl.service.health.reading import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What a rule judges: ``recent`` readings, and the site's history ``before`` them, oldest first.

    ``is_settled``: a person took the last fault of these kinds for the new normal; ``before`` begins then.
    """

    recent: Sequence[Reading]
    before: Sequence[Reading]
    is_settled: bool = False

    @property
    def last(self) -> Reading:
        """The reading of the run that is judged."""
        return self.recent[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a rule found: the kind of the fault (empty where all is well), and the figures for its words.

    ``is_sure``: whether chance can be left out; a fault that may be chance waits for more readings.
    """

    kind: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)
    is_sure: bool = True


WELL = Finding()


class Rule(NamedTuple):
    """Which kinds of fault a function finds; of these one site has one at a time."""

    kinds: tuple[str, ...]
    look: Callable[[Case], Finding | None]


NEVER, NO_NAME, NO_ANSWER = "never-answered", "dns", "unreachable"
SERVER, BLOCKED, ROBOTS, NO_ARTICLES = "server-error", "blocked", "robots", "no-articles"
# A site of which nothing is had: what half of all sites have at once is a fault of our network.
DOWN = (NEVER, NO_NAME, NO_ANSWER, SERVER, BLOCKED, ROBOTS, NO_ARTICLES)


def is_down(reading: Reading) -> bool:
    """Whether no list of a run showed an article."""
    return reading.entries == 0


def cause_of_silence(reading: Reading) -> str:
    """Return the kind of fault of a run whose lists showed no article, by what its requests came to."""
    refused = reading.refused
    if reading.reason == "blocked" or reading.refused_by(Cause.WALL):
        return BLOCKED
    if refused.get("dns"):
        return NO_NAME
    if refused.get("robots"):
        return ROBOTS
    if reading.refused_by(Cause.NETWORK) or reading.not_asked:
        return NO_ANSWER
    return SERVER if _has_server_errors(reading) else NO_ARTICLES


_FIRST_SERVER_STATUS = 500


def _has_server_errors(reading: Reading) -> bool:
    return any(
        outcome_of(why).cause is Cause.SERVER and not (why.isdigit() and int(why) < _FIRST_SERVER_STATUS)
        for why in reading.refused
    )


def look_for_articles(case: Case) -> Finding | None:
    """Whether the lists of a site show articles at all."""
    if not is_down(case.last):
        return WELL
    has_answered = any(not is_down(reading) for reading in case.before)
    if case.is_settled and not has_answered:
        return None
    cause = cause_of_silence(case.last)
    refused = max(case.last.refused, key=lambda why: case.last.refused[why], default="")
    facts = {"reason": refused, "cause": cause}
    return Finding(kind=cause if has_answered else NEVER, facts=facts)


RULES = (Rule(DOWN, look_for_articles),)
