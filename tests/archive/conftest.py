"""A real PostgreSQL for the archive's tests, and archives in both databases."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import pytest

from tests.archive.small_archive import Kept, fill
from tests.processes import start_server, wait_until
from unioncrawl.archive.store import Archive


def _programs() -> Path | None:
    """The folder of initdb and postgres: Debian keeps them off the PATH."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = shutil.which("initdb")
    if found:
        folders.append(Path(found).parent)
    return next((folder for folder in folders if (folder / "initdb").exists()), None)


def _user() -> str:
    """PostgreSQL refuses to run as root."""
    return "postgres" if os.geteuid() == 0 else ""


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


@dataclass
class PostgresServer:
    """A PostgreSQL server in a temporary folder that can be stopped and started again."""

    url: str
    command: list[str | Path]
    folder: Path
    process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.process = start_server(self.command, self.folder / "run", _user())
        wait_until(lambda: _answers(self.url), self.process)

    def stop(self) -> None:
        """Stop it without a word to its clients, as a power cut does."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait()


@contextmanager
def running_postgres() -> Iterator[PostgresServer]:
    """A fresh server; what it holds is gone afterwards, and when the session is killed."""
    programs = _programs()
    if programs is None:
        pytest.fail("PostgreSQL is missing: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="unioncrawl-pg-"))
    if _user():
        shutil.chown(folder, _user())
    keeper = start_server(["sleep", "infinity"], folder)
    data, port = folder / "data", _free_port()
    initdb: list[str | Path] = [programs / "initdb", "-D", data, "-U", "tester", "--auth=trust", "--no-sync"]
    _initialize([*initdb, "-E", "UTF8", "--locale=C.UTF-8"])
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off".split()
    command: list[str | Path] = [programs / "postgres", "-D", data, *options]
    server = PostgresServer(f"postgresql://tester@127.0.0.1:{port}/", command, folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()
        keeper.terminate()
        keeper.wait()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a PostgreSQL server in a temporary folder, without a database name."""
    with running_postgres() as server:
        yield server.url


def _initialize(command: list[str | Path]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, user=_user() or None, cwd="/")


def _answers(address: str) -> bool:
    import psycopg  # noqa: PLC0415 - only where there is a server

    try:
        psycopg.connect(address + "postgres").close()
    except psycopg.OperationalError:
        return False
    return True


@pytest.fixture
def postgres_url(postgres_server: str) -> str:
    """The URL of a fresh, empty database."""
    return _fresh_database(postgres_server)


@pytest.fixture(scope="module")
def postgres_database(postgres_server: str) -> str:
    """The URL of a database that the tests of a module share."""
    return _fresh_database(postgres_server)


@pytest.fixture
def other_postgres_url(postgres_server: str) -> str:
    """The URL of another fresh, empty database."""
    return _fresh_database(postgres_server)


def _fresh_database(postgres_server: str, template: str = "template1") -> str:
    import psycopg  # noqa: PLC0415 - only where there is a server

    name = f"t{uuid4().hex[:12]}"
    with psycopg.connect(postgres_server + "postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'.encode())
    return postgres_server + name


# Fills an archive, with captures in a folder.
Filler = Callable[[Archive, Path], None]


@dataclass
class Templates:
    """Archives that are made once a session and copied for each test: migrations take longer than most."""

    folder: Path
    server: Callable[[], str]
    made: dict[tuple[str, str], str] = field(default_factory=dict)

    def copy(self, database: str, path: Path, filled: Filler | None = None) -> str:
        """The address of a copy of its own, at ``path`` if it is a file."""
        template = self._template(database, filled)
        if database == "sqlite":
            return str(shutil.copyfile(template, path))
        return _fresh_database(self.server(), template.rpartition("/")[2])

    def copy_captures(self, database: str, folder: Path, filled: Filler) -> Path:
        """A copy of the captures of an archive that was filled so."""
        return Path(shutil.copytree(self._captures(database, filled), folder))

    def _captures(self, database: str, filled: Filler) -> Path:
        return self.folder / f"captures-{database}-{_name(filled)}"

    def _template(self, database: str, filled: Filler | None) -> str:
        key = (database, _name(filled))
        if key not in self.made:
            is_file = database == "sqlite"
            address = str(self.folder / f"{key[1]}.db") if is_file else _fresh_database(self.server())
            with Archive.open(address) as archive:
                if filled is not None:
                    filled(archive, self._captures(database, filled))
            self.made[key] = address
        return self.made[key]


def _name(filled: Filler | None) -> str:
    return "empty" if filled is None else f"{filled.__module__}.{filled.__name__}"


@pytest.fixture(scope="session")
def templates(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Templates:
    """The archives that tests have copies of."""
    return Templates(
        tmp_path_factory.mktemp("templates"), lambda: str(request.getfixturevalue("postgres_server"))
    )


@pytest.fixture(params=["sqlite", "postgresql"])
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
