"""Answer questions from the pieces of an archive on PostgreSQL."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from heapq import merge

import numpy as np
from pyroaring import BitMap64
from sqlalchemy import Connection

from unioncrawl.archive.search.index.asks import Ask
from unioncrawl.archive.search.index.document_numbers import ZONES
from unioncrawl.archive.search.index.pieces.matching import matching, words_of
from unioncrawl.archive.search.index.pieces.newest_stretches import newest_stretches
from unioncrawl.archive.search.index.pieces.piece_numbers import PieceNumbers, kept_numbers, newest_first
from unioncrawl.archive.search.index.pieces.piece_rows import Piece, pieces_of, whole
from unioncrawl.archive.search.index.pieces.postings import Numbers
from unioncrawl.archive.search.index.pieces.read_words import Found

_BEYOND_ALL = ZONES[-1].end


class PieceView:
    """The index as a connection reads it, for one question: the state must not change meanwhile."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._pieces: list[Piece] | None = None
        self._asked: dict[Ask, Found] = {}

    def count(self, ask: Ask, first: int, beyond: int) -> int:
        """Count the documents that match."""
        found = self._matching(ask)
        if first == 0 and beyond >= _BEYOND_ALL:
            return sum(int(np.count_nonzero(mask)) for mask in found.values())
        return sum(map(len, self._chosen(found, first, beyond)))

    def newest(self, ask: Ask, spans: Sequence[tuple[int, int]]) -> list[Iterator[int]]:
        """Return for each span of numbers those that match, the largest first."""
        if any(words.prefix for words in words_of(ask)):
            # A beginning is all words that begin so: a stretch of documents is no stretch of these.
            return [self._newest(ask, *span) for span in spans]
        numbers = self._numbers(self._read_pieces())
        pieces = [(piece, numbers[piece.id]) for piece in self._read_pieces()]
        stretches, lows = newest_stretches(pieces, spans)
        soon = matching(self._connection, stretches, ask)
        return [self._in_two(soon, ask, low, span) for low, span in zip(lows, spans, strict=True)]

    def _in_two(self, soon: Found, ask: Ask, low: int, span: tuple[int, int]) -> Iterator[int]:
        first, beyond = span
        yield from _merged(self._chosen(soon, low, beyond))
        if low > first:
            yield from self._newest(ask, first, low)

    def _newest(self, ask: Ask, first: int, beyond: int) -> Iterator[int]:
        return _merged(self._chosen(self._matching(ask), first, beyond))

    def numbers(self, ask: Ask, first: int, beyond: int) -> BitMap64:
        """Return all numbers that match."""
        chosen = self._chosen(self._matching(ask), first, beyond)
        found = np.concatenate([np.zeros(0, np.uint64), *chosen])
        # A bitmap takes numbers that rise thirty times as fast.
        found.sort(kind="stable")
        return BitMap64(array("Q", found.tobytes()))

    def among(self, ask: Ask, numbers: Iterable[int]) -> set[int]:
        """Return which of some numbers match."""
        return set(self.numbers(ask, 0, _BEYOND_ALL).intersection(BitMap64(numbers)))

    def _chosen(self, found: Found, first: int, beyond: int) -> list[Numbers]:
        """Return the numbers of what was found in each piece, in rising order."""
        masks = [
            (piece, found[piece.block][piece.first : piece.end])
            for piece in self._read_pieces()
            if piece.block in found
        ]
        masks = [(piece, mask) for piece, mask in masks if mask.any()]
        held = self._numbers([piece for piece, _ in masks])
        return [held[piece.id].chosen(mask, first, beyond) for piece, mask in masks]

    def _numbers(self, pieces: Sequence[Piece]) -> dict[int, PieceNumbers]:
        return kept_numbers(self._connection, pieces)

    def _read_pieces(self) -> Sequence[Piece]:
        if self._pieces is None:
            self._pieces = pieces_of(self._connection)
        return self._pieces

    def _matching(self, ask: Ask) -> Found:
        if ask not in self._asked:
            self._asked[ask] = matching(self._connection, list(map(whole, self._read_pieces())), ask)
        return self._asked[ask]


def _merged(rising: Iterable[Numbers]) -> Iterator[int]:
    return merge(*map(newest_first, rising), reverse=True)
