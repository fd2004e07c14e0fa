"""The tables of the queue: Procrastinate's own and two of ours, made and brought forward when needed.

Procrastinate notes nowhere which of its migrations a database has; we note it beside our tables.
"""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import psycopg
from procrastinate.schema import SchemaManager
from psycopg import Connection
from psycopg.sql import SQL, Identifier

from unioncrawl.errors import QueueUnavailable
from unioncrawl.service.jobs.queue_address import QUEUE_SCHEMA, queue_conninfo

# One number for all that make or change the queue's tables ("队列" in UTF-16).
_LOCK = 0x961F5217
# Who the workers are, and what was said of a job; both go with what they belong to.
_OURS = """
CREATE TABLE unioncrawl_worker (
    worker_id bigint PRIMARY KEY REFERENCES procrastinate_workers (id) ON DELETE CASCADE,
    session text NOT NULL,
    name text NOT NULL,
    machine text NOT NULL,
    process_id integer NOT NULL,
    does text NOT NULL,
    begun_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX unioncrawl_worker_by_session ON unioncrawl_worker (session);
CREATE TABLE unioncrawl_note (
    id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    job_id bigint NOT NULL REFERENCES procrastinate_jobs (id) ON DELETE CASCADE,
    at timestamptz NOT NULL DEFAULT now(),
    worker text NOT NULL,
    what text NOT NULL,
    said text NOT NULL
);
CREATE INDEX unioncrawl_note_by_job ON unioncrawl_note (job_id);
"""


def bring_queue_up_to_date(address: str) -> None:
    """Make the queue of an archive, or bring it to what is installed; any number may do so at once.

    Raises `QueueUnavailable` where the schema is somebody else's, or a newer Procrastinate's.
    """
    try:
        with psycopg.connect(queue_conninfo(address), autocommit=True) as connection:
            if _version(connection) == _newest():
                return
            connection.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
            # The end of the connection gives the lock back.
            _bring_forward(connection)
    except psycopg.Error as error:
        raise unanswered(error) from error


def require_queue(address: str) -> None:
    """Raise `QueueUnavailable` where the archive has no queue, or one of another version."""
    try:
        with psycopg.connect(queue_conninfo(address), autocommit=True) as connection:
            version = _version(connection)
    except psycopg.Error as error:
        raise unanswered(error) from error
    if version != _newest():
        raise QueueUnavailable(
            "the archive has no queue of this version.",
            next_step="Make it, or bring it forward: unioncrawl schedule sync",
        )


def unanswered(error: Exception) -> QueueUnavailable:
    """The error to raise where the database of the queue does not do what it is asked."""
    return QueueUnavailable(
        f"the database of the queue refuses: {str(error).strip()}.",
        next_step="Check that PostgreSQL runs and that this user may use the database; then try again.",
    )


def _version(connection: Connection) -> str | None:
    """The last migration that the queue has; None where there is no queue."""
    found = connection.execute(f"SELECT to_regclass('{QUEUE_SCHEMA}.unioncrawl_queue')").fetchone()
    if found is None or found[0] is None:
        return None
    row = connection.execute("SELECT last_migration FROM unioncrawl_queue").fetchone()
    return str(row[0]) if row else None


def _bring_forward(connection: Connection) -> None:
    version = _version(connection)
    if version is None:
        _make(connection)
        return
    if version > _newest():
        raise QueueUnavailable(
            f"the queue was made by a newer procrastinate (its last migration is {version}).",
            next_step="Upgrade here too: pip install --upgrade 'unioncrawl[scale]'",
        )
    for path in _migrations():
        if path.stem > version:
            with connection.transaction():
                connection.execute(path.read_bytes())
                connection.execute("UPDATE unioncrawl_queue SET last_migration = %s", [path.stem])


def _make(connection: Connection) -> None:
    with connection.transaction():
        connection.execute(SQL("CREATE SCHEMA IF NOT EXISTS {}").format(Identifier(QUEUE_SCHEMA)))
        taken = connection.execute(f"SELECT to_regclass('{QUEUE_SCHEMA}.procrastinate_jobs')").fetchone()
        if taken and taken[0] is not None:
            raise QueueUnavailable(
                f"the schema {QUEUE_SCHEMA} holds a queue that unioncrawl has not made.",
                next_step="Give the archive a database of its own, or rename that schema.",
            )
        connection.execute((resources.files("procrastinate.sql") / "schema.sql").read_bytes())
        connection.execute(_OURS)
        connection.execute("CREATE TABLE unioncrawl_queue (last_migration text NOT NULL)")
        connection.execute("INSERT INTO unioncrawl_queue VALUES (%s)", [_newest()])


def _migrations() -> list[Path]:
    return sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))


def _newest() -> str:
    return _migrations()[-1].stem
