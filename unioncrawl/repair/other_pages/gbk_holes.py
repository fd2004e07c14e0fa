"""GBK whose lost bytes left a sign: which characters may stand there, and which one does.

A byte that a code page leaves open becomes U+FFFD or ``?``, a no-break space a space. The pairs
stay in step, so that each lost byte lacks one known place of one character.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from unioncrawl.language.characters import BEYOND_GB2312_COST, character_cost
from unioncrawl.repair.budget import Work
from unioncrawl.repair.code_pages.pages import CodePage
from unioncrawl.repair.utf8_misread.choose_lost import choose

_ANY = tuple(range(0x81, 0xFF))
_MARK = "\ufffd"
_END = "\n"

# The bytes that a letter may have been; ASCII stands for itself.
_Options = tuple[int, ...]


class Filled(NamedTuple):
    """A text with its lost bytes put back, and the share of the least sure of them."""

    text: str
    confidence: float


def fill_holes(letters: str, page: CodePage, around: tuple[str, str], work: Work) -> Filled | None:
    r"""Read letters of which some are signs of lost bytes; None when they are no such GBK.

    ``around`` is the text before and after.

    >>> from unioncrawl.repair.budget import USUAL_BUDGET
    >>> from unioncrawl.repair.code_pages.pages import page_of
    >>> fill_holes("¹¤»į\ufffd£", page_of("cp1257"), ("县总", ""), Work(USUAL_BUDGET, 9)).text
    '工会。'
    """
    parts = _parts(letters, page)
    if parts is None:
        return None
    before, after = around
    choices = iter(choose(parts, before or _END, after or _END, work))
    text, confidence = list[str](), 1.0
    for part in parts:
        choice = None if isinstance(part, str) else next(choices)
        if isinstance(part, str):
            text.append(part)
        elif choice is None:
            return None
        else:
            text.append(choice.text)
            confidence = min(confidence, choice.confidence)
    return Filled("".join(text), confidence)


def _parts(letters: str, page: CodePage) -> list[str | Sequence[str]] | None:
    """Known text and candidates, in order; None when a place has neither."""
    parts: list[str | Sequence[str]] = []
    position = 0
    while position < len(letters):
        pair = letters[position : position + 2]
        found = _pair(pair, page)
        if found:
            parts.append(found[0] if len(found) == 1 else found)
            position += 2
        elif pair[0].isascii():
            parts.append(pair[0])
            position += 1
        else:
            return None
    return _joined(parts)


def _joined(parts: list[str | Sequence[str]]) -> list[str | Sequence[str]]:
    joined: list[str | Sequence[str]] = []
    for part in parts:
        if joined and isinstance(part, str) and isinstance(joined[-1], str):
            joined[-1] += part
        else:
            joined.append(part)
    return joined


@lru_cache(maxsize=1 << 12)
def _pair(pair: str, page: CodePage) -> tuple[str, ...]:
    """The characters that two letters may be; empty when they are none."""
    if len(pair) == 1 or (pair[0].isascii() and pair[0] != "?"):
        return ()
    leads, seconds = (_options(letter, page) for letter in pair)
    found = (bytes(data).decode("gbk", "ignore") for data in product(leads, seconds) if data[0] > 0x80)  # noqa: PLR2004 - a lead byte
    likely = [text for text in found if len(text) == 1 and not text.isascii()]
    if len(likely) > 1:
        likely = [text for text in likely if character_cost(text) <= BEYOND_GB2312_COST]
    return tuple(sorted(likely, key=character_cost))


def _options(letter: str, page: CodePage) -> _Options:
    if letter == _MARK or (letter == "?" and page.open_bytes):
        return tuple(page.open_bytes) or _ANY
    if letter == " " and page.no_break_space is not None:
        return (page.no_break_space,)
    if letter.isascii():
        return (ord(letter),)
    return (page.bytes_of[letter],) if letter in page.bytes_of else ()
