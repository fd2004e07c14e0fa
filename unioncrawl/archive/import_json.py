"""Read the objects of a JSON file of any size, one at a time."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

_BETWEEN = re.compile(r"[\s,]*")
_DECODER = json.JSONDecoder()
# An object is parsed again with each block that it needs; it should need few.
_MAX_OBJECT_CHARACTERS = 1 << 26


class _Text:
    """What was read of a file, and how far it was taken."""

    def __init__(self, blocks: Iterable[str]) -> None:
        self._blocks = iter(blocks)
        self.read = ""
        self.at = 0
        self.is_done = False

    def more(self) -> None:
        """Read on."""
        block = next(self._blocks, None)
        self.is_done = block is None
        self.read = self.read[self.at :] + (block or "")
        self.at = 0

    def skip(self) -> str:
        """Pass over what stands between objects; the sign behind it, "" at the end."""
        while True:
            between = _BETWEEN.match(self.read, self.at)
            self.at = between.end() if between else self.at
            if self.at < len(self.read) or self.is_done:
                return self.read[self.at : self.at + 1]
            self.more()


def json_objects(blocks: Iterable[str]) -> Iterator[tuple[object, str]]:
    r"""The elements of a list, or the objects that follow each other, each with an empty problem.

    What is no JSON is told once, as the last element: nothing behind it can be
    trusted. Raises ValueError for a file that is something else.

    >>> list(json_objects(['[{"题": 1}, {"题"', ": 2}]"]))
    [({'题': 1}, ''), ({'题': 2}, '')]
    >>> list(json_objects(['{"题": 1}\n{"题": 2}']))
    [({'题': 1}, ''), ({'题': 2}, '')]
    """
    text = _Text(blocks)
    sign = text.skip()
    if sign not in {"[", "{"}:
        raise ValueError("it is no list of objects")
    is_list = sign == "["
    text.at += is_list
    count = 0
    while sign := text.skip():
        if is_list and sign == "]":
            return
        value, problem = _next_value(text)
        count += 1
        if not is_list and count == 1 and not problem and not text.skip():
            raise ValueError("it is no list of objects")
        yield value, problem
        if problem:
            return
    if is_list:
        yield None, "no JSON: the list is cut off"


def _next_value(text: _Text) -> tuple[object, str]:
    while True:
        try:
            value, end = _DECODER.raw_decode(text.read, text.at)
        except ValueError as error:
            if text.is_done or len(text.read) - text.at > _MAX_OBJECT_CHARACTERS:
                return None, f"no JSON, and nothing behind it is read: {error}"
            text.more()
            continue
        # A number at the end of a block may go on in the next one.
        if end == len(text.read) and not text.is_done:
            text.more()
            continue
        text.at = end
        return value, ""
