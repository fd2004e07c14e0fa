"""The leaves of a piece: stretches of its sorted values, packed.

A word of one leaf is in no other of its piece. The values of a small piece are packed as they are; those
of a large one as a roaring bitmap, in which a word of most documents takes a bit for each.
"""

from __future__ import annotations

import zlib
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from pyroaring import BitMap64

from unioncrawl.archive.search.index.pieces.word_codes import (
    MOST_ORDINALS,
    Range,
    as_bytes,
    as_values,
    ordinals_of,
)

# Smaller leaves make a search faster and a piece larger.
LEAF_VALUES = 2_048
_PLAIN, _BITMAP = b"v", b"b"
_FAST = 1


class Leaf(NamedTuple):
    """A leaf as it is stored: its first value, and the others."""

    first: int
    content: bytes


def pack(values: array[int], *, as_bitmaps: bool) -> Iterator[Leaf]:
    """Yield the leaves of sorted values."""
    start = 0
    while start < len(values):
        last = values[min(start + LEAF_VALUES, len(values)) - 1]
        end = bisect_right(values, last | MOST_ORDINALS - 1, start)
        some = values[start:end]
        if as_bitmaps:
            content = _BITMAP + zlib.compress(BitMap64(some).serialize(), _FAST)
        else:
            content = _PLAIN + zlib.compress(as_bytes(some), _FAST)
        yield Leaf(values[start], content)
        start = end


def unpack(content: bytes) -> array[int]:
    """Return the sorted values of a leaf. Raises `ValueError` for what is no leaf."""
    values = _opened(content)
    return values.to_array() if isinstance(values, BitMap64) else values


def ordinals_in(content: bytes, wanted: Range) -> BitMap64:
    """Return the ordinals of a leaf's values in a range. Raises `ValueError` for what is no leaf."""
    values = _opened(content)
    if isinstance(values, BitMap64):
        if wanted.high - wanted.low < MOST_ORDINALS:
            return (values & BitMap64(range(wanted.low, wanted.high + 1))).shift(-wanted.low)
        # A bitmap of the range of a beginning would be a large one.
        values = values.to_array()
    within = values[bisect_left(values, wanted.low) : bisect_right(values, wanted.high)]
    return BitMap64(array("Q", ordinals_of(within)))


def _opened(content: bytes) -> array[int] | BitMap64:
    form, packed = content[:1], content[1:]
    try:
        opened = zlib.decompress(packed)
        if form == _BITMAP:
            return BitMap64.deserialize(opened)
    except (zlib.error, ValueError) as error:
        raise ValueError(f"a leaf of the full-text index is damaged ({error})") from error
    if form != _PLAIN:
        raise ValueError(f"a leaf of the full-text index has the form {form!r}")
    return as_values(opened)
