"""Lay the words of documents side by side as values, for a whole batch at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from unioncrawl.archive.search.index.index_words import IndexEntry, index_runs, site_word
from unioncrawl.archive.search.index.pieces.postings import Postings, sorted_postings
from unioncrawl.archive.search.index.pieces.word_codes import (
    COLUMN,
    END,
    EVERY_VALUE,
    FIRST_SHIFT,
    SECOND_SHIFT,
    SOURCE,
    TEXT,
    TITLE,
    marked,
    site_value,
)


class _Section(NamedTuple):
    """Characters of a document, each of which but for spaces begins a word: ``base`` is added to its value.

    ``is_text``: the characters count; else there is one, in whose place the base stands.
    """

    ordinal: int
    base: int
    characters: str
    is_text: bool = True


def lay_words(entries: Sequence[IndexEntry], first: int, sites: Mapping[str, int]) -> Postings:
    """Return the words of documents, whose ordinals begin with ``first``, in rising order.

    The place of a word is its number in the document, as `entry_text` has them.
    """
    sections = [
        part for ordinal, entry in enumerate(entries, first) for part in _sections(entry, ordinal, sites)
    ]
    lengths = [len(section.characters) for section in sections]
    codes = np.frombuffer("".join(part.characters for part in sections).encode("utf-32-le"), "<u4")
    begins = np.flatnonzero(codes != ord(END))
    # The last of each section is a space, so that there is one more.
    pairs = codes[begins].astype(np.uint64) << np.uint64(FIRST_SHIFT)
    pairs |= codes[begins + 1].astype(np.uint64) << np.uint64(SECOND_SHIFT)
    of = np.repeat(np.arange(len(sections)), lengths)[begins]
    pairs *= np.array([part.is_text for part in sections], np.uint64)[of]
    pairs += np.array([part.base | part.ordinal for part in sections], np.uint64)[of]
    documents = np.array([part.ordinal - first for part in sections], np.intp)[of]
    starts = np.searchsorted(documents, np.arange(len(entries)))
    return sorted_postings(pairs, (np.arange(len(begins)) - starts[documents]).astype(np.uint64))


def _sections(entry: IndexEntry, ordinal: int, sites: Mapping[str, int]) -> Iterator[_Section]:
    runs = index_runs(entry.body_text) if entry.body_runs is None else entry.body_runs
    headline = index_runs(entry.headline)
    yield _Section(ordinal, marked(TEXT), _ended((*runs, *headline)))
    yield _Section(ordinal, marked(TITLE), _ended(headline))
    yield _Section(ordinal, marked(SOURCE), _ended(index_runs(entry.source)))
    yield _Section(ordinal, marked(COLUMN), _ended(index_runs(entry.column)))
    for base in (site_value(sites[site_word(entry.site)]), EVERY_VALUE):
        yield _Section(ordinal, base, "." + END, is_text=False)


def _ended(runs: Iterable[str]) -> str:
    """Return runs with a space behind each."""
    return END.join((*runs, ""))
