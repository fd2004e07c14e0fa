"""The consoles that commands print tables and their progress on."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

import typer
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType
from rich.live import Live
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from unioncrawl.archive.read.story_places import StoryPlace
from unioncrawl.commands._terminal import printable, say
from unioncrawl.errors import ArticleDamaged
from unioncrawl.language.printed_number import small_number

_PIPE_WIDTH = 200
# So few columns stay readable when their cells are broken over lines.
_FEW_COLUMNS = 7
_SHOWN = 5


class TerminalConsole(Console):
    """A console that shows pictures of control characters, whatever it prints."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Render as a console does; its own control codes stay."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else Segment(printable(segment.text), segment.style)


def exit_without(damaged: Sequence[ArticleDamaged]) -> None:
    """Say which articles were left out because they are damaged, a few by name, and exit 1; else nothing."""
    if not damaged:
        return
    for one in damaged[:_SHOWN]:
        say(f"unioncrawl: left out: {one.message}", err=True)
    say(
        f"unioncrawl: {len(damaged)} damaged articles are left out. {damaged[0].next_step}"
        " Export again without a cursor then: the next one passes them by.",
        err=True,
    )
    raise typer.Exit(1)


def output_console() -> Console:
    """A console on stdout; in a pipe wide enough that no cell is cut, unless COLUMNS says how wide."""
    if sys.stdout.isatty():
        return TerminalConsole()
    columns = small_number(os.environ.get("COLUMNS", ""))
    return Console(width=columns or _PIPE_WIDTH)


def story_line(place: StoryPlace) -> str:
    """Say in a line which article holds whose story, and where.

    >>> story_line(StoryPlace(3, 1, 10, 412, 0.958))
    'article 3 contains the story of article 1: characters 10 to 412, 96 % of it'
    """
    return (
        f"article {place.article_id} contains the story of article {place.part_article_id}: "
        f"characters {place.start_at} to {place.end_at}, {round(100 * place.share)} % of it"
    )


def print_table(title: str, head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table; where the lines are too short for it, each row as a block of names and values.

    A table of twenty columns in eighty signs would have columns of two signs.
    """
    console = output_console()
    cells = [["" if value is None else str(value) for value in row] for row in rows]
    widths = [max(map(cell_len, column)) for column in zip(head, *cells, strict=True)]
    # A frame and a blank on both sides of each cell.
    if sum(widths) + 3 * len(widths) + 1 <= console.width or len(head) <= _FEW_COLUMNS:
        table = Table(*head, title=title)
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
def busy(doing: str, done: Callable[[], str] = str) -> Iterator[None]:
    """Show on stderr what is being done, how far it is and since when; nothing where nobody looks at it."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield
        return
    start = time.monotonic()

    def line() -> Text:
        return Text(f"{doing} … {done()}  {time.monotonic() - start:.0f} s", style="dim")

    with Live(get_renderable=line, console=console, transient=True, redirect_stdout=False):
        yield
