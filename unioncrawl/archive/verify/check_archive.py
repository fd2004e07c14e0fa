"""Check an archive for damage: database, texts, index, captures, files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DatabaseError, DBAPIError

from unioncrawl.archive.database import RESTORE
from unioncrawl.archive.schema import metadata
from unioncrawl.archive.stored_text import any_text
from unioncrawl.archive.verify.check_captures import capture_files, check_captures
from unioncrawl.archive.verify.check_rows import check_rows
from unioncrawl.archive.verify.check_texts import check_changed_texts, check_texts
from unioncrawl.archive.verify.check_values import check_values
from unioncrawl.archive.verify.findings import SHOWN, Finding


def verify(engine: Engine, captures: Path) -> Iterator[Finding]:
    """All findings, as they come; none that is harm for a sound archive. Reads only."""
    # Before the archive is looked at: a crawl that begins meanwhile names its file after its run is known.
    present = capture_files(captures)
    with engine.connect() as connection:
        broken = list(verify_values(connection))
        yield from broken
        if broken:
            # The rest would read what is torn, or not there, or no value.
            yield from _survived(connection, check_changed_texts)
            return
        yield from _survived(connection, check_rows)
        yield from _survived(connection, check_texts)
        yield from _survived(connection, lambda c: check_captures(c, captures, present))


def verify_values(connection: Connection) -> Iterator[Finding]:
    """What keeps others from reading: a torn database, a schema with gaps, values that are none."""
    for check in (_check_database, _check_schema, check_values):
        found = list(_survived(connection, check))
        yield from found
        if found:
            return


def _survived(connection: Connection, check: Callable[[Connection], Iterator[Finding]]) -> Iterator[Finding]:
    """The findings of a check; an archive that ends it is a finding too."""
    try:
        with any_text(connection):
            yield from check(connection)
    except DBAPIError as error:
        yield Finding("database", f"it can't be read on: {error.orig}", RESTORE)


def _check_database(connection: Connection) -> Iterator[Finding]:
    if connection.dialect.name != "sqlite":
        return
    try:
        told = connection.execute(text("PRAGMA integrity_check(5)")).scalars().all()
        torn = connection.execute(text("PRAGMA foreign_key_check")).all()
    except DatabaseError as error:
        yield Finding("database", str(error.orig), RESTORE)
        return
    yield from (Finding("database", line, RESTORE) for line in told if line != "ok")
    for row in torn[:SHOWN]:
        yield Finding("foreign keys", f"row {row[1]} of {row[0]} refers to no {row[2]}", RESTORE)


def _check_schema(connection: Connection) -> Iterator[Finding]:
    told = inspect(connection)
    present = set(told.get_table_names())
    for table in metadata.sorted_tables:
        if table.name not in present:
            yield Finding("schema", f"the table {table.name} is missing", RESTORE)
            continue
        missing = {column.name for column in table.columns} - {
            c["name"] for c in told.get_columns(table.name)
        }
        missing |= {str(index.name) for index in table.indexes} - {
            str(index["name"]) for index in told.get_indexes(table.name)
        }
        if missing:
            yield Finding("schema", f"{table.name} lacks {', '.join(sorted(missing))}", RESTORE)
