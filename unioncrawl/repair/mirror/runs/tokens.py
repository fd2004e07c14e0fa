"""Read a damaged text as what it shows of the mirror's bytes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import IntEnum
from typing import NamedTuple

from unioncrawl.language.pinyin import READING
from unioncrawl.repair.mirror_model.forward import CUT_MARKS

# What a lost byte may have eaten into is no longer than this.
_AHEAD = len("/blockquote>")
_NARROW = dict(zip(",:;()!?", "，：；（）！？", strict=True))
_PART = re.compile(
    rf"\((?P<note>{READING})\)"
    rf"|\?(?P<tail>{READING})\)"
    r"|.",
    re.DOTALL,
)
_PART_SILENT = re.compile(rf"\((?P<note>{READING})\)|(?P<tail>(?!))|.", re.DOTALL)


class Shown(IntEnum):
    """What a piece of the page shows."""

    PAIR = 0
    BYTE = 1
    LOST = 2
    NOTE = 3
    NOTE_TAIL = 4
    WALL = 5
    END = 6


class Token(NamedTuple):
    """A piece of a damaged text: where it stands, and the bytes that it shows.

    ``pair`` are the two bytes of a character, ``byte`` those of an ASCII sign; a
    sign that may be a full-width mark turned narrow has both. ``cut`` says that
    the mirror cut before and after the pair. ``reading`` is a note's; ``ahead`` is
    what follows a lost byte on the page.
    """

    shown: Shown
    start: int
    end: int
    text: str
    pair: int = 0
    byte: int = 0
    cut: bool = False
    reading: str = ""
    ahead: str = ""


def read_tokens(text: str, start: int, *, narrow: bool, silent: bool = False) -> Iterator[Token]:
    """Yield the tokens of a damaged text from an offset on, then the end.

    ``?wù)`` is one token: the ``?`` has eaten the bracket of a note. When losses are
    ``silent`` (the dropping decoder), a question mark is just that.

    >>> [token.shown.name for token in read_tokens("獎(jiǎng)?wù)芦@", 0, narrow=False)]
    ['PAIR', 'NOTE', 'NOTE_TAIL', 'PAIR', 'BYTE', 'END']
    """
    for match in (_PART_SILENT if silent else _PART).finditer(text, start):
        place = match.span()
        if match["note"]:
            yield Token(Shown.NOTE, *place, match[0], reading=match["note"])
        elif match["tail"]:
            yield Token(Shown.NOTE_TAIL, *place, match[0], reading=match["tail"])
        elif match[0] == "?" and not silent:
            yield Token(Shown.LOST, *place, "?", ahead=text[place[1] : place[1] + _AHEAD])
        else:
            # Right after a question mark nothing was turned narrow.
            turned = narrow and text[place[0] - 1 : place[0]] != "?"
            yield _read_sign(match[0], place, narrow=turned)
    yield Token(Shown.END, len(text), len(text), "")


def _read_sign(sign: str, place: tuple[int, int], *, narrow: bool) -> Token:
    data = sign.encode("gbk", "ignore")
    if len(data) > 1:
        return Token(Shown.PAIR, *place, sign, pair=int.from_bytes(data), cut=sign in CUT_MARKS)
    if sign == "€":
        return Token(Shown.BYTE, *place, sign, byte=0x80)
    if not sign.isascii():
        return Token(Shown.WALL, *place, sign)
    wide = _NARROW.get(sign) if narrow else None
    if wide is None:
        return Token(Shown.BYTE, *place, sign, byte=ord(sign))
    pair = int.from_bytes(wide.encode("gbk"))
    return Token(Shown.PAIR, *place, wide, pair=pair, byte=ord(sign), cut=wide in CUT_MARKS)


def with_following(tokens: Iterable[Token]) -> Iterator[tuple[Token, Token | None]]:
    """Yield each token with the one after it."""
    waiting: Token | None = None
    for token in tokens:
        if waiting is not None:
            yield waiting, token
        waiting = token
    if waiting is not None:
        yield waiting, None
