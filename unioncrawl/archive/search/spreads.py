"""What each document counts for in facets: its site, the year in which it was published, its source."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pyroaring import BitMap64
from sqlalchemy import Connection, func, select

from unioncrawl.archive.schema import CARE, revision, run
from unioncrawl.archive.sql import among, chunks

# So many are looked up one by one; beyond, reading them all is as fast, and serves the next count.
_FEW = 2_000
# Revisions that are read at once: half a second.
_STEP = 50_000
FACETS = ("site", "year", "source")


class _Spread(NamedTuple):
    """What a document counts for; ``year``: that of China, empty without a date."""

    number: int
    site: str
    year: str
    source: str


_YEAR = {
    "sqlite": "strftime('%Y', article.published_at, '+8 hours')",
    "postgresql": "to_char(article.published_at AT TIME ZONE INTERVAL '8 hours', 'YYYY')",
}
_SPREADS = (
    "SELECT search_document.id, site.key, {year}, revision.source FROM {tables}"
    " WHERE article.id = revision.article_id AND article.revision_id = revision.id"
    " AND search_document.article_id = article.id AND site.id = article.site_id AND {wanted}"
)
# CROSS JOIN keeps SQLite to an order. Many texts are read as they lie on the disk: a third of the time.
_OF_REVISIONS = "revision CROSS JOIN article CROSS JOIN search_document CROSS JOIN site"
_OF_DOCUMENTS = "search_document CROSS JOIN article CROSS JOIN revision CROSS JOIN site"
_LAST = select(
    func.coalesce(select(func.max(revision.c.id)).scalar_subquery(), 0),
    select(func.max(run.c.id)).where(run.c.spider == CARE).scalar_subquery(),
)


class Spreads:
    """The documents of each value, kept while a process counts again and again.

    It only spreads numbers that the index has just given, so that what left the index counts for
    nothing at once. A number that the index gives to another document comes with a later revision,
    which is read before the next count; after care that numbers all documents again, everything is.
    """

    def __init__(self) -> None:
        self._documents: dict[tuple[str, str], BitMap64] = {}
        self._known = BitMap64()
        self._last_revision = 0
        self._last_care: int | None = None
        self._lock = threading.Lock()

    def count(self, connection: Connection, numbers: BitMap64) -> dict[str, Counter[str]]:
        """Count documents by the values of each facet."""
        if not self._known and len(numbers) <= _FEW:
            return _counted(_spreads_of(connection, numbers))
        with self._lock:
            self._read_new(connection)
            # Another transaction, which reads a later state, may have been faster.
            counts = _counted(_spreads_of(connection, numbers - self._known))
            for (facet, value), documents in self._documents.items():
                counts[facet][value] += numbers.intersection_cardinality(documents)
        return {facet: +counter for facet, counter in counts.items()}

    def refresh(self, connection: Connection) -> None:
        """Read what there is, so that the next count need not: a second for 100,000 articles."""
        with self._lock:
            self._read_new(connection)

    def _read_new(self, connection: Connection) -> None:
        """Read what revisions have come since the last time; everything after care, or of a backup.

        What was read before a time limit broke it off is kept, and the next time goes on from there.
        """
        last, care = connection.execute(_LAST).one()
        if last < self._last_revision or care != self._last_care:
            self._documents, self._known, self._last_revision = {}, BitMap64(), 0
            self._last_care = care
        while self._last_revision < last:
            end = min(self._last_revision + _STEP, last)
            wanted = f"revision.id > {self._last_revision} AND revision.id <= {end}"
            self._take(_read(connection, _OF_REVISIONS, wanted))
            self._last_revision = end

    def _take(self, spreads: Iterable[_Spread]) -> None:
        found: dict[tuple[str, str], list[int]] = defaultdict(list)
        for number, *values in spreads:
            for named in zip(FACETS, values, strict=True):
                found[named].append(number)
        new = BitMap64().union(*(BitMap64(numbers) for numbers in found.values()))
        for documents in self._documents.values():
            documents.difference_update(new)
        for named, numbers in found.items():
            self._documents.setdefault(named, BitMap64()).update(numbers)
        self._known |= new


def _counted(spreads: Iterable[_Spread]) -> dict[str, Counter[str]]:
    counts: dict[str, Counter[str]] = {facet: Counter() for facet in FACETS}
    for _, *values in spreads:
        for facet, value in zip(FACETS, values, strict=True):
            counts[facet][value] += 1
    return counts


def _spreads_of(connection: Connection, numbers: Iterable[int]) -> Iterator[_Spread]:
    for some in chunks(list(numbers)):
        condition, bound = among(connection, some)
        yield from _read(connection, _OF_DOCUMENTS, f"search_document.id {condition}", bound)


def _read(connection: Connection, tables: str, wanted: str, *bound: object) -> Iterator[_Spread]:
    query = _SPREADS.format(year=_YEAR[connection.dialect.name], tables=tables, wanted=wanted)
    for number, key, year, source in connection.exec_driver_sql(query, bound):
        yield _Spread(number, key, (year or "").lstrip("0"), source)
