"""Character n-gram counts: of text, of word lists, and expected under a word model."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from unioncrawl.language.width import fold_width

Counts = list[dict[str, float]]
"""Counts of the n-grams of n characters at index n; index 0 is empty."""


def count_text(lines: Iterable[str], order: int) -> Counts:
    """Count n-grams within paragraphs; a newline stands before and after each."""
    counts: list[Counter[str]] = [Counter() for _ in range(order + 1)]
    for line in lines:
        text = "\n" + fold_width(line).strip() + "\n"
        counts[1].update(text[1:])
        for size in range(2, order + 1):
            counts[size].update(text[at : at + size] for at in range(len(text) - size + 1))
    return [dict(count) for count in counts]


def count_words(words: Mapping[str, float], order: int) -> Counts:
    """Count n-grams inside words, each word as often as it was seen."""
    counts: Counts = [defaultdict(float) for _ in range(order + 1)]
    for word, times in words.items():
        text = fold_width(word)
        for size in range(1, order + 1):
            for at in range(len(text) - size + 1):
                counts[size][text[at : at + size]] += times
    return counts


def count_word_model(ngrams: Iterator[tuple[list[str], float]], size: float, order: int) -> Counts:
    """Count what a text of ``size`` words would hold if the word model had written it.

    A pair of words adds the n-grams that reach across its border, a triple those that
    touch all three words, so that nothing is counted twice.
    """
    counts: Counts = [defaultdict(float) for _ in range(order + 1)]
    chance: dict[tuple[str, ...], float] = {}
    for words, log10 in ngrams:
        probability = 10.0**log10
        if len(words) > 1:
            before = chance.get(tuple(words[:-1]))
            if before is None:
                continue
            probability *= before
        if len(words) < 3:
            chance[tuple(words)] = probability
        _count_reaching(words, probability * size, counts)
    return counts


def _count_reaching(words: list[str], times: float, counts: Counts) -> None:
    """Count the n-grams that touch the first and the last of ``words``."""
    text = fold_width("".join(words))
    last_start = len(words[0]) - 1
    first_end = len(text) - len(words[-1]) + 1
    for start in range(last_start + 1):
        for end in range(max(first_end, start + 1), min(len(text), start + len(counts) - 1) + 1):
            counts[end - start][text[start:end]] += times
