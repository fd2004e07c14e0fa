"""A real PostgreSQL that the tests start for themselves, and fresh databases in it."""

from __future__ import annotations

import functools
import os
import re
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg.types.datetime import TimestamptzLoader
from psycopg.types.string import TextLoader

from tests.processes import start_server, wait_until

_STARTED = ExitStack()
_ROOM_BYTES = 2 << 30
# What protects from a power cut, which no test's server survives anyway.
_FAST = "-c fsync=off -c full_page_writes=off"


def programs() -> Path:
    """The folder of initdb and postgres: Debian keeps them off the PATH."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = shutil.which("initdb")
    if found:
        folders.append(Path(found).parent)
    for folder in folders:
        if (folder / "initdb").exists():
            return folder
    pytest.fail("PostgreSQL is missing: apt-get install postgresql")


def server_user() -> str:
    """The user who runs the server: PostgreSQL refuses to run as root."""
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
        self.process = start_server(self.command, self.folder / "run", server_user())
        wait_until(lambda: _answers(self.url), self.process)

    def stop(self) -> None:
        """Stop it without a word to its clients, as a power cut does."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait()


def _in_memory() -> Path | None:
    """A folder in memory, if there is room: a database is three hundred files."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of its own is made there
    has_room = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > _ROOM_BYTES
    return memory if has_room else None


@contextmanager
def running_postgres() -> Iterator[PostgresServer]:
    """A fresh server; what it holds is gone afterwards, and when the session is killed."""
    found = programs()
    folder = Path(tempfile.mkdtemp(prefix="unioncrawl-pg-", dir=_in_memory()))
    if server_user():
        shutil.chown(folder, server_user())
    keeper = start_server(["sleep", "infinity"], folder)
    data, port = folder / "data", _free_port()
    initdb: list[str | Path] = [found / "initdb", "-D", data, "-U", "tester", "--auth=trust", "--no-sync"]
    _initialize([*initdb, "-E", "UTF8", "--locale=C.UTF-8"])
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 {_FAST}".split()
    command: list[str | Path] = [found / "postgres", "-D", data, *options]
    server = PostgresServer(f"postgresql://tester@127.0.0.1:{port}/", command, folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()
        keeper.terminate()
        keeper.wait()


@functools.cache
def shared_server() -> str:
    """The URL of the session's one server, without a database name; started when it is first asked for."""
    return _STARTED.enter_context(running_postgres()).url


def stop_shared_server() -> None:
    """Stop it, if it runs."""
    _STARTED.close()
    shared_server.cache_clear()


def _initialize(command: list[str | Path]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, user=server_user() or None, cwd="/")


def _answers(address: str) -> bool:
    try:
        psycopg.connect(address + "postgres").close()
    except psycopg.OperationalError:
        return False
    return True


def fresh_database(server: str, template: str = "template1") -> str:
    """The URL of a new database, empty or a copy."""
    name = f"t{uuid4().hex[:12]}"
    _ask_server(server, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return server + name


def drop_database(address: str) -> None:
    """Remove a database, whoever is connected to it."""
    server, _, name = address.rpartition("/")
    _ask_server(server + "/", f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _ask_server(server: str, statement: str) -> None:
    with psycopg.connect(server + "postgres", autocommit=True) as connection:
        connection.execute(statement.encode())


class _Time(TimestamptzLoader):
    """A time as SQLite has it: text in UTC."""

    def load(self, data: Any) -> Any:
        return super().load(data).astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def ask_postgres(address: str, statement: str, *values: object) -> list[tuple[Any, ...]]:
    """Run a statement, whose values are marked by ``?``, and return its rows as SQLite has them."""
    words = re.sub(r"\?", "%s", statement.replace("%", "%%")) if values else statement
    with psycopg.connect(address, autocommit=True, options="-c timezone=UTC") as connection:
        for name in ("json", "jsonb"):
            connection.adapters.register_loader(name, TextLoader)
        connection.adapters.register_loader("timestamptz", _Time)
        cursor = connection.execute(words.encode(), values or None)
        return cursor.fetchall() if cursor.description else []
