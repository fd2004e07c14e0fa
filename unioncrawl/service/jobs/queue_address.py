"""Where the queue of an archive is: in the same PostgreSQL database, in a schema of its own."""

from __future__ import annotations

import os
from importlib.util import find_spec

from sqlalchemy.engine import URL

from unioncrawl.archive.database import archive_url, server_conninfo
from unioncrawl.errors import QueueUnavailable

QUEUE_SCHEMA = "procrastinate"
# What libpq calls a connection that names itself no other way (https://www.postgresql.org/docs/current/libpq-envars.html).
SESSION_VARIABLE = "PGAPPNAME"
_NAME = "application_name"


def refuse_without_queue(address: str) -> URL:
    """Return the URL of an archive that can have a queue; raises `QueueUnavailable` for any other.

    >>> refuse_without_queue("postgresql://127.0.0.1/news").database
    'news'
    """
    url = archive_url(address)
    if url.get_backend_name() != "postgresql":
        raise QueueUnavailable(
            f"{address} is a SQLite file, and several workers share an archive on PostgreSQL alone.",
            next_step="Crawl it with unioncrawl crawl --due, or name a PostgreSQL archive (docs/scale.md).",
        )
    if find_spec("procrastinate") is None:
        raise QueueUnavailable(
            "the queue needs procrastinate, which is not installed.",
            next_step="Install it: pip install 'unioncrawl[scale]'",
        )
    if _NAME in url.query:
        raise QueueUnavailable(
            "the archive's address names its connections (application_name), as workers do with theirs.",
            next_step="Take application_name out of the address.",
        )
    return url


def queue_conninfo(address: str) -> str:
    """Return libpq's words for a connection to the queue of an archive; raises `QueueUnavailable`.

    Its search path is the queue's schema alone.
    """
    return server_conninfo(refuse_without_queue(address), options=f"-c search_path={QUEUE_SCHEMA}")


def name_session(session: str) -> None:
    """Give all connections that this process and its children open from now on a name in the server."""
    os.environ[SESSION_VARIABLE] = session
