"""Keeps what a page says from steering the terminal that shows it.

A title may hold ESC (``&#27;`` is enough) or U+009B, with which a page makes a terminal
clear lines, write over them or answer. The archive keeps such characters, since
they are part of what came; a terminal gets a picture of each.
"""

from __future__ import annotations

import re
import sys

import typer

# C0 but tab and line feed, DEL, and C1 (ECMA-48): all that a terminal takes for a command.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_FIRST_PICTURE, _DELETE_PICTURE = 0x2400, "\u2421"
_DELETE = "\x7f"


def printable(text: str) -> str:
    r"""Return the text with a picture in place of each control character but tab and line feed.

    >>> printable("市总工会\x1b[2J召开会议"), printable("\x9b31m")
    ('市总工会␛[2J召开会议', '\\x9b31m')
    >>> printable("全国总工会\t召开会议")
    '全国总工会\t召开会议'
    """
    return _CONTROL.sub(_picture, text)


def _picture(found: re.Match[str]) -> str:
    sign = found[0]
    if sign < " ":
        return chr(_FIRST_PICTURE + ord(sign))
    return _DELETE_PICTURE if sign == _DELETE else f"\\x{ord(sign):02x}"


def say(text: str = "", *, err: bool = False) -> None:
    """Print a line on stdout or stderr; in a pipe as it is, on a terminal as `printable`."""
    stream = sys.stderr if err else sys.stdout
    typer.echo(printable(text) if stream.isatty() else text, err=err)
