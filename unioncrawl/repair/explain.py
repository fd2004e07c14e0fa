"""Show a person what repair did to a text: the changed lines, each change, why, and how sure it is.

Steps are records for a machine; many of them can work on one spot (a note is dropped,
a run is restored, the script is turned). Here they are gathered by spot, and shown
as the text that stood there and the text that stands there now.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from unioncrawl.model import Repaired, Step, Unresolved

_LOST_SIGNS = frozenset("?\ufffd")
_SHOWN_BYTES = 24


@dataclass(frozen=True, slots=True)
class Spot:
    """A stretch of a text: what stood there, what stands there now, and the steps between.

    Without steps, both are the same. ``reason`` says why damage was left there.
    """

    before: str
    after: str
    steps: tuple[Step, ...] = ()
    reason: str = ""

    @property
    def confidence(self) -> float:
        """How sure the least sure step is."""
        return min((step.confidence for step in self.steps), default=1.0)


@dataclass(frozen=True, slots=True)
class ExplainedLine:
    """A line of the output, by its number from 1, as spots in order."""

    number: int
    spots: tuple[Spot, ...]


def explain(text: str, repaired: Repaired) -> list[ExplainedLine]:
    r"""The lines in which something changed or damage was left.

    >>> from unioncrawl.repair import repair
    >>> lines = explain("职工\n&ldquo;五一&rdquo;", repair("职工\n&ldquo;五一&rdquo;"))
    >>> [(line.number, [spot.after for spot in line.spots]) for line in lines]
    [(2, ['“', '五一', '”'])]
    """
    lines = explained_lines(text, repaired)
    return [line for line in lines if any(spot.steps or spot.reason for spot in line.spots)]


def explained_lines(text: str, repaired: Repaired) -> Iterator[ExplainedLine]:
    r"""Yield all lines of the output, those without a change too, which are one spot or none.

    >>> from unioncrawl.repair import repair
    >>> lines = explained_lines("职工\n&ldquo;五一&rdquo;", repair("职工\n&ldquo;五一&rdquo;"))
    >>> ["".join(spot.before for spot in line.spots) for line in lines]
    ['职工', '&ldquo;五一&rdquo;']
    """
    spots = _Spots(text)
    for step in repaired.steps:
        spots.take(step)
    for left in repaired.unresolved:
        spots.flag(left)
    return _lines(spots.in_order())


def reasons(spot: Spot) -> list[str]:
    """Return why a spot was changed, a phrase a step, and which bytes were lost.

    >>> reasons(Spot("鐗?", "物", (Step("utf8-as-gbk", 0, 2, "鐗?", "物", 0.97, "UTF-8 read as GBK"),)))
    ['utf8-as-gbk: UTF-8 read as GBK (97 %)', 'bytes on the page E7 89 ?, restored as UTF-8 E7 89 A9']
    """
    if spot.reason:
        return [f"left as it is: {spot.reason}"]
    phrases = {
        f"{s.kind}: {s.evidence or 'known damage'} ({s.confidence:.0%})".replace("%", " %")
        for s in spot.steps
    }
    found = sorted(phrases)
    if _LOST_SIGNS & set(spot.before) and len(spot.before) < _SHOWN_BYTES:
        codec = "utf-8" if any(step.kind == "utf8-as-gbk" for step in spot.steps) else "gbk"
        name = codec.upper()
        found.append(
            f"bytes on the page {_hex(spot.before, 'gb18030')}, restored as {name} {_hex(spot.after, codec)}"
        )
    return found


def _hex(text: str, codec: str) -> str:
    return " ".join(
        character if character in _LOST_SIGNS else character.encode(codec, "replace").hex(" ").upper()
        for character in text
    )


class _Spots:
    """The spots of a text, and a place among them that moves from one step to the next.

    The steps of one repair stand in the order of the text, so each repair goes through it once.
    """

    def __init__(self, text: str) -> None:
        self._passed: list[Spot] = []
        self._length = 0  # of what is passed
        self._ahead = [Spot(text, text)] if text else []  # the nearest is the last

    def in_order(self) -> list[Spot]:
        """The spots from first to last."""
        return [*self._passed, *reversed(self._ahead)]

    def take(self, step: Step) -> None:
        """Make one spot of those that a step touches, cut where unchanged text begins."""
        touched = self._touched(step.start, step.end)
        self._ahead.append(_joined(touched, step, step.start - self._length))

    def flag(self, left: Unresolved) -> None:
        """Say why unchanged text was left as it is."""
        for spot in self._touched(left.start, left.end):
            self._pass(spot if spot.steps or spot.reason else replace(spot, reason=left.reason))

    def _touched(self, start: int, end: int) -> list[Spot]:
        """Take the spots of a stretch out of what is ahead; unchanged text beside it stays in its place."""
        self._go(start)
        place, touched = self._length, list[Spot]()
        while self._ahead and place < end:
            spot = self._ahead.pop()
            before, middle, after = _split(spot, start - place, end - place)
            place += len(spot.after)
            touched.append(middle)
            if before:
                self._pass(before)
            if after:
                self._ahead.append(after)
                break
        return touched

    def _go(self, place: int) -> None:
        while self._passed and self._length > place:
            self._ahead.append(self._passed.pop())
            self._length -= len(self._ahead[-1].after)
        while self._ahead and self._length + len(self._ahead[-1].after) <= place:
            self._pass(self._ahead.pop())

    def _pass(self, spot: Spot) -> None:
        self._passed.append(spot)
        self._length += len(spot.after)


def _split(spot: Spot, start: int, end: int) -> tuple[Spot | None, Spot, Spot | None]:
    """Cut the unchanged text before and after a stretch off; a changed or flagged spot stays whole."""
    if spot.steps or spot.reason:
        return None, spot, None
    start, end = max(start, 0), min(end, len(spot.after))
    left, middle, right = spot.after[:start], spot.after[start:end], spot.after[end:]
    return (
        Spot(left, left) if left else None,
        Spot(middle, middle),
        Spot(right, right) if right else None,
    )


def _joined(touched: list[Spot], step: Step, at: int) -> Spot:
    before = "".join(spot.before for spot in touched)
    after = "".join(spot.after for spot in touched)
    after = after[:at] + step.after + after[at + len(step.before) :]
    return Spot(before, after, (*(s for spot in touched for s in spot.steps), step))


def _lines(spots: list[Spot]) -> Iterator[ExplainedLine]:
    """The spots by line; a changed spot that spans lines counts to the first."""
    number, line, within = 1, list[Spot](), 0
    for spot in spots:
        if spot.steps or "\n" not in spot.after:
            line.append(spot)
            within += spot.after.count("\n")
            continue
        first, *others = spot.after.split("\n")
        line.append(replace(spot, before=first, after=first))
        for text in others:
            yield ExplainedLine(number, tuple(s for s in line if s.after or s.steps))
            number, line = number + 1 + within, [replace(spot, before=text, after=text)]
            within = 0
    yield ExplainedLine(number, tuple(s for s in line if s.after or s.steps))
