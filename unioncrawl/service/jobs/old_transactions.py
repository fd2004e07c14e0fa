"""Which sessions keep a transaction open beside the queue, so that what it deletes stays on the disk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from psycopg import Connection
from psycopg.rows import dict_row

# A queue changes each row some times; while a transaction is open, every old version of them stays.
OLD_MINUTES = 10
_ASK = """
SELECT pid, coalesce(application_name, '') AS name, coalesce(state, '') AS state,
       round(extract(epoch FROM clock_timestamp() - xact_start))::integer AS seconds
FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
  AND xact_start < clock_timestamp() - make_interval(mins => %(minutes)s)
ORDER BY xact_start
"""


@dataclass(frozen=True, slots=True)
class OldTransaction:
    """A session of the server whose transaction is old."""

    pid: int
    application_name: str
    state: str
    seconds: int

    @property
    def said(self) -> str:
        """What is wrong and what to do.

        >>> OldTransaction(7, "psql", "idle in transaction", 900).said
        'The session 7 (psql, idle in transaction) has a transaction of 15 minutes, and the queue grows \
meanwhile. End it there, or with: SELECT pg_terminate_backend(7)'
        """
        who = ", ".join(part for part in (self.application_name or "without a name", self.state) if part)
        return (
            f"The session {self.pid} ({who}) has a transaction of {self.seconds // 60} minutes, and the queue"
            f" grows meanwhile. End it there, or with: SELECT pg_terminate_backend({self.pid})"
        )


def old_transactions(connection: Connection[Any]) -> list[OldTransaction]:
    """Return the sessions whose transaction is older than `OLD_MINUTES`, the oldest first."""
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(_ASK, {"minutes": OLD_MINUTES}).fetchall()
    return [OldTransaction(row["pid"], row["name"], row["state"], row["seconds"]) for row in rows]
