from __future__ import annotations

import pytest
from sqlalchemy import Connection, text

from unioncrawl.archive.limits.time_limit import time_limit
from unioncrawl.archive.opening.read_only import open_archive
from unioncrawl.errors import QueryTooCostly

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"


def _ask_for_ever(connection: Connection) -> None:
    while True:
        connection.execute(text("SELECT 1"))


def test_a_question_without_end_is_ended(any_archive: str) -> None:
    """One long statement and many short ones end with the time; the connection answers again after it."""
    with open_archive(any_archive) as archive:
        with archive.connected() as connection:
            with pytest.raises(QueryTooCostly), time_limit(connection, 0.05):
                connection.execute(text(ENDLESS))
            connection.rollback()
            with pytest.raises(QueryTooCostly), time_limit(connection, 0.05):
                _ask_for_ever(connection)
        with archive.connected() as connection, time_limit(connection, 60):
            assert connection.execute(text("SELECT 1")).scalar() == 1
