"""Put documents into pieces, take them out, and merge pieces, within the writer's transaction.

Each batch is a piece. Sixty-four pieces of like size become one, and all pieces of a block that is full:
no article of it is written again. So what an article costs does not depend on how many there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise, takewhile

import numpy as np
from sqlalchemy import Connection

from unioncrawl.archive.search.index.index_words import IndexEntry
from unioncrawl.archive.search.index.pieces.lay_words import lay_words
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
    whole,
)
from unioncrawl.archive.search.index.pieces.postings import Numbers, Postings, join
from unioncrawl.archive.search.index.pieces.word_codes import MOST_ORDINALS, Range
from unioncrawl.archive.sql import chunks

# Some tens of megabytes are sorted at once.
_DOCUMENTS_AT_ONCE = 1_000
# Merging a block of 65,000 took 35 CPU-seconds, in which no other process can write.
MOST_IN_BLOCK = 16_384
# So many pieces of like size become one: fewer make a search faster, and writing slower.
_FAN = 64
_RESTING_FAN = 8
# In pieces of more documents their numbers rise, so that those of some days are a stretch of ordinals.
_PLAIN_DOCUMENTS = 4_096
# Leaves that are merged at once; of each part of a merge one more is read.
_LEAVES_AT_ONCE = 256
_HIGHEST = (1 << 63) - 1


def add_documents(connection: Connection, numbered: Sequence[tuple[int, IndexEntry]]) -> None:
    """Put numbered articles into the index."""
    sites = site_numbers(connection)
    for some in chunks(numbered, _DOCUMENTS_AT_ONCE):
        block, first = _next_place(connection, len(some))
        postings = lay_words([entry for _, entry in some], first, sites)
        numbers = np.array([number for number, _ in some], np.uint64)
        insert_piece(connection, (block, first), numbers, pack(postings))
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
    """Make one piece of some that follow each other in a block, without what was taken out of them.

    In a large one the numbers of documents rise.
    """
    first = parts[0].first
    known = numbers_of(connection, parts)
    numbers = np.concatenate([known[part.id] for part in parts])
    for part in parts:
        numbers[[ordinal - first for ordinal in part.gone]] = NO_DOCUMENT
    order = np.arange(len(numbers))
    if len(numbers) > _PLAIN_DOCUMENTS:
        order = np.argsort(numbers, kind="stable")
    # The new ordinal of each old one.
    ordinals = np.zeros(MOST_ORDINALS, np.uint64)
    ordinals[first + order] = np.arange(first, first + len(order))
    insert_piece(connection, (parts[0].block, first), numbers[order], _merged(connection, parts, ordinals))
    delete_pieces(connection, parts)


def _merged(connection: Connection, parts: Sequence[Piece], ordinals: Numbers) -> Iterator[Leaf]:
    """Yield the leaves of some pieces as those of one."""
    stretches = [whole(part) for part in parts]
    for span in _spans(first_values(connection, parts)):
        read = read_leaves(connection, stretches, [span], [True])
        kept = (_kept(unpack(leaf.content, leaf.places).between(span), leaf.stretch.piece) for leaf in read)
        yield from pack(join(one.renumbered(ordinals[one.ordinals]) for one in kept))


def _spans(firsts: Sequence[int]) -> Iterator[Range]:
    """Yield ranges of whole words which together hold all values."""
    cuts = [0, *(first & -MOST_ORDINALS for first in firsts[_LEAVES_AT_ONCE::_LEAVES_AT_ONCE]), _HIGHEST + 1]
    for low, beyond in pairwise(cuts):
        if low < beyond:
            yield Range(low, beyond - 1)


def _kept(postings: Postings, part: Piece) -> Postings:
    """Return what a leaf has but of what was taken out."""
    if not part.gone:
        return postings
    return postings.chosen(~np.isin(postings.ordinals, list(part.gone)))


def remove_documents(connection: Connection, numbers: Iterable[int]) -> None:
    """Take documents out; their words stay until their piece is merged, or written again."""
    wanted = set(numbers)
    if not wanted:
        return
    pieces = pieces_of(connection)
    known = numbers_of(connection, pieces)
    for piece in pieces:
        held = np.flatnonzero(np.isin(known[piece.id], sorted(wanted)))
        if found := {piece.first + int(place) for place in held} - set(piece.gone):
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
