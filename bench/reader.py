"""Measure the reader as its visitors meet it: at a slow pace, by many at once, beside a crawl that writes.

    python -m bench.reader [--archive FILE | --articles 2000] [--only PART] [--datasette PROGRAM]

`unioncrawl serve` runs in a process of its own over a copy of the archive. CPU times are that
process's; wall times say little while other programs run, so the load average stands beside them.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from random import Random

from bench.figures import print_figure
from bench.material.news import News
from bench.material.reader_questions import Questions
from bench.material.served import Answer, Served, serve, serve_datasette
from unioncrawl.archive.store import Archive

PER_SECOND = 4
CLIENTS = 8
_LARGE_BYTES = 60_000
_ROUNDS = 2
_COMPARED = 12


def main() -> None:
    """Run the parts that were asked for, all of them over one reader."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="bench-reader-") as folder:
        path = _archive(Path(folder), options.archive, options.articles)
        questions = Questions(path, Random(options.seed))
        print_figure("archive: articles", questions.articles, "")
        with serve(path) as reader:
            print_figure("memory at the start", reader.memory_megabytes(), "MB")
            for name in options.only or PARTS:
                PARTS[name](reader, questions, path, options.seconds)
            print_figure("memory at the end", reader.memory_megabytes(), "MB", "<= 200")
            print_figure("memory at its peak", reader.peak_megabytes(), "MB")
        if options.datasette:
            measure_beside_datasette(options.datasette, path, questions)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--archive", type=Path, help="an archive to copy; without one it is made")
    parser.add_argument("--articles", type=int, default=2_000, help="articles of the archive that is made")
    parser.add_argument("--seconds", type=float, default=60, help="for each part")
    parser.add_argument("--only", action="append", choices=PARTS, help="this part alone (repeatable)")
    parser.add_argument("--datasette", help="the program datasette, for the comparison with it")
    parser.add_argument("--seed", type=int, default=11, help="of the questions")
    return parser.parse_args()


def _archive(folder: Path, given: Path | None, articles: int) -> Path:
    """Copy or make the archive that is read, brought up to date."""
    path = folder / "archive.db"
    if given is not None:
        shutil.copy(given, path)
    with Archive.open(str(path)) as archive:
        if given is None:
            write(archive, islice(News().articles(), articles))
    return path


def write(archive: Archive, articles: Iterator[object]) -> int:
    """Store articles as a crawl does; return how many."""
    run, number = archive.begin_run("bench", {}), 0
    for number, article in enumerate(articles, 1):  # noqa: B007 - the last number is the count
        archive.store(article, run)  # type: ignore[arg-type]
    archive.finish_run(run, {}, "finished")
    return number


def measure_pages(reader: Served, questions: Questions, _path: Path, _seconds: float) -> None:
    """Ask each kind of page once: how long it takes, and how large it is."""
    for name, page in questions.every_page():
        answer = reader.ask(page)
        came = f"{answer.status}, {answer.size:,} bytes, memory then {reader.memory_megabytes():.0f} MB"
        print_figure(name, answer.cpu_ms, "ms CPU", came)


def measure_pace(reader: Served, questions: Questions, _path: Path, seconds: float) -> None:
    """Ask search pages, and then article pages, at the pace of a few visitors."""
    for name, pages in (("search page", questions.searches()), ("article page", questions.articles_of())):
        _print_answers(f"{name}, {PER_SECOND} a second", list(_paced(reader, pages, seconds)))


def _paced(reader: Served, pages: Iterator[str], seconds: float) -> Iterator[Answer]:
    """Ask pages one after the other, `PER_SECOND` of them begun in each second."""
    start = time.monotonic()
    # A connection of its own: one that was idle is closed by the reader.
    client = reader.another()
    for number in range(int(seconds * PER_SECOND)):
        time.sleep(max(0.0, start + number / PER_SECOND - time.monotonic()))
        yield client.ask(next(pages))


