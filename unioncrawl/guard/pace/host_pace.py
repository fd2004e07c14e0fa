"""When a host may be asked next, over all processes and archives of this user on this machine.

Each host has a small file, held by an operating system's lock while it is read and
written: no lock outlives a process that was killed, and a time that was reserved and not
used does not exist, because a request is noted at the moment it goes out. It is noted again
when its answer is there: by then the host has surely seen it, however long a connection took
to be made or a busy process to write to it. Until then no other crawl asks the host: the two
requests might reach it together.
"""

from __future__ import annotations

import fcntl
import functools
import itertools
import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias
from urllib.parse import quote, urlsplit

from unioncrawl.guard.ip_kinds import special_kind
from unioncrawl.guard.pace.host_record import RECORD_BYTES, HostRecord

# Processes of two machines may have one number.
_CRAWLS, _MACHINE = itertools.count(1), os.urandom(4).hex()
# What a step makes of a host's record: the changed one or None, and seconds.
_Step: TypeAlias = "Callable[[HostRecord | None], tuple[HostRecord | None, float]]"
# Another process holds the lock for some 20 µs.
_LOCKED_SECONDS = 0.005
_LOCK_TRIES = 20
# Two records of one request differ by what it takes to look at the clock twice.
_SAME_SECONDS = 0.001
_LONGEST_NAME = 200
# How often a crawl looks whether the request of another one was answered.
UNANSWERED_SECONDS = 0.1


class HostPace:
    """Keeps the pause between two requests to a host; each host's record is a file of ``folder``.

    Without a folder, or while it can't be written, the pause holds within this process alone:
    `unshared` says why.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._own: dict[str, HostRecord] = {}
        self._since: dict[str, float] = {}
        # How long after a request its answer came, with the record that was written then.
        self._answered: dict[str, tuple[HostRecord, float]] = {}
        self.unshared = "" if folder else "no folder of state is set"

    def claim(self, host: str, pause_seconds: float, crawl: str = "") -> float:
        """Note a request that goes out now and return 0, or return the seconds to wait before another try.

        A request goes out when both its own pause and that of the request before it are over, and no other
        crawl awaits an answer of the host. ``crawl`` (`crawl_name`) is to be given where `answered` follows.
        """
        return self._with_record(
            host, functools.partial(self._claimed, host=host, pause_seconds=pause_seconds, crawl=crawl)
        )

    def wait_seconds(self, host: str, pause_seconds: float, crawl: str = "") -> float:
        """Return how long a request would have to wait now, and note nothing."""
        return self._with_record(host, lambda record: (None, _left(record, pause_seconds, crawl)))

    def answered(self, host: str, pause_seconds: float) -> None:
        """Let the pause begin anew, now that the answer of a request is there, or will not come.

        Where another process keeps the record locked, this one alone knows.
        """
        self._surely(host, functools.partial(self._begun_anew, host=host, pause_seconds=pause_seconds))

    def since_last(self, host: str) -> float | None:
        """The seconds between the last request of this process to a host and the one before, of any process.

        After another process's request they are counted from its answer. None where there was none before.
        """
        return self._since.get(host)

    def hold(self, host: str, seconds: float) -> None:
        """Let nobody ask the host before so many seconds have passed.

        Where another process keeps the record locked, this one alone knows.
        """
        self._surely(host, functools.partial(_held, seconds=seconds))

    def _surely(self, host: str, step: _Step) -> None:
        """Take a step that asks for no wait; in memory alone where the record stays locked."""
        for _ in range(_LOCK_TRIES):
            if not self._with_record(host, step):
                return
            time.sleep(_LOCKED_SECONDS)
        self._in_memory(host, step)

    def _claimed(
        self, record: HostRecord | None, host: str, pause_seconds: float, crawl: str
    ) -> tuple[HostRecord | None, float]:
        if record is None:
            return HostRecord.now(pause_seconds, crawl), 0.0
        age, needed = record.age_seconds(), max(pause_seconds, record.pause_seconds)
        if age < 0:
            # A calendar that was set back: the pause begins anew, once.
            return HostRecord.now(needed), needed
        if left := _left(record, pause_seconds, crawl):
            return None, left
        answered, answer_seconds = self._answered.get(host, (record, 0.0))
        self._since[host] = age + (answer_seconds if _is_same(answered, record) else 0.0)
        return HostRecord.now(pause_seconds, crawl), 0.0

    def _begun_anew(
        self, record: HostRecord | None, host: str, pause_seconds: float
    ) -> tuple[HostRecord | None, float]:
        # What somebody else asked for meanwhile may end later than this pause.
        age = record.age_seconds() if record is not None else -1.0
        left = record.pause_seconds - age if record is not None and age >= 0 else 0.0
        changed = HostRecord.now(max(pause_seconds, left))
        if record is not None and age >= 0:
            self._answered[host] = changed, age
        return changed, 0.0

    def _with_record(self, host: str, step: _Step) -> float:
        """Let a step see and change the host's record; its seconds, or a short wait for the lock."""
        if self._folder is None:
            return self._in_memory(host, step)
        try:
            descriptor = self._open(self._folder, host)
        except OSError as error:
            self.unshared = f"{self._folder}: {error.strerror}"
            return self._in_memory(host, step)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return self._in_file(descriptor, host, step)
        except BlockingIOError:
            return _LOCKED_SECONDS
        except OSError as error:
            self.unshared = f"{self._folder}: {error.strerror}"
            return self._in_memory(host, step)
        finally:
            os.close(descriptor)

    def _open(self, folder: Path, host: str) -> int:
        path, flags = os.path.join(folder, record_name(host)), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC  # noqa: PTH118 - a path is made in ten times as long
        try:
            return os.open(path, flags, 0o644)
        except FileNotFoundError:
            folder.mkdir(parents=True, exist_ok=True)
            return os.open(path, flags, 0o644)

    def _in_file(self, descriptor: int, host: str, step: _Step) -> float:
        line = os.pread(descriptor, RECORD_BYTES, 0).decode("ascii", "replace")
        record = HostRecord.read(line)
        if record is None and line.strip():
            # What was written there was torn: somebody may have asked just now.
            record = HostRecord.now(0.0)
            os.pwrite(descriptor, record.line.encode("ascii"), 0)
        changed, seconds = step(_later(record, self._own.get(host)))
        if changed is not None:
            self._own[host] = changed
            os.pwrite(descriptor, changed.line.encode("ascii"), 0)
        return seconds

    def _in_memory(self, host: str, step: _Step) -> float:
        changed, seconds = step(self._own.get(host))
        if changed is not None:
            self._own[host] = changed
        return seconds


