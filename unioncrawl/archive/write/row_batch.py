"""The rows of one batch: numbered, collected by table, then inserted table by table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, bindparam, update

from unioncrawl.archive.schema import (
    article,
    attachment,
    capture,
    image,
    observation,
    rejection,
    revision,
    url_alias,
)
from unioncrawl.archive.sql import chunks, insert_rows, next_id
from unioncrawl.archive.write.site_rows import add_column, all_sites, columns_of, folded_name, site_id

Row = dict[str, Any]


class RowMark(NamedTuple):
    """A row that a batch wrote: its table, number and run."""

    table: Table
    number: int
    run_id: int


# Parents first.
_ORDER = (article, revision, rejection, url_alias, observation, image, attachment, capture)
# Each batch that writes anything adds a row to one of these, with its run's number.
_OF_RUNS = (observation, rejection, revision)


class RowBatch:
    """Rows that wait to be inserted within one transaction, and the numbers given to them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: defaultdict[Table, list[Row]] = defaultdict(list)
        self._next: dict[Table, int] = {}
        self._sites: dict[str, int] | None = None
        self._columns: dict[tuple[int, str], int] = {}
        self._with_columns: set[int] = set()
        self._site_numbers: set[int] = set()

    def add(self, table: Table, *rows: Row) -> None:
        """Add rows of a table."""
        self._rows[table] += rows

    def number(self, table: Table) -> int:
        """Return the next free number of a table; no other writer takes numbers meanwhile."""
        if table not in self._next:
            self._next[table] = next_id(self._connection, table)
        number = self._next[table]
        self._next[table] += 1
        return number

    def site(self, key: str) -> int:
        """Return the number of a site; an unknown site gets a row at once."""
        if self._sites is None:
            self._sites = all_sites(self._connection)
        if key not in self._sites:
            self._sites[key] = site_id(self._connection, key)
        self._site_numbers.add(self._sites[key])
        return self._sites[key]

    def column(self, site_number: int, name: str) -> int | None:
        """Return the number of a site's column; an unknown column gets a row at once."""
        if not name:
            return None
        if site_number not in self._with_columns:
            # All sites of the batch at once: its articles were asked for their sites before.
            self._with_columns |= {site_number, *self._site_numbers}
            for some in chunks(sorted(self._with_columns)):
                self._columns |= columns_of(self._connection, some)
        key = (site_number, folded_name(name))
        if key not in self._columns:
            self._columns[key] = add_column(self._connection, site_number, name)
        return self._columns[key]

    @property
    def first_row(self) -> RowMark | None:
        """Return a row that shows later whether this batch was written; None when it writes no row."""
        for table in _OF_RUNS:
            for row in self._rows[table][:1]:
                return RowMark(table, row["id"], row["run_id"])
        return None

    def insert(self) -> None:
        """Insert all rows."""
        for table in _ORDER:
            insert_rows(self._connection, table, self._rows[table])

    def change_articles(self, changes: Mapping[int, Row]) -> None:
        """Update stored articles by number; those with the same columns changed go together."""
        alike: defaultdict[frozenset[str], list[Row]] = defaultdict(list)
        for number, values in changes.items():
            alike[frozenset(values)].append({"of_article": number, **values})
        for rows in alike.values():
            self._connection.execute(_update_by_number(rows), rows)


def _update_by_number(rows: Sequence[Row]) -> Any:  # noqa: ANN401 - an Update
    changed: dict[str, Any] = {name: bindparam(name) for name in rows[0] if name != "of_article"}
    return update(article).where(article.c.id == bindparam("of_article")).values(changed)
