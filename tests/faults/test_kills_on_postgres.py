"""A command that is killed at its steps on PostgreSQL leaves a sound archive, completed by another run."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import text

from tests.archive.older_schemas import bring_back_to
from tests.faults.test_kills import ARTICLES, HELD, OPERATIONS, SITE, STEPS_TRIED, points
from tests.guard.hostile import Hostile, page
from tests.guard.place import Ended, Place
from tests.guard.stories import article, listing
from unioncrawl.archive.store import Archive
from unioncrawl.archive.verify.check_archive import verify

Held = list[list[str]]


@dataclass(frozen=True)
class Databases:
    """The databases of one server; each place has one of its own."""

    server: str

    def copy(self, place: Place, folder: Path) -> Place:
        """A copy of a place with a copy of its database."""
        name = f"k{uuid4().hex[:12]}"
        template = place.variables["UNIONCRAWL_ARCHIVE"].removeprefix(self.server)
        self._ask(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        variables = {**place.variables, "UNIONCRAWL_ARCHIVE": self.server + name}
        return Place(Path(shutil.copytree(place.folder, folder)), variables)

    def drop(self, place: Place) -> None:
        """Remove a place with its database."""
        name = place.variables["UNIONCRAWL_ARCHIVE"].removeprefix(self.server)
        self._ask(f'DROP DATABASE "{name}" WITH (FORCE)')
        shutil.rmtree(place.folder)

    def _ask(self, statement: str) -> None:
        with psycopg.connect(self.server + "postgres", autocommit=True) as connection:
            connection.execute(statement.encode())


def _address(place: Place) -> str:
    return place.variables["UNIONCRAWL_ARCHIVE"]


def _bring_back(place: Place) -> None:
    with Archive.open(_address(place)) as archive, archive.engine.begin() as one:
        bring_back_to(one, "0010")


PREPARED: dict[str, Callable[[Place], None]] = {
    "import of a table": OPERATIONS["import of a table"].prepare,
    "reprocess": OPERATIONS["reprocess"].prepare,
    "takedown": OPERATIONS["takedown"].prepare,
    "migration": _bring_back,
}

# The gate tries the one that changes files and rows together; `make faults` tries all.
_FEW_STEPS = 2
TRIED = tuple(PREPARED) if STEPS_TRIED > _FEW_STEPS else ("takedown",)


@pytest.fixture(scope="module")
def databases(postgres_server: str) -> Databases:
    """The server's databases."""
    return Databases(postgres_server)


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory, postgres_database: str) -> Place:
    """A place whose one site was crawled into PostgreSQL."""
    variables = {"UNIONCRAWL_ARCHIVE": postgres_database, "UNIONCRAWL_CAPTURES": "captures"}
    place = Place(tmp_path_factory.mktemp("crawled"), variables)
    with Hostile() as server:
        server.pages["/list.html"] = page(listing([f"/20250301/{n}.html" for n in ARTICLES]))
        server.pages.update({f"/20250301/{n}.html": page(article(n, "断")) for n in ARTICLES})
        place.site(SITE, server.host, [f"{server.url}/list.html"])
        ended = place.unioncrawl("crawl", SITE)
        assert ended.code == 0, ended.said
    return place


def held(place: Place) -> Held:
    """What a reader has of an archive."""
    with Archive.open(_address(place), create=False) as archive, archive.engine.connect() as connection:
        return [sorted(repr(tuple(row)) for row in connection.execute(text(query))) for query in HELD]


def harm(place: Place) -> list[str]:
    """What `verify` finds wrong."""
    with Archive.open(_address(place), create=False) as archive:
        found = list(verify(archive.engine, place.folder / "captures"))
    return [f"{one.check}: {one.detail}. {one.next_step}" for one in found if one.is_harm]


def _run(place: Place, name: str, step: int) -> Ended:
    command = OPERATIONS[name].command
    return place.run("tests.faults.at_a_point", str(step), "steps", "unioncrawl", *command)


@pytest.mark.parametrize("name", TRIED)
def test_a_killed_command_is_completed_by_the_next(
    crawled: Place, databases: Databases, tmp_path: Path, name: str
) -> None:
    """Nothing stored is lost, the archive verifies, and the next run makes it what no kill had made it."""
    before = databases.copy(crawled, tmp_path / "before")
    PREPARED[name](before)
    whole = databases.copy(before, tmp_path / "whole")
    ended = _run(whole, name, 0)
    assert ended.code == 0, ended.said
    expected, short = held(whole), []
    for step in points(int((whole.folder / "steps").read_text(encoding="utf-8")), (STEPS_TRIED + 1) // 2):
        place = databases.copy(before, tmp_path / str(step))
        assert _run(place, name, step).code == -signal.SIGKILL
        short += [f"killed at step {step}: {fault}" for fault in _faults(place, name, expected)]
        databases.drop(place)
    assert short == []


def _faults(place: Place, name: str, expected: Held) -> Iterator[str]:
    """What is wrong after a kill, and after the next run."""
    asked_for = OPERATIONS[name].asked_for
    # To open an older archive is to migrate it, which here the next run is to do.
    found = [] if name == "migration" else harm(place)
    yield from (f"after the kill, {one}" for one in found if not asked_for or asked_for not in one)
    again = place.unioncrawl(*OPERATIONS[name].command)
    if again.code or again.has_traceback:
        yield f"the next run: {again.said}"
    yield from (f"after the next run, {one}" for one in harm(place))
    for query, wanted, got in zip(HELD, expected, held(place), strict=True):
        if wanted != got:
            yield f"{query}: {sorted(set(wanted) ^ set(got))[:4]}"
