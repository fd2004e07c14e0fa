"""Rows of runs: a crawl, an import, a reprocessing, and care that goes through all articles."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import Connection, insert, update

from unioncrawl._layout import __version__
from unioncrawl.archive.schema import CARE, run
from unioncrawl.archive.sql import next_id
from unioncrawl.archive.write.fitting import plain_json


def add_run(connection: Connection, spider: str, arguments: Mapping[str, str]) -> int:
    """Record that a run began; its number goes with every item it stores."""
    number = next_id(connection, run)
    connection.execute(
        insert(run).values(
            id=number,
            spider=spider,
            arguments=plain_json(arguments),
            started_at=datetime.now(UTC),
            version=__version__,
            host=platform.node(),
            pid=os.getpid(),
        )
    )
    return number


def end_run(connection: Connection, number: int, stats: Mapping[str, object], reason: str) -> None:
    """Record how a run ended; what no column can hold becomes other text."""
    ended = {"finished_at": datetime.now(UTC), **plain_json({"reason": reason})}
    values = {**ended, "stats": plain_json(stats)}
    connection.execute(update(run).where(run.c.id == number).values(values))


@contextmanager
def care_run(connection: Connection, what: str) -> Iterator[None]:
    """Record, in the transaction that does it, that all articles were gone through.

    That changes what searches find, or the numbers of documents, without a revision or a visit: by
    the run whoever keeps counts notices that they may not hold.
    """
    number = add_run(connection, CARE, {what: ""})
    yield
    end_run(connection, number, {}, "finished")
