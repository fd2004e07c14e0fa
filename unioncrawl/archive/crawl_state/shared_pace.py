"""When a host may be asked next, over all crawls into an archive on PostgreSQL, on any number of machines.

The time of a host's last request stands in a row of the archive, on the server's clock, and is claimed in one
statement. It means what `unioncrawl.guard.pace.host_pace.HostPace` says. While the database can't be asked,
no request goes out: another machine may have asked the host just now.
"""

from __future__ import annotations

import functools
import logging
import time
from typing import TYPE_CHECKING, Any

from unioncrawl.archive.database import archive_url, server_conninfo
from unioncrawl.guard.pace.host_pace import UNANSWERED_SECONDS
from unioncrawl.guard.pace.host_record import ANSWER_SECONDS

if TYPE_CHECKING:
    from psycopg import Connection

# The event loop stands still while it is asked: a server that is silent for longer counts as away.
_PATIENCE = {"connect_timeout": 2, "tcp_user_timeout": 3_000}
_OPTIONS = "-c synchronous_commit=off -c statement_timeout=2000 -c lock_timeout=1000"
_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 0.5, 10.0
_SAY_AGAIN_SECONDS = 300.0
# What a worker that was declared dead waits before it asks again; its crawls end meanwhile.
_FENCED_SECONDS = 1.0
_LEAST_SECONDS = 0.001
# Two times of the server are one when they differ by less than its clock's unit.
_SAME_SECONDS = 0.000_002
_AGE = "extract(epoch FROM clock_timestamp() - known.asked_at)"
# Another crawl awaits the answer of a request that it was allowed: the host may see that only now.
_AWAITED = f"(known.asked_by NOT IN ('', %(crawl)s) AND AGE >= 0 AND AGE < {ANSWER_SECONDS})"
_CLAIM = """
INSERT INTO host_pace AS known (host, asked_at, before_at, pause_seconds, asked_by)
SELECT %(host)s, clock_timestamp(), NULL, %(pause)s, %(crawl)s -- fence
ON CONFLICT (host) DO UPDATE
SET asked_at = clock_timestamp(), before_at = known.asked_at, pause_seconds = excluded.pause_seconds,
    asked_by = excluded.asked_by
WHERE AGE >= greatest(known.pause_seconds, excluded.pause_seconds) AND NOT AWAITED
RETURNING extract(epoch FROM asked_at)::float8, extract(epoch FROM before_at)::float8
""".replace("AWAITED", _AWAITED).replace("AGE", _AGE)
# A worker whose row is gone was declared dead: others crawl its sites.
_FENCED_CLAIM = _CLAIM.replace(
    "-- fence", "WHERE EXISTS (SELECT FROM procrastinate.unioncrawl_worker WHERE session = %(fence)s)"
)
# A calendar that was set back: the pause begins anew, once.
_LEFT = """
WITH anew AS (
    UPDATE host_pace known
    SET asked_at = clock_timestamp(), pause_seconds = greatest(known.pause_seconds, %(pause)s)
    WHERE host = %(host)s AND AGE < 0
)
SELECT greatest(
    greatest(known.pause_seconds, %(pause)s) - greatest(AGE, 0), CASE WHEN AWAITED THEN %(look)s ELSE 0 END)
FROM host_pace known WHERE host = %(host)s
""".replace("AWAITED", _AWAITED).replace("AGE", _AGE)
_ANSWERED = """
INSERT INTO host_pace AS known (host, asked_at, before_at, pause_seconds)
VALUES (%(host)s, clock_timestamp(), NULL, %(pause)s)
ON CONFLICT (host) DO UPDATE SET
    asked_at = clock_timestamp(), before_at = known.asked_at, asked_by = '',
    pause_seconds = CASE WHEN AGE < 0 THEN excluded.pause_seconds
                    ELSE greatest(excluded.pause_seconds, known.pause_seconds - AGE) END
RETURNING extract(epoch FROM asked_at)::float8, extract(epoch FROM before_at)::float8
""".replace("AGE", _AGE)
_HOLD = """
INSERT INTO host_pace AS known (host, asked_at, before_at, pause_seconds)
VALUES (%(host)s, clock_timestamp(), NULL, %(pause)s)
ON CONFLICT (host) DO UPDATE SET
    asked_at = CASE WHEN AGE < 0 THEN clock_timestamp() ELSE known.asked_at END,
    pause_seconds = CASE WHEN AGE < 0 THEN excluded.pause_seconds
                    ELSE greatest(known.pause_seconds, AGE + excluded.pause_seconds) END
RETURNING extract(epoch FROM asked_at)::float8, extract(epoch FROM before_at)::float8
""".replace("AGE", _AGE)
# When a host was asked, and before that, by a database in which nobody has asked any.
_NEVER = (0.0, None)
_FORGET = """
UPDATE host_pace SET asked_by = '' WHERE substr(asked_by, strpos(asked_by, '@') + 1) = ANY(%s)
"""
logger = logging.getLogger(__name__)


