"""Run a command that is killed at one of its steps: ``python -m tests.faults.at_a_point STEP FILE MODULE …``.

A step is a statement that SQLite begins, so many instructions of one, a statement or a commit that
is sent to PostgreSQL, or a file that is opened to be written, renamed, removed or brought to the disk. With
step 0 the command runs to its end, and the number of its steps is written to FILE.
"""

from __future__ import annotations

import os
import runpy
import signal
import sqlite3
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event

# So many instructions of SQLite's machine are a step: a VACUUM of a small archive has some dozens.
_INSTRUCTIONS = 2_000
_CHANGES = frozenset({"os.rename", "os.remove", "os.truncate", "os.mkdir", "os.rmdir"})


class Steps:
    """Counts steps, and kills this process at one of them."""

    def __init__(self, last: int) -> None:
        self.last, self.count = last, 0

    def step(self, *_: object) -> None:
        """One more step."""
        self.count += 1
        if self.count == self.last:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch_files(self, name: str, given: tuple[Any, ...]) -> None:
        """Take what Python does to files for steps (``sys.addaudithook``)."""
        is_written = name == "open" and isinstance(given[1], str) and any(sign in given[1] for sign in "wax+")
        if is_written or name in _CHANGES:
            self.step()

    def watch_sqlite(self, connection: object, _record: object) -> None:
        """Take what SQLite executes for steps."""
        if isinstance(connection, sqlite3.Connection):
            connection.set_trace_callback(self.step)
            connection.set_progress_handler(self.step, _INSTRUCTIONS)

    def watch_server(self, connection: Connection, *_: object) -> None:
        """Take what is sent to another database than SQLite for steps."""
        if connection.dialect.name != "sqlite":
            self.step()

    def fsync(self, number: int) -> None:
        """A step before and after a file is brought to the disk."""
        self.step()
        _FSYNC(number)
        self.step()


_FSYNC = os.fsync

if __name__ == "__main__":
    last, file, *command = sys.argv[1:]
    steps = Steps(int(last))
    sys.argv = command
    os.fsync = steps.fsync  # type: ignore[assignment]
    sys.addaudithook(steps.watch_files)
    event.listen(Engine, "connect", steps.watch_sqlite)
    for moment in ("before_cursor_execute", "after_cursor_execute", "commit"):
        event.listen(Engine, moment, steps.watch_server)
    try:
        runpy.run_module(command[0], run_name="__main__", alter_sys=True)
    finally:
        Path(file).write_text(str(steps.count), encoding="utf-8")
