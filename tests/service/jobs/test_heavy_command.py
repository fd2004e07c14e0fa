"""A job that is a command: its process ends with the worker, or when it is asked to."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

from tests.event_loops import run_apart
from tests.processes import ROOT, is_alive, start, wait_until
from unioncrawl.service.jobs.heavy_command import HeavyCommand

# It runs until Ctrl-C.
_LASTING = ("practice-site", ["--port", "0"])
_WORKER = """
import asyncio
from unioncrawl.service.jobs.heavy_command import HeavyCommand
asyncio.run(HeavyCommand("practice-site", ["--port", "0"], {}).run())
"""


def children(process: int) -> list[int]:
    """The processes that a process has started."""
    return [int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text("utf-8").split()]


def is_command(process: int) -> bool:
    """Whether a process has become the command, and is no copy of its parent any more."""
    return "practice-site" in Path(f"/proc/{process}/cmdline").read_text("utf-8")


def serves(process: int) -> bool:
    """Whether the practice sites listen: the command has long tied itself to its parent."""
    try:
        return any("socket:" in str(file.readlink()) for file in Path(f"/proc/{process}/fd").iterdir())
    except FileNotFoundError:
        # One of them was closed meanwhile.
        return False


def test_a_command_ends_with_a_worker_that_is_killed() -> None:
    """After kill -9 of the worker nothing goes on behind its successor's back."""
    worker = start([sys.executable, "-c", _WORKER], cwd=ROOT, stdout=subprocess.DEVNULL)
    wait_until(lambda: any(is_command(one) and serves(one) for one in children(worker.pid)), worker)
    (command,) = children(worker.pid)
    worker.kill()
    worker.wait()
    wait_until(lambda: not is_alive(command))


def test_a_command_that_is_stopped_ends_as_after_ctrl_c() -> None:
    """What it printed is kept, and that it was stopped."""

    async def run() -> tuple[int, str, bool]:
        command = HeavyCommand(*_LASTING, {})
        running = asyncio.create_task(command.run())
        while b"Practice sites" not in command.printed:  # noqa: ASYNC110 - the command is another process
            await asyncio.sleep(0.05)
        await command.stop()
        ended = await running
        return ended.code, ended.said, ended.was_stopped

    code, said, was_stopped = run_apart(run())
    assert (code, was_stopped) == (0, True)
    assert said.endswith("practice sites stopped.")


def test_a_command_that_fails_says_why() -> None:
    """Its exit code and the end of what it printed."""
    archive = {"UNIONCRAWL_ARCHIVE": "/nowhere/archive.db"}
    ended = run_apart(HeavyCommand("stats", [], archive).run())
    assert ended.code == 1
    assert "there is no archive at /nowhere/archive.db" in ended.said
    assert not ended.was_stopped
