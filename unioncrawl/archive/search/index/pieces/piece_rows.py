"""The rows of pieces: which documents each holds, and how its leaves are written and read.

A *block* is up to 16,384 documents, which have ordinals in it; a *piece* holds the words of a stretch of
these ordinals. No piece changes but by what was taken out of it; pieces of a block are merged into
larger ones, which get numbers of their own.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
from pyroaring import BitMap
from sqlalchemy import Connection

from unioncrawl.archive.search.index.index_words import site_word
from unioncrawl.archive.search.index.pieces.leaves import Leaf
from unioncrawl.archive.search.index.pieces.postings import Numbers
from unioncrawl.archive.search.index.pieces.word_codes import MOST_ORDINALS, Range
from unioncrawl.archive.server.arrays import BigIntegers

# In place of the number of a document that is gone with its words.
NO_DOCUMENT = (1 << 63) - 1
# At random, so that a number that a process remembers never means another piece.
_NUMBER_BITS = 62
_LEAVES_AT_ONCE = 256
# Of each stretch the last leaf that begins at or before a range, and all that begin within it.
# Places are read where they are asked for: they are the larger half.
# OFFSET 0 keeps the planner to this order: it read all leaves instead, a quarter of a second at 120,000
# articles.
_LEAVES = (
    "SELECT asked.number, stretch.number, leaf.content, CASE WHEN asked.placed THEN leaf.places END"
    " FROM unnest(%s::bigint[], %s::bigint[], %s::boolean[]) WITH ORDINALITY"
    " AS asked (low, high, placed, number)"
    " CROSS JOIN unnest(%s::bigint[], %s::bigint[], %s::bigint[]) WITH ORDINALITY"
    " AS stretch (piece, first, after, number)"
    " CROSS JOIN LATERAL (SELECT COALESCE((SELECT max(other.first_value) FROM search_index_leaf AS other"
    " WHERE other.piece = stretch.piece AND other.first_value <= asked.low + stretch.first),"
    " asked.low) AS value OFFSET 0) AS start"
    " CROSS JOIN LATERAL (SELECT one.content, one.places FROM search_index_leaf AS one"
    " WHERE one.piece = stretch.piece AND one.first_value BETWEEN start.value AND asked.high - stretch.after"
    " OFFSET 0) AS leaf"
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece: its documents' ordinals in a block are ``first`` and those that follow.

    ``gone``: the ordinals of documents that were taken out, whose words it still holds.
    """

    id: int
    block: int
    first: int
    documents: int
    gone: BitMap

    @property
    def end(self) -> int:
        """The first ordinal behind it."""
        return self.first + self.documents


def pieces_of(connection: Connection, block: int | None = None) -> list[Piece]:
    """Return all pieces, or those of a block, in the order of their documents' ordinals."""
    query = "SELECT id, block, first_ordinal, documents, gone FROM search_index_piece"
    wanted: tuple[int, ...] = ()
    if block is not None:
        query, wanted = f"{query} WHERE block = %s", (block,)
    rows = connection.exec_driver_sql(f"{query} ORDER BY block, first_ordinal", wanted)
    return [Piece(row.id, row.block, row.first_ordinal, row.documents, _gone(row.gone)) for row in rows]


def _gone(kept: bytes | None) -> BitMap:
    return BitMap() if kept is None else BitMap.deserialize(kept)


def numbers_of(connection: Connection, pieces: Sequence[Piece]) -> dict[int, Numbers]:
    """Return the numbers of the documents of pieces, in the order of their ordinals."""
    query = "SELECT id, numbers FROM search_index_piece WHERE id = ANY(%s)"
    rows = connection.exec_driver_sql(query, ([piece.id for piece in pieces],))
    return {row.id: np.frombuffer(row.numbers, "<u8").astype(np.uint64) for row in rows}