def _left(record: HostRecord | None, pause_seconds: float, crawl: str) -> float:
    """How much is left of the longer of two pauses; none for a record of a calendar that was set back."""
    age = record.age_seconds() if record is not None else -1.0
    if record is None or age < 0:
        return 0.0
    unanswered = UNANSWERED_SECONDS if record.is_awaited_by_other(crawl) else 0.0
    return max(unanswered, max(pause_seconds, record.pause_seconds) - age, 0.0)


def _held(record: HostRecord | None, seconds: float) -> tuple[HostRecord | None, float]:
    age = record.age_seconds() if record is not None else -1.0
    if record is None or age < 0:
        return HostRecord.now(seconds), 0.0
    return replace(record, pause_seconds=max(record.pause_seconds, age + seconds)), 0.0


def _later(record: HostRecord | None, own: HostRecord | None) -> HostRecord | None:
    if record is None or own is None:
        return record or own
    if _is_same(record, own):
        return max(own, record, key=lambda one: one.pause_seconds)
    return own if record.age_seconds() > own.age_seconds() else record


def _is_same(one: HostRecord, other: HostRecord) -> bool:
    return abs(one.age_seconds() - other.age_seconds()) < _SAME_SECONDS


def host_key(url: str) -> str:
    """The host that a request to this address loads, by which its pauses are counted.

    Ports of one machine are one host. On this machine itself each port is another: there
    every one is a server of its own for practice, or the operator's.

    >>> host_key("https://www.linxi-gh.example:8443/xw/1.html"), host_key("http://127.0.0.1:8801/")
    ('www.linxi-gh.example', '127.0.0.1:8801')
    >>> host_key("http://[::1]:8801/"), host_key("http://WWW.Linxi-GH.example./")
    ('[::1]:8801', 'www.linxi-gh.example')
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".")
    return parts.netloc.rpartition("@")[2].lower() if is_own_machine(host) else host


def is_own_machine(host: str) -> bool:
    """Whether a host is this machine: its name, an address of the loopback net, either with a port.

    >>> [is_own_machine(host) for host in ("localhost:88", "127.8.0.1", "[::1]:80", "::1", "a.cn")]
    [True, True, True, True, False]
    """
    name = urlsplit(f"//{host}").hostname if host.startswith("[") or host.count(":") == 1 else host
    return name == "localhost" or special_kind(name or "") == "loopback"


def record_name(host: str) -> str:
    """The name of a host's file.

    >>> record_name("www.linxi-gh.example"), record_name("[::1]:8801")
    ('www.linxi-gh.example', '%5B%3A%3A1%5D%3A8801')
    """
    return quote(host, safe="")[:_LONGEST_NAME] or "-"


def crawl_name() -> str:
    """Return a name for a crawl of this process, by which others know whose request is under way."""
    return f"{os.getpid()}-{next(_CRAWLS)}-{_MACHINE}"


@functools.cache
def host_pace(state: Path | None) -> HostPace:
    """The pace of all crawls of this process that share a folder of state."""
    return HostPace(state / "hosts" if state else None)
