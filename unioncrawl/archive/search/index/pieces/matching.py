"""Which documents match a question: those of its words, put together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce

import numpy as np
from sqlalchemy import Connection

from unioncrawl.archive.search.index.asks import Ask, Both, Either, Without, Words
from unioncrawl.archive.search.index.pieces.piece_rows import Stretch
from unioncrawl.archive.search.index.pieces.read_words import Found, read_words


def matching(connection: Connection, stretches: Sequence[Stretch], ask: Ask) -> Found:
    """Return which documents of some stretches match; what is in none of them does not."""
    found = _evaluate(ask, read_words(connection, stretches, list(dict.fromkeys(words_of(ask)))))
    allowed: Found = {block: np.zeros(len(mask), np.bool_) for block, mask in found.items()}
    for piece, first, end in stretches:
        if piece.block in allowed:
            allowed[piece.block][first:end] = True
            allowed[piece.block][[one for one in piece.gone if first <= one < end]] = False
    return {block: mask & allowed[block] for block, mask in found.items()}


def words_of(ask: Ask) -> Iterator[Words]:
    """Yield the words of a question."""
    match ask:
        case Words():
            yield ask
        case Both(parts) | Either(parts):
            for part in parts:
                yield from words_of(part)
        case Without(base, rest):
            yield from words_of(base)
            yield from words_of(rest)


def _evaluate(ask: Ask, known: dict[Words, Found]) -> Found:
    match ask:
        case Words():
            return dict(known[ask])
        case Both(parts):
            return reduce(_both, [_evaluate(part, known) for part in parts])
        case Either(parts):
            return reduce(_either, [_evaluate(part, known) for part in parts])
        case Without(base, rest):
            left, right = _evaluate(base, known), _evaluate(rest, known)
            return {
                block: found & ~right[block] if block in right else found for block, found in left.items()
            }


def _both(one: Found, other: Found) -> Found:
    return {block: one[block] & other[block] for block in one.keys() & other.keys()}


def _either(one: Found, other: Found) -> Found:
    both = {block: one[block] | other[block] for block in one.keys() & other.keys()}
    return one | other | both
