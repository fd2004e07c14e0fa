"""Read all words that pieces hold, for a comparison with the texts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from sqlalchemy import Connection

from unioncrawl.archive.search.index.pieces.leaves import unpack
from unioncrawl.archive.search.index.pieces.piece_rows import (
    Piece,
    leaves_of,
    numbers_of,
    pieces_of,
    site_numbers,
)
from unioncrawl.archive.search.index.pieces.postings import Numbers, Postings
from unioncrawl.archive.search.index.pieces.word_codes import ORDINAL_BITS, value_word


class Held(NamedTuple):
    """A word as one piece holds it: how often, and the sums of its documents' numbers and of its places."""

    word: str
    times: int
    numbers: int
    places: int


def read_vocabulary(connection: Connection) -> Iterator[Held]:
    """Yield the words of each piece; what was taken out does not count.

    Raises `ValueError` for a leaf that can't be read, or that names a document that its piece has not.
    """
    sites = {number: word for word, number in site_numbers(connection).items()}
    for piece in pieces_of(connection):
        numbers = numbers_of(connection, [piece])[piece.id]
        for content, places in leaves_of(connection, piece):
            yield from _words_of(unpack(content, places), piece, numbers, sites)


def _words_of(postings: Postings, piece: Piece, numbers: Numbers, sites: dict[int, str]) -> Iterator[Held]:
    ordinals = postings.ordinals
    if ordinals.min() < piece.first or ordinals.max() >= piece.end or len(numbers) != piece.documents:
        raise ValueError(f"piece {piece.id} of the full-text index names documents that it has not")
    present = postings.chosen(~np.isin(ordinals, list(piece.gone)))
    if not len(present.values):
        return
    words = present.values >> np.uint64(ORDINAL_BITS)
    starts = np.flatnonzero(np.concatenate(([True], words[1:] != words[:-1])))
    documents = present.counts * numbers[(present.ordinals - np.uint64(piece.first)).astype(np.intp)]
    placed = np.add.reduceat(present.places, (present.ends - present.counts).astype(np.intp))
    sums = (np.add.reduceat(each, starts) for each in (present.counts, documents, placed))
    for value, *held in zip(present.values[starts], *sums, strict=True):
        yield Held(value_word(int(value), sites), *map(int, held))
