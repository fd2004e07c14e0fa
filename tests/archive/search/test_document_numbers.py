from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from sqlalchemy import Connection, text

from unioncrawl.archive.search.index.document_numbers import ZONES, day_of_number, give_numbers, zones_in_use
from unioncrawl.archive.store import Archive

DAY = 19844


@pytest.fixture
def connection(any_archive: str) -> Iterator[Connection]:
    """An empty archive whose documents need no articles: a table of this connection stands before."""
    with Archive.open(any_archive) as archive, archive.engine.connect() as opened:
        opened.execute(
            text("CREATE TEMPORARY TABLE search_document (id bigint PRIMARY KEY, article_id bigint)")
        )
        yield opened


def _take(connection: Connection, numbers: list[int], first_article: int = 1) -> None:
    rows = [{"id": number, "article": first_article + place} for place, number in enumerate(numbers)]
    connection.execute(text("INSERT INTO search_document VALUES (:id, :article)"), rows)


def test_numbers_rise_with_the_week(connection: Connection) -> None:
    """A later day has larger numbers, whatever the order in which articles come."""
    numbers = give_numbers(connection, [DAY + 1, DAY, DAY + 1, 0])
    assert [day_of_number(number) for number in numbers] == [DAY + 1, DAY, DAY + 1, 0]
    assert sorted(numbers) == [numbers[3], numbers[1], numbers[0], numbers[2]]


def test_a_day_goes_on_where_it_ended(connection: Connection) -> None:
    """Numbers given before are not given again."""
    first = give_numbers(connection, [DAY] * 3)
    _take(connection, first)
    assert set(first).isdisjoint(give_numbers(connection, [DAY] * 3))


@pytest.mark.parametrize(("day", "zone"), [(DAY, 1), (0, 2)])
def test_a_full_day_goes_on_in_a_wider_zone(connection: Connection, day: int, zone: int) -> None:
    """What a day has no room for goes to the next zone that has the day; undated articles to the last."""
    room = 2 ** ZONES[0].bits
    numbers = give_numbers(connection, [day] * (room + 5))
    assert len(set(numbers)) == room + 5
    assert {day_of_number(number) for number in numbers} == {day}
    assert numbers[-1] >= ZONES[zone].start(day)
    _take(connection, numbers)
    assert zones_in_use(connection) == [ZONES[0], ZONES[zone]]
    assert give_numbers(connection, [day]) == [numbers[-1] + 1]


def test_zones_share_no_number() -> None:
    """Each zone ends before the next begins."""
    assert all(one.end <= other.start(0) for one, other in pairwise(ZONES))
