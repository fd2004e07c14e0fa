"""Text as SQLite stores it: any bytes, UTF-8 or not."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

# A function of SQL, within `any_text`: whether bytes are text.
IS_TEXT = "unioncrawl_is_text"
# A function of SQL, everywhere: whether bytes hold a pattern.
_HOLDS = "unioncrawl_holds"


@contextmanager
def any_text(connection: Connection) -> Iterator[None]:
    """Read texts with changed bytes too, each invalid byte as its number.

    Otherwise the first such text ends the reading. PostgreSQL keeps no such text.
    """
    driver = connection.connection.dbapi_connection
    if not isinstance(driver, sqlite3.Connection):
        yield
        return
    before = driver.text_factory
    driver.create_function(IS_TEXT, 1, _is_text, deterministic=True)
    driver.text_factory = lambda stored: stored.decode("utf-8", "backslashreplace")
    try:
        yield
    finally:
        driver.text_factory = before


def _is_text(stored: bytes | None) -> bool:
    try:
        return stored is None or bool(stored.decode() or True)
    except UnicodeDecodeError:
        return False


def add_holds(connection: sqlite3.Connection) -> None:
    """Give a connection the function of SQL by which `unioncrawl.archive.search.text_conditions` compares."""
    connection.create_function(_HOLDS, 2, _holds, deterministic=True)


def _holds(pattern: str, stored: bytes | None) -> bool:
    """Whether a stored text holds a pattern.

    What is not text may hold it, and whoever loads it reports it.
    """
    try:
        return re.search(pattern, (stored or b"").decode()) is not None
    except UnicodeDecodeError:
        return True
