"""A reader in a process of its own: started, asked, and watched from outside."""

from __future__ import annotations

import http.client
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

_UNIONCRAWL = (sys.executable, "-m", "unioncrawl")
_ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)")
# A page that takes longer has failed.
_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one request; 304 and the like are not asked for."""

    status: int
    size: int
    wall_ms: float
    cpu_ms: float

    @property
    def is_right(self) -> bool:
        """Whether the page came."""
        return self.status == http.client.OK


class Served:
    """A program that answers on the loopback."""

    def __init__(self, process: int, port: int) -> None:
        self._process, self._port = process, port
        self._client = http.client.HTTPConnection("127.0.0.1", port, timeout=_SECONDS)

    def another(self) -> Served:
        """Return the same program for a second client, which has a connection of its own."""
        return Served(self._process, self._port)

    def ask(self, page: str) -> Answer:
        """Ask a page; its CPU time is the process's, right where nobody else asks meanwhile."""
        cpu, wall = self.cpu_seconds(), time.perf_counter()
        try:
            self._client.request("GET", page)
            response = self._client.getresponse()
            status, size = response.status, len(response.read())
        except (OSError, http.client.HTTPException):
            self._client.close()
            status, size = 0, 0
        return Answer(status, size, 1000 * (time.perf_counter() - wall), 1000 * (self.cpu_seconds() - cpu))

    def cpu_seconds(self) -> float:
        """Return the CPU time of the process, with that of threads that ended."""
        # The number of another process's clock: clock_getcpuclockid(3).
        return time.clock_gettime(~self._process << 3 | 2)

    def memory_megabytes(self) -> float:
        """Return what the process has in memory now."""
        return self._status("VmRSS")

    def peak_megabytes(self) -> float:
        """Return the most that it ever had."""
        return self._status("VmHWM")

    def _status(self, name: str) -> float:
        lines = Path(f"/proc/{self._process}/status").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:")) / 1024


@contextmanager
def serve(archive: Path) -> Iterator[Served]:
    """`unioncrawl serve` over an archive, until the end of the block."""
    with _started((*_UNIONCRAWL, "serve", "--port", "0", "--archive", str(archive))) as served:
        yield served


@contextmanager
def serve_datasette(program: str, archive: Path) -> Iterator[Served]:
    """Datasette over the same file, with what it may take for a page set high."""
    settings = ("--setting", "sql_time_limit_ms", str(1000 * _SECONDS), "--port", "0")
    with _started((program, "serve", str(archive), *settings)) as served:
        yield served


@contextmanager
def _started(command: Sequence[str]) -> Iterator[Served]:
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, bufsize=1
    ) as process:
        try:
            port = _port(process)
            threading.Thread(target=_read_on, args=(process.stdout,), daemon=True).start()
            yield Served(process.pid, port)
        finally:
            process.terminate()


def _port(process: subprocess.Popen[str]) -> int:
    """Return the port that a program says it listens at; fails with what it said instead."""
    said: list[str] = []
    for line in process.stdout or ():
        said.append(line)
        if found := _ADDRESS.search(line):
            return int(found[1])
    raise RuntimeError("".join(said))


def _read_on(lines: IO[str] | None) -> None:
    """Take what a program goes on to print: a full pipe would stop it."""
    # At its end the pipe is closed under this thread.
    with suppress(ValueError):
        for _ in lines or ():
            pass
