"""The consoles that commands draw tables, styled lines and their progress on."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType
from rich.live import Live
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from unioncrawl.commands._terminal import printable
from unioncrawl.language.printed_number import small_number

_PIPE_WIDTH = 200
# So few columns stay readable when their cells are broken over lines.
_FEW_COLUMNS = 7


class TerminalConsole(Console):
    """A console that shows pictures of control characters, whatever it prints."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Render as a console does; its own control codes stay."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else Segment(printable(segment.text), segment.style)


def output_console() -> Console:
    """A console on stdout; in a pipe wide enough that no cell is cut, unless COLUMNS says how wide."""
    if sys.stdout.isatty():
        return TerminalConsole()
    columns = small_number(os.environ.get("COLUMNS", ""))
    return Console(width=columns or _PIPE_WIDTH)


def draw_line(parts: Sequence[str | tuple[str, str]]) -> None:
    """Print a line with the styles of its parts; it is not broken."""
    output_console().print(Text.assemble(*parts), soft_wrap=True)


def draw_table(title: str, head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table; where the lines are too short for it, each row as a block of names and values.

    A table of twenty columns in eighty signs would have columns of two signs.
    """
    console = output_console()
    cells = [["" if value is None else str(value) for value in row] for row in rows]
    columns = zip(*([head] if head else []), *cells, strict=True)
    widths = [max(map(cell_len, column)) for column in columns]
    # A frame and a blank on both sides of each cell.
    if sum(widths) + 3 * len(widths) + 1 <= console.width or len(widths) <= _FEW_COLUMNS:
        table = Table(*head, title=title or None, show_header=bool(head))
        for row in cells:
            table.add_row(*row)
        console.print(table)
        return
    console.print(Text(title, style="italic"))
    for row in cells:
        console.print()
        for name, value in zip(head, row, strict=True):
            if value:
                console.print(Text.assemble((f"{name}: ", "dim"), value))


@contextmanager
def live_line(doing: str, done: Callable[[], str]) -> Iterator[None]:
    """Show on stderr what is being done, how far it is and since when; nothing without a terminal."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield
        return
    start = time.monotonic()

    def line() -> Text:
        return Text(f"{doing} … {done()}  {time.monotonic() - start:.0f} s", style="dim")

    with Live(get_renderable=line, console=console, transient=True, redirect_stdout=False):
        yield


class StageBars:
    """A bar for each stage of something long, one below the other."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._stage: TaskID | None = None

    def begin(self, doing: str, total: int) -> None:
        """Begin a stage of so many parts; the one before has ended."""
        self._stage = self._progress.add_task(doing, total=total)

    def advance(self, done: int) -> None:
        """So many more parts of the stage are done."""
        if self._stage is not None:
            self._progress.advance(self._stage, done)


@contextmanager
def stage_bars() -> Iterator[StageBars]:
    """Show bars on stderr, which are gone at the end."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield StageBars(progress)
