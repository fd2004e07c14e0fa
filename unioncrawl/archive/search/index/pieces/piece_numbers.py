"""The numbers of a piece's documents, kept by a process that asks again and again."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from unioncrawl.archive.search.index.pieces.piece_rows import Piece, numbers_of
from unioncrawl.archive.search.index.pieces.postings import Numbers

Mask: TypeAlias = NDArray[np.bool_]


class PieceNumbers:
    """The numbers of documents in the order of their ordinals.

    In a large piece they rise: then the newest documents and those of some days are a stretch of it.
    """

    def __init__(self, numbers: Numbers) -> None:
        self._numbers = numbers
        # Documents that are gone have one number, beyond all others.
        self._rise = bool(np.all(numbers[1:] >= numbers[:-1]))

    def __len__(self) -> int:
        return len(self._numbers)

    @property
    def rising(self) -> Numbers | None:
        """All of them, if they rise."""
        return self._numbers if self._rise else None

    def chosen(self, is_chosen: Mask, first: int, beyond: int) -> Numbers:
        """Return the numbers of some documents, from ``first`` on and below ``beyond``, in rising order."""
        if self._rise:
            start, end = np.searchsorted(self._numbers, np.array((first, beyond), np.uint64))
            return self._numbers[start:end][is_chosen[start:end]]
        found = np.sort(self._numbers[is_chosen])
        start, end = np.searchsorted(found, np.array((first, beyond), np.uint64))
        return found[start:end]


def newest_first(numbers: Numbers) -> Iterator[int]:
    """Yield rising numbers, the largest first, as far as anybody asks."""
    return map(int, numbers[::-1])


# A piece's numbers do not change under its own number: 8 bytes a document, of so many documents. Each page
# of the newest needs all of them.
_MOST_KEPT = 16_000_000
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
