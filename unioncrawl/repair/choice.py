"""Choose a lost character among candidates by what stands around it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from unioncrawl.characters import character_cost


class Choice(NamedTuple):
    """The likeliest candidate and its share of the candidates' probability."""

    text: str
    confidence: float


def choose(candidates: Sequence[str], before: str, after: str) -> Choice | None:
    """The likeliest candidate between two stretches of text; None when there is none.

    >>> choose([], "工", "") is None
    True
    """
    if len(candidates) != 1:
        return None
    costs = {candidate: _cost(candidate, before, after) for candidate in candidates}
    best = min(costs, key=lambda candidate: costs[candidate])
    share = 1 / sum(math.exp(costs[best] - cost) for cost in costs.values())
    return Choice(best, share)


def _cost(candidate: str, before: str, after: str) -> float:
    del before, after
    return character_cost(candidate)