class SharedPace:
    """The pace of an archive's crawls. ``fence``: a worker's session, without whose row no host is asked."""

    # Files that can't be written are the machine's own pace's; a database that is away stops all requests.
    unshared = ""

    def __init__(self, address: str) -> None:
        self.fence = ""
        self._conninfo = server_conninfo(archive_url(address), **_PATIENCE, options=_OPTIONS)
        self._connection: Connection[Any] | None = None
        self._pause_seconds, self._away_until, self._said_at = 0.0, 0.0, 0.0
        self._since: dict[str, float] = {}
        self._answered: dict[str, tuple[float, float]] = {}
        # What could not be told the server: until when a host is left alone, on the clock of this process.
        self._untold: dict[str, float] = {}

    def claim(self, host: str, pause_seconds: float, crawl: str = "") -> float:
        """Note a request that goes out now and return 0, or return the seconds to wait before another try."""
        if not self._tell(host):
            return self._seconds_away()
        given: dict[str, object] = {"host": host, "pause": pause_seconds, "fence": self.fence}
        given |= {"crawl": f"{crawl}@{self.fence}" if crawl and self.fence else crawl}
        given |= {"look": UNANSWERED_SECONDS}
        times = self._ask(_FENCED_CLAIM if self.fence else _CLAIM, given)
        if times is None:
            return self._seconds_away()
        if times:
            self._note(host, times)
            return 0.0
        left = self._ask(_LEFT, given)
        if left is None:
            return self._seconds_away()
        seconds = float(left[0]) if left else _FENCED_SECONDS
        return seconds if seconds > 0 else (_FENCED_SECONDS if self.fence else _LEAST_SECONDS)

    def answered(self, host: str, pause_seconds: float) -> None:
        """Let the pause begin anew, now that the answer of a request is there, or will not come."""
        times = self._ask(_ANSWERED, {"host": host, "pause": pause_seconds})
        if not times:
            self._leave_alone(host, pause_seconds)
        elif times[1] is not None:
            self._answered[host] = times[0], times[0] - times[1]

    def since_last(self, host: str) -> float | None:
        """The seconds between the last request of this process and the one before, of any crawl."""
        return self._since.get(host)

    def hold(self, host: str, seconds: float) -> None:
        """Let nobody ask the host before so many seconds have passed."""
        if not self._ask(_HOLD, {"host": host, "pause": seconds}):
            self._leave_alone(host, seconds)

    def close(self) -> None:
        """Close the connection; the next question opens another one."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _note(self, host: str, times: tuple[Any, ...]) -> None:
        asked_at, before_at = times
        if before_at is None:
            return
        answered_at, answer_seconds = self._answered.get(host, (0.0, 0.0))
        own = answer_seconds if abs(answered_at - before_at) < _SAME_SECONDS else 0.0
        self._since[host] = asked_at - before_at + own

    def _leave_alone(self, host: str, seconds: float) -> None:
        self._untold[host] = max(self._untold.get(host, 0.0), time.monotonic() + seconds)

    def _tell(self, host: str) -> bool:
        """Tell the server how long a host is still left alone; False where it can't be told yet."""
        until = self._untold.get(host)
        if until is None:
            return True
        left = until - time.monotonic()
        if left > 0 and not self._ask(_HOLD, {"host": host, "pause": left}):
            return False
        del self._untold[host]
        return True

    def _seconds_away(self) -> float:
        return max(self._away_until - time.monotonic(), _LEAST_SECONDS)

    def _ask(self, query: str, given: dict[str, object]) -> tuple[Any, ...] | None:
        """The first row that the server answers, empty without one; None while it is away."""
        import psycopg  # noqa: PLC0415 - only where there is a server

        if time.monotonic() < self._away_until:
            return None
        try:
            if self._connection is None:
                self._connection = psycopg.connect(self._conninfo, autocommit=True)
            row = self._connection.execute(query.encode(), given).fetchone()
        except psycopg.errors.UndefinedTable as error:
            # No crawl has made an archive there (`scrapy check` makes none), and a worker has its own tables.
            if not self.fence:
                return _NEVER
            self._lose(error)
            return None
        except psycopg.Error as error:
            self._lose(error)
            return None
        self._pause_seconds = 0.0
        return row or ()

    def _lose(self, error: Exception) -> None:
        self.close()
        doubled = 2 * self._pause_seconds
        self._pause_seconds = min(max(doubled, _FIRST_PAUSE_SECONDS), _LONGEST_PAUSE_SECONDS)
        now = time.monotonic()
        self._away_until = now + self._pause_seconds
        if not self._said_at or now - self._said_at > _SAY_AGAIN_SECONDS:
            self._said_at = now
            logger.warning(
                "The archive's database can't be asked when a host was asked last (%s): until it answers, no"
                " request goes out.",
                str(error).strip(),
            )


def forget_awaited(address: str, fences: list[str]) -> None:
    """Await no answer any more that a worker which was killed had asked for, by the workers' sessions.

    A process that is gone sends nothing. Of one that was frozen the request may go out when it wakes up.
    Raises psycopg's errors.
    """
    import psycopg  # noqa: PLC0415 - only where there is a server

    with psycopg.connect(server_conninfo(archive_url(address), **_PATIENCE, options=_OPTIONS)) as connection:
        connection.execute(_FORGET.encode(), [fences])


@functools.cache
def shared_pace(address: str) -> SharedPace:
    """The pace of all crawls of this process into an archive on a server."""
    return SharedPace(address)
