"""A job that is a command of unioncrawl: it runs in a process of its own, and what it prints is kept."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from unioncrawl.service.jobs.notes import LONGEST_NOTE

_READ_BYTES = 1 << 16
# A command that does not end when it is asked to is killed: what it was at is done again.
_PATIENCE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended: its exit code, the end of what it printed, and whether it was asked to end."""

    code: int
    said: str
    was_stopped: bool = False


class HeavyCommand:
    """A command's process."""

    def __init__(self, command: str, arguments: Sequence[str], environment: Mapping[str, str]) -> None:
        self._line = [sys.executable, "-m", "unioncrawl.service.jobs.tied", str(os.getpid()), command]
        self._line += arguments
        self._environment = {**os.environ, **environment}
        self._process: asyncio.subprocess.Process | None = None
        # The end of what it has printed so far.
        self.printed, self._was_stopped = b"", False

    async def run(self) -> Ended:
        """Run it to its end; `stop` ends it earlier."""
        self._process = await asyncio.create_subprocess_exec(
            *self._line,
            env=self._environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        if self._process.stdout is not None:
            while piece := await self._process.stdout.read(_READ_BYTES):
                self.printed = (self.printed + piece)[-LONGEST_NOTE:]
        code = await self._process.wait()
        return Ended(code, self.printed.decode("utf-8", "replace").strip(), self._was_stopped)

    async def stop(self) -> None:
        """Ask it to end, as Ctrl-C does; it keeps what it has done. Kill it when it does not.

        A worker that a shell started in the background ignores Ctrl-C, and so would its commands.
        """
        self._was_stopped = True
        process = self._process
        if process is None or process.returncode is not None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), _PATIENCE_SECONDS)
        except TimeoutError:
            process.kill()
