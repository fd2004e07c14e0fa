"""Fuzz the library: python -m tests.fuzz.run [--runs N] [--seed S] [HARNESS ...].

Without a harness, all of them; without --runs, what the gate runs. Each harness
runs in a forked process; an input that ends the process (a crash, a hang, all
memory used) is kept like one that raises, and the next process goes on. Exit code
1 when anything was found: the inputs lie in the folder that is printed.

python -m tests.fuzz.run --replay FILE HARNESS runs one input again.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.fuzz import engine
from tests.fuzz.worker import FINDINGS, FOUND, SLOW, Plan, State, forked, keep, keep_deadly, load

_LOOK_SECONDS = 0.2
_ROOT = engine.HERE.parent.parent
# A harness whose process dies this often is not run to its end.
_MAX_DEATHS = 50
_PLACE = re.compile(r'File "[^"]*/unioncrawl/(?P<file>[^"]+)", line \d+ in (?P<name>\S+)')


def fuzz(name: str, folder: Path, plan: Plan) -> int:
    """Run a harness as planned, in one process after another where inputs end them; how often it ran."""
    folder.mkdir(parents=True, exist_ok=True)
    state = State(folder)
    for death in range(_MAX_DEATHS):
        left = plan.runs - state.runs
        if left <= 0:
            break
        rest = plan._replace(runs=left, seed=plan.seed + death)
        code = _watched(forked(name, folder, rest), name, state)
        if code == 0:
            break
        log = (folder / "log").read_text("utf-8", "replace")
        keep(folder, _cause_of_death(code, log), log[-4000:], state.data)
        keep_deadly(folder, state.data)
    return state.runs


def _watched(process: int, name: str, state: State) -> int:
    """Wait for a worker's end with a progress line on a terminal; its exit code, below 0 for a signal."""
    start, before = time.monotonic(), state.runs
    while True:
        ended, status = os.waitpid(process, os.WNOHANG)
        rate = (state.runs - before) / max(_LOOK_SECONDS, time.monotonic() - start)
        if sys.stdout.isatty():
            print(f"\r{name}: {state.runs} inputs, {rate:.0f}/s ", end="", flush=True)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(_LOOK_SECONDS)


def _cause_of_death(code: int, log: str) -> str:
    """What ended a process, and where the library was then, as faulthandler wrote it."""
    cause = f"died of {signal.Signals(-code).name}" if code < 0 else f"ended with {code}"
    place = _PLACE.search(log)
    where = f" in {place['file']}:{place['name']}" if place else ""
    return f"{'hang' if code == -signal.SIGPROF else cause}{where}"


def report(name: str, folder: Path, ran: int, seconds: float) -> int:
    """Print what was found, one line a kind with the command that shows it; how many new kinds."""
    from tests.fuzz.judge import is_known  # noqa: PLC0415 - the whole library

    log = folder / FINDINGS
    found = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
    counts = Counter((one["kind"], one["file"]) for one in found)
    counts = Counter({one: times for one, times in counts.items() if _is_confirmed(name, folder, *one)})
    end = "\r\x1b[K" if sys.stdout.isatty() else ""
    print(f"{end}{name}: {ran} inputs, {ran / seconds:.0f}/s, {len(counts)} kinds of failure", flush=True)
    for (kind, file), times in counts.most_common():
        print(f"  {times} times {kind}{' (known)' if is_known(kind) else ''}")
        print(f"    python -m tests.fuzz.run --replay {folder / FOUND / file} {name}")
    return sum(not is_known(kind) for kind, _ in counts)


def _is_confirmed(name: str, folder: Path, kind: str, file: str) -> bool:
    """Whether the library and not the fuzzer made a failure: atheris's marks make code slow."""
    if not kind.startswith(SLOW):
        return True
    command = [sys.executable, "-m", "tests.fuzz.run", "--replay", str(folder / FOUND / file), name]
    return subprocess.run(command, cwd=_ROOT, capture_output=True, check=False).returncode != 0


def replay(name: str, path: Path, *, shrink: bool) -> int:
    """Run one input; with ``shrink`` write the shortest that fails alike beside it."""
    from tests.fuzz.harnesses import harness  # noqa: PLC0415 - the whole library
    from tests.fuzz.judge import judge  # noqa: PLC0415 - the same
    from tests.fuzz.shrinking import shrunk  # noqa: PLC0415 - the same

    check, data = harness(name).check, path.read_bytes()
    failure = judge(check, data)
    if failure is None:
        print("it holds")
        return 0
    print(failure.kind, failure.detail, sep="\n")
    if shrink:
        small = path.with_suffix(".min")
        small.write_bytes(shrunk(check, data, failure.kind))
        print(f"{small.stat().st_size} bytes: python -m tests.fuzz.run --replay {small} {name}")
    return 1


def main() -> int:
    """Fuzz, or run one input again; see the module's text."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.run", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("harnesses", nargs="*", metavar="HARNESS")
    parser.add_argument("--runs", type=int, help="inputs a harness (default: what the gate runs)")
    parser.add_argument("--seed", type=int, default=20261129)
    parser.add_argument("--engine", choices=("atheris", "blind"), help="default: atheris if installed")
    parser.add_argument("--folder", type=Path, help="where inputs that fail are kept")
    parser.add_argument("--replay", type=Path, metavar="FILE", help="run this one input")
    parser.add_argument("--shrink", action="store_true", help="with --replay: make it shorter")
    parser.add_argument("--hang-seconds", type=float, default=60.0, help="processor time of a hang")
    options = parser.parse_args()
    if options.replay:
        return replay(options.harnesses[0], options.replay, shrink=options.shrink)
    if os.environ.get("PYTHONHASHSEED") != "0":  # else no two runs are the same
        command = [sys.executable, "-m", "tests.fuzz.run", *sys.argv[1:]]
        os.execve(sys.executable, command, {**os.environ, "PYTHONHASHSEED": "0"})  # noqa: S606 - itself
    return _fuzz_all(options)


def _timed(job: tuple[str, Path, Plan]) -> tuple[int, float]:
    """Run a harness as planned; how often it ran, and in how many seconds."""
    start = time.monotonic()
    return fuzz(*job), time.monotonic() - start


def _fuzz_all(options: argparse.Namespace) -> int:
    how = options.engine or ("atheris" if engine.has_atheris() else "blind")
    load(how)
    from tests.fuzz.harnesses import HARNESSES, harness  # noqa: PLC0415 - with atheris's marks

    folder = options.folder or Path(tempfile.mkdtemp(prefix="unioncrawl-fuzz-"))
    jobs = []
    for name in options.harnesses or HARNESSES:
        plan = Plan(options.runs or harness(name).gate_runs, options.seed, how, options.hang_seconds)
        jobs.append((name, folder / name.replace(":", "-"), plan))
    kinds = 0
    # As many at once as there are processors; what each finds does not depend on the others.
    with multiprocessing.get_context("fork").Pool(min(len(jobs), os.cpu_count() or 1)) as pool:
        for (name, place, _), (ran, seconds) in zip(jobs, pool.imap(_timed, jobs), strict=True):
            kinds += report(name, place, ran, seconds)
    if how == "blind":
        print("atheris is not installed: the inputs were changed blindly.")
    return 1 if kinds else 0


if __name__ == "__main__":
    sys.exit(main())
