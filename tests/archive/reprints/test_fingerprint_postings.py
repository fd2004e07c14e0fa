from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, select

from unioncrawl.archive.reprints.fingerprint_postings import MAX_KEPT, Postings
from unioncrawl.archive.schema import fingerprint, recent_fingerprint
from unioncrawl.archive.store import Archive

COMMON, RARE = 7, 8


@pytest.fixture
def connection(any_archive: str) -> Iterator[Connection]:
    """A connection to an empty archive, within a transaction."""
    with Archive.open(any_archive) as archive, archive.engine.begin() as opened:
        yield opened


def _add(connection: Connection, prints: set[int], numbers: range) -> None:
    postings = Postings(connection)
    postings.load(prints)
    for number in numbers:
        postings.add(prints, number)
    postings.write()


def _tell(connection: Connection, value: int) -> None:
    postings = Postings(connection)
    postings.load({value})
    postings.drop_common(value)
    postings.write()


def _rows(connection: Connection) -> list[tuple[int, int]]:
    return sorted(
        tuple(row) for table in (fingerprint, recent_fingerprint) for row in connection.execute(select(table))
    )


@pytest.mark.parametrize("pour_rows", [1, 400_000])
def test_common_talk_takes_one_row(
    connection: Connection, monkeypatch: pytest.MonkeyPatch, pour_rows: int
) -> None:
    """A full fingerprint that is common talk keeps one row, poured or not, and gets no new row."""
    monkeypatch.setattr("unioncrawl.archive.reprints.fingerprint_postings._POUR_ROWS", pour_rows)
    monkeypatch.setattr("unioncrawl.archive.reprints.fingerprint_postings._COUNTED_EVERY", 1)
    _add(connection, {COMMON}, range(1, MAX_KEPT + 1))
    _add(connection, {RARE}, range(1, 3))
    _tell(connection, COMMON)
    assert _rows(connection) == [(COMMON, 0), (RARE, 1), (RARE, 2)]
    _add(connection, {COMMON, RARE}, range(3, 4))
    assert _rows(connection) == [(COMMON, 0), (RARE, 1), (RARE, 2), (RARE, 3)]
    postings = Postings(connection)
    postings.load({COMMON, RARE})
    assert postings.talk == {COMMON}
    assert dict(postings.articles) == {RARE: [1, 2, 3]}


def test_what_is_not_full_stays(connection: Connection) -> None:
    """A fingerprint of fewer articles keeps them: they may turn out to be one story."""
    _add(connection, {COMMON}, range(1, MAX_KEPT))
    _tell(connection, COMMON)
    assert len(_rows(connection)) == MAX_KEPT - 1


def test_a_full_fingerprint_takes_no_more(connection: Connection) -> None:
    """A story that is reprinted more often than articles are kept stays found by those."""
    _add(connection, {RARE}, range(1, 2 * MAX_KEPT))
    assert _rows(connection) == [(RARE, number) for number in range(1, MAX_KEPT + 1)]


def test_sixty_four_articles_are_kept_of_a_fingerprint(connection: Connection) -> None:
    """What more articles carry costs no more rows."""
    _add(connection, {RARE}, range(1, 71))
    assert _rows(connection) == [(RARE, number) for number in range(1, 65)]
