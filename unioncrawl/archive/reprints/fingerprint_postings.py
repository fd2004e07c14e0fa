"""The persisted fingerprints of reprints: which articles carry each.

New ones go into a small table that is poured into the large one now and then,
in order; so the cost of an article stays the same however many there are. Of a
fingerprint that has become common talk no articles are kept: one row in their
place says so, which costs a batch one row to read where there were dozens.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, Table, delete, func, select, text

from unioncrawl.archive.schema import fingerprint, recent_fingerprint
from unioncrawl.archive.sql import among, chunks, insert_numbers

# So many articles are kept for a fingerprint: a story reprinted more often is
# still found by any of them.
MAX_KEPT = 64
# Stands for the articles of common talk; no article has this number.
_ANY_ARTICLE = 0
_POUR_ROWS = 400_000
# Counting the small table reads all of it (1 to 5 ms); so many articles bring some 10,000 rows.
_COUNTED_EVERY = 500


class Postings:
    """What a batch touches of the fingerprints, within the writer's transaction.

    ``articles`` has the articles of each fingerprint; ``talk`` those that were
    found to be common talk before.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.articles: defaultdict[int, list[int]] = defaultdict(list)
        self.talk: set[int] = set()
        self._new: list[tuple[int, int]] = []
        self._new_talk: set[int] = set()

    def load(self, prints: set[int]) -> None:
        """Read what is kept of these fingerprints."""
        wanted = sorted(prints)
        for table in (fingerprint, recent_fingerprint):
            for value, number in number_pairs(self._connection, table, ("hash", "article_id"), wanted):
                if number == _ANY_ARTICLE:
                    self.talk.add(value)
                else:
                    self.articles[value].append(number)

    def add(self, prints: set[int], number: int) -> None:
        """Take the fingerprints of an article."""
        for value in prints - self.talk:
            kept = self.articles[value]
            if len(kept) < MAX_KEPT and number not in kept:
                kept.append(number)
                self._new.append((value, number))

    def drop_common(self, value: int) -> None:
        """Take a fingerprint for common talk from now on, if no more articles are kept of it anyway."""
        if len(self.articles[value]) >= MAX_KEPT:
            self._new_talk.add(value)

    def write(self) -> None:
        """Write what was taken, and forget what was read."""
        for values in chunks(sorted(self._new_talk)):
            for table in (fingerprint, recent_fingerprint):
                self._connection.execute(delete(table).where(table.c.hash.in_(values)))
        new = [pair for pair in self._new if pair[0] not in self._new_talk]
        new += [(value, _ANY_ARTICLE) for value in self._new_talk]
        if new:
            # Articles whose text changed may carry a fingerprint from before.
            insert_numbers(self._connection, recent_fingerprint, sorted(new), "ON CONFLICT DO NOTHING")
            numbers = {number for _, number in self._new}
            if numbers and (min(numbers) - 1) // _COUNTED_EVERY != max(numbers) // _COUNTED_EVERY:
                self._pour()
        self.articles.clear()

    def _pour(self) -> None:
        """Pour the recent fingerprints into the large table when they have become many."""
        rows = self._connection.execute(select(func.count()).select_from(recent_fingerprint)).scalar_one()
        if rows < _POUR_ROWS:
            return
        self._connection.execute(
            text(
                "INSERT INTO fingerprint SELECT hash, article_id FROM recent_fingerprint WHERE true"
                " ORDER BY hash, article_id ON CONFLICT DO NOTHING"
            )
        )
        self._connection.execute(delete(recent_fingerprint))


def number_pairs(
    connection: Connection, table: Table, names: tuple[str, str], numbers: Sequence[int]
) -> Iterator[tuple[int, int]]:
    """Return two columns of the rows whose first column is one of the numbers, which rise."""
    if not numbers:
        return
    # The numbers go along as one value, and the statement stays the same. Written out in it, they
    # took as long again to be parsed, and the driver keeps the last 128 statements of a connection.
    wanted, given = among(connection, numbers)
    query = f"SELECT {names[0]}, {names[1]} FROM {table.name} WHERE {names[0]} {wanted}"  # noqa: S608
    result = connection.exec_driver_sql(query, (given,))
    # Plain tuples: these are by far the most rows that a batch reads.
    yield from result.cursor.fetchall()
    result.close()
