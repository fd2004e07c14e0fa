"""Find words that stand side by side."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from unioncrawl.archive.search.index.pieces.postings import Numbers, Postings

# A document in the upper bits, a place in the lower ones.
_PLACE_BITS = np.uint64(40)
# One list is looked up in the other where that is so many times as long; else both are merged.
_MUCH_LONGER = 16


def side_by_side(words: Sequence[Postings]) -> Numbers:
    """Return the ordinals of documents in which words follow each other, perhaps repeated.

    ``words``: each with all its documents in one piece, in the order asked for.
    """
    # The rarest first: what is left gets no longer.
    order = sorted(range(len(words)), key=lambda place: len(words[place].places))
    # Where the whole would begin, if this word belongs to it; no number goes below 0.
    begins = [_standing(words[place], len(words) - place) for place in order]
    found = begins[0]
    for others in begins[1:]:
        found = _in_both(found, others)
    ordinals: Numbers = found >> _PLACE_BITS
    return ordinals


def _standing(word: Postings, shift: int) -> Numbers:
    documents = np.repeat(word.ordinals << _PLACE_BITS, word.counts.astype(np.intp))
    standing: Numbers = documents + word.places + np.uint64(shift)
    return standing


def _in_both(some: Numbers, others: Numbers) -> Numbers:
    """Return the numbers of two rising lists that are in both."""
    if len(some) * _MUCH_LONGER < len(others):
        places = np.searchsorted(others, some)
        places[places == len(others)] = 0
        found: Numbers = some[others[places] == some]
        return found
    # A stable sort merges two rising lists in one pass.
    merged = np.concatenate((some, others))
    merged.sort(kind="stable")
    twice: Numbers = merged[:-1][merged[1:] == merged[:-1]]
    return twice
