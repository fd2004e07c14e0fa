"""``unioncrawl repair``: damaged text in, repaired text out; one text, JSON lines or WARC."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Annotated, Any, BinaryIO

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn, TransferSpeedColumn

from unioncrawl.archive.captures.page_texts import warc_pages
from unioncrawl.commands._explaining import print_explanation
from unioncrawl.commands._options import MOST, MOST_PROCESSES
from unioncrawl.commands._terminal import say
from unioncrawl.decode.order import decode_page
from unioncrawl.errors import StreamError
from unioncrawl.guard.file_content import read_file, read_within
from unioncrawl.repair import repair as repair_text
from unioncrawl.repair.budget import USUAL_BUDGET
from unioncrawl.repair.bulk.json_lines import BadLine, BulkOptions, repair_json_lines
from unioncrawl.repair.bulk.streams import DAMAGE, Lines, cut_off, open_input, open_output
from unioncrawl.repair.bulk.unfinished import open_unfinished, part_of, without_first

app = typer.Typer(add_completion=False)

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
# A process that a signal ended exits with this and the signal's number: 130 is Ctrl-C, 143 SIGTERM.
_SIGNALLED = 128
_Advance = Callable[[BinaryIO], None]

_InputFile = Annotated[Path | None, typer.Argument(help="A file; without one, or with -, standard input.")]
_OutputFile = Annotated[
    Path | None,
    typer.Option("-o", "--output", help="Where to write; .gz and .zst compress; - is standard output."),
]


@app.command()
def repair(
    file: _InputFile = None,
    output: _OutputFile = None,
    explain: Annotated[bool, typer.Option("--explain", help="Print each change on stderr.")] = False,
    twin: Annotated[
        list[Path] | None,
        typer.Option(exists=True, dir_okay=False, help="The same story, undamaged; may be given again."),
    ] = None,
    hint: Annotated[
        str | None, typer.Option(help="What the site is: simplified, traditional or mirror.")
    ] = None,
    jsonl: Annotated[bool, typer.Option("--jsonl", help='One JSON object with "text" a line.')] = False,
    warc: Annotated[bool, typer.Option("--warc", help="WARC in, JSON lines out.")] = False,
    budget: Annotated[
        int, typer.Option(min=1, max=MOST, help="So many times the usual steps may be spent on broken runs.")
    ] = 1,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with the output of an interrupted --jsonl or --warc.")
    ] = False,
    jobs: Annotated[
        int, typer.Option(min=1, max=MOST_PROCESSES, help="Processes for --jsonl and --warc.")
    ] = 1,
) -> None:
    """Repair damaged Chinese text: mirror damage, mojibake, escaped entities.

    Example: unioncrawl repair page.txt --explain
    """
    twins = tuple(decode_page(read_file(path)).text for path in twin or ())
    if explain and (jsonl or warc):
        raise typer.BadParameter("the steps are in the output of --jsonl and --warc", param_hint="--explain")
    if budget > 1 and (jsonl or warc):
        raise typer.BadParameter("--jsonl and --warc repair with the usual budget", param_hint="--budget")
    file, output = _named(file), _named(output)
    if resume and not (output and (jsonl or warc)):
        raise typer.BadParameter("needs --jsonl or --warc, and -o", param_hint="--resume")
    _refuse_same_file(file, output)
    if jsonl or warc:
        _repair_pile(_Pile(file, output, is_warc=warc, resumes=resume), BulkOptions(twins, hint, jobs))
        return
    with open_input(file) as (stream, _):
        text = decode_page(_read_whole(stream, str(file or "standard input"))).text
    repaired = repair_text(text, hint, twins=twins, budget=USUAL_BUDGET.times(budget))
    with open_output(output) as out:
        out.write(repaired.text.encode("utf-8", "surrogatepass"))
    if explain:
        print_explanation(text, repaired)


def _named(path: Path | None) -> Path | None:
    """A file that has a name; ``-`` is the standard stream, as for other filters."""
    return None if path == Path("-") else path


def _refuse_same_file(file: Path | None, output: Path | None) -> None:
    if file and output and output.exists() and output.samefile(file):
        raise StreamError("the output would overwrite the input.", next_step="Give another name to -o.")


def _read_whole(stream: BinaryIO, name: str) -> bytes:
    """Return all of a text; one that is damaged on its way is not text."""
    try:
        return read_within(stream, name)
    except DAMAGE as error:
        raise cut_off(error) from error


@dataclass(frozen=True, slots=True)
class _Pile:
    """What is repaired into what; ``resumes``: an earlier run has begun the output."""

    file: Path | None
    output: Path | None
    is_warc: bool
    resumes: bool


def _repair_pile(pile: _Pile, options: BulkOptions) -> None:
    bad_records: list[BadLine] = []
    interrupts = _Interrupts()
    with (
        open_input(pile.file) as (stream, raw),
        open_unfinished(pile.output, resumes=pile.resumes) as out,
        _progress(pile.file) as advance,
    ):
        before = out.lines
        with interrupts:
            lines = Lines(stream)
            pages = without_first(_warc_lines(stream, bad_records) if pile.is_warc else lines, before)
            for batch in repair_json_lines(interrupts.stoppable(pages), options):
                out.write(batch.output)
                advance(raw)
                out.bad += len(batch.bad)
                for line in batch.bad:
                    number = line.number + before
                    say(f"unioncrawl: line {number}: {line.reason}; passed on unchanged", err=True)
        out.is_whole = not interrupts.stopped_by
    if interrupts.stopped_by:
        say(f"unioncrawl: interrupted after {out.lines:,} lines{_kept(pile.output)}", err=True)
        raise typer.Exit(_SIGNALLED + interrupts.stopped_by)
    _report_bad(out.bad + len(bad_records), lines.error)


def _kept(output: Path | None) -> str:
    """Where an interrupted output lies, and how to go on."""
    if output is None or not part_of(output).exists():
        return "."
    return f", which are in {part_of(output)}; the same command with --resume goes on after them."


def _report_bad(bad: int, error: StreamError | None) -> None:
    if bad:
        say(f"unioncrawl: {bad} bad lines", err=True)
    if error:
        raise error
    if bad:
        raise typer.Exit(1)


def _warc_lines(stream: BinaryIO, bad: list[BadLine]) -> Iterator[bytes]:
    for page in warc_pages(stream):
        if isinstance(page, BadLine):
            bad.append(page)
            say(f"unioncrawl: record {page.number}: {page.reason}", err=True)
        else:
            yield page


class _Interrupts:
    """Ctrl-C or SIGTERM while in use: what was read is finished and written, nothing more is read."""

    def __init__(self) -> None:
        # The number of the signal; 0 before any.
        self.stopped_by = 0
        self._reading = False
        self._before: list[Any] = []

    def __enter__(self) -> None:
        self._before = [signal.signal(number, self._stop) for number in _SIGNALS]

    def __exit__(self, *_: object) -> None:
        for number, handler in zip(_SIGNALS, self._before, strict=True):
            signal.signal(number, handler)

    def stoppable(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        """The lines, until Ctrl-C."""
        iterator = iter(lines)
        while not self.stopped_by:
            self._reading = True
            try:
                line = next(iterator, None)
            except KeyboardInterrupt:
                return
            finally:
                self._reading = False
            if line is None:
                return
            yield line

    def _stop(self, number: int, _frame: FrameType | None) -> None:
        self.stopped_by = self.stopped_by or number
        if self._reading:
            raise KeyboardInterrupt


@contextmanager
def _progress(path: Path | None) -> Iterator[_Advance]:
    """A bar on stderr by the bytes read of a file; nothing where nobody looks at it."""
    console = Console(stderr=True)
    if path is None or not console.is_terminal:
        yield lambda _: None
        return
    columns = (BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("repair", total=path.stat().st_size)
        yield lambda raw: bar.update(task, completed=raw.tell())
