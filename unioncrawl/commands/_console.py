"""What commands print beside JSON: lines, tables and their progress.

Rich is loaded where something is drawn: a table, a style on a terminal.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TextIO

import typer

from unioncrawl.archive.read.story_places import StoryPlace
from unioncrawl.commands._terminal import say
from unioncrawl.errors import ArticleDamaged

_SHOWN = 5
# With these Rich takes a pipe for a terminal (https://rich.readthedocs.io/en/stable/console.html).
_ASK_FOR_STYLE = ("FORCE_COLOR", "TTY_COMPATIBLE")
# A text, or one with Rich's name of its style.
Part = str | tuple[str, str]


def is_styled(stream: TextIO) -> bool:
    """Whether Rich would draw on a stream: a terminal, or what an environment variable takes for one."""
    return stream.isatty() or any(name in os.environ for name in _ASK_FOR_STYLE)


def print_line(*parts: Part) -> None:
    """Print a line of several parts, however long, with their styles where the output shows any."""
    if is_styled(sys.stdout):
        from unioncrawl.commands._drawing import draw_line  # noqa: PLC0415 - Rich takes 50 ms to load

        draw_line(parts)
    else:
        # Not by typer's echo, which leaves out what looks like a style, and writes UTF-8 into an ASCII pipe.
        sys.stdout.write("".join(part if isinstance(part, str) else part[0] for part in parts) + "\n")


def print_table(title: str, head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Draw a table; ``head`` may be empty. See `unioncrawl.commands._drawing.draw_table`."""
    from unioncrawl.commands._drawing import draw_table  # noqa: PLC0415 - the same

    draw_table(title, head, rows)


@contextmanager
def busy(doing: str, done: Callable[[], str] = str) -> Iterator[None]:
    """Show on stderr what is being done, how far it is and since when; nothing where nobody looks at it."""
    if not is_styled(sys.stderr):
        yield
        return
    from unioncrawl.commands._drawing import live_line  # noqa: PLC0415 - the same

    with live_line(doing, done):
        yield


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


def story_line(place: StoryPlace) -> str:
    """Say in a line which article holds whose story, and where.

    >>> story_line(StoryPlace(3, 1, 10, 412, 0.958))
    'article 3 contains the story of article 1: characters 10 to 412, 96 % of it'
    """
    return (
        f"article {place.article_id} contains the story of article {place.part_article_id}: "
        f"characters {place.start_at} to {place.end_at}, {round(100 * place.share)} % of it"
    )
