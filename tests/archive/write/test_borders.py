"""The last value that a column holds, and the first that it does not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from unioncrawl.archive.schema import article, revision
from unioncrawl.archive.write.column_values import misfit
from unioncrawl.archive.write.fitting import plain_json


@pytest.mark.parametrize(("year", "fits"), [(1, False), (2, True), (9998, True), (9999, False)])
def test_years_in_which_every_time_zone_has_a_day(year: int, *, fits: bool) -> None:
    """The first and the last year of the calendar are beyond it somewhere on earth."""
    assert (misfit(revision.c.published_at, datetime(year, 6, 1, tzinfo=UTC)) == "") is fits


@pytest.mark.parametrize(
    ("address", "fits"),
    [("a" * 2600, True), ("a" * 2601, False), ("工" * 866, True), ("工" * 867, False), ("𠮷" * 651, False)],
    ids=["letters", "a letter more", "characters", "one more", "characters of four bytes"],
)
def test_an_address_may_be_as_long_as_its_index_holds(address: str, *, fits: bool) -> None:
    """An index of PostgreSQL holds so many bytes, however many a character has."""
    assert (misfit(article.c.canonical_url, address) == "") is fits


@pytest.mark.parametrize(
    ("number", "kept"), [(2**63 - 1, 2**63 - 1), (2**63, str(2**63)), (-(2**63), -(2**63))]
)
def test_a_number_beyond_64_bits_is_kept_as_text(number: int, kept: object) -> None:
    """JSON in a database has integers of 64 bits; a longer one is kept as it was printed."""
    assert plain_json({"阅读": number}) == {"阅读": kept}
