"""Read the objects of a JSON file of any size, one at a time; invalid ones are reported and skipped."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from unioncrawl.guard.bounds import BODY_BYTES

_BETWEEN = re.compile(r"[\s,]*")
_DECODER = json.JSONDecoder()
# What decides where a value ends: outside its strings, inside a string, after a plain word or number.
_OUTSIDE, _INSIDE, _PLAIN_END = re.compile(r'["{}\[\]]'), re.compile(r'["\\]'), re.compile(r"[\s,\]}]")
_CLOSED_BY = {"{": "}", "[": "]"}
# What parsing raises: no JSON, a number of more than 4,300 digits, more nesting than Python can hold.
NO_JSON = (ValueError, RecursionError)
_AT_END = re.compile(r"\s*(?:[,\]{]|\Z)")
_LONGEST_LINE_START = 100
_NEVER_CLOSED = "not JSON: a bracket or a quotation mark is never closed"


class _Text:
    """What was read of a file, and how far it was taken."""

    def __init__(self, blocks: Iterable[str]) -> None:
        self._blocks = iter(blocks)
        self.read = ""
        self.at = 0
        self.is_done = False

    def more(self) -> int:
        """Read on; return by how much the text read before moved to the front."""
        moved = self.at
        block = next(self._blocks, None)
        self.is_done = block is None
        self.read = self.read[moved:] + (block or "")
        self.at = 0
        return moved

    def skip(self) -> str:
        """Skip what stands between objects; return the character after it, "" at the end."""
        while True:
            between = _BETWEEN.match(self.read, self.at)
            self.at = between.end() if between else self.at
            if self.at < len(self.read) or self.is_done:
                return self.read[self.at : self.at + 1]
            self.more()


def json_objects(blocks: Iterable[str]) -> Iterator[tuple[object, str]]:
    r"""Yield the elements of a list, or the objects that follow each other, each with an empty problem.

    Invalid JSON comes with its problem. It costs no other element as long as its
    brackets and quotation marks close; otherwise reading goes on at the next line
    that begins as the first element's line did. Raises ValueError for a file that
    is something else.

    >>> list(json_objects(['[{"题": 1}, {"题"', ": 2}]"]))
    [({'题': 1}, ''), ({'题': 2}, '')]
    >>> list(json_objects(['{"题": 1}\n{"题": 2}']))
    [({'题': 1}, ''), ({'题': 2}, '')]
    >>> [problem != "" for _, problem in json_objects(['[{"题": 1}, {"题": 〇}, {"题": 2}]'])]
    [False, True, False]
    """
    text = _Text(blocks)
    sign = text.skip()
    if sign not in {"[", "{"}:
        raise ValueError("it is not a list of objects")
    is_list = sign == "["
    text.at += is_list
    line_start: re.Pattern[str] | None = None
    count = 0
    while sign := text.skip():
        if is_list and sign == "]":
            return
        line_start = line_start or _line_start(text)
        value, problem = _next_value(text)
        count += 1
        if not is_list and count == 1 and not problem and not text.skip():
            raise ValueError("it is not a list of objects")
        yield value, problem
        is_closed = problem != _NEVER_CLOSED and _AT_END.match(text.read, text.at) is not None
        if problem and not is_closed and not _find_line(text, line_start):
            return
    if is_list:
        yield None, "not JSON: the list is cut off"


def _line_start(text: _Text) -> re.Pattern[str]:
    """Return how a line begins that starts an element: with the spaces before the present one."""
    line = text.read[text.read.rfind("\n", 0, text.at) + 1 : text.at]
    return re.compile(rf"\n{re.escape(line) if line.isspace() else ''}(?=\{{)")


def _next_value(text: _Text) -> tuple[object, str]:
    """Return the next value or its problem; the text is then at its end, or at its start if it never ends."""
    try:
        value, end = _DECODER.raw_decode(text.read, text.at)
    except NO_JSON:
        end = 0
    # A number at the end of a block may go on in the next one.
    if end and (end < len(text.read) or text.is_done):
        text.at = end
        return value, ""
    found = _end_of_value(text)
    if found is None:
        return None, _NEVER_CLOSED
    try:
        value = json.loads(text.read[text.at : found])
    except NO_JSON as error:
        return None, f"not JSON: {error}"
    finally:
        text.at = found
    return value, ""


def _end_of_value(text: _Text) -> int | None:
    """Return where the present value ends, found without parsing it; None when it never ends."""
    sign = text.read[text.at]
    if sign not in _CLOSED_BY and sign != '"':
        return _end_of_plain(text)
    awaited: list[str] = []
    inside, at = False, text.at
    while True:
        found = (_INSIDE if inside else _OUTSIDE).search(text.read, at)
        if found is None:
            if text.is_done or len(text.read) - text.at > BODY_BYTES.now():
                return None
            at = max(at, len(text.read)) - text.more()
            continue
        at = found.end() + (found[0] == "\\")
        if found[0] == '"':
            inside = not inside
        elif found[0] in _CLOSED_BY:
            awaited.append(_CLOSED_BY[found[0]])
        elif not inside and awaited.pop() != found[0]:
            return None
        if not awaited and not inside:
            return at


def _end_of_plain(text: _Text) -> int | None:
    while True:
        found = _PLAIN_END.search(text.read, text.at)
        if found is not None:
            return max(found.start(), text.at + 1)
        if text.is_done or len(text.read) - text.at > BODY_BYTES.now():
            return len(text.read)
        text.more()


def _find_line(text: _Text, line_start: re.Pattern[str]) -> bool:
    """Go to the next line on which an element may begin; return whether there is one."""
    text.at += 1
    while (found := line_start.search(text.read, text.at)) is None:
        if text.is_done:
            return False
        # The line end may stand at the end of a block.
        text.at = max(text.at, len(text.read) - _LONGEST_LINE_START)
        text.more()
    text.at = found.end()
    return True
