"""Processes that tests start: they end with the test session, even when it is killed."""

from __future__ import annotations

import ctypes
import functools
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

ROOT = Path(__file__).resolve().parent.parent
# From linux/prctl.h: the kernel sends this process a signal when its parent is gone.
PR_SET_PDEATHSIG = 1
# Nothing in a test takes this long on any machine: it ends what would hang for ever.
HANG_SECONDS = 3600
_LOOK_SECONDS = 0.05


def start(command: Sequence[str | Path], **options: Any) -> subprocess.Popen[str]:
    """Start a command whose process is killed when the process that started it ends."""
    return start_lasting([*_tied(), *map(str, command)], text=True, **options)


def start_server(command: Sequence[str | Path], folder: Path, user: str = "") -> subprocess.Popen[str]:
    """Start a server, as ``user`` if one is named, that takes its folder along when the session ends."""
    return start_lasting([*_tied(folder, user), *map(str, command)], text=True)


def start_lasting(command: Sequence[str], **options: Any) -> subprocess.Popen[Any]:
    """Start what ties itself to this process, from whatever thread it is asked for.

    The kernel's "parent" is the thread that starts a process (prctl(2)): of a test that has a thread of
    its own, that is over before the session, and the server that all tests share would end with it.
    """
    return _lasting_thread().submit(lambda: subprocess.Popen(command, **options)).result()


@functools.cache
def _lasting_thread() -> ThreadPoolExecutor:
    # Each process that is tied runs this module first, and has no use for it.
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415

    return ThreadPoolExecutor(1)


def _tied(folder: Path | str = "", user: str = "") -> list[str]:
    return [sys.executable, "-I", __file__, str(os.getpid()), str(folder), user]


def wait_until(condition: Callable[[], bool], doing: subprocess.Popen[str] | None = None) -> None:
    """Wait for a condition for as long as it takes; fail when the process that works on it has ended."""
    end = time.monotonic() + HANG_SECONDS
    while not condition():
        ended = doing is not None and doing.poll() is not None
        if ended and not condition():
            raise AssertionError(f"the process ended first: {doing!r}")
        if time.monotonic() > end:
            raise AssertionError("this hangs")
        time.sleep(_LOOK_SECONDS)


def is_alive(number: int) -> bool:
    """Whether a process runs; one that has ended and was not collected does not."""
    try:
        state = Path(f"/proc/{number}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"


def _become(command: list[str], user: str, parent: int, at_end: int) -> None:
    """Turn this process into the command, as the user, tied to the life of ``parent``."""
    if user:
        entry = pwd.getpwnam(user)
        os.initgroups(user, entry.pw_gid)
        os.setgid(entry.pw_gid)
        os.setuid(entry.pw_uid)
    # After the change of user, which would take the tie off again (prctl(2)).
    tie(parent, at_end)
    os.execvp(command[0], command)  # noqa: S606 - the command of a test


def tie(parent: int, at_end: int) -> None:
    """Let the kernel send this process a signal when its parent ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, at_end)
        if os.getppid() != parent:
            sys.exit("the test session has ended already")


def _look_after(command: list[str], user: str, parent: int, folder: str) -> None:
    """Run a server until it or the session ends; stop it at once and remove its folder."""
    signal.signal(signal.SIGTERM, _leave)
    tie(parent, signal.SIGTERM)
    own, server = os.getpid(), os.fork()
    if not server:
        # PostgreSQL takes SIGQUIT for: stop at once, without leaving shared memory.
        # A shell that starts a job in the background makes it ignore this.
        for number in (signal.SIGTERM, signal.SIGQUIT):
            signal.signal(number, signal.SIG_DFL)
        _become(command, user, own, signal.SIGQUIT)
    try:
        os.waitpid(server, 0)
    finally:
        with suppress(ProcessLookupError, ChildProcessError):
            os.kill(server, signal.SIGQUIT)
            os.waitpid(server, 0)
        _remove(Path(folder))


def _remove(folder: Path) -> None:
    """Remove a folder, again while something that is ending still writes into it."""
    end = time.monotonic() + HANG_SECONDS
    while folder.exists() and time.monotonic() < end:
        shutil.rmtree(folder, ignore_errors=True)
        time.sleep(_LOOK_SECONDS)


def _leave(*_: object) -> None:
    # A parent that had threads is reported more than once.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit(0)


if __name__ == "__main__":
    session, kept, name, *run = sys.argv[1:]
    if kept:
        _look_after(run, name, int(session), kept)
    else:
        _become(run, name, int(session), signal.SIGKILL)
