"""Connect to a PostgreSQL so that its settings, its user's and the environment's change no answer."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, ExceptionContext

from unioncrawl.archive.column_types import json_text
from unioncrawl.archive.server.arrays import register_arrays
from unioncrawl.archive.server.outages import WAITS

# What a role, a database or the environment (PGDATESTYLE, PGTZ) may set otherwise: the driver reads no
# other form of times (https://www.psycopg.org/psycopg3/docs/basic/adapt.html#date-time-types-adaptation).
_SETTINGS = "SET DateStyle = 'ISO, YMD'; SET TimeZone = 'UTC'"
# Packs texts in a fraction of the time; not every build of PostgreSQL has it. Either reads both.
_PACK_FAST = (
    "SELECT set_config(name, 'lz4', false) FROM pg_settings"
    " WHERE name = 'default_toast_compression' AND 'lz4' = ANY(enumvals)"
)
_ONLY_READ = "; SET default_transaction_read_only = on"


def server_engine(url: URL, patience_seconds: float, *, only_reads: bool = False) -> Engine:
    """An engine on a database of a server; no server is asked yet.

    A connection reads one state of the archive from its first statement to the end of its transaction, as
    it does in a file; `unioncrawl.archive.database.writing` sees what others wrote before it. A
    connection that the server closed in the meantime is replaced before it is used. ``patience_seconds`` is
    how long a writer waits for the lock, and for a server that went away.
    """
    engine = create_engine(
        url,
        json_serializer=json_text,
        pool_pre_ping=True,
        isolation_level="REPEATABLE READ",
        connect_args=patience_of_connections(url) | {"client_encoding": "utf8"},
        execution_options={"unioncrawl_patience": patience_seconds, WAITS: patience_seconds},
    )
    settings = _SETTINGS + (_ONLY_READ if only_reads else "")

    def on_connect(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's
        connection.autocommit = True
        connection.execute(settings)
        connection.execute(_PACK_FAST)
        connection.autocommit = False
        register_arrays(connection)

    event.listen(engine, "connect", on_connect)
    event.listen(engine, "handle_error", _close_lost_cursor)
    return engine


def _close_lost_cursor(context: ExceptionContext) -> None:
    """Close the cursor of a statement whose connection was lost; it would be deleted open otherwise.

    SQLAlchemy leaves it as it is then, and the driver warns of it whenever Python finds it, in the middle
    of something else (https://www.psycopg.org/psycopg3/docs/advanced/cursors.html#server-side-cursors).
    """
    if context.is_disconnect and (cursor := getattr(context.execution_context, "cursor", None)):
        cursor.close()


def patience_of_connections(url: URL) -> dict[str, int]:
    """How long libpq waits for a server that went away without a word; the address may say otherwise."""
    waits = {
        "connect_timeout": 10,
        "keepalives_idle": 30,
        "keepalives_interval": 10,
        "keepalives_count": 3,
        "tcp_user_timeout": 60_000,
    }
    return {name: value for name, value in waits.items() if name not in url.query}
