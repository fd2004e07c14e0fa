"""The console that commands print tables on."""

from __future__ import annotations

import sys

from rich.console import Console

_PIPE_WIDTH = 200


def output_console() -> Console:
    """A console on stdout; in a pipe wide enough that no cell is cut."""
    return Console() if sys.stdout.isatty() else Console(width=_PIPE_WIDTH)
