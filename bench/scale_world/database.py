"""A real PostgreSQL on a small disk of its own, which can be cut off and whose disk can be filled."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

_FILLER = "filler"
_BLOCKS = (bytes(1 << 20), bytes(1 << 12), b"\0")
_LOOK_SECONDS = 0.1
_TICKS = os.sysconf("SC_CLK_TCK")
_OPTIONS = {
    "listen_addresses": "127.0.0.1",
    # A power cut is not what is tried here: a server that was killed loses nothing by this.
    "fsync": "off",
    "max_wal_size": "256MB",
    "max_connections": "200",
}


class Database:
    """A server in a folder of `running_database`; ``has_disk``: whether the folder is a disk of its own."""

    def __init__(self, folder: Path, *, has_disk: bool) -> None:
        self.folder, self.has_disk = folder, has_disk
        self._programs = _programs()
        self._data = folder / "data"
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            self._port: int = listener.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None
        self._cpu_before_seconds = 0.0
        initdb = [self._programs / "initdb", "-D", self._data, "-U", "tester", "--auth=trust", "--no-sync"]
        self._run([*initdb, "-E", "UTF8", "--locale=C.UTF-8"], stdout=subprocess.DEVNULL).wait()

    def url(self, name: str) -> str:
        """The address of a database of the server."""
        return f"postgresql://tester@127.0.0.1:{self._port}/{name}"

    def new(self, name: str) -> str:
        """Make an empty database; return its address."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
        return self.url(name)

    def drop(self, name: str) -> None:
        """Remove a database."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())

    def start(self) -> None:
        """Start it; returns when it answers, or when it has ended again for want of room."""
        options = [f"--{name}={value}" for name, value in _OPTIONS.items()]
        command = [
            self._programs / "postgres",
            "-D",
            self._data,
            "-p",
            self._port,
            "-k",
            self.folder,
            *options,
        ]
        with (self.folder.parent / "postgres.log").open("ab") as log:
            self._process = self._run(command, stdout=log, stderr=log)
        while self._process.poll() is None and not self.answers():
            time.sleep(_LOOK_SECONDS)

    def stop(self) -> None:
        """End it at once, without a word to its clients, as a crash does."""
        if self._process is not None:
            self._cpu_before_seconds = self.cpu_seconds()
            with suppress(ProcessLookupError):
                self._process.send_signal(signal.SIGQUIT)
            self._process.wait()
            self._process = None

    def answers(self) -> bool:
        """Whether it takes connections."""
        try:
            psycopg.connect(self.url("postgres"), connect_timeout=2).close()
        except psycopg.Error:
            return False
        return True

    def has_ended(self) -> bool:
        """Whether the server ended by itself, as it does when it can't write its log."""
        return self._process is None or self._process.poll() is not None

    def fill(self) -> None:
        """Leave no byte free on its disk."""
        with (self.folder / _FILLER).open("wb", buffering=0) as file:
            for block in _BLOCKS:
                with suppress(OSError):
                    while True:
                        file.write(block)

    def free(self) -> None:
        """Make room again."""
        (self.folder / _FILLER).unlink(missing_ok=True)

    def cpu_seconds(self) -> float:
        """CPU seconds of the server's processes until now."""
        if self._process is None or self._process.poll() is not None:
            return self._cpu_before_seconds
        number = self._process.pid
        own = sum(_times(number))
        return self._cpu_before_seconds + own + sum(sum(_times(child)[:2]) for child in _children(number))

    def _run(self, command: list[object], **options: object) -> subprocess.Popen[bytes]:
        """Run a program of PostgreSQL, which refuses to be root."""
        words = [str(word) for word in command]
        user = "postgres" if os.geteuid() == 0 else None
        return subprocess.Popen(words, cwd="/", user=user, **options)  # type: ignore[call-overload, no-any-return]


def _times(number: int) -> list[float]:
    """CPU seconds of a process, user and system, and those of its children that have ended."""
    try:
        fields = Path(f"/proc/{number}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2]
    except OSError:
        return [0.0]
    return [int(one) / _TICKS for one in fields.split()[11:15]]


def _children(number: int) -> list[int]:
    try:
        listed = Path(f"/proc/{number}/task/{number}/children").read_text(encoding="ascii")
    except OSError:
        return []
    return [int(one) for one in listed.split()]


def _programs() -> Path:
    """The folder of initdb and postgres: Debian keeps them off the PATH."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = shutil.which("initdb")
    if found:
        folders.append(Path(found).resolve().parent)
    if programs := next((folder for folder in folders if (folder / "initdb").exists()), None):
        return programs
    raise SystemExit("PostgreSQL is missing: apt-get install postgresql")


@contextmanager
def running_database(disk_megabytes: int = 0) -> Iterator[Database]:
    """A fresh server, gone afterwards; on a disk of so many megabytes, if any and this user may mount one."""
    place = Path(tempfile.mkdtemp(prefix="scale-pg-"))
    place.chmod(0o755)
    folder = place / "disk"
    folder.mkdir()
    has_disk = bool(disk_megabytes) and _mounted(folder, disk_megabytes)
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    database = Database(folder, has_disk=has_disk)
    try:
        database.start()
        yield database
    finally:
        database.stop()
        if has_disk:
            subprocess.run(["umount", "-l", str(folder)], check=False)
        shutil.rmtree(place, ignore_errors=True)


def _mounted(folder: Path, megabytes: int) -> bool:
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    if os.geteuid() == 0 and subprocess.run(command, check=False, capture_output=True).returncode == 0:
        return True
    print("No disk can be mounted here: the database's disk is not filled.", file=sys.stderr)
    return False
