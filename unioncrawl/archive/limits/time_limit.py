"""Let the database answer within a time, or not at all: a page that waits is for people."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, event
from sqlalchemy.exc import DBAPIError

from unioncrawl.errors import QueryTooCostly

# SQLite asks after so many of its instructions, which is a few hundred times a second.
_INSTRUCTIONS = 50_000
# Class 57 of https://www.postgresql.org/docs/current/errcodes-appendix.html: query_canceled.
_CANCELLED = "57014"


@contextmanager
def time_limit(connection: Connection, seconds: float) -> Iterator[None]:
    """Let a connection's statements take ``seconds`` in all; the one that is running then is ended.

    On PostgreSQL a statement may take that long once more. Raises `QueryTooCostly`.
    """
    deadline = time.monotonic() + seconds
    driver = connection.connection.driver_connection

    # Many short statements end nowhere else.
    def refuse_late(*_: object) -> None:
        if time.monotonic() > deadline:
            raise _too_costly(seconds)

    if isinstance(driver, sqlite3.Connection):
        driver.set_progress_handler(lambda: time.monotonic() > deadline, _INSTRUCTIONS)
    else:
        connection.exec_driver_sql(f"SET LOCAL statement_timeout = {max(1, int(seconds * 1000))}")
    event.listen(connection, "before_cursor_execute", refuse_late)
    try:
        yield
    except DBAPIError as error:
        if not _is_ended(error):
            raise
        raise _too_costly(seconds) from error
    finally:
        event.remove(connection, "before_cursor_execute", refuse_late)
        if isinstance(driver, sqlite3.Connection):
            driver.set_progress_handler(None, 0)


def _too_costly(seconds: float) -> QueryTooCostly:
    return QueryTooCostly(
        f"the answer took longer than {seconds:g} seconds.",
        next_step="Ask for less: a longer word, a site, a span of time.",
        stage="archive",
    )


def _is_ended(error: DBAPIError) -> bool:
    raised = error.orig
    if isinstance(raised, sqlite3.Error):
        return getattr(raised, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT
    return getattr(raised, "sqlstate", "") == _CANCELLED