def measure_saturated(reader: Served, questions: Questions, _path: Path, seconds: float) -> None:
    """Let several clients ask a mix of pages as fast as they are answered."""
    pages, lock, answers = questions.mix(), threading.Lock(), list[Answer]()
    before, start = reader.cpu_seconds(), time.monotonic()

    def visit() -> None:
        client = reader.another()
        while time.monotonic() < start + seconds:
            with lock:
                page = next(pages)
            answers.append(client.ask(page))

    visitors = [threading.Thread(target=visit) for _ in range(CLIENTS)]
    for one in visitors:
        one.start()
    for one in visitors:
        one.join()
    taken, spent = time.monotonic() - start, reader.cpu_seconds() - before
    print_figure(f"saturated by {CLIENTS} clients", len(answers) / taken, "pages/s", ">= 30")
    print_figure("  the same", len(answers) / spent, "pages/CPU-s")
    _print_answers("  one of them", answers, with_cpu=False)


def measure_crawl(reader: Served, questions: Questions, path: Path, seconds: float) -> None:
    """Write into the archive while pages are read: what fails, what waits, and what the writer loses."""
    alone, together = list[float](), list[float]()
    answers: list[Answer] = []
    for _ in range(_ROUNDS):
        with _writer(path, seconds / _ROUNDS, alone):
            pass
        with _writer(path, seconds / _ROUNDS, together):
            answers += _paced(reader, questions.mix(), seconds / _ROUNDS)
    _print_answers("a page while a crawl writes", answers)
    print_figure("  slowest", max(one.wall_ms for one in answers), "ms wall", "<= 1000")
    print_figure("articles written alone", sum(alone) / _ROUNDS, "a CPU-second")
    print_figure("  while pages are read", sum(together) / _ROUNDS, "a CPU-second")


@contextmanager
def _writer(path: Path, seconds: float, paces: list[float]) -> Iterator[None]:
    """A process that writes for some seconds; its pace is added to ``paces`` at the end."""
    command = [sys.executable, "-m", "bench.material.written_news", str(path), str(seconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        yield
        said, _ = process.communicate()
    paces.append(float(said))


def measure_beside_datasette(program: str, path: Path, questions: Questions) -> None:
    """Ask both programs for the same words and articles, by turns."""
    with serve(path) as ours, serve_datasette(program, path) as theirs:
        for name, asked in questions.for_both(_COMPARED):
            taken = [
                [one.ask(page).cpu_ms for page in pages]
                for one, pages in zip((ours, theirs), asked, strict=True)
            ]
            middle = [sorted(one)[len(one) // 2] for one in taken]
            print_figure(f"{name}: unioncrawl, median", middle[0], "ms CPU")
            print_figure(f"{name}: datasette, median", middle[1], "ms CPU")
            print_figure(f"{name}: datasette / unioncrawl", middle[1] / middle[0], "times")
        for one, program_name in ((ours, "unioncrawl"), (theirs, "datasette")):
            print_figure(f"memory of {program_name}", one.memory_megabytes(), "MB")


def _print_answers(name: str, answers: Sequence[Answer], *, with_cpu: bool = True) -> None:
    failed = sorted({one.status for one in answers if not one.is_right})
    load = f"load {os.getloadavg()[0]:.1f}"
    for kind, unit in (("cpu_ms", "ms CPU"), ("wall_ms", "ms wall"))[not with_cpu :]:
        taken = sorted(getattr(one, kind) for one in answers)
        for share in (50, 95, 100):
            at = taken[min(len(taken) - 1, len(taken) * share // 100)]
            print_figure(f"{name}, p{share}" if share < 100 else f"{name}, longest", at, unit, load)
    print_figure(f"{name}, largest", max(one.size for one in answers), "bytes", f"<= {_LARGE_BYTES:,}")
    print_figure(
        f"{name}, failed", sum(not one.is_right for one in answers), f"of {len(answers)}", f"{failed or 0}"
    )


PARTS: Mapping[str, Callable[[Served, Questions, Path, float], None]] = {
    "pages": measure_pages,
    "pace": measure_pace,
    "saturated": measure_saturated,
    "crawl": measure_crawl,
}


if __name__ == "__main__":
    main()
