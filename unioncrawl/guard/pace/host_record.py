"""A host's record: when it was asked or answered last, the pause after it, and who awaits an answer."""

from __future__ import annotations

import functools
import math
import os
import time
from dataclasses import dataclass
from pathlib import Path

_BOOT_FILE = Path("/proc/sys/kernel/random/boot_id")
RECORD_BYTES = 128
# A request that is not answered by then is over (DOWNLOAD_TIMEOUT is 40 s), or its process is frozen.
ANSWER_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class HostRecord:
    """A host's last request or answer: on the clock of this boot, by the calendar, and the pause after it.

    ``crawl`` is the one that awaits an answer, empty after it.
    The clock of a boot (``CLOCK_MONOTONIC``) is one for all processes and never set; after a
    restart of the machine only the calendar's time is left.
    """

    boot: str
    at_seconds: float
    wall_seconds: float
    pause_seconds: float
    crawl: str = ""

    @classmethod
    def now(cls, pause_seconds: float, crawl: str = "") -> HostRecord:
        """A request that goes out now, or an answer that came."""
        return cls(_boot(), time.monotonic(), time.time(), pause_seconds, crawl)

    @classmethod
    def read(cls, line: str) -> HostRecord | None:
        """Read a record's line; None for an empty, torn or foreign one.

        >>> HostRecord.read("b 12.5 1712534400 2 31-1 .").crawl, HostRecord.read("b 12.5 17125344")
        ('31-1', None)
        >>> HostRecord.read("b 12.5 1712534400 2 .").pause_seconds  # as version 0.1 wrote it
        2.0
        """
        parts = line.split()
        if len(parts) not in {5, 6} or parts[-1] != ".":
            return None
        try:
            at, wall, pause = (float(part) for part in parts[1:4])
        except ValueError:
            return None
        crawl = parts[4].removeprefix("-") if parts[4] != "." else ""
        return cls(parts[0], at, wall, pause, crawl) if math.isfinite(at + wall + pause) else None

    @property
    def line(self) -> str:
        """The record as its line, of one length, so that writing it tears no longer one."""
        told = f"{self.boot} {self.at_seconds:.6f} {self.wall_seconds:.6f} {self.pause_seconds:.6f}"
        return f"{told} {self.crawl or '-'} .".ljust(RECORD_BYTES - 1) + "\n"

    def is_awaited_by_other(self, crawl: str) -> bool:
        """Whether another crawl than this one still awaits the answer; one that was killed does not."""
        if self.crawl in {"", crawl} or not 0 <= self.age_seconds() < ANSWER_SECONDS:
            return False
        return self.boot == _boot() and _lives(self.crawl)

    def age_seconds(self) -> float:
        """How long ago it was; negative when a clock was set back since."""
        if self.boot == _boot():
            return time.monotonic() - self.at_seconds
        return time.time() - self.wall_seconds


def _lives(crawl: str) -> bool:
    """Whether the process of a crawl still is; also where another user's may not be asked."""
    process = crawl.partition("-")[0]
    try:
        os.kill(int(process) if process.isdecimal() else 0, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return process.isdecimal()


@functools.cache
def _boot() -> str:
    try:
        return _BOOT_FILE.read_text(encoding="ascii").strip() or "-"
    except OSError:
        # No Linux: the clock that is never set can't be told from that of another boot.
        return f"{os.getpid()}-{time.time_ns()}"
