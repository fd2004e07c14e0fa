"""The numbers of a piece's documents, kept by a process that asks again and again."""

from __future__ import annotations

import threading
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from operator import gt

from pyroaring import BitMap64
from sqlalchemy import Connection

from unioncrawl.archive.search.index.pieces.piece_rows import Piece, numbers_of


class PieceNumbers:
    """The numbers of documents by their ordinals, counted from the first of the piece.

    In a large piece they rise: then the newest documents and those of some days are a range of ordinals.
    """

    def __init__(self, numbers: array[int]) -> None:
        self._numbers = numbers
        self._rise = not any(map(gt, numbers, numbers[1:]))

    def __len__(self) -> int:
        return len(self._numbers)

    def count(self, ordinals: BitMap64, first: int, beyond: int) -> int:
        """Count the documents with a number from ``first`` on and below ``beyond``."""
        return len(
            self._between(ordinals, first, beyond) if self._rise else self._chosen(ordinals, first, beyond)
        )

    def newest(self, ordinals: BitMap64, first: int, beyond: int) -> Iterator[int]:
        """Yield their numbers, the largest first; those of a large piece as far as anybody asks."""
        if self._rise:
            found = self._between(ordinals, first, beyond).to_array()
            return map(self._numbers.__getitem__, reversed(found))
        return reversed(self._chosen(ordinals, first, beyond))

    def rising(self, ordinals: BitMap64, first: int, beyond: int) -> BitMap64:
        """Return their numbers."""
        if self._rise:
            found = map(self._numbers.__getitem__, self._between(ordinals, first, beyond))
            return BitMap64(array("Q", found))
        # A bitmap takes numbers that rise thirty times as fast.
        return BitMap64(array("Q", self._chosen(ordinals, first, beyond)))

    def _between(self, ordinals: BitMap64, first: int, beyond: int) -> BitMap64:
        return ordinals & BitMap64(
            range(bisect_left(self._numbers, first), bisect_left(self._numbers, beyond))
        )

    def _chosen(self, ordinals: BitMap64, first: int, beyond: int) -> list[int]:
        numbers = sorted(map(self._numbers.__getitem__, ordinals))
        return numbers[bisect_left(numbers, first) : bisect_left(numbers, beyond)]


# A piece's numbers do not change under its own number: 8 bytes a document, of so many documents.
_MOST_KEPT = 4_000_000
_KEPT: dict[int, PieceNumbers] = {}
_LOCK = threading.Lock()


def kept_numbers(connection: Connection, pieces: Sequence[Piece]) -> dict[int, PieceNumbers]:
    """Return the numbers of the documents of pieces."""
    with _LOCK:
        known = {piece.id: _KEPT[piece.id] for piece in pieces if piece.id in _KEPT}
    missing = [piece for piece in pieces if piece.id not in known]
    if missing:
        read = {number: PieceNumbers(one) for number, one in numbers_of(connection, missing).items()}
        known |= read
        with _LOCK:
            _KEPT.update(read)
            while sum(map(len, _KEPT.values())) > _MOST_KEPT:
                _KEPT.pop(next(iter(_KEPT)))
    return known
