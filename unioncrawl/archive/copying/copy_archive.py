"""Copy an archive, whole or what is left of it, and prove that every row arrived.

The rows are those of one moment: all questions to the source stand in one transaction that only
reads, while its writers go on. A call that takes a copy up again sees a later moment, and brings the
rows that are there to it. The copy becomes an archive when a comparison of all values of all rows
finds no difference, its index holds every article and its foreign keys hold.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, inspect

from unioncrawl.archive.copying.bring_rows import BroughtRows
from unioncrawl.archive.copying.capture_files import CopiedFiles, capture_names, copy_captures
from unioncrawl.archive.copying.compare_archives import ComparedArchives, compare_sides, snapshot
from unioncrawl.archive.copying.index_copy import build_index
from unioncrawl.archive.copying.ordered_rows import TABLES, Side, count_rows
from unioncrawl.archive.copying.target import Target, complete, identity_of, open_target
from unioncrawl.archive.copying.watcher import Unwatched, Watcher
from unioncrawl.archive.database import reading, shown_address
from unioncrawl.archive.opening.read_only import open_archive
from unioncrawl.archive.schema import metadata, search_document

# The index is built again, the version is written at the end, and what passes is left out.
_INDEX = "search_index"
_NOT_COPIED = {_INDEX, "alembic_version", *(table.name for table in metadata.sorted_tables)}


@dataclass(slots=True)
class CopyReport:
    """What a copy did and proved; `is_complete` when it is an archive like any other now."""

    compared: ComparedArchives
    is_resumed: bool = False
    written: int = 0
    deleted: int = 0
    indexed: int = 0
    # How many files of captures the archive names, and what was copied of them, if that was asked for.
    capture_files: int = 0
    captures: CopiedFiles | None = None
    # Tables and columns of the source that belong to no archive.
    left_out: list[str] = field(default_factory=list)
    is_complete: bool = False


def copy_archive(
    source: str, target: str, *, captures: tuple[Path, Path] | None = None, watcher: Watcher | None = None
) -> CopyReport:
    """Copy the archive at one address to another, or go on with that; the source is never changed.

    ``captures``: copy the WARC files from the one folder into the other.
    Where the comparison finds a difference the report says so, and the copy stays unfinished.
    Raises `ArchiveError` when one of the two can't be what it must be.
    """
    watcher = watcher or Unwatched()
    with open_archive(source) as opened, snapshot(opened) as connection:
        ours = Side(connection, shown_address(source))
        made = open_target(target, ours.name, identity_of(connection))
        try:
            return _copy(ours, made, captures, watcher)
        finally:
            made.engine.dispose()


def _copy(ours: Side, made: Target, captures: tuple[Path, Path] | None, watcher: Watcher) -> CopyReport:
    rows = BroughtRows(ours, made, watcher)
    rows.bring()
    with reading(made.engine) as connection:
        # As they are stored now, not as they were sent.
        compared = compare_sides(ours, Side(connection, made.name), watcher)
    report = CopyReport(
        compared, made.is_resumed, rows.written, rows.deleted, left_out=_left_out(ours.connection)
    )
    if not compared.is_same:
        return report
    names = capture_names(ours.connection)
    report.capture_files = len(names)
    if captures is not None:
        watcher.begin("copying captures", len(names))
        report.captures = copy_captures(ours.connection, captures, watcher.advance)
    documents = count_rows(ours, search_document)
    # The source is not needed any more. Where no lock protects its file, this raises when it was written.
    ours.connection.rollback()
    watcher.begin("indexing", documents)
    report.indexed = build_index(made, watcher.advance)
    complete(made)
    report.is_complete = True
    return report


def _left_out(connection: Connection) -> list[str]:
    """Return the tables of a database, and columns of the archive's tables, that the schema does not know."""
    known = {table.name: set(table.columns.keys()) for table in TABLES}
    inspector, found = inspect(connection), []
    for name in sorted(inspector.get_table_names()):
        if name in known:
            present = {column["name"] for column in inspector.get_columns(name)}
            found += [f"{name}.{column}" for column in sorted(present - known[name])]
        elif name not in _NOT_COPIED and not name.startswith(f"{_INDEX}_"):
            found.append(name)
    return found
