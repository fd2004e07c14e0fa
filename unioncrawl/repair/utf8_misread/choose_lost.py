"""Choose lost characters among candidates by the text around them, neighbours together."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from heapq import nlargest
from typing import NamedTuple

from unioncrawl.language.lexicon import HISTORY_CHARACTERS, load_lexicon
from unioncrawl.repair.budget import Work

# A candidate less likely than this after the text before it is tried only when all are.
_FLOOR_NATS = -16.0
# When even the likeliest is less likely than this, no candidate is right.
_UNHEARD_NATS = -12.0
_BEAM = 32
# A way that scores this much less than the likeliest can't catch up.
_HOPELESS_NATS = 14.0
# After so many places without known text between them, what they hold is settled.
_MOST_OPEN = 256
# So many candidates are weighed in the time of a step.
_CANDIDATES_A_STEP = 8
# What it costs to look up the text after a way's last characters.
_TAIL_STEPS = 2
# N-gram statistics are surer of themselves than they are right.
_TEMPERATURE = 1.2
# No text ends with these, and an ideographic space stands at a beginning only.
_NEVER_LAST = frozenset("，、（《“‘【〖")
_NEVER_INSIDE = frozenset("\u3000\ufeff\u200b")
_END = "\n"


class Choice(NamedTuple):
    """The likeliest candidate and its share of the candidates' probability."""

    text: str
    confidence: float


class _Way(NamedTuple):
    """One way to fill the places so far."""

    nats: float
    tail: str
    picked: tuple[tuple[str, float], ...]


# Known text, or the candidates of a place.
Part = str | Sequence[str]


def choose(parts: Sequence[Part], before: str, after: str, work: Work) -> list[Choice | None]:
    """The likeliest candidate of each place, in order; None where a place stays open.

    ``parts`` are known text and candidates in the order of the text. A line break
    as ``after`` says that the paragraph ends; an empty ``after`` says that the text
    after is not known. Weighing is taken off ``work``; when that is spent, places stay open.

    >>> from unioncrawl.repair.budget import USUAL_BUDGET
    >>> work = Work(USUAL_BUDGET, characters=10)
    >>> [choice.text for choice in choose([["物", "牌", "特"]], "图书报刊读", "", work)]
    ['物']
    >>> choose([[]], "工", "", work)
    [None]
    """
    found: list[Choice | None] = []
    ways = [_Way(0.0, before[-HISTORY_CHARACTERS:], ())]
    whole = [*parts, after[:HISTORY_CHARACTERS]]
    for part, following in zip(whole, [*whole[1:], ""], strict=True):
        if isinstance(part, str):
            ways = _pass(ways, part, work)
            # Known text of that length parts two choices.
            if len(part) >= HISTORY_CHARACTERS:
                found += _settled(ways)
                ways = [_Way(0.0, part[-HISTORY_CHARACTERS:], ())]
        else:
            open_to = () if work.is_spent else part
            work.spend(len(ways) * len(open_to) // _CANDIDATES_A_STEP)
            ways = _fill(ways, open_to, following if isinstance(following, str) else "")
        if len(ways[0].picked) >= _MOST_OPEN or (work.is_spent and len(ways) > 1):
            found += _settled(ways)
            ways = [_Way(0.0, max(ways).tail, ())]
    return found + list(_settled(ways))


def _pass(ways: list[_Way], text: str, work: Work) -> list[_Way]:
    """Go on over known text; only its first characters distinguish the ways."""
    first = text[:HISTORY_CHARACTERS]
    if len(ways) == 1 or not first:
        return [_Way(way.nats, (way.tail + text)[-HISTORY_CHARACTERS:], way.picked) for way in ways]
    score = load_lexicon().score
    scores = {tail: score(first, tail) for tail in {way.tail for way in ways}}
    work.spend(_TAIL_STEPS * len(scores))
    return _likeliest(
        [
            _Way(way.nats + scores[way.tail], (way.tail + text)[-HISTORY_CHARACTERS:], way.picked)
            for way in ways
        ]
    )


def _likeliest(ways: list[_Way]) -> list[_Way]:
    ways.sort(reverse=True)
    least = ways[0].nats - _HOPELESS_NATS
    return [way for way in ways[:_BEAM] if way.nats > least]


def _fill(ways: list[_Way], candidates: Sequence[str], following: str) -> list[_Way]:
    if not candidates:
        return [way._replace(picked=(*way.picked, ("", 0.0))) for way in ways]
    if len(candidates) == len(ways) == 1:
        return [_with(way, load_lexicon().log_prob(way.tail, candidates[0]), candidates[0]) for way in ways]
    options = list(dict.fromkeys(candidates))
    if following.startswith(_END):
        options = [text for text in options if text not in _NEVER_LAST] or options
    after = load_lexicon().after
    filled: list[tuple[float, _Way, str, float]] = []
    for way in ways:
        row = after(way.tail)
        scored = [(row[text], text) for text in options]
        likely = [one for one in scored if one[0] > _FLOOR_NATS]
        refused = _NEVER_INSIDE if way.tail.strip() else frozenset[str]()
        filled += [
            (way.nats + nats, way, text, nats) for nats, text in likely or scored if text not in refused
        ]
    if not filled:
        return _likeliest([_with(way, _UNHEARD_NATS, candidates[0]) for way in ways])
    # Most are hopeless: only the ways that may be among the likeliest are made.
    least = nlargest(_BEAM, (one[0] for one in filled))
    floor = max(least[-1], least[0] - _HOPELESS_NATS)
    return _likeliest([_with(way, nats, text) for total, way, text, nats in filled if total >= floor])


def _with(way: _Way, nats: float, text: str) -> _Way:
    return _Way(way.nats + nats, (way.tail + text)[-HISTORY_CHARACTERS:], (*way.picked, (text, nats)))


def _settled(ways: list[_Way]) -> Iterator[Choice | None]:
    """The choice of all ways together for each place."""
    best = max(ways)
    weights = [math.exp((way.nats - best.nats) / _TEMPERATURE) for way in ways]
    whole = sum(weights, 0.0)
    for at, (text, nats) in enumerate(best.picked):
        if not text or nats < _UNHEARD_NATS:
            yield None
            continue
        agreeing = (weight for way, weight in zip(ways, weights, strict=True) if way.picked[at][0] == text)
        yield Choice(text, sum(agreeing, 0.0) / whole)
