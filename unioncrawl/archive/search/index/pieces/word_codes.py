"""The words of the full-text index as numbers, so that C sorts and packs them.

A *value* has 63 bits: what the word is of (4), its first character (20), its second one (24), and the
*ordinal* of the document within its block (16). A word of one character has a space as its second. So
all words that begin with a character, and all documents of a word, are one range of values. The marked
words of a site and of every article have a number in place of characters.

Characters beyond U+FFFFF are private, no letters, and stand in no word.
"""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from unioncrawl.archive.search.index.index_words import (
    COLUMN_MARK,
    EVERY_ARTICLE,
    SITE_MARK,
    SOURCE_MARK,
    TITLE_MARK,
    IndexEntry,
    index_runs,
    site_word,
)

# Documents of a block have 16 bits.
ORDINAL_BITS = 16
MOST_ORDINALS = 1 << ORDINAL_BITS
_SECOND_BITS = 24
_FIRST_SHIFT = ORDINAL_BITS + _SECOND_BITS
_MARK_SHIFT = _FIRST_SHIFT + 20
_VALUE_BYTES = 8
_END = " "
# A text has 1 rather than 0: see `_as_floats`.
_TEXT, _SITE, _EVERY = 1, 5, 6
_MARKS = {TITLE_MARK: 2, SOURCE_MARK: 3, COLUMN_MARK: 4}
# The highest byte of a value: its mark, and the highest bits of its first character.
_MARKED = {mark: bytes(mark << 4 | (high & 0xF) for high in range(256)) for mark in (_TEXT, *_MARKS.values())}


class Range(NamedTuple):
    """Values from ``low`` to ``high``, both included."""

    low: int
    high: int


def word_range(word: str, sites: Mapping[str, int], *, prefix: bool = False) -> Range | None:
    """Return the values of a word, or of all that begin with its one character; ``None`` for no site's word.

    ``sites``: the number of each site's word.

    >>> total, every = word_range("总工", {}), word_range("总", {}, prefix=True)
    >>> every.low < total.low < total.high < every.high
    True
    """
    if word == EVERY_ARTICLE:
        return _whole(_EVERY << _MARK_SHIFT)
    if word[0] == SITE_MARK:
        return _whole(_site_value(sites[word])) if word in sites else None
    mark = _MARKS.get(word[0], _TEXT)
    characters = word if mark == _TEXT else word[1:]
    low = mark << _MARK_SHIFT | ord(characters[0]) << _FIRST_SHIFT
    if prefix:
        return Range(low, low | (1 << _FIRST_SHIFT) - 1)
    return _whole(low | ord(characters[1:] or _END) << ORDINAL_BITS)


def _whole(low: int) -> Range:
    return Range(low, low | MOST_ORDINALS - 1)


def _site_value(number: int) -> int:
    return _SITE << _MARK_SHIFT | number << ORDINAL_BITS


def value_word(value: int, sites: Mapping[int, str]) -> str:
    """Return the word of a value; of a site that is not known its mark alone.

    >>> value_word(word_range("总工", {}).low + 7, {}), value_word(word_range("总", {}).low, {})
    ('总工', '总')
    """
    mark = value >> _MARK_SHIFT
    if mark == _EVERY:
        return EVERY_ARTICLE
    if mark == _SITE:
        return sites.get(value >> ORDINAL_BITS & (1 << _MARK_SHIFT - ORDINAL_BITS) - 1, SITE_MARK)
    first = chr(value >> _FIRST_SHIFT & (1 << 20) - 1)
    second = chr(value >> ORDINAL_BITS & (1 << _SECOND_BITS) - 1).rstrip()
    return "".join(sign for sign, number in _MARKS.items() if number == mark) + first + second


