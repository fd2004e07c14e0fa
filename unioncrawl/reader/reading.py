"""The archive that a reader has open, and how a page asks it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from fastapi import Request
from sqlalchemy import Connection

from unioncrawl.archive.read_only import ReadOnlyArchive
from unioncrawl.archive.time_limit import time_limit
from unioncrawl.reader.settings import ReaderSettings


@dataclass(frozen=True, slots=True)
class Reader:
    """What every page of one reader shares."""

    settings: ReaderSettings
    archive: ReadOnlyArchive

    @contextmanager
    def connected(self) -> Iterator[Connection]:
        """A connection for one page: it reads one state of the archive, within a time.

        Raises `QueryTooCostly`, `ArchiveError`.
        """
        with (
            self.archive.connected() as connection,
            time_limit(connection, self.settings.answer_seconds),
        ):
            yield connection


def reader_of(request: Request) -> Reader:
    """Return the reader that a request came to."""
    found: Reader = request.app.state.reader
    return found
