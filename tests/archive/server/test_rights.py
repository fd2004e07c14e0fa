"""A role that may only read reads all there is, and is told what right it lacks for more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg
import pytest

from tests.archive.server.documented import role_statements
from tests.archive.small_archive import fill
from tests.commands.run_command import run, run_json
from unioncrawl.archive.store import Archive
from unioncrawl.errors import ArchiveUnwritable
from unioncrawl.reader.beside import served
from unioncrawl.reader.settings import ReaderSettings


@dataclass(frozen=True)
class Shared:
    """An archive of five articles: the address of a role that reads, and of one that may not even do that."""

    reader: str
    stranger: str
    captures: Path


@pytest.fixture
def shared(postgres_url: str, tmp_path: Path) -> Iterator[Shared]:
    """Two roles beside the owner; the first has the rights that docs/archive.md gives it."""
    with Archive.open(postgres_url) as archive:
        fill(archive, tmp_path / "captures")
        for number in (1, 2):
            archive.finish_run(number, {}, "finished")
    name = postgres_url.rpartition("/")[2]
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        for statement in role_statements(name):
            connection.execute(statement.encode())
        connection.execute("CREATE ROLE stranger LOGIN")
    yield Shared(
        postgres_url.replace("tester@", "news_reader@"),
        postgres_url.replace("tester@", "stranger@"),
        tmp_path / "captures",
    )
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        for role in ("news_reader", "stranger"):
            connection.execute(f"DROP OWNED BY {role}; DROP ROLE {role}".encode())


def test_who_may_read_reads_everything(shared: Shared, tmp_path: Path) -> None:
    """Search, show, export, stats, feed, cite, verify, backup and the reader need no right to write."""
    captures = ("--captures", str(shared.captures))
    assert run_json(shared.reader, "search", "防暑")["total"] == 5
    assert "题3" in run(shared.reader, "show", "3").stdout
    assert run(shared.reader, "export").stdout.count("\n") == 5
    assert run_json(shared.reader, "stats")["articles"] == 5
    assert "题5" in run(shared.reader, "feed").stdout
    assert "题1" in run(shared.reader, "cite", "1").stdout
    assert run_json(shared.reader, "verify", *captures)["sound"] is True
    run(shared.reader, "backup", str(tmp_path / "backup"), *captures)
    settings = ReaderSettings(archive=shared.reader, captures=shared.captures)
    with served(settings) as address, httpx.Client(base_url=address) as client:
        assert client.get("/", params={"q": "防暑"}).status_code == 200
        assert client.get("/articles/3").status_code == 200


def test_who_lacks_a_right_is_told_which(shared: Shared) -> None:
    """What writes names the database, the role and the next step; so does reading without any right."""
    captures = ("--captures", str(shared.captures))
    for address, command in (
        (shared.reader, ("takedown", "1", "--reason", "x", "--yes", *captures)),
        (shared.reader, ("vacuum", "--reindex")),
        (shared.stranger, ("search", "防暑")),
    ):
        error = run(address, *command, expected=1).exception
        assert isinstance(error, ArchiveUnwritable)
        assert "no right to do this in postgresql" in str(error)
        role = "news_reader" if address == shared.reader else "stranger"
        assert error.next_step == f"Grant {role} that right, or name another user."
    assert run_json(shared.reader, "stats")["articles"] == 5
