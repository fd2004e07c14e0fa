"""Lay two like texts side by side, and find what stands in one at the place of what differs in the other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from unioncrawl.archive.reprints.fingerprints import GRAM, ReprintText, numbers_of

_MISSING = re.compile(b"\x00+")
_PIECES = re.compile(r"\d+|\D+")
# A swap is a word, a number or a clause; a longer difference was written anew.
_LONGEST = 60
# At the beginning and end of a text nothing shows how far its counterpart reaches.
_LONGEST_AT_EDGE = 14
# How much of the common text around a place is compared.
_AROUND = 10
_TRIES = 4


@dataclass(frozen=True, slots=True)
class Swap:
    """``ours`` stands in one text where ``theirs`` stands in the other, between text that both have."""

    ours: str
    theirs: str
    before: str = ""
    after: str = ""

    @property
    def is_number(self) -> bool:
        """Whether a number took the place of a number."""
        return self.ours.isdigit() and self.theirs.isdigit()


@dataclass(frozen=True, slots=True)
class Comparison:
    """The swaps between two texts, and how many numbers stand in both at the same place."""

    swaps: tuple[Swap, ...]
    kept_numbers: int


def lay_side_by_side(left: ReprintText, right: ReprintText) -> Comparison:
    """Find what stands in ``right`` at the places where ``left`` differs.

    Text that only one of them has (a paragraph left out, a lead added) is not a swap.

    >>> ours, theirs = ReprintText("神木市总工会慰问职工120名"), ReprintText("府谷县总工会慰问职工8名")
    >>> [(swap.ours, swap.theirs) for swap in lay_side_by_side(ours, theirs).swaps]
    [('神木市', '府谷县'), ('120', '8')]
    >>> lay_side_by_side(ours, ReprintText("本报讯神木市总工会慰问职工120名")).swaps
    ()
    """
    swaps: list[Swap] = []
    kept = len(numbers_of(left.text))
    for ours, theirs in _places(left, right):
        kept -= len(numbers_of(ours.text))
        for swap in _pieces(ours, theirs):
            if swap.ours != swap.theirs:
                swaps.append(swap)
            elif swap.is_number:
                kept += 1
    return Comparison(tuple(swaps), kept)


@dataclass(frozen=True, slots=True)
class _Place:
    """A stretch of a text."""

    whole: str
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.whole[self.start : self.end]

    def with_digits(self) -> _Place:
        """Return the stretch with the rest of the numbers that it cuts."""
        start, end = self.start, self.end
        while start > 0 and self.whole[start - 1].isdigit():
            start -= 1
        while end < len(self.whole) and self.whole[end].isdigit():
            end += 1
        return self if (start, end) == (self.start, self.end) else _Place(self.whole, start, end)


def _places(left: ReprintText, right: ReprintText) -> Iterator[tuple[_Place, _Place]]:
    """Yield the stretches of the left text that the right one lacks, each with its replacement."""
    text, count, cursor = left.text, len(left.ordered), 0
    known = bytes(map(right.grams.__contains__, left.ordered))
    for found in _MISSING.finditer(known):
        # The first and last missing grams begin and end in text that both have.
        start = found.start() + GRAM - 1 if found.start() else 0
        end = found.end() if found.end() < count else len(text)
        ours = _Place(text, start, end)
        theirs = _opposite(ours, right.text, cursor)
        if theirs is not None:
            cursor = theirs.end
        yield ours.with_digits(), (theirs or _Place(right.text, 0, 0)).with_digits()


def _opposite(ours: _Place, text: str, cursor: int) -> _Place | None:
    """Return the stretch of ``text`` between what stands around ours; ``None`` when it is not found."""
    before = ours.whole[max(0, ours.start - GRAM) : ours.start]
    after = ours.whole[ours.end : ours.end + GRAM]
    room = ours.end - ours.start + GRAM
    if room > (_LONGEST if before and after else _LONGEST_AT_EDGE):
        return None
    for _ in range(_TRIES):
        begin = text.find(before, cursor)
        if begin < 0 < cursor:
            # Paragraphs may have another order.
            begin = text.find(before)
        if begin < 0:
            return None
        begin += len(before)
        end = text.find(after, begin)
        if not before and end >= 0:
            return _Place(text, max(0, end - room), end)
        if not after:
            return _Place(text, begin, min(len(text), begin + room))
        if 0 <= end - begin <= _LONGEST:
            return _Place(text, begin, end)
        cursor = begin
    return None


def _pieces(ours: _Place, theirs: _Place) -> Iterator[Swap]:
    """Yield numbers beside numbers, words beside words; in another order nothing is comparable."""
    left, right = (list(_PIECES.finditer(one.whole, one.start, one.end)) for one in (ours, theirs))
    if ours.start == 0:
        left, right = left[::-1], right[::-1]
    elif ours.end < len(ours.whole) and len(left) != len(right):
        return
    for one, other in zip(left, right, strict=False):
        if one[0].isdigit() != other[0].isdigit():
            return
        if one[0].isdigit():
            yield Swap(one[0].lstrip("0"), other[0].lstrip("0"))
        elif (swap := _words(ours.whole, one.start(), one[0], other[0])) is not None:
            yield swap


def _words(whole: str, start: int, ours: str, theirs: str) -> Swap | None:
    """Return the swap of two stretches without their common beginning and end; ``None`` if one is empty."""
    shorter = min(len(ours), len(theirs))
    same = next((at for at in range(shorter) if ours[at] != theirs[at]), shorter)
    ours, theirs, start = ours[same:], theirs[same:], start + same
    shorter -= same
    same = next((at for at in range(shorter) if ours[-1 - at] != theirs[-1 - at]), shorter)
    ours, theirs = ours[: len(ours) - same], theirs[: len(theirs) - same]
    if not ours or not theirs:
        return None
    end = start + len(ours)
    return Swap(ours, theirs, whole[max(0, start - _AROUND) : start], whole[end : end + _AROUND])
