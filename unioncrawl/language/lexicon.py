"""Statistics of modern Chinese news, government, union and law prose.

Class A damage loses bytes; about thirty readings of a broken run are consistent with
what is left, and only statistics choose among them. Built by ``tools/build_lexicon.py``;
sources and licences are in ``docs/lexicon.md``.
"""

from __future__ import annotations

import json
from functools import cache, cached_property
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

import zstandard

from unioncrawl.errors import LexiconError
from unioncrawl.language.ngram_table import NgramTable, Row
from unioncrawl.language.word_list import WordList

_LONGEST_WORD = 12
# The statistics look back over so many characters; what stands before makes no difference.
HISTORY_CHARACTERS = 3


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
        return self._words.find(word)

    def segment_score(self, text: str, each_nats: float = 0.0) -> float:
        """Return the log probability of the best cut of ``text`` into known words.

        A character without a known word counts as a word of its own, at the price of
        the rarest ones. Pass whole clauses: a word cut at the edge scores badly.
        ``each_nats`` is added for each word: below zero, a cut into few words is the better.

        >>> load_lexicon().segment_score("职工权益") > load_lexicon().segment_score("职工叔益")
        True
        """
        best = [0.0] + [float("-inf")] * len(text)
        beginnings, unknown = self._words.beginnings, self._unknown_nats
        for start in range(len(text)):
            so_far, known = best[start], beginnings(text[start : start + _LONGEST_WORD])
            if not known or known[0][0] > 1:
                best[start + 1] = max(best[start + 1], so_far + unknown + each_nats)
            for length, nats in known:
                best[start + length] = max(best[start + length], so_far + nats + each_nats)
        return best[-1]

    @property
    def words(self) -> WordList:
        """All known words with their log probabilities, sorted by code point."""
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
    def _words(self) -> WordList:
        return WordList(_read_data("words.zst", self._folder))

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
