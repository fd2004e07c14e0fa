"""When an archive last changed, for whoever asks whether there is anything new."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, func, select

from unioncrawl.archive.schema import article, run

# A run without an end that began within this time may still write.
_MAY_WRITE = timedelta(days=2)
# Times of HTTP have whole seconds: a second that is not over may bring another change.
_SECOND = timedelta(seconds=1)


def last_change(connection: Connection, now: datetime) -> datetime | None:
    """Return the second in which the archive last changed; ``None`` while it may be changing.

    SQLite's files know it. PostgreSQL has no such time: there the ends of runs and the takedowns say
    it, and while a run is going on nothing does.
    """
    driver = connection.connection.driver_connection
    if isinstance(driver, sqlite3.Connection):
        changed = _changed_files(driver)
    else:
        changed = _changed_rows(connection, now)
    if changed is None or now - changed < 2 * _SECOND:
        return None
    return changed.replace(microsecond=0)


def _changed_files(driver: sqlite3.Connection) -> datetime | None:
    (name,) = [file for _, schema, file in driver.execute("PRAGMA database_list") if schema == "main"]
    # Whoever reads makes an empty log where there is none.
    facts = [file.stat() for file in (Path(name), Path(f"{name}-wal")) if file.is_file()]
    times = [one.st_mtime for one in facts if one.st_size]
    return datetime.fromtimestamp(max(times), UTC) if times else None


def _changed_rows(connection: Connection, now: datetime) -> datetime | None:
    going_on = run.c.finished_at.is_(None) & (run.c.started_at > now - _MAY_WRITE)
    if connection.execute(select(run.c.id).where(going_on).limit(1)).first() is not None:
        return None
    ends = select(func.max(func.coalesce(run.c.finished_at, run.c.started_at)))
    times = [connection.execute(query).scalar() for query in (ends, select(func.max(article.c.withdrawn_at)))]
    return max((time for time in times if time is not None), default=None)
