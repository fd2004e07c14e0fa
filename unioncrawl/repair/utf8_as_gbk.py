"""Class C: UTF-8 bytes that were read as GBK.

``宸ヤ細鍔冲姩`` is 工会劳动: three bytes a character were read two by two. A run of
odd length loses its last byte, and byte 80 is lost wherever it leads (see
`unioncrawl.repair.utf8_units`). A character with a lost byte is completed when
its neighbours leave one candidate; otherwise it stays and is flagged.

The rare characters of the page tell the damage: read as UTF-8 they are common
ones. Ambiguous: a single character (one and a half of the page's), which is
repaired only on a page with longer damage. Left alone: rare characters in good
text, which make no UTF-8.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from unioncrawl.characters import character_cost
from unioncrawl.model import Unresolved
from unioncrawl.repair.choice import Choice, choose
from unioncrawl.repair.page import Page
from unioncrawl.repair.plan import NOTHING, Edit, Finding
from unioncrawl.repair.utf8_units import LOST_SIGNS, Unit, read_units

# What reading as UTF-8 must save, in natural logarithms of likelihood, for
# damage to be sure, and how many characters must come out.
_SURE_GAIN = 8.0
_SURE_CHARACTERS = 2
_LIKELY_GAIN = 1.0
_INCOMPLETE_COST = 10.0
_CONFIDENCE_WHOLE = 0.995
_CONFIDENCE_ESTABLISHED = 0.95
# A character that stays open where its bytes are shared: U+FFFD stands for it.
_CONFIDENCE_OPEN = 0.5
# A lost byte is put back when its character has this share of the probability.
MIN_CONFIDENCE = 0.9
# With nothing behind it the left context alone decides, which is less.
_MIN_CONFIDENCE_LAST = 0.97
_CONTEXT_CHARACTERS = 12
_LEAD_BYTES = range(0xC2, 0xF5)
_ENOUGH_UNITS = 40
_READ_AS_GBK = "UTF-8 bytes read as GBK"
_LOST_BYTE = "UTF-8 read as GBK, a byte is lost"
# What stands behind the last character of a paragraph, and what stands for no knowledge of it.
_ENDS = ("\n", "\r", "<")
_UNKNOWN = ""
_SIGNS = re.compile("[?\ufffd]+")


def _characters(leads: range, seconds: range) -> str:
    pairs = (bytes([lead, second]).decode("gb18030", "ignore") for lead in leads for second in seconds)
    return "".join(pair for pair in pairs if len(pair) == 1)


# Characters of the page that are the first two bytes of a unit (E2 to EF, of
# Chinese and its marks), and such as hold the end of one and the lead of the next.
_FIRST = _characters(range(0xE2, 0xF0), range(0x80, 0xC0))
_MIDDLE = _characters(range(0x80, 0xC0), range(0xC2, 0xF0))
_HINT = re.compile(f"[{_FIRST}][{_MIDDLE}€?\ufffd]")
_BEGINNING = re.compile(f"[{_FIRST}]")


class Stretch(NamedTuple):
    """A damaged stretch of the page, ``text[start:end]``, as units of UTF-8."""

    start: int
    end: int
    units: tuple[Unit, ...]
    gain: float

    @property
    def characters(self) -> int:
        """How many whole characters come out."""
        return sum(bool(unit.text) for unit in self.units)


def suspects_utf8_as_gbk(text: str) -> bool:
    """Whether a text has a character that two bytes of Chinese UTF-8 give, and one more behind it.

    >>> suspects_utf8_as_gbk("宸ヤ細"), suspects_utf8_as_gbk("全国总工会")
    (True, False)
    """
    return _HINT.search(text) is not None


def undo_utf8_as_gbk(text: str, page: Page) -> Finding:
    """Read the GBK bytes of damaged stretches as the UTF-8 that they were.

    >>> undo_utf8_as_gbk("宸ヤ細鍔冲姩淇濇姢", Page(("宸ヤ細鍔冲姩淇濇姢",))).edits[0].after
    '工会劳动保护'
    >>> undo_utf8_as_gbk("朱镕基、陶喆、瓷窑", Page(("朱镕基、陶喆、瓷窑",))).edits
    ()
    """
    stretches = _stretches(text)
    if not stretches:
        return NOTHING
    established = any(_is_sure(stretch) for other in page.texts for stretch in _stretches(other))
    damaged = [s for s in stretches if _is_sure(s) or (established and s.gain >= _LIKELY_GAIN)]
    plan = _Plan(text, swallows=_swallows(damaged))
    for stretch in damaged:
        plan.restore(stretch)
    return Finding(tuple(plan.edits), tuple(plan.unresolved))


def _is_sure(stretch: Stretch) -> bool:
    return stretch.characters >= _SURE_CHARACTERS and stretch.gain >= _SURE_GAIN


@lru_cache(maxsize=64)
def _stretches(text: str) -> tuple[Stretch, ...]:
    if not suspects_utf8_as_gbk(text):
        return ()
    found: list[Stretch] = []
    position = 0
    while (first := _BEGINNING.search(text, position)) is not None:
        stretch = _stretch(text, first.start())
        position = first.end() if stretch is None else stretch.end
        if stretch is not None:
            found.append(stretch)
    return tuple(found)


def _stretch(text: str, start: int) -> Stretch | None:
    """The stretch that begins at a character; None when nothing comes out."""
    units = read_units(text, start)
    while units and _is_foreign(units[-1], units[:-1]):
        units.pop()
    if not units:
        return None
    end = units[-1].end
    before = sum(character_cost(character) for character in text[start:end] if character not in LOST_SIGNS)
    after = sum(character_cost(unit.text) if unit.text else _INCOMPLETE_COST for unit in units)
    return Stretch(start, end, tuple(units), before - after)


def _is_foreign(last: Unit, before: list[Unit]) -> bool:
    """Whether a last unit belongs to the good text behind the damage.

    It is incomplete, begins with a character of the page and shows a lead alone.
    """
    if last.text:
        return False
    begins_anew = not before or before[-1].end <= last.start
    return begins_anew and len(last.data) - last.data.count(None) < _SURE_CHARACTERS


def _swallows(stretches: list[Stretch]) -> bool:
    """Whether a sign of loss may stand for ASCII that it swallowed.

    It does where another sign has swallowed a lead byte (绗?簩), or where there is
    too little damage to have shown that, and no sign stands before a lead byte.
    """
    units = [unit for stretch in stretches for unit in stretch.units]
    lost = [unit for unit in units if unit.signs]
    if any(unit.data[0] is None or unit.data.count(None) > unit.signs for unit in lost):
        return True
    shows_single = any(unit.data[-1] is None and (unit.following or 0) in _LEAD_BYTES for unit in lost)
    return not shows_single and len(units) < _ENOUGH_UNITS


class _Plan:
    """The edits of a text's stretches: whole runs of units, and units with a lost byte.

    ``swallows`` tells that a ``?`` may have swallowed the ASCII behind it (骞?鏈 was
    年4月, 骞?2鏈 was 年12月).
    """

    def __init__(self, text: str, *, swallows: bool) -> None:
        self.edits: list[Edit] = []
        self.unresolved: list[Unresolved] = []
        self._text = text
        self._swallows = swallows

    def restore(self, stretch: Stretch) -> None:
        """Plan a stretch; characters that stay open are flagged, and split it where they can."""
        sureness = _CONFIDENCE_WHOLE if _is_sure(stretch) else _CONFIDENCE_ESTABLISHED
        guesses = self._guess(stretch)
        for index, unit in enumerate(stretch.units):
            choice = None if unit.text else self._complete(stretch, index, guesses)
            if unit.text:
                self._put(Edit(unit.start, unit.end, unit.text, sureness, _READ_AS_GBK))
            elif choice is not None:
                told = f"{_READ_AS_GBK}, the lost byte of {choice.text} chosen by its neighbours"
                self._put(Edit(unit.start, unit.end, choice.text, min(sureness, choice.confidence), told))
            elif unit.aligned:
                self.unresolved.append(Unresolved(unit.start, unit.end, _LOST_BYTE))
            else:
                self._put(Edit(unit.start, unit.end, LOST_SIGNS[-1], _CONFIDENCE_OPEN, _LOST_BYTE))
        signs = _SIGNS.match(self._text, stretch.end)
        if signs:
            self.unresolved.append(Unresolved(*signs.span(), "lost where UTF-8 was read as GBK"))

    def _put(self, edit: Edit) -> None:
        """Add a unit's edit; units that share a character of the page are one, sure neighbours too."""
        last = self.edits[-1] if self.edits else None
        if last is None or edit.start > last.end or (edit.start == last.end and not _are_alike(last, edit)):
            self.edits.append(edit)
            return
        less = min(last, edit, key=lambda one: one.confidence)
        self.edits[-1] = Edit(last.start, edit.end, last.after + edit.after, less.confidence, less.evidence)

    def _guess(self, stretch: Stretch) -> list[str]:
        """Each unit's likeliest character by what stands before it: context for its neighbours."""
        guesses: list[str] = []
        before = self._text[max(stretch.start - _CONTEXT_CHARACTERS, 0) : stretch.start]
        for unit in stretch.units:
            choice = None if unit.text else choose(unit.candidates(), before, _UNKNOWN)
            guesses.append(unit.text or (choice.text if choice else ""))
            before = (before + guesses[-1])[-_CONTEXT_CHARACTERS:]
        return guesses

    def _complete(self, stretch: Stretch, index: int, guesses: list[str]) -> Choice | None:
        """The lost byte's character when its neighbours leave one candidate; None otherwise."""
        unit = stretch.units[index]
        if self._may_have_swallowed(unit):
            return None
        before = self._text[: stretch.start][-_CONTEXT_CHARACTERS:] + "".join(guesses[:index])
        after = (
            "".join(guesses[index + 1 : index + 1 + _CONTEXT_CHARACTERS])
            + self._text[stretch.end :][:_CONTEXT_CHARACTERS]
        )
        is_last = not after or after[0] in _ENDS
        choice = choose(unit.candidates(), before[-_CONTEXT_CHARACTERS:], "\n" if is_last else after)
        least = _MIN_CONFIDENCE_LAST if is_last else MIN_CONFIDENCE
        return choice if choice is not None and choice.confidence >= least else None

    def _may_have_swallowed(self, unit: Unit) -> bool:
        sign = self._text[unit.end - 1 : unit.end + 1]
        ends_in_sign = unit.signs > 0 and unit.data[-1] is None and sign[:1] == "?"
        return ends_in_sign and self._swallows and sign[1:].isascii() and bool(sign[1:])


def _are_alike(one: Edit, other: Edit) -> bool:
    return one.evidence == other.evidence == _READ_AS_GBK and one.confidence == other.confidence
