"""Statistics of modern Chinese news, government, union and law prose.

Class A damage loses bytes; about thirty readings of a broken run are consistent with
what is left, and only statistics choose among them. Built by ``tools/build_lexicon.py``;
sources and licences are in ``docs/lexicon.md``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache, cached_property
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

import zstandard

from unioncrawl.errors import LexiconError
from unioncrawl.language.ngram_table import NgramTable, Row

_LONGEST_WORD = 12
# The statistics look back over so many characters; what stands before makes no difference.
HISTORY_CHARACTERS = 3
_WORD_NATS = tuple(-step / 8 for step in range(256))


class Lexicon:
    r"""Log probabilities of characters and words, in natural logarithms.

    Widths don't matter: ``,`` counts as ``，``. A paragraph's start is ``"\n"`` as history.
    """

    def __init__(self, folder: Traversable | None = None) -> None:
        self._folder = folder or resources.files("unioncrawl.language").joinpath("data")
        self._table = NgramTable(_read_data("ngrams.zst", self._folder))

    @property
    def alphabet(self) -> str:
        """All characters that the statistics know, the most frequent first."""
        return self._table.alphabet

    def after(self, history: str) -> Row:
        """Return the log probabilities of the next character; ``row[char]`` holds for every character.

        A search that scores many characters after one history is fastest with this.

        >>> row = load_lexicon().after("中华全国总工")
        >>> row["会"] > row["作"] > row["龘"]
        True
        """
        return self._table.after(history)

    def log_prob(self, history: str, char: str) -> float:
        """Return the log probability of ``char`` after the characters of ``history``.

        >>> load_lexicon().log_prob("劳动合同", "法") > load_lexicon().log_prob("劳动合同", "发")
        True
        """
        return self._table.score(char, history)

    def score(self, text: str, before: str = "") -> float:
        """Return the log probability of ``text`` after ``before``, characters only.

        >>> load_lexicon().score("工会干部", "全国") > load_lexicon().score("工回干部", "全国")
        True
        """
        return self._table.score(text, before)

    def word_log_prob(self, word: str) -> float | None:
        """Return the log probability of a word among words; None if it is not known.

        >>> load_lexicon().word_log_prob("工会") is not None
        True
        >>> load_lexicon().word_log_prob("会工动") is None
        True
        """
        return self._words.get(word)

    def segment_score(self, text: str, each_nats: float = 0.0) -> float:
        """Return the log probability of the best cut of ``text`` into known words.

        A character without a known word counts as a word of its own, at the price of
        the rarest ones. Pass whole clauses: a word cut at the edge scores badly.
        ``each_nats`` is added for each word: below zero, a cut into few words is the better.

        >>> load_lexicon().segment_score("职工权益") > load_lexicon().segment_score("职工叔益")
        True
        """
        best = [0.0] + [float("-inf")] * len(text)
        nats_of, unknown = self._words.get, self._unknown_nats
        for start in range(len(text)):
            so_far = best[start]
            alone = so_far + nats_of(text[start], unknown) + each_nats
            best[start + 1] = max(best[start + 1], alone)
            for end in range(start + 2, min(len(text), start + _LONGEST_WORD) + 1):
                nats = nats_of(text[start:end])
                if nats is not None:
                    best[end] = max(best[end], so_far + nats + each_nats)
        return best[-1]

    @property
    def words(self) -> Mapping[str, float]:
        """All known words with their log probabilities; they are not sorted by frequency."""
        return self._words

    @cached_property
    def places(self) -> frozenset[str]:
        """Chinese places from province down to county, by their full names (浦东新区, 蕲春县)."""
        return frozenset(self._glossary["places"])

    @cached_property
    def surnames(self) -> frozenset[str]:
        """Chinese surnames, single and double."""
        return frozenset(self._glossary["surnames"])

    @cached_property
    def _glossary(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(_read_data("glossary.zst", self._folder))
        return content

    @cached_property
    def _words(self) -> dict[str, float]:
        words, nats = _read_data("words.zst", self._folder).split(b"\n\n", 1)
        return dict(zip(words.decode().split("\n"), map(_WORD_NATS.__getitem__, nats), strict=True))

    @cached_property
    def _unknown_nats(self) -> float:
        return min(self._words.values()) - 1.0


@cache
def load_lexicon() -> Lexicon:
    """Return the one lexicon of this process, read on first use."""
    return Lexicon()


def _read_data(name: str, folder: Traversable) -> bytes:
    try:
        return zstandard.decompress(folder.joinpath(name).read_bytes())
    except FileNotFoundError as missing:
        raise LexiconError(
            f"the statistics file {name} is missing.",
            next_step="Install unioncrawl again, or run tools/build_lexicon.py in a checkout.",
        ) from missing
