"""The archive that a reader has open, and how a page asks it."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from fastapi import Request
from sqlalchemy import Connection, func, select

from unioncrawl.archive.capture_folder import captures_folder
from unioncrawl.archive.limits.time_limit import time_limit
from unioncrawl.archive.opening.read_only import ReadOnlyArchive
from unioncrawl.archive.schema import article, observation, revision, run
from unioncrawl.archive.search.answer import SearchAnswer, SearchRequest, request_node, search
from unioncrawl.archive.search.facets import Facets, count_with_facets
from unioncrawl.archive.search.found_numbers import count
from unioncrawl.archive.search.query import Node
from unioncrawl.archive.search.query_sql import with_sites
from unioncrawl.archive.search.spreads import Spreads
from unioncrawl.errors import ArchiveError
from unioncrawl.reader.settings import ReaderSettings

T = TypeVar("T")
# A total takes a few hundred bytes, what matches spread over a few thousand.
_MOST_KEPT = 500
_STATE = select(
    *(select(func.max(table.c.id)).scalar_subquery() for table in (article, revision, observation, run))
)


class Counted:
    """The counts of late, each good for the state of the archive in which it was counted.

    A state is named by the last rows: whatever changes what a query finds writes an article,
    a revision (a takedown and a better repair do so too), an observation, or the run of a care that
    goes through all articles. Levels and regions can change without any: a query is kept by the sites
    that it names through them.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, object] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, connection: Connection, find: Callable[[], T]) -> T:
        """Return what was counted in this state, or count it."""
        state = tuple(connection.execute(_STATE).one())
        with self._lock:
            if (state, key) in self._kept:
                self._kept.move_to_end((state, key))
                return self._kept[state, key]  # type: ignore[return-value]
        found = find()
        with self._lock:
            self._kept[state, key] = found
            while len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
        return found


@dataclass(frozen=True, slots=True)
class Reader:
    """What every page of one reader shares."""

    settings: ReaderSettings
    archive: ReadOnlyArchive
    _counted: Counted = field(default_factory=Counted)
    _spreads: Spreads = field(default_factory=Spreads)

    @property
    def captures(self) -> Path:
        """The folder of the files of captures."""
        return self.settings.captures or captures_folder(self.settings.archive)

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

    def prepare(self) -> None:
        """Read what facets count by, without a limit of time, before somebody waits for it.

        An archive that can't be read now is read, and its error said, when a page asks for it.
        """
        with suppress(ArchiveError), self.archive.connected() as connection:
            self._spreads.refresh(connection)

    def search(self, connection: Connection, asked: SearchRequest) -> SearchAnswer:
        """Answer a request with the numbers that are kept; page, API and feed have no others."""
        found = search(connection, replace(asked, count_total=False, facets=False))
        node = request_node(asked)
        if not asked.facets:
            return replace(found, total=self.total(connection, node))
        total, facets = self.tallies(connection, node)
        return replace(found, total=total, facets=facets.counts)

    def total(self, connection: Connection, node: Node) -> int:
        """Count the articles that match, once for each state of the archive."""
        named = with_sites(connection, node)
        return self._counted.get(("total", named), connection, lambda: count(connection, named))

    def tallies(self, connection: Connection, node: Node) -> tuple[int, Facets]:
        """Count the articles that match and how they spread, once for each state of the archive."""
        named = with_sites(connection, node)
        return self._counted.get(
            ("tallies", named), connection, lambda: count_with_facets(connection, named, self._spreads)
        )


def reader_of(request: Request) -> Reader:
    """Return the reader that a request came to."""
    found: Reader = request.app.state.reader
    return found
