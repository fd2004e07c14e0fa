"""The processes that crawl: started, killed, started again, each with a name of its own.

Workers of the queue have a folder of state each, as if on machines of their own: what holds over all of them
holds by the database alone. A name is the contact in the User-Agent: the server knows who asks.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.scale_world.sites import ScaleSite

ROOT = Path(__file__).resolve().parent.parent.parent
# A worker that is asked to end ends its crawls gracefully; beyond this it hangs.
STOPPED_AFTER_SECONDS = 300.0
_LOOK_SECONDS = 0.02
_UNIONCRAWL = (sys.executable, "-m", "unioncrawl")


@dataclass
class Place:
    """A working directory with the site files, its archive's address and all that is asked to be crawled."""

    folder: Path
    archive: str
    sites: Sequence[ScaleSite]

    def prepare(self, port: int, delay_seconds: float) -> None:
        """Write the site files."""
        (self.folder / "sites").mkdir(parents=True)
        for site in self.sites:
            path = self.folder / "sites" / f"{site.site_id}.toml"
            path.write_text(site.file(port, delay_seconds), encoding="utf-8")

    @property
    def names(self) -> list[str]:
        """The sites' ids."""
        return [site.site_id for site in self.sites]

    @property
    def captures(self) -> Path:
        """The folder of captures that all processes share."""
        return self.folder / "data" / "captures"

    def environment(self, agent: str, machine: str) -> dict[str, str]:
        """The variables of a process of this name on this machine."""
        return {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "UNIONCRAWL_SITES_DIRS": str(self.folder / "sites"),
            "SCRAPY_SETTINGS_MODULE": "unioncrawl.settings",
            "UNIONCRAWL_CONTACT": agent,
            "XDG_STATE_HOME": str(self.folder / "state" / machine),
        }

    def run(self, *words: str) -> str:
        """Run a command of ours to its end and return what it printed; raises when it failed."""
        command = [*_UNIONCRAWL, *words, "--archive", self.archive]
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment("bench@scale.example", "bench"),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(words)} ended with {done.returncode}: {done.stderr[-2000:]}")
        return done.stdout

    def jobs(self) -> dict[str, Any]:
        """What ``unioncrawl jobs`` says."""
        said: dict[str, Any] = json.loads(self.run("jobs", "--json"))
        return said


# The words after `unioncrawl` for a process of this number.
Command = Callable[[int], list[str]]


@dataclass
class Worker:
    """A place in the crew: its number, the process that fills it now, how often it was filled before."""

    number: int
    process: subprocess.Popen[bytes] | None = None
    times: int = 0
    last_code: int | None = None
    is_killed: bool = False

    @property
    def agent(self) -> str:
        """The name under which the present process asks."""
        return f"w{self.number}-{self.times}@scale.example"


@dataclass
class Crew:
    """So many processes of one command; ``cpu_seconds`` of those that have ended, with their children.

    ``ends``: whether a process that ended with code 0 has done its part; else it is to be started again.
    ``is_spread``: whether each is on a machine of its own.
    """

    place: Place
    command: Command
    count: int
    ends: bool = True
    is_spread: bool = True
    cpu_seconds: float = 0.0
    # The exit codes of those that were asked to end; when those ended that did so by themselves, with codes.
    stopped: list[int] = field(default_factory=list)
    by_themselves: list[tuple[float, int]] = field(default_factory=list)
    is_stopping: bool = False
    # Jobs that had failed and that a person would have had to retry.
    retried: int = 0

    def __post_init__(self) -> None:
        self.workers = [Worker(number) for number in range(self.count)]

    def start(self) -> None:
        """Start all."""
        for worker in self.workers:
            self.start_one(worker)

    def start_one(self, worker: Worker) -> None:
        """Start the process of a place in the crew."""
        worker.times += 1
        worker.is_killed = False
        machine = f"machine-{worker.number if self.is_spread else 0}"
        log = self.place.folder / f"worker-{worker.number}.log"
        with log.open("ab") as output:
            worker.process = subprocess.Popen(
                [*_UNIONCRAWL, *self.command(worker.number), "--archive", self.place.archive],
                cwd=self.place.folder,
                env=self.place.environment(worker.agent, machine),
                stdout=output,
                stderr=output,
                stdin=subprocess.DEVNULL,
            )

    def running(self) -> list[Worker]:
        """Those whose process runs."""
        return [worker for worker in self.workers if self._look(worker)]

    def _look(self, worker: Worker) -> bool:
        """Whether a worker's process runs; what it took is noted when it has ended."""
        if worker.process is None:
            return False
        number, status, usage = os.wait4(worker.process.pid, os.WNOHANG)
        if not number:
            return True
        worker.process.returncode = worker.last_code = os.waitstatus_to_exitcode(status)
        if self.is_stopping:
            self.stopped.append(worker.last_code)
        elif not worker.is_killed:
            self.by_themselves.append((time.monotonic(), worker.last_code))
        self.cpu_seconds += usage.ru_utime + usage.ru_stime
        worker.process = None
        return False

    def is_finished(self, worker: Worker) -> bool:
        """Whether a place of the crew has done its part."""
        return self.ends and worker.process is None and worker.last_code == 0

    def kill(self, worker: Worker) -> None:
        """End a worker with SIGKILL and wait until it is gone."""
        if worker.process is not None:
            worker.is_killed = not self.is_stopping
            worker.process.kill()
            while self._look(worker):
                time.sleep(_LOOK_SECONDS)

    def wait(self) -> None:
        """Wait until all have ended by themselves."""
        while self.running():
            time.sleep(_LOOK_SECONDS)

    def stop(self) -> None:
        """Ask all to end, and wait for them; one that does not end in time is killed."""
        running = self.running()
        self.is_stopping = True
        for worker in running:
            if worker.process is not None:
                worker.process.send_signal(signal.SIGTERM)
        until = time.monotonic() + STOPPED_AFTER_SECONDS
        while (left := self.running()) and time.monotonic() < until:
            time.sleep(_LOOK_SECONDS)
        for worker in left:
            self.kill(worker)
