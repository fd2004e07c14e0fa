"""The words of the page itself and of its twins, mixed into the statistics.

A name that a broken run holds often stands undamaged in the title or two lines
further down, and a twin (the same story from another site) has every word of it.
That counts for more than any statistics of the language.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator
from math import exp, log
from operator import add
from typing import ClassVar, TypeAlias

from unioncrawl.language.identity_dict import IdentityDict
from unioncrawl.repair.mirror.character_scores import Row, Statistics

# How much of the probability the page's own and a twin's words get, by the number
# of characters of history that agree.
_PAGE_SHARES = {3: 0.5, 2: 0.25}
_TWIN_SHARES = {3: 0.98, 2: 0.9}


# Up to this length a text is searched for each pair of characters that is asked for: one search costs a
# 230th of collecting all pairs, and a page with broken runs asks for some hundred.
_SHORT_TEXT = 4000
_PAIR = 2


# The characters that followed a history, counted, by the history.
_Followed: TypeAlias = dict[str, dict[str, int]]


class Followers:
    """Which characters follow which in some texts."""

    def __init__(self, texts: Iterable[str], shares: dict[int, float]) -> None:
        self.text = text = "\n".join(texts)
        self._shares = shares
        self.pairs: Container[str] = text if len(text) <= _SHORT_TEXT else frozenset(map(add, text, text[1:]))
        self._found: dict[str, _Followed] = {}

    def after(self, history: str) -> tuple[dict[str, int], float] | None:
        """Return the characters that followed the longest agreeing history, and its share.

        None when no history agrees.
        """
        two = history[-2:]
        if len(two) < _PAIR or two not in self.pairs:
            return None
        found = self._found.get(two)
        if found is None:
            found = self._found[two] = self._count(two)
        for length, share in self._shares.items():
            followed = found.get(history[-length:]) if len(history) >= length else None
            if followed:
                return followed, share
        return None

    def _count(self, two: str) -> _Followed:
        """Count what followed two characters, alone and with each third one before them, in one pass."""
        text = self.text
        found: _Followed = {}
        for end in ends_of(two, text):
            following = text[end : end + 1]
            if following > "\n":
                counts = found.setdefault(two, {})
                counts[following] = counts.get(following, 0) + 1
                if end > len(two):
                    counts = found.setdefault(text[end - len(two) - 1 : end], {})
                    counts[following] = counts.get(following, 0) + 1
        return found


def ends_of(words: str, text: str) -> Iterator[int]:
    """Yield where each occurrence of some words ends, overlapping ones too."""
    place = text.find(words)
    while place >= 0:
        yield place + len(words)
        place = text.find(words, place + 1)


class MixedRow(IdentityDict[float]):
    """The characters that followed on the page, over the row of the language."""

    __slots__ = ("backoff", "shorter")
    is_exact: ClassVar[bool] = False

    def __init__(self, found: dict[str, int], share: float, row: Row) -> None:
        total = sum(found.values())
        super().__init__(
            [
                (char, log(share * count / total + (1 - share) * exp(row[char])))
                for char, count in found.items()
            ]
        )
        self.backoff = log(1 - share)
        self.shorter = row

    def __missing__(self, char: str) -> float:
        return self.backoff + self.shorter[char]


class _Rows(dict[str, Row]):
    """The rows that a page's histories have; a search asks for most of them again and again."""

    __slots__ = ("_make",)

    def __init__(self, make: Callable[[str], Row]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, history: str) -> Row:
        row = self[history] = self._make(history)
        return row


class PageStatistics:
    """The statistics of the language, with those of one page and its twins mixed in.

    ``after`` returns the log probabilities of the characters that follow a history.
    """

    def __init__(self, language: Statistics, texts: Iterable[str], twins: Iterable[str]) -> None:
        self._of_language = language.after
        sources = (Followers(texts, _PAGE_SHARES), Followers(twins, _TWIN_SHARES))
        self._sources = [source for source in sources if source.text]
        self.after: Callable[[str], Row] = _Rows(self._row).__getitem__
        # Counts of the page over a row of the language; many histories share both.
        self._mixed: dict[tuple[int, Row], MixedRow] = {}

    def _row(self, history: str) -> Row:
        """Mix the row of a history; most that a search asks for stand nowhere on the page."""
        row = self._of_language(history)
        for source in self._sources:
            found = source.after(history)
            if found is not None:
                key = (id(found[0]), row)
                row = self._mixed.get(key) or self._mixed.setdefault(key, MixedRow(*found, row))
        return row
