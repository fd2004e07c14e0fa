"""Let one process deliver an archive's notices; a killed one holds nothing up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import Engine, text

from unioncrawl.archive.database import database_errors, is_file

# One number for the deliverers of an archive on PostgreSQL ("通知" in UTF-16).
_ADVISORY_LOCK = 0x901A77E5


@contextmanager
def one_at_a_time(engine: Engine) -> Iterator[bool]:
    """Whether this process may deliver: False while another one does.

    The operating system, or the server, gives the lock back with the process that held it.
    """
    if engine.dialect.name == "postgresql":
        with _on_server(engine) as is_ours:
            yield is_ours
    elif is_file(engine.url):
        with _beside_file(Path(str(engine.url.database))) as is_ours:
            yield is_ours
    else:
        yield True


@contextmanager
def _beside_file(path: Path) -> Iterator[bool]:
    lock = FileLock(path.with_name(f"{path.name}-notices.lock"))
    try:
        lock.acquire(timeout=0)
    except Timeout:
        yield False
        return
    try:
        yield True
    finally:
        lock.release()


@contextmanager
def _on_server(engine: Engine) -> Iterator[bool]:
    key = {"key": _ADVISORY_LOCK}
    with database_errors(engine), engine.connect() as opened:
        connection = opened.execution_options(isolation_level="AUTOCOMMIT")
        is_ours = bool(connection.execute(text("SELECT pg_try_advisory_lock(:key)"), key).scalar())
        try:
            yield is_ours
        finally:
            if is_ours:
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), key)
