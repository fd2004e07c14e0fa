"""Weigh the readings of a broken run by more than the characters next to each other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from math import exp

from unioncrawl.language.lexicon import load_lexicon
from unioncrawl.repair.mirror.runs.hypothesis import Reading

_PAIRS = ("“”", "《》", "（）")
_QUOTE_LOOK = 2000
# What an opening mark after an opening one costs, or a closing one after a closing one.
_UNPAIRED_NATS = -3.0
# What a closing mark costs in addition when its paragraph has no opening mark before it.
_UNOPENED_NATS = -3.0
# What a paragraph costs that ends on an opening mark.
_DANGLING_NATS = -9.0

# What two marks in a row cost where one ends a clause: no writer sets 。， or ，，.
_TWO_MARKS = re.compile("[。，、；：？！,;:?!][。，、；：,;:]")
_TWO_MARKS_NATS = -4.0

_CLAUSE_END = re.compile("[，。；：！？、“”（）《》〈〉]")
# How much of the text before a run belongs to its first word.
_WORD_LOOK = 8
# Words count for this share of what they would count alone: they and the character
# statistics overlap.
_WORD_WEIGHT = 0.3
_RIVALS = 12
_REACH = 3
# The statistics are surer of themselves than they are right: on held-out news and
# law, web news and judgments the share of right readings follows differences divided by this.
_OVERCONFIDENCE = 1.8


def weighed(readings: Sequence[Reading], before: str, known: int, after: str) -> list[Reading]:
    """Rank the likeliest readings anew, by quotation marks that pair up and by known words.

    ``before`` and ``after`` are the page around the run; ``known`` is how much of each
    reading's text stood before it.
    """
    if len(readings) <= 1:
        return list(readings)
    paragraph = _widen_brackets(before[before.rfind("\n") + 1 :])
    rest = _widen_brackets(after.split("\n", 1)[0])
    ranked = []
    for reading in readings[:_RIVALS]:
        nats = reading.nats + _mark_nats(paragraph, reading.text[known:], rest)
        nats += _WORD_WEIGHT * _word_nats(reading.text, known)
        ranked.append(reading._replace(nats=nats))
    ranked.sort(key=lambda reading: reading.nats, reverse=True)
    return ranked


def _widen_brackets(text: str) -> str:
    """Turn brackets wide, as readings have them: archives turn them narrow."""
    return text.replace("(", "（").replace(")", "）")


def _mark_nats(paragraph: str, text: str, rest: str) -> float:
    """Return what a reading costs by its marks: pairs, two in a row, the paragraph's end.

    >>> _mark_nats("工会召开会议", "。，", "部署工作"), _mark_nats("工会召开会议", "，", "部署工作")
    (-4.0, -0.0)
    """
    nats = _UNPAIRED_NATS * sum(_count_unpaired(pair, paragraph, text, rest) for pair in _PAIRS)
    nats += _UNOPENED_NATS * any(_is_unopened(pair, paragraph, text) for pair in _PAIRS)
    nats += _TWO_MARKS_NATS * len(_TWO_MARKS.findall(paragraph[-1:] + text + rest[:1]))
    if not rest and text and not text.endswith("\n"):
        nats += _DANGLING_NATS if text[-1] in "“《" else load_lexicon().after(text[-_REACH:])["\n"]
    return nats


def _count_unpaired(pair: str, before: str, text: str, after: str) -> int:
    """Count the marks of a pair that follow one of their own kind.

    A paragraph counts as if it followed a closing mark and preceded an opening one:
    a ” without its “ is as unpaired as a “ without its ”.

    >>> _count_unpaired("“”", "作出新的贡献", "。”", "")
    1
    >>> _count_unpaired("“”", "他说：“谢谢", "。”", "")
    0
    """
    opening, closing = pair[0], pair[1]
    # Far from the paragraph's borders the nearest mark decides, if there is one near.
    near = max(0, len(before) - _QUOTE_LOOK)
    last = max(before.rfind(opening, near), before.rfind(closing, near))
    earlier = [before[last]] if last >= 0 else []
    firsts = [place for sign in pair if (place := after.find(sign, 0, _QUOTE_LOOK)) >= 0]
    later = [after[min(firsts)]] if firsts else []
    if not earlier and len(before) <= _QUOTE_LOOK:
        earlier = [closing]
    if not later and len(after) <= _QUOTE_LOOK:
        later = [opening]
    marks = earlier + [sign for sign in text if sign in pair] + later
    return sum(one == other for one, other in pairwise(marks))


def _is_unopened(pair: str, before: str, text: str) -> bool:
    """Whether a text has a closing mark whose paragraph has no opening mark before it."""
    closed = text.find(pair[1])
    return closed >= 0 and pair[0] not in text[:closed] and pair[0] not in before


def _word_nats(text: str, known: int) -> float:
    clauses = _CLAUSE_END.split(text[max(0, known - _WORD_LOOK) :])
    return sum(_clause_nats(clause) for clause in clauses if clause)


@lru_cache(maxsize=4096)
def _clause_nats(clause: str) -> float:
    """Score a clause once: the readings of a run share most of theirs."""
    return load_lexicon().segment_score(clause)


def share_of_best(readings: Sequence[Reading]) -> float:
    """Return the share of the best text in the probability of all."""
    best = readings[0]
    shares: dict[str, float] = {}
    for reading in readings:
        shares[reading.text] = max(
            shares.get(reading.text, 0.0), exp((reading.nats - best.nats) / _OVERCONFIDENCE)
        )
    return 1 / sum(shares.values())
