"""One list of words with probabilities from several lists that count differently."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping

from tools.lexicon.readers import WordCounts

LONGEST_WORD = 16


def blend_words(lists: Iterable[tuple[Mapping[str, float], float]], listed: Iterable[str]) -> WordCounts:
    """Blend frequency lists by weight; words that are only ``listed`` get a small floor.

    The probabilities sum to one.
    """
    blend: defaultdict[str, float] = defaultdict(float)
    for words, weight in lists:
        total = sum(words.values())
        for word, count in words.items():
            if len(word) <= LONGEST_WORD:
                blend[word] += weight * count / total
    floor = 1e-7
    for word in listed:
        if len(word) <= LONGEST_WORD:
            blend[word] += floor
    total = sum(blend.values())
    return {word: share / total for word, share in blend.items()}


def log_words(words: Mapping[str, float], keep: int, always: Iterable[str]) -> dict[str, float]:
    """Return the log probabilities of the ``keep`` likeliest words and of those ``always`` kept."""
    ranked = sorted(words, key=lambda word: (-words[word], word))[:keep]
    ranked += [word for word in always if word in words]
    return {word: math.log(words[word]) for word in ranked}
