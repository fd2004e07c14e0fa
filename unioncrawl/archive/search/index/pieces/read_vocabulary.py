"""Read all words that pieces hold, for a comparison with the texts."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import Connection

from unioncrawl.archive.search.index.pieces.leaves import unpack
from unioncrawl.archive.search.index.pieces.piece_rows import (
    Piece,
    leaves_of,
    numbers_of,
    pieces_of,
    site_numbers,
)
from unioncrawl.archive.search.index.pieces.word_codes import MOST_ORDINALS, ORDINAL_BITS, value_word


class Held(NamedTuple):
    """A word as one piece holds it: in how many documents, and the sum of their numbers."""

    word: str
    documents: int
    numbers: int


def read_vocabulary(connection: Connection) -> Iterator[Held]:
    """Yield the words of each piece; what was taken out does not count.

    Raises `ValueError` for a leaf that can't be read, or that names a document that its piece has not.
    """
    sites = {number: word for word, number in site_numbers(connection).items()}
    for piece in pieces_of(connection):
        numbers = numbers_of(connection, [piece])[piece.id]
        for content in leaves_of(connection, piece):
            yield from _words_of(unpack(content), piece, numbers, sites)


def _words_of(values: array[int], piece: Piece, numbers: array[int], sites: dict[int, str]) -> Iterator[Held]:
    gone, first = set(piece.gone), piece.first
    for _, group in groupby(values, lambda value: value >> ORDINAL_BITS):
        held = list(group)
        ordinals = [value & MOST_ORDINALS - 1 for value in held]
        if ordinals[0] < first or ordinals[-1] >= piece.end or len(numbers) != piece.documents:
            raise ValueError(f"piece {piece.id} of the full-text index names documents that it has not")
        known = [numbers[ordinal - first] for ordinal in ordinals if ordinal not in gone]
        if known:
            yield Held(value_word(held[0], sites), len(known), sum(known))
