"""Open an archive for a command that reads: without what a crawl needs to write, of which reading is part."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from unioncrawl.archive.migrations.upgrade import open_engine
from unioncrawl.archive.verify.read_errors import reading


@contextmanager
def archive_to_read(address: str) -> Iterator[Connection]:
    """Open an archive, bringing its schema up to date, and a connection to read with.

    `unioncrawl.archive.store` loads extraction and repair, which takes ten times as long.
    Raises as `unioncrawl.archive.migrations.upgrade.open_engine` and
    `unioncrawl.archive.verify.read_errors.reading` do.
    """
    engine = open_engine(address, create=False)
    try:
        with reading(engine) as connection:
            yield connection
    finally:
        engine.dispose()
