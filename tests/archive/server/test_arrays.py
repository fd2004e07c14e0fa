"""Arrays that are packed here arrive at PostgreSQL as they were."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DataError

from unioncrawl.archive.database import archive_url
from unioncrawl.archive.server.arrays import BigIntegers, Texts
from unioncrawl.archive.server.connecting import server_engine

_LAST = (1 << 63) - 1
_REAL = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
# PostgreSQL keeps no NUL.
_TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)


@pytest.fixture
def connection(postgres_url: str) -> Iterator[Connection]:
    """A connection as an archive on a server has it."""
    engine = server_engine(make_url(archive_url(postgres_url)), 1.0)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@_REAL
@given(numbers=st.lists(st.none() | st.integers(-_LAST - 1, _LAST)))
def test_numbers_arrive(connection: Connection, numbers: list[int | None]) -> None:
    """Numbers of 64 bits and NULL, none of them too."""
    assert connection.exec_driver_sql("SELECT %s::bigint[]", (BigIntegers(numbers),)).scalar_one() == numbers


@_REAL
@given(texts=st.lists(st.none() | _TEXTS | st.sampled_from(["", "null", "NULL", '{"工会", \\}', "\u3000"])))
def test_texts_arrive(connection: Connection, texts: list[str | None]) -> None:
    """Texts of any characters and NULL; what an array in words would have to quote is no matter."""
    assert connection.exec_driver_sql("SELECT %s::text[]", (Texts(texts),)).scalar_one() == texts


@pytest.mark.parametrize("numbers", [[1 << 63], [1, None, -(1 << 63) - 1]])
def test_a_number_that_does_not_fit_is_the_databases_fault(
    connection: Connection, numbers: list[int | None]
) -> None:
    """It raises what a server raises for a value that its column can't hold."""
    with pytest.raises(DataError, match="does not fit"):
        connection.exec_driver_sql("SELECT %s::bigint[]", (BigIntegers(numbers),))
