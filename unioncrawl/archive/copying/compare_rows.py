"""Compare a table of two archives row by row, by the values that Python reads from both."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain

from sqlalchemy import Table

from unioncrawl.archive.copying.ordered_rows import Key, Row, Side, key_of, key_places, stream_rows

# So many rows of a table are named that are not alike.
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that the two archives do not hold alike; ``None`` where one of them has no row of the key."""

    key: Key
    source: Row | None
    target: Row | None


@dataclass(slots=True)
class ComparedTable:
    """What a comparison saw of a table: how many rows each side has, and a digest over all their values."""

    table: str
    source_rows: int = 0
    target_rows: int = 0
    source_digest: str = ""
    target_digest: str = ""
    # A few of the rows that are not alike, each in words, and how many there are.
    differing: list[str] = field(default_factory=list)
    differences: int = 0

    @property
    def is_same(self) -> bool:
        """Whether each row of the one is a row of the other, with the same values of the same kinds."""
        return not self.differences and self.source_digest == self.target_digest


def digest_line(row: Row) -> bytes:
    r"""Return what stands for a row in a digest: every value with its kind.

    >>> digest_line((1, "工会\x00", True, None)) == digest_line((True, "工会\x00", 1, None))
    False
    """
    return f"{row!r}\n".encode("utf-8", "surrogatepass")


def differences(
    source: Iterator[list[Row]], target: Iterator[list[Row]], table: Table
) -> Iterator[Difference]:
    """Yield the rows of two streams in the order of their key that are not alike.

    To Python, 1 and True and 1.0 are alike: the digests of a table tell them apart.
    """
    places = key_places(table)
    ours, theirs = chain.from_iterable(source), chain.from_iterable(target)
    left, right = next(ours, None), next(theirs, None)
    while left is not None or right is not None:
        here, there = (None if row is None else key_of(row, places) for row in (left, right))
        if here is not None and here == there:
            if left != right:
                yield Difference(here, left, right)
            left, right = next(ours, None), next(theirs, None)
        elif there is None or (here is not None and here < there):
            assert here is not None  # noqa: S101 - one of the two is there
            yield Difference(here, left, None)
            left = next(ours, None)
        else:
            yield Difference(there, None, right)
            right = next(theirs, None)


def compare_table(source: Side, target: Side, table: Table, advance: Callable[[int], None]) -> ComparedTable:
    """Compare all rows of a table; ``advance`` is called with how many of the source's were read."""
    seen = ComparedTable(table.name)
    ours, theirs = _Counted(advance), _Counted()
    streams = ours.through(stream_rows(source, table)), theirs.through(stream_rows(target, table))
    for one in differences(*streams, table):
        seen.differences += 1
        if len(seen.differing) < SHOWN:
            seen.differing.append(_in_words(one, table))
    seen.source_rows, seen.source_digest = ours.rows, ours.digest.hexdigest()
    seen.target_rows, seen.target_digest = theirs.rows, theirs.digest.hexdigest()
    return seen


class _Counted:
    """Counts and digests the rows of a stream that passes through."""

    def __init__(self, advance: Callable[[int], None] | None = None) -> None:
        self.rows = 0
        self.digest = hashlib.blake2b(digest_size=16)
        self._advance = advance

    def through(self, pieces: Iterator[list[Row]]) -> Iterator[list[Row]]:
        for piece in pieces:
            self.rows += len(piece)
            self.digest.update(b"".join(map(digest_line, piece)))
            if self._advance is not None:
                self._advance(len(piece))
            yield piece


def _in_words(one: Difference, table: Table) -> str:
    """Say which row it is, and which of its columns differ."""
    where = f"{table.name} {', '.join(map(str, one.key))}"
    if one.source is None:
        return f"{where}: only the second has it"
    if one.target is None:
        return f"{where}: only the first has it"
    pairs = zip(table.columns.keys(), one.source, one.target, strict=True)
    return f"{where}: {', '.join(name for name, here, there in pairs if here != there)} differ"
