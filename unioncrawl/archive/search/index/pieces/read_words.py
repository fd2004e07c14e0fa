"""Read from pieces which documents hold some words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, TypeVar

import numpy as np
from sqlalchemy import Connection

from unioncrawl.archive.search.index.asks import Words
from unioncrawl.archive.search.index.index_words import SITE_MARK
from unioncrawl.archive.search.index.pieces.leaves import ordinals_in, unpack
from unioncrawl.archive.search.index.pieces.piece_numbers import Mask
from unioncrawl.archive.search.index.pieces.piece_rows import Read, Stretch, read_leaves, site_numbers
from unioncrawl.archive.search.index.pieces.postings import Numbers, Postings, in_order
from unioncrawl.archive.search.index.pieces.side_by_side import side_by_side
from unioncrawl.archive.search.index.pieces.word_codes import Range, word_range
from unioncrawl.archive.sql import chunks
from unioncrawl.errors import ArchiveError

T = TypeVar("T")
R = TypeVar("R")
# Which documents of a block match, by their ordinals.
Found = dict[int, Mask]
# Frequent words that stand side by side take two megabytes of each.
_STRETCHES_AT_ONCE = 16


class _Asked(NamedTuple):
    """A word that is looked for, and what it belongs to."""

    whole: Words
    word: str
    wanted: Range

    @property
    def is_placed(self) -> bool:
        """Whether places decide."""
        return len(self.whole.words) > 1


def read_words(
    connection: Connection, stretches: Sequence[Stretch], asked: Sequence[Words]
) -> dict[Words, Found]:
    """Return for each of some words, or words side by side, which documents of some stretches hold them.

    Nothing is said of documents that are in none of the stretches.
    """
    wanted = list(_ranges(connection, asked))
    ends: dict[int, int] = defaultdict(int)
    for piece, _, _ in stretches:
        ends[piece.block] = max(ends[piece.block], piece.end)
    found: dict[Words, Found] = {one: {} for one in asked}
    for some in chunks(stretches, _STRETCHES_AT_ONCE):
        for one, block, ordinals in _read(connection, some, wanted):
            mask = found[one].setdefault(block, np.zeros(ends[block], np.bool_))
            mask[ordinals] = True
    return found


def _ranges(connection: Connection, asked: Sequence[Words]) -> Iterator[_Asked]:
    """Yield each word with its values; none for the word of a site that is not known."""
    words = [(whole, word) for whole in asked for word in dict.fromkeys(whole.words)]
    sites = site_numbers(connection) if any(word[0] == SITE_MARK for _, word in words) else {}
    for whole, word in words:
        wanted = word_range(word, sites, prefix=whole.prefix)
        if wanted is not None:
            yield _Asked(whole, word, wanted)


def _read(
    connection: Connection, stretches: Sequence[Stretch], asked: Sequence[_Asked]
) -> Iterator[tuple[Words, int, Numbers]]:
    """Yield what is asked, a block, and the ordinals of documents in it."""
    beside: dict[tuple[Words, int, int], dict[str, list[Postings]]] = defaultdict(lambda: defaultdict(list))
    blocks = {piece.id: piece.block for piece, _, _ in stretches}
    ranges = [one.wanted for one in asked]
    for leaf in read_leaves(connection, stretches, ranges, [one.is_placed for one in asked]):
        one, (piece, first, _) = asked[leaf.asked], leaf.stretch
        if not one.is_placed:
            yield one.whole, piece.block, _readable(ordinals_in, leaf.content, one.wanted)
        elif len((found := _readable(_placed_in, leaf, one.wanted)).values):
            beside[one.whole, piece.id, first][one.word].append(found)
    for (words, number, _), held in beside.items():
        if all(word in held for word in words.words):
            yield words, blocks[number], side_by_side([in_order(held[word]) for word in words.words])


def _placed_in(leaf: Read, wanted: Range) -> Postings:
    return unpack(leaf.content, leaf.places).between(wanted)


def _readable(read: Callable[[T, Range], R], leaf: T, wanted: Range) -> R:
    try:
        return read(leaf, wanted)
    except ValueError as error:
        raise ArchiveError(
            f"the full-text index can't be read: {error}.",
            next_step="Build it again with unioncrawl vacuum --reindex.",
            stage="archive",
        ) from error
