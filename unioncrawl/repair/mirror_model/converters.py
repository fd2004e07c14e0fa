"""Turn text back that a converter made by words: 後勤, 幹部 and 徵求, which no mirror's table writes.

OpenCC and its like choose a traditional character by the word around it. Most of what they
write has one original (幹 was 干), some has two (乾 was 干, but 乾隆 stays). There the
statistics of the language decide, and say how sure they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from math import exp
from typing import NamedTuple

from unioncrawl.language.lexicon import HISTORY_CHARACTERS, load_lexicon
from unioncrawl.repair.mirror_model.converter_table import ALONE, SEVERAL
from unioncrawl.repair.mirror_model.script_lookups import SIMPLIFIED_FOR
from unioncrawl.repair.mirror_model.to_simplified import turn_to_simplified

_ALONE = dict(zip(ALONE[::2], ALONE[1::2], strict=True))
# The statistics are surer of themselves than they are right: on held-out news and law, web
# news and judgments the share of right readings follows differences divided by this.
OVERCONFIDENCE = 1.8
# How much of what a converter writes seldom is counted against an original: all of it
# would take 想象 for 想像, none of it 三座 for 三坐 (2,000 paragraphs of news and law).
_COST_WEIGHT = 0.5
# 著 is read by its own words (see ``to_simplified``).
_ORIGINS = {
    group[0]: dict(zip(group[1::2], map(int, group[2::2]), strict=True))
    for group in SEVERAL.split()
    if group[0] != "著"
}
for _written, _origins in _ORIGINS.items():
    if _written in SIMPLIFIED_FOR:
        _origins.setdefault(SIMPLIFIED_FOR[_written], 0)
SEVERAL_ORIGINS = re.compile("[" + "".join(_ORIGINS) + "]")
"""Matches a character that had several originals."""
_TURNED = str.maketrans({**_ALONE, **{written: next(iter(plain)) for written, plain in _ORIGINS.items()}})

CONVERTED = frozenset(SIMPLIFIED_FOR) | frozenset(_ALONE) | frozenset(_ORIGINS)
"""All characters that a converter or a mirror writes for another one."""
NO_MIRRORS = CONVERTED - frozenset(SIMPLIFIED_FOR) - frozenset().union(*_ORIGINS.values())
"""Those that no mirror's table writes and simplified text lacks."""


class Doubt(NamedTuple):
    """A character with several originals: its place, the chosen one's share, and the others."""

    place: int
    share: float
    others: tuple[str, ...]


def turn_words_back(text: str) -> tuple[str, tuple[Doubt, ...]]:
    """Turn a converter's text to simplified, and list the characters that had several originals.

    The text keeps its length. Words of Taiwan and Hong Kong (軟體) stay words: only their
    characters are turned.

    >>> turn_words_back("徵求幹部意見，瀋陽乾貨")[0]
    '征求干部意见，沈阳干货'
    >>> turn_words_back("乾隆年間的慰藉")[0]
    '乾隆年间的慰藉'
    >>> turn_words_back("总工会")
    ('总工会', ())
    """
    turned = turn_to_simplified(text.translate(_TURNED))
    pieces: list[str] = []
    doubts: list[Doubt] = []
    done = 0
    for found in SEVERAL_ORIGINS.finditer(text):
        place = found.start()
        pieces.append(turned[done:place])
        before = "".join(pieces[-2 * HISTORY_CHARACTERS :])[-HISTORY_CHARACTERS:]
        ranked = list(_ranked(_ORIGINS[found[0]], before, turned[place + 1 : place + 1 + HISTORY_CHARACTERS]))
        pieces.append(ranked[0][1])
        doubts.append(Doubt(place, ranked[0][0], tuple(char for _, char in ranked[1:])))
        done = place + 1
    return "".join((*pieces, turned[done:])), tuple(doubts)


def _ranked(origins: Mapping[str, int], before: str, after: str) -> Iterator[tuple[float, str]]:
    """Yield each original with its share of the probability, the likeliest first."""
    score = load_lexicon().score
    nats = {char: score(char + after, before) - _COST_WEIGHT * cost for char, cost in origins.items()}
    best = max(nats.values())
    likely = {char: exp((nats[char] - best) / OVERCONFIDENCE) for char in origins}
    total = sum(likely.values())
    yield from sorted(((share / total, char) for char, share in likely.items()), reverse=True)
