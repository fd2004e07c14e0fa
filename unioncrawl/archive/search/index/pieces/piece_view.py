"""Answer questions from the pieces of an archive on PostgreSQL."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from heapq import merge

from pyroaring import BitMap64
from sqlalchemy import Connection

from unioncrawl.archive.search.index.asks import Ask, Both, Either, Without, Words
from unioncrawl.archive.search.index.document_numbers import ZONES
from unioncrawl.archive.search.index.index_words import SITE_MARK
from unioncrawl.archive.search.index.pieces.leaves import ordinals_in
from unioncrawl.archive.search.index.pieces.piece_numbers import PieceNumbers, kept_numbers
from unioncrawl.archive.search.index.pieces.piece_rows import (
    Piece,
    pieces_of,
    read_leaves,
    site_numbers,
)
from unioncrawl.archive.search.index.pieces.word_codes import Range, word_range
from unioncrawl.errors import ArchiveError

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
        return sum(numbers.count(found, first, beyond) for numbers, found in self._by_piece(ask))

    def newest(self, ask: Ask, first: int, beyond: int) -> Iterator[int]:
        """Yield the numbers that match, the largest first."""
        streams = [numbers.newest(found, first, beyond) for numbers, found in self._by_piece(ask)]
        return merge(*streams, reverse=True)

    def numbers(self, ask: Ask, first: int, beyond: int) -> BitMap64:
        """Return all numbers that match."""
        return BitMap64().union(
            *(numbers.rising(found, first, beyond) for numbers, found in self._by_piece(ask))
        )

    def among(self, ask: Ask, numbers: Iterable[int]) -> set[int]:
        """Return which of some numbers match."""
        return set(self.numbers(ask, 0, _BEYOND_ALL).intersection(BitMap64(numbers)))

    def _by_piece(self, ask: Ask) -> list[tuple[PieceNumbers, BitMap64]]:
        """Return the pieces that hold any match: their numbers, and the ordinals from their first on."""
        matching = self._matching(ask)
        found = [(piece, _of_piece(piece, matching)) for piece in self._read_pieces()]
        held = kept_numbers(self._connection, [piece for piece, ordinals in found if ordinals])
        return [(held[piece.id], ordinals) for piece, ordinals in found if ordinals]

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
            found[word][blocks[piece]] |= _ordinals(content, wanted)
        return found


def _ordinals(content: bytes, wanted: Range) -> BitMap64:
    try:
        return ordinals_in(content, wanted)
    except ValueError as error:
        raise ArchiveError(
            f"the full-text index can't be read: {error}.",
            next_step="Build it again with unioncrawl vacuum --reindex.",
            stage="archive",
        ) from error


def _of_piece(piece: Piece, matching: _Found) -> BitMap64:
    if piece.block not in matching:
        return BitMap64()
    return (matching[piece.block] & BitMap64(range(piece.first, piece.end))).shift(-piece.first)


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
