"""What an index answers with numbers, where SQL can't ask it: PostgreSQL's, and one beside the database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from pyroaring import BitMap64

from unioncrawl.archive.search.index.asks import Ask


class Answers(Protocol):
    """One state of an index.

    Numbers are those of documents (`unioncrawl.archive.search.index.document_numbers`), from ``first``
    on and below ``beyond``.
    """

    def count(self, ask: Ask, first: int, beyond: int) -> int:
        """Count the documents that match."""

    def newest(self, ask: Ask, spans: Sequence[tuple[int, int]]) -> list[Iterator[int]]:
        """Return for each span of numbers those that match, the largest first, as far as anybody asks."""

    def numbers(self, ask: Ask, first: int, beyond: int) -> BitMap64:
        """Return all numbers that match."""

    def among(self, ask: Ask, numbers: Iterable[int]) -> set[int]:
        """Return which of some numbers match."""
