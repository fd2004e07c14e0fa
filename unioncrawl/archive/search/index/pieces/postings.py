"""Which words stand in which documents, and where: numbers side by side, which C sorts and joins."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from unioncrawl.archive.search.index.pieces.word_codes import MOST_ORDINALS, Range

# Said to be an alias, because the native build reads no types of other packages.
Numbers: TypeAlias = NDArray[np.uint64]
_HALF, _LOW_HALF = np.uint64(32), np.uint64((1 << 32) - 1)
_ORDINALS = np.uint64(MOST_ORDINALS - 1)


class Postings(NamedTuple):
    """Values of words in documents, each once, in rising order.

    ``counts``: how often each stands in its document; ``places``: where, for one value after the other,
    rising for each.
    """

    values: Numbers
    counts: Numbers
    places: Numbers

    @property
    def ordinals(self) -> Numbers:
        """The ordinals of the documents, one for each value."""
        return self.values & _ORDINALS

    @property
    def ends(self) -> Numbers:
        """Where the places of each value end."""
        return np.cumsum(self.counts)

    def between(self, wanted: Range) -> Postings:
        """Return those within a range."""
        first = np.searchsorted(self.values, np.uint64(wanted.low))
        last = np.searchsorted(self.values, np.uint64(wanted.high), side="right")
        return self.part(int(first), int(last))

    def part(self, first: int, last: int) -> Postings:
        """Return those from one on and before another."""
        start = int(self.counts[:first].sum())
        counts = self.counts[first:last]
        return Postings(self.values[first:last], counts, self.places[start : start + int(counts.sum())])

    def chosen(self, is_kept: NDArray[np.bool_]) -> Postings:
        """Return some of them."""
        kept_places = np.repeat(is_kept, self.counts.astype(np.intp))
        return Postings(self.values[is_kept], self.counts[is_kept], self.places[kept_places])

    def renumbered(self, ordinals: Numbers) -> Postings:
        """Return the same words in documents of other ordinals; not in order any more."""
        return self._replace(values=self.values & ~_ORDINALS | ordinals)


def sorted_postings(values: Numbers, places: Numbers) -> Postings:
    """Return words of documents in rising order; those of a document come in the order of its text."""
    order = np.argsort(values).astype(np.uint64)
    values = values[order]
    is_first = np.concatenate(([True], values[1:] != values[:-1]))[: len(values)]
    # A second sort puts equal ones into their order: both together take half of a stable one.
    grouped = np.cumsum(is_first).astype(np.uint64) << _HALF | order
    grouped.sort()
    starts = np.flatnonzero(is_first)
    counts = np.diff(starts, append=len(values)).astype(np.uint64)
    return Postings(values[starts], counts, places[grouped & _LOW_HALF])


def in_order(parts: Sequence[Postings]) -> Postings:
    """Return parts none of which reaches into another as one."""
    if len(parts) == 1:
        return parts[0]
    rising = sorted(parts, key=lambda part: int(part.values[0]))
    return Postings(*map(np.concatenate, zip(*rising, strict=True)))


def join(parts: Iterable[Postings]) -> Postings:
    """Return what stands in several, which have no value in common, in rising order."""
    values, counts, places = (np.concatenate(each) for each in zip(_NONE, *parts, strict=True))
    order = np.argsort(values)
    moved = counts[order].astype(np.intp)
    shift = (np.cumsum(counts) - counts)[order].astype(np.intp) - (np.cumsum(moved) - moved)
    return Postings(values[order], counts[order], places[np.repeat(shift, moved) + np.arange(len(places))])


_NONE = Postings(*(np.zeros(0, np.uint64) for _ in range(3)))
