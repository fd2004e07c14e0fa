"""Databases that an archive can't be in are refused in words, and nothing is made in them."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from sqlalchemy import create_engine

from tests.postgres import drop_database
from unioncrawl.archive.database import archive_url
from unioncrawl.archive.opening.read_only import open_archive
from unioncrawl.archive.server.unfit import OLDEST, refuse_unfit
from unioncrawl.archive.store import Archive
from unioncrawl.errors import ArchiveError


@contextmanager
def database(server: str, name: str, made: str) -> Iterator[str]:
    """A database that was made so."""
    with psycopg.connect(server + "postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE template0 {made}'.encode())
    try:
        yield server + name
    finally:
        drop_database(server + name)


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "EUC_CN", "LATIN1"])
def test_another_encoding_is_refused_with_the_command_that_makes_the_right_one(
    postgres_server: str, encoding: str
) -> None:
    """To write or to read: the encoding is named, nothing is made, and the command's database is taken."""
    name = f"x{encoding.lower()}"
    with database(postgres_server, name, f"ENCODING '{encoding}' LOCALE 'C'") as address:
        with pytest.raises(ArchiveError, match=f"has the encoding {encoding}") as caught:
            Archive.open(address)
        with pytest.raises(ArchiveError, match=f"has the encoding {encoding}"):
            open_archive(address)
        with psycopg.connect(address) as connection:
            assert connection.execute("SELECT 1 FROM pg_class WHERE relname = 'article'").fetchall() == []
    command = shlex.split(caught.value.next_step.partition(": ")[2])
    assert (command[0], command[-1]) == ("createdb", f"{name}_utf8")
    assert "--encoding=UTF8" in command


def test_an_older_server_is_refused(postgres_url: str) -> None:
    """The message has the server's version and the oldest that will do."""
    engine = create_engine(archive_url(postgres_url))
    with engine.connect() as connection:
        refuse_unfit(connection)
        with pytest.raises(ArchiveError, match=r"is PostgreSQL \d+.*; an archive needs 99 or") as caught:
            refuse_unfit(connection, oldest=99)
        assert connection.connection.driver_connection.info.server_version >= OLDEST * 10_000  # type: ignore[union-attr]
    engine.dispose()
    assert "Upgrade the server" in caught.value.next_step
