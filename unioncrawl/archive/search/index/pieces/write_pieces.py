"""Put documents into pieces, take them out, and merge pieces, within the writer's transaction.

Each batch is a piece. Sixty-four pieces of like size become one, and all pieces of a block that is full:
no article of it is written again. So what an article costs does not depend on how many there are.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise, takewhile

from sqlalchemy import Connection

from unioncrawl.archive.search.index.index_words import IndexEntry
from unioncrawl.archive.search.index.pieces.leaves import Leaf, pack, unpack
from unioncrawl.archive.search.index.pieces.piece_rows import (
    NO_DOCUMENT,
    Piece,
    delete_pieces,
    first_values,
    insert_piece,
    note_gone,
    numbers_of,
    pieces_of,
    read_leaves,
    site_numbers,
)
from unioncrawl.archive.search.index.pieces.word_codes import (
    MOST_ORDINALS,
    Range,
    entry_values,
    ordinals_of,
    sort_documents,
    sort_values,
    with_ordinals,
)
from unioncrawl.archive.sql import chunks

# 5 MB of values are sorted at once.
_DOCUMENTS_AT_ONCE = 1_000
# Merging a block of 65,000 took 35 CPU-seconds, in which no other process can write.
MOST_IN_BLOCK = 16_384
# So many pieces of like size become one: fewer make a search faster, and writing slower.
_FAN = 64
_RESTING_FAN = 8
# Pieces of more documents are bitmaps, since most of their words stand in several; their numbers rise.
_PLAIN_DOCUMENTS = 4_096
# Leaves that are merged at once; of each part of a merge one more is read.
_LEAVES_AT_ONCE = 256
_HIGHEST = (1 << 63) - 1


def add_documents(connection: Connection, numbered: Sequence[tuple[int, IndexEntry]]) -> None:
    """Put numbered articles into the index."""
    sites = site_numbers(connection)
    for some in chunks(numbered, _DOCUMENTS_AT_ONCE):
        block, first = _next_place(connection, len(some))
        values = sort_documents(
            entry_values(entry, place, sites) for place, (_, entry) in enumerate(some, first)
        )
        numbers = array("Q", (number for number, _ in some))
        insert_piece(connection, (block, first), numbers, pack(values, as_bitmaps=False))
        merge_alike(connection, block, _FAN)


def _next_place(connection: Connection, documents: int) -> tuple[int, int]:
    """Return the block and first ordinal of the next documents; a block that is full becomes one piece."""
    last = connection.exec_driver_sql(
        "SELECT block, first_ordinal + documents AS next FROM search_index_piece"
        " ORDER BY block DESC, first_ordinal DESC LIMIT 1"
    ).first()
    if last is None:
        return 0, 0
    if last.next + documents <= MOST_IN_BLOCK:
        return last.block, last.next
    parts = pieces_of(connection, last.block)
    if len(parts) > 1:
        merge(connection, parts)
    return last.block + 1, 0


def merge_alike(connection: Connection, block: int, fan: int) -> None:
    """Merge the last pieces of a block where ``fan`` of them are of like size."""
    parts = pieces_of(connection, block)
    least = 1
    while least < MOST_IN_BLOCK:
        most = least * fan
        tail = list(takewhile(lambda part: part.documents < most, reversed(parts)))  # noqa: B023 - used at once
        if sum(part.documents >= least for part in tail) >= fan:
            merge(connection, tail[::-1])
            parts = pieces_of(connection, block)
        least = most


def merge(connection: Connection, parts: Sequence[Piece]) -> None:
    """Make one piece of some that follow each other in a block, without what was taken out of them."""
    numbers = array("Q")
    known = numbers_of(connection, parts)
    for part in parts:
        numbers += known[part.id]
        for ordinal in part.gone:
            numbers[ordinal - parts[0].first] = NO_DOCUMENT
    is_large = len(numbers) > _PLAIN_DOCUMENTS
    order = sorted(range(len(numbers)), key=numbers.__getitem__) if is_large else range(len(numbers))
    leaves = _merged(connection, parts, _Places(parts[0].first, order) if is_large else None)
    span = (parts[0].block, parts[0].first)
    insert_piece(connection, span, array("Q", map(numbers.__getitem__, order)), leaves)
    delete_pieces(connection, parts)


class _Places:
    """The ordinals that documents get in a large piece, where their numbers rise."""

    def __init__(self, first: int, order: Sequence[int]) -> None:
        self._new = array("H", bytes(2 * MOST_ORDINALS))
        for new, old in enumerate(order, first):
            self._new[first + old] = new

    def changed(self, values: array[int]) -> array[int]:
        """Return values with the new ordinals."""
        return with_ordinals(values, map(self._new.__getitem__, ordinals_of(values)))


def _merged(connection: Connection, parts: Sequence[Piece], places: _Places | None) -> Iterator[Leaf]:
    """Yield the leaves of some pieces as those of one; without new places it is a small one."""
    by_id = {part.id: part for part in parts}
    for stretch in _stretches(first_values(connection, parts)):
        leaves = read_leaves(connection, parts, [stretch])
        kept = (_kept(unpack(content), stretch, by_id[piece]) for _, piece, content in leaves)
        values = sort_values(kept if places is None else map(places.changed, kept))
        yield from pack(values, as_bitmaps=places is not None)


def _stretches(firsts: Sequence[int]) -> Iterator[Range]:
    """Yield ranges of whole words which together hold all values."""
    cuts = [0, *(first & -MOST_ORDINALS for first in firsts[_LEAVES_AT_ONCE::_LEAVES_AT_ONCE]), _HIGHEST + 1]
    for low, beyond in pairwise(cuts):
        if low < beyond:
            yield Range(low, beyond - 1)


def _kept(values: array[int], stretch: Range, part: Piece) -> array[int]:
    """Return the values of a leaf within a stretch, but those of what was taken out."""
    within = values[bisect_left(values, stretch.low) : bisect_right(values, stretch.high)]
    if not part.gone:
        return within
    return array("Q", (value for value in within if value & MOST_ORDINALS - 1 not in part.gone))


def remove_documents(connection: Connection, numbers: Iterable[int]) -> None:
    """Take documents out; their words stay until their piece is merged, or written again."""
    wanted = set(numbers)
    if not wanted:
        return
    pieces = pieces_of(connection)
    known = numbers_of(connection, pieces)
    for piece in pieces:
        held = known[piece.id]
        found = {piece.first + held.index(number) for number in wanted.intersection(held)}
        if found := found - set(piece.gone):
            note_gone(connection, piece, found)


def forget_gone(connection: Connection) -> bool:
    """Write one piece again without what was taken out of it; return whether there was one."""
    piece = next((piece for piece in pieces_of(connection) if piece.gone), None)
    if piece is not None:
        merge(connection, [piece])
    return piece is not None


def merge_last(connection: Connection) -> None:
    """Merge the pieces of the last block where eight are of like size, so that a search reads fewer."""
    last = connection.exec_driver_sql("SELECT max(block) FROM search_index_piece").scalar()
    if last is not None:
        merge_alike(connection, last, _RESTING_FAN)


def remove_all(connection: Connection) -> None:
    """Take all documents out; a reader that began before still sees them, which it would not by TRUNCATE."""
    connection.exec_driver_sql("DELETE FROM search_index_leaf")
    connection.exec_driver_sql("DELETE FROM search_index_piece")
