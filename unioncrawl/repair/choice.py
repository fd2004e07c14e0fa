"""Choose a lost character among candidates by what stands around it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from unioncrawl.characters import character_cost
from unioncrawl.repair.lexicon import load_lexicon

# The statistics weigh the few likeliest characters only; the others can't win.
_MOST_CANDIDATES = 16
_BEFORE_CHARACTERS = 8
_AFTER_CHARACTERS = 4
# N-gram statistics are surer of themselves than they are right.
_TEMPERATURE = 1.2
# No text ends with these, and an ideographic space stands at a beginning only.
_NEVER_LAST = frozenset("，、（《“‘【〖")
_NEVER_INSIDE = frozenset("\u3000\ufeff\u200b")


class Choice(NamedTuple):
    """The likeliest candidate and its share of the candidates' probability."""

    text: str
    confidence: float


def choose(candidates: Sequence[str], before: str, after: str) -> Choice | None:
    """The likeliest candidate between two stretches of text; None when there is none.

    A line break as ``after`` says that the paragraph ends, nothing that nothing is known.

    >>> choose(["物", "牌", "特"], "图书报刊读", "").text
    '物'
    >>> choose([], "工", "") is None
    True
    """
    refused = (frozenset() if after.strip() else _NEVER_LAST) | (
        _NEVER_INSIDE if before.strip() else frozenset()
    )
    allowed = (candidate for candidate in dict.fromkeys(candidates) if candidate not in refused)
    likely = sorted(allowed, key=character_cost)[:_MOST_CANDIDATES]
    if not likely:
        return None
    before, after = before[-_BEFORE_CHARACTERS:], after[:_AFTER_CHARACTERS]
    lexicon = load_lexicon()
    scores = {candidate: lexicon.score(candidate + after, before) for candidate in likely}
    best = max(likely, key=lambda candidate: scores[candidate])
    return Choice(best, 1 / sum(math.exp((score - scores[best]) / _TEMPERATURE) for score in scores.values()))
