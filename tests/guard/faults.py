"""Faults that really happen: a full disk, a read-only folder, a database that goes away."""

from __future__ import annotations

import os
import resource
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.guard.place import Place

_DISK_BYTES = 24 << 20
_FILLER = "filler"
_BLOCK = bytes(1 << 16)


class Disk:
    """A folder on a small disk of its own, which can be filled while a crawl writes to it.

    Where no disk can be mounted (without root) the crawl's own files may not grow any
    more instead, by a limit that the kernel keeps.
    """

    def __init__(self, folder: Path, place: Place) -> None:
        self.folder, self._place = folder, place
        folder.mkdir(parents=True, exist_ok=True)
        command = ["mount", "-t", "tmpfs", "-o", f"size={_DISK_BYTES}", "tmpfs", str(folder)]
        self.is_mounted = _works(command)

    def fill(self) -> None:
        """Leave no byte free."""
        if not self.is_mounted:
            self._forbid_growth()
            return
        with (self.folder / _FILLER).open("wb", buffering=0) as file:
            for block in (_BLOCK, b"\0" * 512, b"\0"):
                with suppress(OSError):
                    while True:
                        file.write(block)

    def _forbid_growth(self) -> None:
        if self._place.process is not None:
            resource.prlimit(self._place.process.pid, resource.RLIMIT_FSIZE, (1, 1))

    def free(self) -> None:
        """Make room again."""
        (self.folder / _FILLER).unlink(missing_ok=True)

    def close(self) -> None:
        """Unmount it."""
        if self.is_mounted:
            subprocess.run(["umount", "-l", str(self.folder)], check=True)


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """A folder in which nothing can be written, by a read-only mount or, without root, by its mode."""
    is_mounted = _works(["mount", "--bind", str(folder), str(folder)])
    if is_mounted:
        subprocess.run(["mount", "-o", "remount,ro,bind", str(folder)], check=True)
    paths = [folder, *folder.rglob("*")]
    modes = [path.stat().st_mode for path in paths]
    if not is_mounted:
        for path in paths:
            path.chmod(path.stat().st_mode & 0o555)
    try:
        yield
    finally:
        if is_mounted:
            subprocess.run(["umount", "-l", str(folder)], check=True)
        else:
            for path, mode in zip(paths, modes, strict=True):
                path.chmod(mode)


def _works(command: list[str]) -> bool:
    return os.geteuid() == 0 and subprocess.run(command, check=False, capture_output=True).returncode == 0


class Postgres:
    """A PostgreSQL of its own in a temporary folder, which can be stopped and started."""

    def __init__(self) -> None:
        self._programs = _programs()
        self._folder = Path(tempfile.mkdtemp(prefix="unioncrawl-guard-"))
        if os.geteuid() == 0:
            shutil.chown(self._folder, "postgres")
        self._port = _lasting_port()
        create = [str(self._programs / "initdb"), "-D", str(self._folder / "data"), "-U", "tester"]
        self._run([*create, "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"])

    @property
    def url(self) -> str:
        """The address of its database."""
        return f"postgresql://tester@127.0.0.1:{self._port}/postgres"

    def start(self) -> None:
        """Start it; returns when it answers."""
        options = f"-p {self._port} -k {self._folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        self._control("-l", str(self._folder / "log"), "-o", options, "start")

    def stop(self) -> None:
        """Cut every connection and end it."""
        self._control("-m", "immediate", "stop")

    def close(self) -> None:
        """End it and take its folder away."""
        with suppress(subprocess.CalledProcessError):
            self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def empty(self) -> None:
        """Drop all tables."""
        import psycopg  # noqa: PLC0415 - only where there is a server

        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute("drop schema public cascade")
            connection.execute("create schema public")

    def _control(self, *words: str) -> None:
        self._run([str(self._programs / "pg_ctl"), "-D", str(self._folder / "data"), "-w", *words])

    @staticmethod
    def _run(command: list[str]) -> None:
        whole = ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else command
        subprocess.run(whole, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _lasting_port() -> int:
    """A free port that nobody is given while the server is stopped: below those that the kernel gives."""
    while True:
        port = secrets.randbelow(8_000) + 20_000
        with socket.socket() as listener, suppress(OSError):
            listener.bind(("127.0.0.1", port))
            return port


def _programs() -> Path:
    """The folder of initdb and postgres: Debian keeps them off the PATH."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = shutil.which("initdb")
    if found:
        folders.append(Path(found).resolve().parent)
    return next(folder for folder in folders if (folder / "initdb").exists())