def insert_piece(
    connection: Connection, span: tuple[int, int], numbers: Numbers, leaves: Iterator[Leaf]
) -> None:
    """Write a piece; ``span``: its block, and the ordinal of the first of its documents."""
    number = secrets.randbits(_NUMBER_BITS)
    connection.exec_driver_sql(
        "INSERT INTO search_index_piece (id, block, first_ordinal, documents, numbers)"
        " VALUES (%s, %s, %s, %s, %s)",
        (number, *span, len(numbers), numbers.astype("<u8").tobytes()),
    )
    # The leaves of a whole block are a hundred megabytes.
    while some := list(islice(leaves, _LEAVES_AT_ONCE)):
        connection.exec_driver_sql(
            "INSERT INTO search_index_leaf (piece, first_value, content, places)"
            " SELECT %s::bigint, * FROM unnest(%s::bigint[], %b::bytea[], %b::bytea[])",
            (number, *map(list, zip(*some, strict=True))),
        )


def delete_pieces(connection: Connection, pieces: Sequence[Piece]) -> None:
    """Delete pieces with their leaves."""
    ids = [piece.id for piece in pieces]
    connection.exec_driver_sql("DELETE FROM search_index_leaf WHERE piece = ANY(%s)", (ids,))
    connection.exec_driver_sql("DELETE FROM search_index_piece WHERE id = ANY(%s)", (ids,))


class Stretch(NamedTuple):
    """The documents of a piece from one ordinal on and before another."""

    piece: Piece
    first: int
    end: int


def whole(piece: Piece) -> Stretch:
    """Return all of a piece."""
    return Stretch(piece, piece.first, piece.end)


class Read(NamedTuple):
    """A leaf that was read: for which range and stretch; without places where none were asked for."""

    asked: int
    stretch: Stretch
    content: bytes
    places: bytes


def read_leaves(
    connection: Connection, stretches: Sequence[Stretch], ranges: Sequence[Range], placed: Sequence[bool]
) -> Iterator[Read]:
    """Yield the leaves that may hold values of some documents in some ranges of whole words.

    They come with places where ``placed`` says so.
    """
    bound = (
        BigIntegers(asked.low for asked in ranges),
        BigIntegers(asked.high for asked in ranges),
        list(placed),
        BigIntegers(one.piece.id for one in stretches),
        BigIntegers(one.first for one in stretches),
        BigIntegers(MOST_ORDINALS - one.end for one in stretches),
    )
    for number, place, content, places in connection.exec_driver_sql(_LEAVES, bound):
        yield Read(number - 1, stretches[place - 1], content, places or b"")


def leaves_of(connection: Connection, piece: Piece) -> Iterator[tuple[bytes, bytes]]:
    """Yield content and places of the leaves of a piece in the order of their values, a few at a time."""
    query = (
        "SELECT first_value, content, places FROM search_index_leaf WHERE piece = %s AND first_value > %s"
        " ORDER BY first_value LIMIT %s"
    )
    last = 0
    while rows := connection.exec_driver_sql(query, (piece.id, last, _LEAVES_AT_ONCE)).all():
        yield from ((row.content, row.places) for row in rows)
        last = rows[-1].first_value


def first_values(connection: Connection, pieces: Sequence[Piece]) -> list[int]:
    """Return the first value of each leaf of some pieces, in rising order."""
    query = "SELECT first_value FROM search_index_leaf WHERE piece = ANY(%s) ORDER BY first_value"
    return list(connection.exec_driver_sql(query, ([piece.id for piece in pieces],)).scalars())


def note_gone(connection: Connection, piece: Piece, ordinals: Iterable[int]) -> None:
    """Note that documents of a piece are gone, whose words it still holds."""
    gone: Any = (piece.gone | BitMap(ordinals)).serialize()
    connection.exec_driver_sql("UPDATE search_index_piece SET gone = %s WHERE id = %s", (gone, piece.id))


def site_numbers(connection: Connection) -> dict[str, int]:
    """Return the number of each site's word: the least of the sites that have that word."""
    rows = connection.exec_driver_sql("SELECT id, key FROM site ORDER BY id DESC")
    return {site_word(row.key): row.id for row in rows}
