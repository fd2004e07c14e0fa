"""How often a site publishes, by what earlier looks found, and how long the next look may wait."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

# Something new is found at every second look, when a site goes on as it was: seldom enough that half of
# the looks are not in vain, often enough that news are not known days later.
CHANCE_OF_NEWS = 0.5
# The pause before anything is known of a site: a workday (`unioncrawl.service.schedule.pace`) with its night.
FIRST_PAUSE_HOURS = 18.0
# The latest looks count more: each counts half as much as that of six looks later.
HALVED_AFTER_LOOKS = 6
# What was assumed at first is given up sooner: a site of ten articles an hour would be slowed by it for days.
_ASSUMED_HALVED_AFTER_LOOKS = 3
# The bounds of a rate (publications in a working hour) within which it is sought: a thousand an hour, one
# in a hundred years. A pause has narrower bounds of its own.
_FASTEST, _SLOWEST = 1e3, 1e-6
_STEPS = 60
# A pause is at most so many times as long as the longest that was tried: silence is believed step by step.
_LONGER_BY = 2.0


@dataclass(frozen=True, slots=True)
class Look:
    """A look at a site: the working hours since the look before it, and what was published in them.

    ``times`` is how many moments of publishing are known; None when there was something new, and nobody
    knows when it came (the site prints days without hours).
    """

    hours: float
    times: int | None


def learnt_pause(looks: Sequence[Look]) -> float:
    """Return the working hours until the chance of news is `CHANCE_OF_NEWS`, by looks from old to new.

    The rate of publishing is that of greatest likelihood, as Cho and Garcia-Molina estimate the changes
    of pages that are not always looked at ("Estimating frequency of change", 2003, section 5); without
    looks it is one that gives `FIRST_PAUSE_HOURS`, which counts less with each look.

    >>> [round(learnt_pause([Look(8, times)] * 10)) for times in (4, 1, 0)]
    [1, 6, 36]
    >>> round(learnt_pause([]))
    18
    """
    # Half a look with news and half a look without: alone they give the first pause.
    assumed = 0.5 * 0.5 ** (len(looks) / _ASSUMED_HALVED_AFTER_LOOKS)
    weighted = [(assumed, Look(FIRST_PAUSE_HOURS, times)) for times in (None, 0)]
    newest = len(looks) - 1
    weighted += [(0.5 ** ((newest - place) / HALVED_AFTER_LOOKS), look) for place, look in enumerate(looks)]
    pause = -math.log(1 - CHANCE_OF_NEWS) / _likeliest_rate([one for one in weighted if one[1].hours > 0])
    return min(pause, _LONGER_BY * max([FIRST_PAUSE_HOURS, *(look.hours for look in looks)]))


def _likeliest_rate(weighted: Sequence[tuple[float, Look]]) -> float:
    """The rate at which the likelihood of the looks is greatest: its slope only falls, and is 0 there."""
    low, high = math.log(_SLOWEST), math.log(_FASTEST)
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if sum(weight * _slope(look, math.exp(middle)) for weight, look in weighted) > 0:
            low = middle
        else:
            high = middle
    return math.exp(low)


def _slope(look: Look, rate: float) -> float:
    """The slope of the logarithm of a look's likelihood, where publications come by chance (Poisson)."""
    if look.times is None:
        expected = rate * look.hours
        return look.hours / math.expm1(expected) if expected < 700 else 0.0  # noqa: PLR2004 - exp's own limit
    return look.times / rate - look.hours
