"""Wait for a server that went away, where nothing was sent yet that it could have taken."""

from __future__ import annotations

import logging
import time

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from unioncrawl.archive.server.shown_url import shown_url

# The option of an engine: for so many seconds a server that is away is waited for. Without it, not at all.
WAITS = "unioncrawl_waits_seconds"
_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 0.1, 2.0
logger = logging.getLogger(__name__)


def connected(engine: Engine) -> Connection:
    """A connection to the database of an engine, as soon as its server takes one again.

    A server is away while it is started anew, while the network fails, and while it has no connection
    left. The wait is announced once. Raises the database's error when it lasts too long.
    """
    patience = float(engine.get_execution_options().get(WAITS, 0))
    deadline, pause = time.monotonic() + patience, _FIRST_PAUSE_SECONDS
    while True:
        try:
            return engine.connect()
        except OperationalError as error:
            if time.monotonic() + pause > deadline:
                raise
            if pause == _FIRST_PAUSE_SECONDS:
                _announce(engine, error, patience)
        time.sleep(pause)
        pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)


def may_come_back(engine: Engine, error: Exception) -> bool:
    """Whether an error is of a connection that was lost, and its server is to be waited for."""
    is_awaited = bool(engine.get_execution_options().get(WAITS, 0))
    return is_awaited and bool(getattr(error.__cause__, "connection_invalidated", False))


def _announce(engine: Engine, error: OperationalError, patience_seconds: float) -> None:
    logger.warning(
        "The database server of %s is away; it is waited for, at most %g seconds: %s",
        *(
            shown_url(engine.url),
            patience_seconds,
            " ".join(str(error.orig).split()),
        ),
    )
