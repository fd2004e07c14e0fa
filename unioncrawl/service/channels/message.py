"""A message to somebody: what it reports, and how it is fitted into the bytes of a channel."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

# A person reads no more in one message; the others are counted.
MOST_SHOWN = 30
CUT = "…"


@dataclass(frozen=True, slots=True)
class Item:
    """One event as a person reads it, in the channel's language."""

    event_id: str
    title: str
    lines: tuple[str, ...] = ()
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message of one or more events.

    ``message_id``: the same in each repeat; ``records``: the events for a machine;
    ``plain``: send it in the plainest form, without links, because it was refused before.
    """

    message_id: str
    heading: str
    items: tuple[Item, ...]
    records: tuple[Mapping[str, Any], ...] = ()
    language: str = "zh"
    plain: bool = False

    @property
    def count(self) -> int:
        """How many events it reports."""
        return len(self.items)


@dataclass(frozen=True, slots=True)
class Shown:
    """What of a message is written out; the rest is counted."""

    items: tuple[Item, ...]
    left_out: int
    language: str

    @property
    def tail(self) -> str:
        """The sentence that reports what was left out; empty without anything."""
        if not self.left_out:
            return ""
        if self.language == "en":
            return f"{CUT} {self.left_out} more; see: unioncrawl watch log"
        return f"{CUT}另有 {self.left_out} 条，见：unioncrawl watch log"


def cut_bytes(text: str, most_bytes: int) -> str:
    """Return as much of a text as fits some bytes of UTF-8, cut between characters, the cut marked.

    >>> cut_bytes("总工会送清凉", 12), cut_bytes("总工会", 9), cut_bytes("总工会", 2)
    ('总工会…', '总工会', '')
    """
    encoded = text.encode("utf-8", "replace")
    if len(encoded) <= most_bytes:
        return text
    room = most_bytes - len(CUT.encode())
    return encoded[:room].decode("utf-8", "ignore") + CUT if room >= 0 else ""


def fit(message: Message, write: Callable[[Shown], str], most_bytes: int) -> str:
    """Return the longest text of a message that has at most so many bytes of UTF-8.

    As many events are written out as fit; of one that alone is too long, as much as fits.
    ``write`` writes what is shown; a longer share of events gives a longer text.
    """

    def written(number: int) -> str:
        return write(Shown(message.items[:number], message.count - number, message.language))

    if message.count <= MOST_SHOWN and _bytes(everything := written(message.count)) <= most_bytes:
        return everything
    most = _last(min(MOST_SHOWN, message.count), lambda number: _bytes(written(number)) <= most_bytes)
    if most:
        return written(most)
    first = message.items[0]

    def shortened(room: int) -> str:
        return write(Shown((_shorten(first, room),), message.count - 1, message.language))

    return shortened(_last(most_bytes, lambda room: _bytes(shortened(room)) <= most_bytes))


def _shorten(item: Item, room: int) -> Item:
    title = cut_bytes(item.title, room)
    lines: list[str] = []
    left = room - _bytes(title)
    for line in item.lines:
        if left <= 0:
            break
        lines.append(cut_bytes(line, left))
        left -= _bytes(lines[-1])
    # A link is whole or absent.
    url = item.url if _bytes(item.url) <= left else ""
    return replace(item, title=title, lines=tuple(line for line in lines if line), url=url)


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "replace"))


def _last(most: int, holds: Callable[[int], bool]) -> int:
    """The largest number up to ``most`` that holds, where all smaller ones do; 0 without any."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if holds(middle) else (low, middle - 1)
    return low
