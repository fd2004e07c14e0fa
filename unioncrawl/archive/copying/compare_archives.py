"""Compare two archives row by row."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Connection, text

from unioncrawl.archive.copying.compare_rows import ComparedTable, compare_table
from unioncrawl.archive.copying.ordered_rows import TABLES, Side, count_rows
from unioncrawl.archive.copying.watcher import Watcher
from unioncrawl.archive.database import shown_address
from unioncrawl.archive.opening.read_only import ReadOnlyArchive, open_archive


@dataclass(slots=True)
class ComparedArchives:
    """What a comparison of all tables saw."""

    first: str
    second: str
    tables: list[ComparedTable] = field(default_factory=list)

    @property
    def is_same(self) -> bool:
        """Whether each table of the schema was compared, and is the same in both."""
        return len(self.tables) == len(TABLES) and all(table.is_same for table in self.tables)

    @property
    def rows(self) -> int:
        """How many rows the first one has."""
        return sum(table.source_rows for table in self.tables)


def compare_archives(first: str, second: str, watcher: Watcher) -> ComparedArchives:
    """Compare each row of two archives; neither is changed, and both may be written meanwhile.

    Raises as `unioncrawl.archive.opening.read_only.open_archive` does.
    """
    with (
        open_archive(first) as one,
        open_archive(second) as other,
        snapshot(one) as here,
        snapshot(other) as there,
    ):
        return compare_sides(Side(here, shown_address(first)), Side(there, shown_address(second)), watcher)


def compare_sides(first: Side, second: Side, watcher: Watcher) -> ComparedArchives:
    """Compare each row that two connections see."""
    watcher.begin("comparing every row", count_all_rows(first))
    tables = [compare_table(first, second, table, watcher.advance) for table in TABLES]
    return ComparedArchives(first.name, second.name, tables)


def count_all_rows(side: Side) -> int:
    """Return how many rows all tables of the schema have."""
    return sum(count_rows(side, table) for table in TABLES)


@contextmanager
def snapshot(opened: ReadOnlyArchive) -> Iterator[Connection]:
    """A connection that sees one moment of an archive, however long it is kept."""
    with opened.connected() as connection:
        if connection.dialect.name == "postgresql":
            # A server may be told to end what takes long, or rests while the copy is written.
            for limit in ("statement_timeout", "idle_in_transaction_session_timeout"):
                connection.execute(text(f"SET LOCAL {limit} = 0"))
        yield connection
