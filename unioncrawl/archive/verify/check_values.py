"""Check that every value is of its column's kind: all readers of the archive rely on it.

SQLite stores any value in any column; a text in the place of a number, or half a
date, would stop the reader that reaches it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Connection, Float, Integer, Table, Text

from unioncrawl.archive.column_types import UtcTime
from unioncrawl.archive.database import RESTORE
from unioncrawl.archive.reprints.same_story import Kind
from unioncrawl.archive.reprints.story_parts import Relation
from unioncrawl.archive.schema import article, metadata, observation, reprint_member, revision, story_part
from unioncrawl.archive.stored_text import IS_TEXT
from unioncrawl.archive.verify.findings import SHOWN, Finding
from unioncrawl.model import HitsStatus, Precision

# The values that a column of names may hold.
_WORDS: dict[Column[Any], tuple[str, ...]] = {
    article.c.hits_status: tuple(HitsStatus),
    observation.c.status: tuple(HitsStatus),
    revision.c.kind: ("first", "edit", "rederived", "withdrawn"),
    revision.c.published_precision: tuple(Precision),
    reprint_member.c.kind: ("first", *Kind),
    story_part.c.relation: tuple(Relation),
}


def check_values(connection: Connection) -> Iterator[Finding]:
    """Report values that do not fit their column's kind; a few of each table."""
    for table in metadata.sorted_tables:
        tests = {column.name: test for column in table.columns if (test := _test(column, connection))}
        if tests:
            yield from _ask(connection, table, tests)


def _ask(connection: Connection, table: Table, tests: dict[str, str]) -> Iterator[Finding]:
    keys = [f'CAST("{column.name}" AS text)' for column in table.primary_key.columns]
    # For a revision or a visit the article's number says more.
    owner = "CAST(article_id AS text)" if "article_id" in table.columns else "NULL"
    cases = " ".join(f"WHEN {test} THEN '{name}'" for name, test in tests.items())
    query = (
        f'SELECT {", ".join(keys)}, {owner}, CASE {cases} END FROM "{table.name}"'  # noqa: S608 - names of the schema
        f" WHERE {' OR '.join(tests.values())} LIMIT {SHOWN}"
    )
    for row in connection.exec_driver_sql(query):
        *key, article_id, name = row
        place = f"{table.name} {', '.join(key)}" + (f" of article {article_id}" if article_id else "")
        yield Finding("values", f"{place}: its {name} is not a valid value", RESTORE)


def _test(column: Column[Any], connection: Connection) -> str:
    """Return the condition under which a value does not fit its column."""
    name, parts = f'"{column.name}"', []
    if connection.dialect.name == "sqlite":
        parts.append(_stored_otherwise(column, name))
    if column in _WORDS:
        parts.append(f"{name} NOT IN ({', '.join(repr(str(word)) for word in _WORDS[column])})")
    return f"({name} IS NOT NULL AND ({' OR '.join(parts)}))" if parts else ""


def _stored_otherwise(column: Column[Any], name: str) -> str:
    is_text = f"{IS_TEXT}(CAST({name} AS BLOB))"
    match column.type:
        case UtcTime():
            # SQLite's own function returns the text unchanged for a real time alone.
            return f"strftime('%Y-%m-%d %H:%M:%S', {name}) IS NOT {name}"
        case JSON():
            return f"(NOT json_valid({name}) OR NOT {is_text})"
        case Boolean():
            return f"{name} NOT IN (0, 1)"
        case Integer():
            return f"typeof({name}) != 'integer'"
        case Float():
            return f"typeof({name}) NOT IN ('real', 'integer')"
        case Text():
            return f"(typeof({name}) != 'text' OR NOT {is_text})"
    return "0"
