"""Text as SQLite stores it: any bytes, UTF-8 or not."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, LargeBinary, Text, cast, func, or_, select

from unioncrawl.archive.schema import article, revision

# A function of SQL, within `any_text`: whether bytes are text.
IS_TEXT = "unioncrawl_is_text"


@dataclass(slots=True)
class Met:
    """How many invalid texts were read."""

    count: int = 0


@contextmanager
def any_text(connection: Connection) -> Iterator[Met]:
    """Read texts with changed bytes too, each invalid byte as its number; count these texts.

    Otherwise the first such text ends the reading. PostgreSQL keeps no such text.
    """
    met, driver = Met(), connection.connection.dbapi_connection
    if not isinstance(driver, sqlite3.Connection):
        yield met
        return

    def text(stored: bytes) -> str:
        try:
            return stored.decode()
        except UnicodeDecodeError:
            met.count += 1
            return stored.decode("utf-8", "backslashreplace")

    before = driver.text_factory
    driver.create_function(IS_TEXT, 1, _is_text, deterministic=True)
    driver.text_factory = text
    try:
        yield met
    finally:
        driver.text_factory = before


def _is_text(stored: bytes | None) -> bool:
    try:
        return stored is None or bool(stored.decode() or True)
    except UnicodeDecodeError:
        return False


def numbers_found(connection: Connection, find: Callable[[], Iterable[int]]) -> list[int]:
    """Return the articles that a query finds, then those whose texts can't be read.

    An invalid text may be the one that is searched for: the code that loads it reports it.
    """
    with any_text(connection) as met:
        numbers = list(find())
        if not met.count:
            return numbers
        present = select(article.c.id).join(revision, article.c.revision_id == revision.c.id)
        damaged = or_(*(_is_none(column) for column in revision.columns if isinstance(column.type, Text)))
        known = set(numbers)
        unread = connection.execute(present.where(damaged).order_by(article.c.id)).scalars()
        return [*numbers, *(number for number in unread if number not in known)]


def _is_none(column: ColumnElement[Any]) -> ColumnElement[bool]:
    return func.unioncrawl_is_text(cast(column, LargeBinary)) == 0