def entry_values(entry: IndexEntry, ordinal: int, sites: Mapping[str, int]) -> bytes:
    """Return all values of a document, as bytes, in the order of its text; a word may come twice.

    Some of them begin with a space, and are of no word: `sort_documents` leaves them out.
    """
    runs = index_runs(entry.body_text) if entry.body_runs is None else entry.body_runs
    headline = index_runs(entry.headline)
    laid = [
        _lay([*runs, *headline], ordinal, _TEXT),
        _lay(headline, ordinal, _MARKS[TITLE_MARK]),
        _lay(index_runs(entry.source), ordinal, _MARKS[SOURCE_MARK]),
        _lay(index_runs(entry.column), ordinal, _MARKS[COLUMN_MARK]),
    ]
    of_all = (_site_value(sites[site_word(entry.site)]) | ordinal, _EVERY << _MARK_SHIFT | ordinal)
    laid += [value.to_bytes(_VALUE_BYTES, "little") for value in of_all]
    return b"".join(laid)


def _lay(runs: Iterable[str], ordinal: int, mark: int) -> bytes:
    """Lay the bytes of neighbouring characters side by side, for a whole text at once."""
    codes = " ".join([*runs, ""]).encode("utf-32-le")
    count = max(0, len(codes) // 4 - 1)
    laid = bytearray(_VALUE_BYTES * count)
    for place, byte in enumerate(ordinal.to_bytes(2, "little")):
        laid[place::_VALUE_BYTES] = bytes((byte,)) * count
    if count:
        for place in range(3):
            laid[2 + place :: _VALUE_BYTES] = codes[4 + place :: 4]
            laid[5 + place :: _VALUE_BYTES] = codes[place:-4:4]
        laid[7::_VALUE_BYTES] = laid[7::_VALUE_BYTES].translate(_MARKED[mark])
    return bytes(laid)


def as_values(laid: bytes) -> array[int]:
    """Return values from their bytes."""
    values = array("Q", laid)
    if sys.byteorder != "little":
        values.byteswap()
    return values


def as_bytes(values: array[int]) -> bytes:
    """Return the bytes of values, the lowest first."""
    if sys.byteorder != "little":
        values = values[:]
        values.byteswap()
    return values.tobytes()


def ordinals_of(values: array[int]) -> array[int]:
    """Return the ordinals of values, each for itself."""
    laid = as_bytes(values)
    low = bytearray(2 * len(values))
    low[0::2], low[1::2] = laid[0::_VALUE_BYTES], laid[1::_VALUE_BYTES]
    ordinals = array("H", bytes(low))
    if sys.byteorder != "little":
        ordinals.byteswap()
    return ordinals


def with_ordinals(values: array[int], ordinals: Iterable[int]) -> array[int]:
    """Return values of the same words with other ordinals."""
    laid, low = bytearray(as_bytes(values)), array("H", ordinals)
    if sys.byteorder != "little":
        low.byteswap()
    given = low.tobytes()
    laid[0::_VALUE_BYTES], laid[1::_VALUE_BYTES] = given[0::2], given[1::2]
    return as_values(bytes(laid))


def sort_documents(laid: Iterable[bytes]) -> array[int]:
    """Return the values of documents (see `entry_values`) in rising order, each once; only those of words."""
    found: list[float] = []
    for one in laid:
        # Sorted each for itself, all of them are merged in half the time.
        found += sorted(set(_as_floats(as_values(one))))
    return _without_spaces(_sorted(found))


def sort_values(values: Iterable[array[int]]) -> array[int]:
    """Return values of several leaves in rising order."""
    found: list[float] = []
    for some in values:
        found += _as_floats(some)
    return _sorted(found)


def _sorted(found: list[float]) -> array[int]:
    found.sort()
    return array("Q", array("d", found).tobytes())


def _as_floats(values: array[int]) -> array[float]:
    """Return floats that are ordered as the values are, with the same bits.

    Python compares floats twice as fast as numbers of more than 30 bits. The mark of a text keeps all of
    them above the least normal float, and no mark makes one that is not a number.
    """
    return array("d", values.tobytes())


def _without_spaces(values: array[int]) -> array[int]:
    """Return sorted values without those that begin with a space, which stand where two runs meet."""
    kept = array("Q")
    start = 0
    for mark in (_TEXT, *_MARKS.values()):
        low = mark << _MARK_SHIFT | ord(_END) << _FIRST_SHIFT
        end = bisect_left(values, low, start)
        kept += values[start:end]
        start = bisect_left(values, low + (1 << _FIRST_SHIFT), end)
    return kept + values[start:]
