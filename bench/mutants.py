"""Change each number that decides, one at a time, and count the changes that no test notices.

Usage: python -m bench.mutants [--room page] [--sample 40] [--seed 1] [--jobs 1] [--list] [--json]
    [--results mutants.jsonl]

A mutant is a copy of the tree with one threshold changed (`bench.material.thresholds`).
The tests of its room run on it, the nearest first, and stop at the first failure. A
mutant is caught when a test fails, missed when all pass, and an error when the tests
could not run (it does not load, or needs more processor time than allowed). Constants
that are data are named with their reason in ``bench/material/no_thresholds.toml`` and
left out. ``--results`` keeps the results: a stopped run goes on where it was, until the
code or the tests change.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from pathlib import Path
from queue import SimpleQueue

from rich.console import Console
from rich.progress import Progress

from bench.material.mutant_rooms import ROOMS, Room, load_exempt
from bench.material.thresholds import Mutant, find_thresholds, mutants, mutated

ROOT = Path(__file__).resolve().parents[1]
_COPIED = ("unioncrawl", "spiders", "pipelines", "bench", "tests", "pyproject.toml")
# The slowest room's tests take 60 s of processor time; a mutant that needs more counts as endless.
_MOST_CPU_SECONDS = 300
_NEEDED_SHARE = 0.8
_OUTCOMES = {0: "missed", 1: "caught"}


@dataclass(frozen=True)
class Result:
    """The result of the tests on one mutant."""

    room: str
    mutant: str
    outcome: str
    noticed_by: str = ""


class Copy:
    """A copy of the tree, in which one file at a time is changed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in _COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns(".hypothesis"))
            else:
                shutil.copy2(source, folder / name)

    def failing(self, room: Room) -> str:
        """Return the test of a room that fails without any change, or an empty string."""
        done = self._pytest(room.tests_for(self.folder, room.folder))
        return "" if done.returncode == 0 else _noticed(done.stdout) or done.stdout[-500:]

    def run(self, room: Room, mutant: Mutant) -> Result:
        """Run the room's tests on the mutant, then put the file back."""
        file = self.folder / mutant.threshold.path
        text = file.read_text(encoding="utf-8")
        file.write_text(mutated(text, mutant), encoding="utf-8")
        # Python would read old bytecode when size and second of the file are the same.
        shutil.rmtree(file.parent / "__pycache__", ignore_errors=True)
        try:
            done = self._pytest(room.tests_for(self.folder, mutant.threshold.path))
        finally:
            file.write_text(text, encoding="utf-8")
        return Result(room.name, mutant.label, _OUTCOMES.get(done.returncode, "error"), _noticed(done.stdout))

    def _pytest(self, tests: Sequence[str]) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "--no-header"]
        command += ["-k", "not postgresql", "--basetemp", str(self.folder / "basetemp"), *tests]
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(self.folder)}
        return subprocess.run(
            command,
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            preexec_fn=_limit,
        )


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (_MOST_CPU_SECONDS, _MOST_CPU_SECONDS))


def _noticed(report: str) -> str:
    failed = (line for line in report.splitlines() if line.startswith(("FAILED ", "ERROR ")))
    return next(failed, "").split(" - ")[0].partition(" ")[2]


def all_mutants(names: Iterable[str]) -> list[tuple[Room, Mutant]]:
    """Return the mutants of these rooms, without those of data, in the order of rooms and files."""
    exempt = load_exempt()
    return [
        (room, mutant)
        for room in map(ROOMS.__getitem__, names)
        for file in sorted((ROOT / room.folder).rglob("*.py"))
        for threshold in find_thresholds(file.relative_to(ROOT).as_posix(), file.read_text(encoding="utf-8"))
        if (threshold.path, threshold.holder, threshold.old) not in exempt
        for mutant in mutants(threshold)
    ]


def sampled(
    found: list[tuple[Room, Mutant]], size: int | None, chance: random.Random
) -> list[tuple[Room, Mutant]]:
    """Return so many of them at random, in their order; all when no size is given."""
    return found if size is None else sorted(chance.sample(found, min(size, len(found))))


class RedBefore(Exception):
    """A test fails on the unchanged tree, so that failures say nothing of mutants."""


