"""Does the heavy jobs of a worker: reprocess, import and repair, each as a command of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from procrastinate import JobContext

from unioncrawl.archive.capture_folder import ARCHIVE_SETTING
from unioncrawl.commands._terminal import say
from unioncrawl.service.jobs.heavy_command import Ended, HeavyCommand
from unioncrawl.service.jobs.notes import What
from unioncrawl.service.jobs.ways_to_end import AgainLater, JobFailed

# What fails may fail for the moment; after so many tries a person must look.
_MOST_TRIES = 3
# A wrong option stays wrong.
_USAGE_EXIT_CODE = 2


class HeavyJobs:
    """The commands that a worker runs now."""

    def __init__(self, archive: str) -> None:
        self._archive = archive
        self._running: set[HeavyCommand] = set()

    def task(self, name: str, note: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
        """What does the jobs of a command; ``note`` writes down what it printed."""

        async def do(context: JobContext, arguments: list[str]) -> None:
            command = HeavyCommand(name, arguments, self._environment(name))
            self._running.add(command)
            try:
                ended, cancelled = await _to_its_end(command)
            finally:
                self._running.discard(command)
            say(f"{name} {' '.join(arguments)}: {ended.said or ended.code}", err=True)
            await note(context.job, What.SAID, ended.said)
            if cancelled is not None:
                raise cancelled
            _judge(ended, context.job.attempts)

        return do

    async def stop(self) -> None:
        """End all commands; their jobs go back."""
        await asyncio.gather(*(command.stop() for command in list(self._running)))

    def _environment(self, name: str) -> dict[str, str]:
        # Not as an option: an address may have a password, and options are seen by everybody (ps).
        return {} if name == "repair" else {ARCHIVE_SETTING: self._archive}


async def _to_its_end(command: HeavyCommand) -> tuple[Ended, asyncio.CancelledError | None]:
    run = asyncio.create_task(command.run())
    try:
        return await asyncio.shield(run), None
    except asyncio.CancelledError as cancelled:
        await command.stop()
        return await run, cancelled


def _judge(ended: Ended, attempts: int) -> None:
    if ended.code == 0:
        return
    if ended.was_stopped:
        raise AgainLater("the worker was stopped; another one, or the next, does it again.", is_now=True)
    last = ended.said.rpartition("\n")[2] or "nothing was said"
    said = f"exit code {ended.code}: {last}"
    if ended.code == _USAGE_EXIT_CODE or attempts + 1 >= _MOST_TRIES:
        raise JobFailed(said)
    raise AgainLater(said)
