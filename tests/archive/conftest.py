"""A real PostgreSQL for the archive's tests, and archives in both databases."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.archive.small_archive import Kept, fill
from tests.databases import KINDS, copy_database
from tests.postgres import drop_database, fresh_database, shared_server
from unioncrawl.archive.store import Archive


@pytest.fixture(scope="session")
def postgres_server() -> str:
    """The URL of a PostgreSQL server in a temporary folder, without a database name."""
    return shared_server()


def _for_a_while(server: str) -> Iterator[str]:
    address = fresh_database(server)
    yield address
    drop_database(address)


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """The URL of a fresh, empty database."""
    yield from _for_a_while(postgres_server)


@pytest.fixture(scope="module")
def postgres_database(postgres_server: str) -> Iterator[str]:
    """The URL of a database that the tests of a module share."""
    yield from _for_a_while(postgres_server)


@pytest.fixture
def other_postgres_url(postgres_server: str) -> Iterator[str]:
    """The URL of another fresh, empty database."""
    yield from _for_a_while(postgres_server)


# Fills an archive, with captures in a folder.
Filler = Callable[[Archive, Path], None]


@dataclass
class Templates:
    """Archives that are made once a session and copied for each test: migrations take longer than most."""

    folder: Path
    made: dict[tuple[str, str], str] = field(default_factory=dict)

    def copy(self, database: str, path: Path, filled: Filler | None = None) -> str:
        """The address of a copy of its own, at ``path`` if it is a file."""
        template = self._template(database, filled)
        if database == "sqlite":
            return str(shutil.copyfile(template, path))
        return copy_database(template, path)

    def copy_captures(self, database: str, folder: Path, filled: Filler) -> Path:
        """A copy of the captures of an archive that was filled so."""
        return Path(shutil.copytree(self._captures(database, filled), folder))

    def _captures(self, database: str, filled: Filler) -> Path:
        return self.folder / f"captures-{database}-{_name(filled)}"

    def _template(self, database: str, filled: Filler | None) -> str:
        key = (database, _name(filled))
        if key not in self.made:
            is_file = database == "sqlite"
            address = str(self.folder / f"{key[1]}.db") if is_file else fresh_database(shared_server())
            with Archive.open(address) as archive:
                if filled is not None:
                    filled(archive, self._captures(database, filled))
            self.made[key] = address
        return self.made[key]


def _name(filled: Filler | None) -> str:
    return "empty" if filled is None else f"{filled.__module__}.{filled.__name__}"


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    """The archives that tests have copies of."""
    return Templates(tmp_path_factory.mktemp("templates"))


@pytest.fixture(params=KINDS)
def stored_in(request: pytest.FixtureRequest) -> str:
    """The kind of database, each in turn."""
    return str(request.param)


@pytest.fixture
def no_archive(stored_in: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an archive yet to be made, in each database in turn."""
    return str(tmp_path / "archive.db" if stored_in == "sqlite" else request.getfixturevalue("postgres_url"))


@pytest.fixture
def any_archive(stored_in: str, request: pytest.FixtureRequest, tmp_path: Path, templates: Templates) -> str:
    """The address of an archive, in each database in turn: that of `kept`, or one that holds nothing yet."""
    return templates.copy(
        stored_in, tmp_path / "archive.db", fill if "kept" in request.fixturenames else None
    )


@pytest.fixture
def kept(stored_in: str, any_archive: str, tmp_path: Path, templates: Templates) -> Iterator[Kept]:
    """Five articles with captures, in each database in turn."""
    templates.copy_captures(stored_in, tmp_path / "captures", fill)
    with Archive.open(any_archive) as archive:
        yield Kept(archive, tmp_path / "captures")