def run_all(work: Sequence[tuple[Room, Mutant]], jobs: int) -> Iterator[Result]:
    """Run the mutants, each worker in a copy of its own, and yield each result as it comes.

    Raise `RedBefore` where a room's tests fail without any change.
    """
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        unchanged = Copy(Path(folder) / "unchanged")
        for room in dict.fromkeys(room for room, _ in work):
            failing = unchanged.failing(room)
            if failing:
                raise RedBefore(f"{room.name}: {failing} fails on the unchanged tree. Mend it first.")
        free: SimpleQueue[Copy] = SimpleQueue()
        for number in range(jobs):
            free.put(Copy(Path(folder) / str(number)))

        def one(room: Room, mutant: Mutant) -> Result:
            copy = free.get()
            try:
                return copy.run(room, mutant)
            finally:
                free.put(copy)

        with ThreadPoolExecutor(jobs) as pool:
            for done in as_completed([pool.submit(one, *each) for each in work]):
                yield done.result()


class Kept:
    """The results of earlier runs on the same code and tests, one JSON object a line."""

    def __init__(self, file: Path | None) -> None:
        self.file = file
        self.tree = _digest()
        lines = file.read_text(encoding="utf-8").splitlines() if file and file.exists() else []
        kept = [json.loads(line) for line in lines]
        self.results = [Result(**one["result"]) for one in kept if one["tree"] == self.tree]

    def add(self, result: Result) -> None:
        """Keep one more result."""
        self.results.append(result)
        if self.file is not None:
            with self.file.open("a", encoding="utf-8") as out:
                out.write(
                    json.dumps({"tree": self.tree, "result": asdict(result)}, ensure_ascii=False) + "\n"
                )


def _digest() -> str:
    digest = hashlib.sha256()
    for name in ("unioncrawl", "tests"):
        for file in sorted((ROOT / name).rglob("*")):
            if file.suffix in (".py", ".json", ".toml"):
                digest.update(file.relative_to(ROOT).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]


def summary(results: Iterable[Result]) -> list[dict[str, object]]:
    """Count caught, missed and errors for each room and for all, with the share caught and its error."""
    counts = Counter((room, result.outcome) for result in results for room in (result.room, "all"))
    rows: list[dict[str, object]] = []
    for room in [*ROOMS, "all"]:
        caught, missed, errors = (counts[room, outcome] for outcome in ("caught", "missed", "error"))
        if caught + missed + errors:
            share, error = share_caught(caught, missed)
            row = {"room": room, "caught": caught, "missed": missed, "errors": errors}
            rows.append({**row, "share": share, "standard_error": error})
    return rows


def share_caught(caught: int, missed: int) -> tuple[float, float]:
    """Return the share caught of those that could run, and its standard error as a sample's.

    >>> share_caught(8, 2)
    (0.8, 0.126)
    """
    tried = caught + missed
    share = caught / tried if tried else 0.0
    return round(share, 3), round((share * (1 - share) / tried) ** 0.5, 3) if tried else 0.0


def _run_with_bar(work: list[tuple[Room, Mutant]], kept: Kept, jobs: int) -> list[Result]:
    wanted = {(room.name, mutant.label) for room, mutant in work}
    done = {(result.room, result.mutant) for result in kept.results}
    left = [(room, mutant) for room, mutant in work if (room.name, mutant.label) not in done]
    with Progress(console=Console(stderr=True), disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task("mutants", total=len(work), completed=len(work) - len(left))
        for result in run_all(left, jobs) if left else ():
            kept.add(result)
            progress.advance(task)
    return sorted(
        (result for result in kept.results if (result.room, result.mutant) in wanted),
        key=lambda result: (list(ROOMS).index(result.room), result.mutant),
    )


def _print(results: list[Result]) -> None:
    for result in results:
        if result.outcome != "caught":
            print(f"{result.outcome}: {result.mutant}")
    for row in summary(results):
        line = "{room}: {caught} caught, {missed} missed, {errors} errors".format(**row)
        print(f"{line}; {row['share']:.0%} ± {row['standard_error']:.0%}")


def main() -> int:
    """Run the sample; 1 when fewer than four of five are caught, 2 when a test fails without a change."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--room", action="append", choices=list(ROOMS))
    parser.add_argument("--sample", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--results", type=Path)
    parser.add_argument("--list", action="store_true", help="only name the mutants")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    work = sampled(all_mutants(given.room or ROOMS), given.sample, random.Random(given.seed))
    if given.list:
        print("\n".join(mutant.label for _, mutant in work))
        return 0
    try:
        results = _run_with_bar(work, Kept(given.results), given.jobs)
    except RedBefore as error:
        print(error, file=sys.stderr)
        return 2
    rows = summary(results)
    if given.json:
        print(json.dumps({"rooms": rows, "mutants": [asdict(one) for one in results]}, ensure_ascii=False))
    else:
        _print(results)
    return int(bool(rows) and rows[-1]["share"] < _NEEDED_SHARE)  # type: ignore[operator]


if __name__ == "__main__":
    sys.exit(main())
