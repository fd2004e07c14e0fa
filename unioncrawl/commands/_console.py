"""The consoles that commands print tables and their progress on."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.live import Live
from rich.text import Text

from unioncrawl.commands._terminal import TerminalConsole, say
from unioncrawl.errors import ArticleDamaged

_PIPE_WIDTH = 200


_SHOWN = 5


def exit_without(damaged: Sequence[ArticleDamaged]) -> None:
    """Say which articles were left out because they are damaged, a few by name, and exit 1; else nothing."""
    if not damaged:
        return
    for one in damaged[:_SHOWN]:
        say(f"unioncrawl: left out: {one.message}", err=True)
    say(f"unioncrawl: {len(damaged)} damaged articles are left out. {damaged[0].next_step}", err=True)
    raise typer.Exit(1)


def output_console() -> Console:
    """A console on stdout; in a pipe wide enough that no cell is cut."""
    return TerminalConsole() if sys.stdout.isatty() else Console(width=_PIPE_WIDTH)


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
