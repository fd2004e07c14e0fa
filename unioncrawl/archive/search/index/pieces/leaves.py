"""The leaves of a piece: stretches of its words, packed.

A leaf ends where a word ends, unless the word is in very many documents. ``content`` has the words, and
the documents of each as differences; ``places`` where each word stands in each document, which only words
side by side need. Numbers are laid out byte by byte, the lowest of all first, so that zlib finds the high
ones alike. The lowest bytes of places are as good as random; they stand behind what is packed, with a
checksum in it.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from unioncrawl.archive.search.index.pieces.postings import Numbers, Postings
from unioncrawl.archive.search.index.pieces.word_codes import ORDINAL_BITS, Range

# Smaller leaves make a search faster and a piece larger.
LEAF_VALUES = 2_048
# A word of more documents goes on in the next leaf: the newest of them are found without the others.
_MOST_VALUES = 2 * LEAF_VALUES
_FORM = b"p"
_FAST = 1
_BITS = np.uint64(ORDINAL_BITS)
_BYTE = np.uint64(8)


class Leaf(NamedTuple):
    """A leaf as it is stored: its first value, its words with their documents, and their places."""

    first: int
    content: bytes
    places: bytes


def pack(postings: Postings) -> Iterator[Leaf]:
    """Yield the leaves of words in rising order."""
    words = _word_starts(postings.values)
    places = np.concatenate((np.zeros(1, np.uint64), postings.ends))
    start = 0
    while start < len(postings.values):
        place = int(np.searchsorted(words, start + LEAF_VALUES))
        end = int(words[place]) if place < len(words) else len(postings.values)
        end = min(end, start + _MOST_VALUES)
        values, counts = postings.values[start:end], postings.counts[start:end]
        standing = postings.places[int(places[start]) : int(places[end])]
        yield Leaf(int(values[0]), _pack_documents(values), _pack_places(counts, standing))
        start = end


def _word_starts(values: Numbers) -> NDArray[np.intp]:
    """Where each word begins among sorted values."""
    words = values >> _BITS
    return np.flatnonzero(np.concatenate(([True], words[1:] != words[:-1]))[: len(words)])


def _pack_documents(values: Numbers) -> bytes:
    starts = _word_starts(values)
    words = values[starts] >> _BITS
    ordinals = values & np.uint64((1 << ORDINAL_BITS) - 1)
    steps = np.diff(ordinals, prepend=np.uint64(0))
    steps[starts] = ordinals[starts]
    header = np.array([words[0], len(words), len(values)], "<u8").tobytes()
    documents = np.diff(starts, append=len(values)).astype(np.uint64)
    laid = (np.diff(words, prepend=words[0]), documents, steps)
    return _FORM + zlib.compress(header + b"".join(map(_lay, laid)), _FAST)


def _pack_places(counts: Numbers, places: Numbers) -> bytes:
    low = (places & np.uint64(0xFF)).astype(np.uint8).tobytes()
    header = np.array([len(counts), len(places), zlib.crc32(low)], "<u8").tobytes()
    return zlib.compress(header + _lay(counts) + _lay(places >> _BYTE), _FAST) + low


def _lay(numbers: Numbers) -> bytes:
    """Return how many bytes numbers have, then the lowest byte of each, the second of each and so on."""
    width = max(1, (int(numbers.max(initial=np.uint64(0))).bit_length() + 7) // 8)
    columns = numbers.astype("<u8").view(np.uint8).reshape(-1, 8)
    return bytes((width,)) + columns[:, :width].T.tobytes()


class _Laid:
    """What was packed, to be taken out in the same order."""

    def __init__(self, opened: bytes) -> None:
        self._opened = opened
        self._place = 3 * 8
        self.header = tuple(map(int, np.frombuffer(opened, "<u8", 3)))

    def take(self, count: int) -> Numbers:
        width = self._opened[self._place]
        columns = np.frombuffer(self._opened, np.uint8, width * count, self._place + 1).reshape(width, count)
        self._place += 1 + width * count
        numbers: Numbers = columns[0].astype(np.uint64)
        for place in range(1, width):
            numbers |= columns[place].astype(np.uint64) << np.uint64(8 * place)
        return numbers


class Documents(NamedTuple):
    """Words and their documents: ``starts`` has where each word's ordinals begin, and one end more."""

    words: Numbers
    starts: Numbers
    ordinals: Numbers


def unpack(content: bytes, places: bytes) -> Postings:
    """Return all of a leaf. Raises `ValueError` for what is no leaf."""
    words, starts, ordinals = _documents(content)
    values = np.repeat(words << _BITS, np.diff(starts).astype(np.intp)) | ordinals
    return Postings(values, *_places(places, len(values)))


def ordinals_in(content: bytes, wanted: Range) -> Numbers:
    """Return the ordinals of a leaf's values in a range, for one word after the other.

    Raises `ValueError` for what is no leaf.
    """
    words, starts, ordinals = _documents(content)
    first = np.searchsorted(words, np.uint64(wanted.low >> ORDINAL_BITS))
    last = np.searchsorted(words, np.uint64(wanted.high >> ORDINAL_BITS), side="right")
    return ordinals[int(starts[first]) : int(starts[last])]


def _documents(content: bytes) -> Documents:
    if content[:1] != _FORM:
        raise ValueError(f"a leaf of the full-text index has the form {content[:1]!r}")
    try:
        laid = _Laid(zlib.decompress(content[1:]))
        first, words, values = laid.header
        spelt = np.cumsum(laid.take(words)) + np.uint64(first)
        held = laid.take(words)
        steps = laid.take(values)
    except (zlib.error, ValueError, IndexError) as error:
        raise _damaged(error) from error
    starts = np.concatenate((np.zeros(1, np.uint64), np.cumsum(held)))
    counted = np.cumsum(steps)
    before = (counted - steps)[starts[:-1].astype(np.intp)]
    return Documents(spelt, starts, counted - np.repeat(before, held.astype(np.intp)))


def _places(packed: bytes, values: int) -> tuple[Numbers, Numbers]:
    """How often each value stands in its document, and where."""
    opener = zlib.decompressobj()
    try:
        laid = _Laid(opener.decompress(packed))
        known, count, checksum = laid.header
        counts, high = laid.take(known), laid.take(count)
    except (zlib.error, ValueError, IndexError) as error:
        raise _damaged(error) from error
    low = opener.unused_data
    if not opener.eof or (known, count) != (values, len(low)) or zlib.crc32(low) != checksum:
        raise _damaged("its places are others")
    return counts, high << _BYTE | np.frombuffer(low, np.uint8).astype(np.uint64)


def _damaged(found: object) -> ValueError:
    return ValueError(f"a leaf of the full-text index is damaged ({found})")
