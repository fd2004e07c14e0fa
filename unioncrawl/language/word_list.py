"""A list of words with their log probabilities, kept as a trie.

260,000 words take 1.1 MB so, and 28 MB as a dictionary; and all words that a text begins with
are one question instead of twelve.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import marisa_trie

STEPS_PER_NAT = 8
_NATS = tuple(-step / STEPS_PER_NAT for step in range(256))
_SIZE_BYTES = 4
# The trie's keys are UTF-8, in which half a surrogate pair has no form, and NUL ends a key. No word has
# either, nor this sign.
_NUL = "\0"
_IN_NO_WORD = re.compile("[\0\ud800-\udfff]")
_NO_CHARACTER = "\ufffd"


class WordList(Mapping[str, float]):
    """Words with their log probabilities in natural logarithms, in eighths; sorted by code point.

    >>> words = WordList(pack_words({"工会": -6.5, "工": -4.25, "劳模": -9.0}))
    >>> words["工会"], words.get("会工"), list(words)
    (-6.5, None, ['劳模', '工', '工会'])
    """

    def __init__(self, content: bytes) -> None:
        """Read what `pack_words` made."""
        start = _SIZE_BYTES + int.from_bytes(content[:_SIZE_BYTES], "little")
        self._trie = marisa_trie.Trie().frombytes(content[_SIZE_BYTES:start])
        self._steps = content[start:]

    def __getitem__(self, word: str) -> float:
        """Return the log probability of a word."""
        nats = self.find(word)
        if nats is None:
            raise KeyError(word)
        return nats

    def find(self, word: str) -> float | None:
        """Return the log probability of a word; None where it is not known."""
        try:
            place = self._trie.get(word)
        except UnicodeEncodeError:
            return None
        return None if place is None or _NUL in word else _NATS[self._steps[place]]

    def __contains__(self, word: object) -> bool:
        """Whether the word is known."""
        return isinstance(word, str) and self.find(word) is not None

    def __iter__(self) -> Iterator[str]:
        """Give out the words."""
        return iter(sorted(self._trie))

    def __len__(self) -> int:
        """Return how many words there are."""
        return len(self._trie)

    def beginnings(self, text: str) -> list[tuple[int, float]]:
        """Return length and log probability of each known word that a text begins with, shortest first.

        >>> words = WordList(pack_words({"工会": -6.5, "工": -4.25, "劳模": -9.0}))
        >>> words.beginnings("工会干部"), words.beginnings("干部")
        ([(1, -4.25), (2, -6.5)], [])
        """
        try:
            found = self._beginnings(text)
        except UnicodeEncodeError:
            return self._beginnings(_IN_NO_WORD.sub(_NO_CHARACTER, text))
        return found if _NUL not in text else self._beginnings(_IN_NO_WORD.sub(_NO_CHARACTER, text))

    def _beginnings(self, text: str) -> list[tuple[int, float]]:
        found = self._trie.iter_prefixes_with_ids(text)
        return [(len(word), _NATS[self._steps[place]]) for word, place in found]


def pack_words(words: Mapping[str, float]) -> bytes:
    """Return a list of words as the bytes that `WordList` reads: the trie's size, the trie, the costs.

    >>> len(pack_words({"工会": -6.5})) > len(pack_words({}))
    True
    """
    trie = marisa_trie.Trie(sorted(words))
    steps = bytearray(len(trie))
    for word, nats in words.items():
        steps[trie[word]] = max(0, min(255, round(-nats * STEPS_PER_NAT)))
    packed: bytes = trie.tobytes()
    return len(packed).to_bytes(_SIZE_BYTES, "little") + packed + bytes(steps)
