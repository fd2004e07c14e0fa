"""Write and delete rows of an archive that is being copied into."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, Table, bindparam, delete
from sqlalchemy.exc import DBAPIError

from unioncrawl.archive.copying.ordered_rows import Key, Row, key_names
from unioncrawl.archive.sql import insert_rows


def write_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows as `unioncrawl.archive.copying.ordered_rows` reads them, in one statement."""
    if not rows:
        return
    names = [column.name for column in table.columns]
    if connection.dialect.name == "sqlite":
        insert_rows(connection, table, [dict(zip(names, row, strict=True)) for row in rows])
    else:
        _pour(connection, table, names, rows)


def _pour(connection: Connection, table: Table, names: Sequence[str], rows: Sequence[Row]) -> None:
    """Write rows by COPY: a revision takes 14 µs of our time where INSERT takes 32, a fingerprint 0.3 and 12.

    https://www.psycopg.org/psycopg3/docs/basic/copy.html
    """
    quote = connection.dialect.identifier_preparer.quote
    statement = f"COPY {quote(table.name)} ({', '.join(map(quote, names))}) FROM STDIN"
    driver = connection.connection.driver_connection
    assert driver is not None  # noqa: S101 - the connection is open
    failed = connection.dialect.loaded_dbapi.Error
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except failed as error:
        raise DBAPIError.instance(statement, None, error, failed, dialect=connection.dialect) from error


def delete_rows(connection: Connection, table: Table, keys: Sequence[Key]) -> None:
    """Delete the rows of some keys."""
    if not keys:
        return
    names = key_names(table)
    conditions = (table.c[name] == bindparam(f"key_{name}") for name in names)
    asked = [{f"key_{name}": value for name, value in zip(names, key, strict=True)} for key in keys]
    connection.execute(delete(table).where(*conditions), asked)
