"""The counts of running texts that are not passed on: enough to mix, not enough to read a text back.

Mixing uses an n-gram of two to four characters only if it occurs twice in all running
texts together; of the others it needs how much they add to their history. So a text is
cut down to the n-grams that are used, each with how often it occurs and how it counts,
and a sum for each history. They are sorted by character, so they keep no order of the text.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import zstandard

from tools.lexicon.counts import Counts

FOLDER = Path(__file__).parent / "corpus_counts"
LEVEL = 19


@dataclass(frozen=True)
class TextCounts:
    """One running text, index is the length of the n-grams.

    ``occurring`` is how often each occurs, ``counting`` how often it counts in its level
    (see ``ways_to_begin``), ``rest`` by history what the n-grams left out add to it.
    """

    occurring: Counts
    counting: Counts
    rest: Counts


def of_list(counts: Counts) -> TextCounts:
    """Return the counts of a list of words: each n-gram counts as often as it occurs."""
    return TextCounts(counts, counts, [{} for _ in counts])


def of_text(counts: Counts) -> TextCounts:
    """Return the counts of a whole running text."""
    last = len(counts) - 1
    counting = [
        counts[size] if size in (0, last) else ways_to_begin(counts[size], counts[size + 1])
        for size in range(len(counts))
    ]
    return TextCounts(counts, counting, [{} for _ in counts])


def ways_to_begin(counts: dict[str, float], longer: dict[str, float]) -> dict[str, float]:
    """Count how many different characters come before each n-gram.

    At a paragraph's start nothing comes before, so the plain count stays.
    """
    ways: Counter[str] = Counter(ngram[1:] for ngram in longer)
    return {ngram: times if ngram[0] == "\n" else float(ways[ngram] or 1) for ngram, times in counts.items()}


def repeated(texts: list[dict[str, float]]) -> set[str]:
    """Return the n-grams that occur twice in real text: no text can be read back from them."""
    sums: Counter[str] = Counter()
    for counts in texts:
        sums.update(counts)
    return {ngram for ngram, times in sums.items() if times >= 2}


def cut_down(text: TextCounts, used: list[set[str]], histories: list[set[str]]) -> TextCounts:
    """Leave out every n-gram of two or more characters that is not ``used``.

    Its addition to its history is kept in a sum, if that history is among ``histories``.
    """
    occurring, counting, rest = [text.occurring[0]], [text.counting[0]], [text.rest[0]]
    for size in range(1, len(text.occurring)):
        left: defaultdict[str, float] = defaultdict(float, text.rest[size])
        for ngram, times in text.counting[size].items():
            if size > 1 and ngram not in used[size] and ngram[:-1] in histories[size]:
                left[ngram[:-1]] += times
        kept = [ngram for ngram in sorted(text.occurring[size]) if size == 1 or ngram in used[size]]
        occurring.append({ngram: text.occurring[size][ngram] for ngram in kept})
        counting.append({ngram: text.counting[size][ngram] for ngram in kept})
        rest.append(dict(sorted(left.items())))
    return TextCounts(occurring, counting, rest)


def write_counts(text: TextCounts) -> bytes:
    """Return the file of a text that was cut down."""
    levels = []
    for size in range(1, len(text.occurring)):
        ngrams = sorted(text.occurring[size])
        followers = {
            history: "".join(ngram[-1] for ngram in group)
            for history, group in groupby(ngrams, key=lambda ngram: ngram[:-1])
        }
        levels.append(
            {
                "followers": followers,
                "occurring": [int(text.occurring[size][ngram]) for ngram in ngrams],
                "counting": [int(text.counting[size][ngram]) for ngram in ngrams],
                "rest": {history: int(times) for history, times in text.rest[size].items()},
            }
        )
    return zstandard.compress(json.dumps(levels, ensure_ascii=False, separators=(",", ":")).encode(), LEVEL)


def read_counts(data: bytes) -> TextCounts:
    """Read the file of a text that was cut down."""
    text = TextCounts([{}], [{}], [{}])
    for level in json.loads(zstandard.decompress(data)):
        ngrams = [history + char for history, chars in level["followers"].items() for char in chars]
        text.occurring.append(dict(zip(ngrams, map(float, level["occurring"]), strict=True)))
        text.counting.append(dict(zip(ngrams, map(float, level["counting"]), strict=True)))
        text.rest.append({history: float(times) for history, times in level["rest"].items()})
    return text
