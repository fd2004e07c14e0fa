"""Answer questions from the pieces of an archive on PostgreSQL."""

from __future__ import annotations

import threading
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import reduce

from pyroaring import BitMap64
from sqlalchemy import Connection

from unioncrawl.archive.search.index.asks import Ask, Both, Either, Without, Words
from unioncrawl.archive.search.index.document_numbers import ZONES
from unioncrawl.archive.search.index.index_words import SITE_MARK
from unioncrawl.archive.search.index.pieces.leaves import ordinals_in
from unioncrawl.archive.search.index.pieces.piece_rows import (
    Piece,
    numbers_of,
    pieces_of,
    read_leaves,
    site_numbers,
)
from unioncrawl.archive.search.index.pieces.word_codes import Range, word_range

# Ordinals of the documents that match, by block.
_Found = dict[int, BitMap64]
_Word = tuple[str, bool]
_BEYOND_ALL = ZONES[-1].end


class PieceView:
    """The index as a connection reads it, for one question: the state must not change meanwhile."""

    # Where words stand in a text is not kept.
    places = False

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._pieces: list[Piece] | None = None
        self._asked: dict[Ask, _Found] = {}

    def count(self, ask: Ask, first: int, beyond: int) -> int:
        """Count the documents that match."""
        if first == 0 and beyond >= _BEYOND_ALL:
            return sum(map(len, self._matching(ask).values()))
        return len(self.numbers(ask, first, beyond))

    def newest(self, ask: Ask, first: int, beyond: int) -> Iterator[int]:
        """Yield the numbers that match, the largest first."""
        return reversed(self.numbers(ask, first, beyond).to_array())

    def numbers(self, ask: Ask, first: int, beyond: int) -> BitMap64:
        """Return all numbers that match."""
        found = BitMap64()
        matching = self._matching(ask)
        held = _kept_numbers(self._connection, [one for one in self._read_pieces() if one.block in matching])
        for piece in self._read_pieces():
            if within := matching.get(piece.block, BitMap64()) & BitMap64(range(piece.first, piece.end)):
                numbers = held[piece.id]
                found |= BitMap64(array("Q", sorted(map(numbers.__getitem__, within.shift(-piece.first)))))
        found.remove_range(0, first)
        if found and found[-1] >= beyond:
            found.remove_range(beyond, found[-1] + 1)
        return found

    def among(self, ask: Ask, numbers: Iterable[int]) -> set[int]:
        """Return which of some numbers match."""
        return set(self.numbers(ask, 0, _BEYOND_ALL).intersection(BitMap64(numbers)))

    def _read_pieces(self) -> Sequence[Piece]:
        if self._pieces is None:
            self._pieces = pieces_of(self._connection)
        return self._pieces

    def _matching(self, ask: Ask) -> _Found:
        if ask not in self._asked:
            found = _evaluate(ask, self._read_words(sorted(set(_words_of(ask)))))
            for piece in self._read_pieces():
                if piece.gone and piece.block in found:
                    found[piece.block] = found[piece.block] - BitMap64(piece.gone)
            self._asked[ask] = found
        return self._asked[ask]

    def _read_words(self, words: Sequence[_Word]) -> dict[_Word, _Found]:
        """Read the documents of each word."""
        sites = site_numbers(self._connection) if any(word[0] == SITE_MARK for word, _ in words) else {}
        found: dict[_Word, _Found] = {word: defaultdict(BitMap64) for word in words}
        asked: list[tuple[_Word, Range]] = []
        for word in words:
            wanted = word_range(word[0], sites, prefix=word[1])
            if wanted is not None:
                asked.append((word, wanted))
        blocks = {piece.id: piece.block for piece in self._read_pieces()}
        leaves = read_leaves(self._connection, self._read_pieces(), [wanted for _, wanted in asked])
        for place, piece, content in leaves:
            word, wanted = asked[place]
            found[word][blocks[piece]] |= ordinals_in(content, wanted)
        return found


def _words_of(ask: Ask) -> Iterator[_Word]:
    match ask:
        case Words(words, prefix):
            yield from ((word, prefix) for word in words)
        case Both(parts) | Either(parts):
            for part in parts:
                yield from _words_of(part)
        case Without(base, rest):
            yield from _words_of(base)
            yield from _words_of(rest)


def _evaluate(ask: Ask, known: dict[_Word, _Found]) -> _Found:
    match ask:
        case Words(words, prefix):
            return reduce(_both, [known[word, prefix] for word in words])
        case Both(parts):
            return reduce(_both, [_evaluate(part, known) for part in parts])
        case Either(parts):
            return reduce(_either, [_evaluate(part, known) for part in parts])
        case Without(base, rest):
            left, right = _evaluate(base, known), _evaluate(rest, known)
            return {block: found - right.get(block, BitMap64()) for block, found in left.items()}


def _both(one: _Found, other: _Found) -> _Found:
    return {block: one[block] & other[block] for block in one.keys() & other.keys()}


def _either(one: _Found, other: _Found) -> _Found:
    none = BitMap64()
    return {block: one.get(block, none) | other.get(block, none) for block in one.keys() | other.keys()}


# The numbers of a piece's documents do not change under its own number: 8 bytes a document, kept for the
# next questions of a process, of so many documents.
_MOST_KEPT = 4_000_000
_KEPT: dict[int, array[int]] = {}
_LOCK = threading.Lock()


def _kept_numbers(connection: Connection, pieces: Sequence[Piece]) -> dict[int, array[int]]:
    """Return the numbers of the documents of pieces."""
    known = {piece.id: numbers for piece in pieces if (numbers := _KEPT.get(piece.id)) is not None}
    missing = [piece for piece in pieces if piece.id not in known]
    if missing:
        read = numbers_of(connection, missing)
        known |= read
        with _LOCK:
            _KEPT.update(read)
            while sum(map(len, _KEPT.values())) > _MOST_KEPT:
                _KEPT.pop(next(iter(_KEPT)))
    return known
