"""The process in which one harness runs: what kills it kills nothing else.

The present input and the number of runs stand in a shared file before each run,
so that the process that forked this one knows them whatever happens here.
"""

from __future__ import annotations

import faulthandler
import io
import json
import mmap
import os
import resource
import signal
import struct
import sys
import traceback
from collections.abc import Callable
from contextlib import redirect_stderr
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from tests.fuzz import engine

# The limits of the process: what needs more is reported with its input.
MAX_DATA_BYTES = 3 << 30
_HEAD = struct.Struct("<QI")
_STATE_BYTES = 1 << 20
SLOW = "slow"
STATE, FINDINGS, FOUND, DEADLY = "state", "findings.jsonl", "found", "deadly"


class State:
    """How many runs there were, and the input of the present one, in a file that two processes see."""

    def __init__(self, folder: Path) -> None:
        path = folder / STATE
        if not path.exists():
            path.write_bytes(bytes(_STATE_BYTES))
        with path.open("r+b") as file:
            self._shared = mmap.mmap(file.fileno(), _STATE_BYTES)

    def begin(self, data: bytes) -> None:
        """Note one more run, and its input."""
        runs = self.runs + 1
        data = data[: _STATE_BYTES - _HEAD.size]
        self._shared[: _HEAD.size + len(data)] = _HEAD.pack(runs, len(data)) + data

    @property
    def runs(self) -> int:
        """How many runs began."""
        return int(_HEAD.unpack_from(self._shared)[0])

    @property
    def data(self) -> bytes:
        """The input of the last one."""
        length = _HEAD.unpack_from(self._shared)[1]
        return bytes(self._shared[_HEAD.size : _HEAD.size + length])


def keep_deadly(folder: Path, data: bytes) -> None:
    """Note an input that ended the process, so that the next one passes it over."""
    (folder / DEADLY).mkdir(exist_ok=True)
    (folder / DEADLY / sha256(data).hexdigest()[:12]).write_bytes(data)


def keep(folder: Path, kind: str, detail: str, data: bytes) -> None:
    """Keep an input that failed, one a kind: the shortest; and count it."""
    found = folder / FOUND
    found.mkdir(exist_ok=True)
    name = sha256(kind.encode()).hexdigest()[:12]
    path = found / name
    if not path.exists() or len(data) < path.stat().st_size:
        path.write_bytes(data)
        path.with_suffix(".txt").write_text(f"{kind}\n\n{detail}", "utf-8", "backslashreplace")
    with (folder / FINDINGS).open("a") as log:
        log.write(json.dumps({"kind": kind, "file": name}) + "\n")


def watch() -> None:
    """Bound memory, and let the system end this process when a run takes too much processor time."""
    resource.setrlimit(resource.RLIMIT_DATA, (MAX_DATA_BYTES, MAX_DATA_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    # What ends the process prints where it was at work, in C code too.
    faulthandler.enable(2)
    faulthandler.register(signal.SIGPROF, 2, chain=True)


class Plan(NamedTuple):
    """How often, from which chance, with which engine; a run of more processor time is a hang."""

    runs: int
    seed: int
    engine: str
    hang_seconds: float = 60.0


def load(how: str) -> None:
    """Import what is fuzzed, once for all workers; for atheris with its marks in the code."""
    if how == "atheris":
        import atheris  # noqa: PLC0415 - must come before what it instruments

        silenced = redirect_stderr(io.StringIO())  # a line for each module
        with silenced, atheris.instrument_imports(include=["unioncrawl"]):
            import tests.fuzz.harnesses  # noqa: PLC0415 - see above
    import tests.fuzz.effort  # noqa: PLC0415 - the harnesses import the library

    tests.fuzz.effort.slowness()


def forked(name: str, folder: Path, plan: Plan) -> int:
    """Start a process that runs a harness; its number."""
    sys.stdout.flush()
    sys.stderr.flush()
    number = os.fork()
    if number:
        return number
    try:
        log = os.open(folder / "log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(log, 1)
        os.dup2(log, 2)
        _work(name, folder, plan)
    except BaseException:  # noqa: BLE001 - a fork must never go on as its parent
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(70)
    os._exit(0)  # tables of the library need not be taken apart


def _work(name: str, folder: Path, plan: Plan) -> None:
    from tests.fuzz.harnesses import harness  # noqa: PLC0415 - loaded by `load`

    chosen, inputs = harness(name), engine.seeds(name)
    run = _runner(chosen.check, folder, plan.hang_seconds)
    watch()
    if plan.engine == "atheris":
        flags = [f"-runs={plan.runs}", f"-seed={plan.seed}", f"-max_len={chosen.max_bytes}"]
        engine.run_guided(run, folder, inputs, flags)
    else:
        engine.run_blind(run, inputs, plan.runs, plan.seed, chosen.max_bytes)


def _runner(check: Callable[[bytes], int], folder: Path, hang_seconds: float) -> engine.Run:
    from tests.fuzz.judge import judge  # noqa: PLC0415 - it imports the library, which comes instrumented

    state = State(folder)
    deadly = {path.read_bytes() for path in (folder / DEADLY).glob("*")}

    def run(data: bytes) -> None:
        if data in deadly:
            return
        state.begin(data)
        signal.setitimer(signal.ITIMER_PROF, hang_seconds)
        failure = judge(check, data)
        if failure is not None:
            keep(folder, *failure, data)

    return run
