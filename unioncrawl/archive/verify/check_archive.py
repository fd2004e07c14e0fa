"""Check an archive for damage: database, texts, index, captures, files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DatabaseError, DBAPIError

from unioncrawl.archive.database import RESTORE
from unioncrawl.archive.schema import VIEWS, metadata
from unioncrawl.archive.stored_text import any_text
from unioncrawl.archive.verify.check_captures import capture_files, check_captures
from unioncrawl.archive.verify.check_index_beside import check_index_beside
from unioncrawl.archive.verify.check_rows import check_rows
from unioncrawl.archive.verify.check_texts import check_changed_texts, check_texts
from unioncrawl.archive.verify.check_values import check_values
from unioncrawl.archive.verify.findings import SHOWN, Finding
from unioncrawl.archive.write_failures import is_no_damage, passing_errors


def verify(engine: Engine, captures: Path) -> Iterator[Finding]:
    """Yield all findings as they come; a sound archive has no harmful ones. Reads only."""
    # Listed before the archive is read: a crawl that begins meanwhile opens its file after its run is known.
    present = capture_files(captures)
    with passing_errors(engine), engine.connect() as connection:
        broken = list(verify_values(connection))
        yield from broken
        if broken:
            # The other checks would read torn pages, missing tables or invalid values.
            yield from _survived(connection, check_changed_texts)
            return
        yield from _survived(connection, check_rows)
        yield from _survived(connection, check_texts)
        yield from _survived(connection, check_index_beside)
        yield from _survived(connection, lambda c: check_captures(c, captures, present))


def verify_values(connection: Connection) -> Iterator[Finding]:
    """Yield what keeps others from reading: a torn database, a schema with gaps, invalid values."""
    for check in (_check_database, _check_schema, check_values):
        found = list(_survived(connection, check))
        yield from found
        if found:
            return


def _survived(connection: Connection, check: Callable[[Connection], Iterator[Finding]]) -> Iterator[Finding]:
    """Yield the findings of a check; a database error that ends the check is a finding too."""
    try:
        with any_text(connection):
            yield from check(connection)
    except DBAPIError as error:
        if is_no_damage(error):
            raise
        yield Finding("database", f"it can't be read further: {error.orig}", RESTORE)


def _check_database(connection: Connection) -> Iterator[Finding]:
    if connection.dialect.name != "sqlite":
        return
    try:
        reported = connection.execute(text("PRAGMA integrity_check(5)")).scalars().all()
        torn = connection.execute(text("PRAGMA foreign_key_check")).all()
    except DatabaseError as error:
        yield Finding("database", str(error.orig), RESTORE)
        return
    yield from (Finding("database", line, RESTORE) for line in reported if line != "ok")
    for row in torn[:SHOWN]:
        yield Finding("foreign keys", f"row {row[1]} of {row[0]} refers to no {row[2]}", RESTORE)


def _check_schema(connection: Connection) -> Iterator[Finding]:
    inspector = inspect(connection)
    present = set(inspector.get_table_names())
    for table in metadata.sorted_tables:
        if table.name not in present:
            yield Finding("schema", f"the table {table.name} is missing", RESTORE)
            continue
        missing = {column.name for column in table.columns} - {
            c["name"] for c in inspector.get_columns(table.name)
        }
        missing |= {str(index.name) for index in table.indexes} - {
            str(index["name"]) for index in inspector.get_indexes(table.name)
        }
        if missing:
            yield Finding("schema", f"{table.name} lacks {', '.join(sorted(missing))}", RESTORE)
    for name in sorted({*VIEWS} - set(inspector.get_view_names())):
        yield Finding("schema", f"the view {name} is missing", RESTORE)
