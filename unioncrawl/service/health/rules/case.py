"""What a rule judges, and what it finds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, TypeAlias

from unioncrawl.service.health.reading import Reading

# With fewer readings before, what is always so at a site is not known.
FEWEST_READINGS = 3
# What is so in fewer readings is not missed.
_MOST = 0.8

IsHoliday = Callable[[date], bool]
# The pages that some runs refused, by reason, and the articles that they revised; each counts once.
Refused: TypeAlias = Callable[[Sequence[int]], Mapping[str, int]]
Revised: TypeAlias = Callable[[Sequence[int]], int]


def no_holiday(_: date) -> bool:
    """Take no day for a holiday."""
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What a rule judges: ``recent`` readings, and the site's history ``before`` them, oldest first.

    ``is_settled``: a person took the last fault of these kinds for the new normal; ``before`` begins then.
    ``days``: asks for the days on which the site published something, in rising order. ``is_holiday``:
    whether a day is a public holiday, on which unions publish little. ``refused`` and ``revised`` ask for
    what some runs refused and revised; None where the readings' own numbers are all there is.
    """

    recent: Sequence[Reading]
    before: Sequence[Reading]
    is_settled: bool = False
    days: Callable[[], Sequence[date]] = tuple
    is_holiday: IsHoliday = no_holiday
    refused: Refused | None = None
    revised: Revised | None = None

    @property
    def refused_pages(self) -> Mapping[str, int]:
        """The pages that the recent runs refused, by reason; one that is asked in each run counts once."""
        if self.refused is not None:
            return self.refused([one.run_id for one in self.recent])
        pages: Counter[str] = Counter()
        for reading in self.recent:
            pages.update(reading.refused)
        return pages

    @property
    def revised_articles(self) -> int:
        """The articles that the recent runs revised; one that is another each time counts once."""
        if self.revised is not None:
            return self.revised([one.run_id for one in self.recent])
        return sum(one.revised for one in self.recent)

    @property
    def last(self) -> Reading:
        """The reading of the run that is judged."""
        return self.recent[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a rule found: the kind of the fault (empty where all is well), and the figures for its words.

    ``is_sure``: whether chance can be left out; a fault that may be chance waits for more readings.
    ``is_lasting``: whether nothing that passes by itself explains it, so that one bad run is enough.
    """

    kind: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)
    is_sure: bool = True
    is_lasting: bool = False


WELL = Finding()


class Rule(NamedTuple):
    """Which kinds of fault a function finds; of these one site has one at a time."""

    kinds: tuple[str, ...]
    look: Callable[[Case], Finding | None]


def is_usual(before: Sequence[bool], recent: int) -> bool:
    """Whether something was so long enough to be missed: in most readings, and never away for as long.

    >>> is_usual([True] * 5, 2), is_usual([True, False, False, True, True] * 5, 2), is_usual([True], 2)
    (True, False, False)
    """
    if len(before) < FEWEST_READINGS or sum(before) < len(before) * _MOST:
        return False
    longest = away = 0
    for one in before:
        away = 0 if one else away + 1
        longest = max(longest, away)
    return longest < recent
