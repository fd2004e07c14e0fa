"""The words of the full-text index as numbers, so that C sorts and packs them.

A *value* has 63 bits: what the word is of (4), its first character (20), its second one (24), and the
*ordinal* of the document within its block (16). A word of one character has a space as its second. So
all words that begin with a character, and all documents of a word, are one range of values. The marked
words of a site and of every article have a number in place of characters.

Characters beyond U+FFFFF are private, no letters, and stand in no word.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from unioncrawl.archive.search.index.index_words import (
    COLUMN_MARK,
    EVERY_ARTICLE,
    SITE_MARK,
    SOURCE_MARK,
    TITLE_MARK,
)

# Documents of a block have 16 bits.
ORDINAL_BITS = 16
MOST_ORDINALS = 1 << ORDINAL_BITS
SECOND_SHIFT = ORDINAL_BITS
FIRST_SHIFT = SECOND_SHIFT + 24
_MARK_SHIFT = FIRST_SHIFT + 20
END = " "
TEXT, TITLE, SOURCE, COLUMN, _SITE, _EVERY = range(1, 7)
_MARKS = {TITLE_MARK: TITLE, SOURCE_MARK: SOURCE, COLUMN_MARK: COLUMN}


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
        return _whole(EVERY_VALUE)
    if word[0] == SITE_MARK:
        return _whole(site_value(sites[word])) if word in sites else None
    mark = _MARKS.get(word[0], TEXT)
    characters = word if mark == TEXT else word[1:]
    low = marked(mark) | ord(characters[0]) << FIRST_SHIFT
    if prefix:
        return Range(low, low | (1 << FIRST_SHIFT) - 1)
    return _whole(low | ord(characters[1:] or END) << SECOND_SHIFT)


def _whole(low: int) -> Range:
    return Range(low, low | MOST_ORDINALS - 1)


def marked(mark: int) -> int:
    """Return what the mark of a word adds to its values."""
    return mark << _MARK_SHIFT


EVERY_VALUE = marked(_EVERY)


def site_value(number: int) -> int:
    """Return the least value of the word of a site with a number."""
    return marked(_SITE) | number << ORDINAL_BITS


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
    first = chr(value >> FIRST_SHIFT & (1 << _MARK_SHIFT - FIRST_SHIFT) - 1)
    second = chr(value >> SECOND_SHIFT & (1 << FIRST_SHIFT - SECOND_SHIFT) - 1).rstrip(END)
    return "".join(sign for sign, number in _MARKS.items() if number == mark) + first + second
