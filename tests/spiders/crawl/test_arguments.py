"""Tests for `spiders.crawl.arguments`."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from spiders.crawl.arguments import read_arguments
from unioncrawl.errors import ArgumentInvalid


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"since": "8.4.2024"}, ["since=8.4.2024", "2024-04-08"]),
        ({"since": "2024-02-30"}, ["since=2024-02-30"]),
        ({"until": "0001-01-01"}, ["until=0001-01-01"]),
        ({"max_pages": "-1"}, ["max_pages=-1", "1 or more"]),
        ({"max_pages": "三"}, ["max_pages=三"]),
        ({"max_pages": "9" * 5000}, ["max_pages=999", "9 digits"]),
        ({"full": "maybe"}, ["full=maybe", "1 or 0"]),
        ({"sinse": "2024-01-01"}, ["sinse", "since"]),
        ({"since": "2024-05-01", "until": "2024-04-01"}, ["since=2024-05-01", "Swap"]),
    ],
)
def test_a_bad_value_is_reported_with_what_is_allowed(given: dict[str, str], expected: list[str]) -> None:
    """A value that cannot be read names the argument, the value and what is allowed."""
    with pytest.raises(ArgumentInvalid) as caught:
        read_arguments(given)
    for part in expected:
        assert part in str(caught.value)


def test_both_days_of_the_window_are_included() -> None:
    """Since and until are days in Chinese time, both included."""
    window = read_arguments({"since": "2024-04-08", "until": "2024-04-08"})
    assert window.admits(datetime(2024, 4, 7, 16, 0, tzinfo=UTC))
    assert window.admits(datetime(2024, 4, 8, 15, 59, tzinfo=UTC))
    assert not window.admits(datetime(2024, 4, 8, 16, 0, tzinfo=UTC))
    assert window.too_old(datetime(2024, 4, 7, 15, 59, tzinfo=UTC))
    assert window.admits(None)
