"""The items to be written, in order; a batch that fails is divided until the item that fails is found."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Engine

from unioncrawl import outcomes
from unioncrawl.archive.database import keep_pages, writing
from unioncrawl.archive.limits.gc_pause import collecting_later
from unioncrawl.archive.server.outages import may_come_back
from unioncrawl.archive.write.batch_items import Item
from unioncrawl.archive.write.fitting import bare, fitted, stand_in
from unioncrawl.archive.write.writer import BatchWriter
from unioncrawl.errors import ArchiveUnwritable
from unioncrawl.model import Article, CaptureRef, Rejection

# A connection that is lost again and again over one batch will not hold for the next try either.
_MOST_TIMES_LOST = 3
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Doubt:
    """A part of the queue whose commit got no answer: the archive may have it or not."""

    writer: BatchWriter
    length: int


class WriteQueue:
    """Items that wait for the archive, and what became of those that were written.

    `counts` counts the outcomes, `groups` has the groups of reprints that changed,
    `refused` the captures of withdrawn articles that visits brought again. ``before_writing``
    brings what the rows refer to to the disk, and raises `ArchiveUnwritable` where it can't.
    """

    def __init__(self, engine: Engine, items: Iterable[Item] = ()) -> None:
        self._engine = engine
        self.before_writing: Callable[[], None] | None = None
        self._items: list[Item] = []
        self._doubt: _Doubt | None = None
        self.counts: Counter[str] = Counter()
        self.groups: set[int] = set()
        self.refused: list[CaptureRef] = []
        for item in items:
            self.add(item)

    def __len__(self) -> int:
        return len(self._items)

    def add(self, item: Item) -> Article | Rejection:
        """Take an item; return what will be written: the record, or a rejection if no column can hold it."""
        record, rows = fitted(item.record)
        self._items.append(replace(item, record=record, rows=rows))
        return record

    def write(self) -> None:
        """Write all waiting items, in one transaction unless one of them fails.

        When the connection to a server is lost in the middle, the server is waited for.
        Raises `ArchiveUnwritable`; what was not written by then still waits, and
        nothing is written twice.
        """
        if self._items and self.before_writing is not None:
            self.before_writing()
        self._settle_doubt()
        size, times_lost = len(self._items), 0
        while self._items:
            part = self._items[:size]
            try:
                self._write_part(part)
            except ArchiveUnwritable as error:
                times_lost += 1
                if times_lost > _MOST_TIMES_LOST or not may_come_back(self._engine, error):
                    raise
                self._settle_doubt()
            except Exception as error:  # noqa: BLE001 - whatever one article holds must not cost another
                if len(part) == 1:
                    self._items[0] = self._replacement(part[0], error)
                size = max(1, len(part) // 2)
            else:
                del self._items[: len(part)]
                size, times_lost = 2 * len(part), 0

    @collecting_later()
    def _write_part(self, part: Sequence[Item]) -> None:
        writer = None
        try:
            with writing(self._engine) as connection:
                keep_pages(connection, len(part))
                writer = BatchWriter(connection)
                writer.write(part)
        except ArchiveUnwritable:
            if writer is not None and writer.first_row is not None:
                self._doubt = _Doubt(writer, len(part))
            raise
        self._took(writer)

    def _took(self, writer: BatchWriter) -> None:
        self.counts += writer.counts
        self.groups |= set(writer.joined.values())
        self.refused += writer.refused

    def _settle_doubt(self) -> None:
        """Check whether the archive has the part whose commit got no answer, to write nothing twice."""
        if self._doubt is None:
            return
        writer, length = self._doubt.writer, self._doubt.length
        # Under the write lock: a transaction that has not ended yet still holds it.
        with writing(self._engine) as connection:
            is_there = writer.was_written(connection)
        self._doubt = None
        if is_there:
            self._took(writer)
            del self._items[:length]

    def _replacement(self, item: Item, error: Exception) -> Item:
        """The rejection that is written in the place of an item that the archive does not take.

        Raises `ArchiveUnwritable` when it takes not even a rejection without any content.
        """
        record, why = item.record, f"{type(error).__name__}: {error}"
        logger.error("%s was not stored: %s", record.url, why, exc_info=error)
        if isinstance(record, Article):
            self.counts["unwritable"] += 1
            return Item(item.run_id, stand_in(record, outcomes.UNWRITABLE, why))
        if record == bare(record):
            raise ArchiveUnwritable(
                f"the archive takes nothing, not even a bare rejection: {why}.",
                next_step="Run unioncrawl verify.",
                url=record.url,
                stage="archive",
            ) from error
        return Item(item.run_id, bare(record))
