"""Where the newest documents stand in the pieces, which most questions are answered by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from unioncrawl.archive.search.index.pieces.piece_numbers import PieceNumbers
from unioncrawl.archive.search.index.pieces.piece_rows import Piece, Stretch, whole
from unioncrawl.archive.search.index.pieces.postings import Numbers

# At most so many documents of a piece: no more than a leaf may hold.
_MOST_DOCUMENTS = 1_024
_Pieces = Sequence[tuple[Piece, PieceNumbers]]


def newest_stretches(pieces: _Pieces, spans: Sequence[tuple[int, int]]) -> tuple[list[Stretch], list[int]]:
    """Return stretches that hold the newest documents of some spans of numbers.

    With them, for each span, the number from which on they hold all of its documents. Pieces in which
    numbers do not rise are small, and read whole.
    """
    rising = [(piece, numbers.rising) for piece, numbers in pieces]
    large = [(piece, numbers) for piece, numbers in rising if numbers is not None]
    lows = [_low([numbers for _, numbers in large], *span) for span in spans]
    stretches = [whole(piece) for piece, numbers in rising if numbers is None]
    for piece, numbers in large:
        places = [
            np.searchsorted(numbers, np.array((low, beyond), np.uint64))
            for low, (_, beyond) in zip(lows, spans, strict=True)
        ]
        stretches += _together(piece, sorted((int(first), int(end)) for first, end in places if first < end))
    return stretches, lows


def _low(rising: Sequence[Numbers], first: int, beyond: int) -> int:
    """Return the number from which on no piece has more documents than are wanted."""
    low = first
    for numbers in rising:
        end = int(np.searchsorted(numbers, np.uint64(beyond)))
        if end > _MOST_DOCUMENTS:
            low = max(low, int(numbers[end - _MOST_DOCUMENTS]))
    return low


def _together(piece: Piece, places: Sequence[tuple[int, int]]) -> Iterator[Stretch]:
    """Yield stretches of a piece; what is near each other is read at once."""
    parts = [*places]
    while parts:
        first, end = parts.pop(0)
        while parts and parts[0][0] - end < _MOST_DOCUMENTS:
            end = max(end, parts.pop(0)[1])
        yield Stretch(piece, piece.first + first, piece.first + end)
