"""The one place where the schedule asks what time it is."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """The present time, aware, in UTC.

    Every rule of the service takes its ``now`` as an argument; commands ask here. There is no variable
    that shifts this clock alone: runs and articles would have other times than the schedule that judges
    them. A simulated year shifts the clock of the whole process.
    """
    return datetime.now(UTC)
