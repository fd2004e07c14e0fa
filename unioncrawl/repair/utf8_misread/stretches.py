"""Damaged stretches of UTF-8 that was read in another encoding, and how they are put back.

A stretch is read as units (`unioncrawl.repair.utf8_misread.units`). A character with all its
bytes is put back as it is. A character that lacks some is completed when the text around it
leaves one candidate, and flagged otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from unioncrawl.language.characters import character_cost
from unioncrawl.language.lexicon import HISTORY_CHARACTERS
from unioncrawl.model import Unresolved
from unioncrawl.repair.budget import Work
from unioncrawl.repair.code_pages.judge import MOST_LOST_SHARE
from unioncrawl.repair.plan import SURE, Edit
from unioncrawl.repair.utf8_misread.choose_lost import Choice, choose
from unioncrawl.repair.utf8_misread.lost_bytes import LOST_AS_GBK
from unioncrawl.repair.utf8_misread.units import LOST_SIGNS, Block, Unit, read_units

# What reading as UTF-8 must save, in natural logarithms of likelihood, for
# damage to be sure, and how many characters must come out.
_SURE_GAIN = 8.0
_SURE_CHARACTERS = 2
_INCOMPLETE_COST = 10.0
_CONFIDENCE_WHOLE = 0.995
_CONFIDENCE_ESTABLISHED = 0.95
# A character that stays open where its bytes are shared: U+FFFD stands for it.
_CONFIDENCE_OPEN = 0.5
# A lost byte is put back when its character is sure. Without text after it the left context
# alone decides, which is less certain.
_MIN_CONFIDENCE_LAST = 0.93
# Where no sign shows the loss at the end of the damage, more may be lost.
_MIN_CONFIDENCE_UNSEEN = 0.99
# Letters of a code page of which a larger share stays open are left: half a text looks like a whole one.
MOST_OPEN_SHARE = 0.05
# So much of the likeliest reading is shown where a text is left.
SHOWN_CHARACTERS = 60
_LEAD_BYTES = range(0xC2, 0xF5)
_ENOUGH_UNITS = 40
# What may follow the last character of a paragraph, and the sign that stands for a paragraph's edge.
_ENDS = ("\n", "\r", "<")
_END = "\n"
_SIGNS = re.compile("[?\ufffd]+")


class Stretch(NamedTuple):
    """A damaged stretch of the page, ``text[start:end]``, as units of UTF-8."""

    start: int
    end: int
    units: tuple[Unit, ...]
    gain: float

    @property
    def characters(self) -> int:
        """How many whole characters come out."""
        return sum(len(unit.text) for unit in self.units)

    @property
    def lost_share(self) -> float:
        """The share of its characters that lack a byte."""
        lost = sum(not unit.text for unit in self.units)
        return lost / (lost + self.characters)

    @property
    def is_sure(self) -> bool:
        """Whether it is damage beyond doubt."""
        return self.characters >= _SURE_CHARACTERS and self.gain >= _SURE_GAIN


def stretch_of(text: str, units: list[Unit]) -> Stretch | None:
    """The stretch that units make, without those at its end that are good text; None when no unit is left."""
    while units and _is_foreign(units[-1], units[:-1]):
        units.pop()
    if not units:
        return None
    start, end = units[0].start, units[-1].end
    before = sum(map(character_cost, _SIGNS.sub("", text[start:end])))
    after = sum(sum(map(character_cost, unit.text)) or _INCOMPLETE_COST for unit in units)
    return Stretch(start, end, tuple(units), before - after)


def stretches_in(text: str, block: Block) -> Iterator[Stretch]:
    """Read each stretch of a block of letters; where reading one fails the next byte is tried."""
    index = 0
    while index < len(block.data):
        units = read_units(block, index)
        stretch = stretch_of(text, [unit for unit in units if unit.text != LOST_SIGNS[-1]])
        if stretch is None:
            index += 1
            continue
        yield stretch
        index = max(stretch.end - block.owner[0], index + 1)


def _is_foreign(last: Unit, before: list[Unit]) -> bool:
    """Whether a last unit belongs to the good text after the damage.

    It is incomplete, begins with a character of the page and shows a lead alone.
    """
    if last.text:
        return False
    begins_anew = not before or before[-1].end <= last.start
    return begins_anew and len(last.data) - last.data.count(None) < _SURE_CHARACTERS


def swallows(stretches: Sequence[Stretch]) -> bool:
    """Whether a sign of loss may stand for ASCII that it swallowed.

    It does where another sign has swallowed a lead byte (绗?簩), or where there is
    too little damage to have shown that, and no sign stands before a lead byte.
    """
    units = [unit for stretch in stretches for unit in stretch.units]
    lost = [unit for unit in units if unit.signs]
    if any(unit.data[0] is None or unit.data.count(None) > unit.signs for unit in lost):
        return True
    shows_single = any(unit.data[-1] is None and (unit.following or 0) in _LEAD_BYTES for unit in lost)
    return not shows_single and sum(stretch.characters for stretch in stretches) < _ENOUGH_UNITS


def restore_or_leave(
    text: str, stretches: Sequence[Stretch], read_as: str, work: Work
) -> tuple[list[Edit], list[Unresolved]]:
    """Plan the stretches of one run of letters, or leave all of it, flagged, where too much stays open."""
    restoring = Restoring(text, read_as, work)
    for stretch in stretches:
        if stretch.lost_share > MOST_LOST_SHARE:
            restoring.unresolved.append(Unresolved(stretch.start, stretch.end, read_as))
        else:
            restoring.restore(stretch)
    left = sum(span.end - span.start for span in restoring.unresolved)
    taken = sum(edit.end - edit.start for edit in restoring.edits)
    if not stretches or left <= MOST_OPEN_SHARE * (left + taken):
        return restoring.edits, restoring.unresolved
    perhaps = "".join(edit.after for edit in restoring.edits)[:SHOWN_CHARACTERS]
    reason = f"{read_as}, bytes are lost" + f"; perhaps {perhaps}" * bool(perhaps)
    return [], [Unresolved(stretches[0].start, stretches[-1].end, reason)]


class Restoring:
    """The edits of a text's stretches: whole runs of units, and units with a lost byte.

    ``read_as`` names the damage; ``may_swallow`` says that a ``?`` may have swallowed the ASCII
    after it (骞?鏈 was 年4月, 骞?2鏈 was 年12月). Choosing is taken off ``work``.
    """

    def __init__(self, text: str, read_as: str, work: Work, *, may_swallow: bool = False) -> None:
        self.edits: list[Edit] = []
        self.unresolved: list[Unresolved] = []
        self._text = text
        self._read_as = read_as
        self._work, self._may_swallow = work, may_swallow

    def restore(self, stretch: Stretch) -> None:
        """Plan a stretch; characters that stay open are flagged, and split it where they can."""
        sureness = _CONFIDENCE_WHOLE if stretch.is_sure else _CONFIDENCE_ESTABLISHED
        choices = iter(self._choices(stretch))
        lost = f"{self._read_as}, a byte is lost"
        if self._work.is_spent:
            lost += f"; {self._work.reason}"
        for unit in stretch.units:
            choice = None if unit.text else next(choices)
            if unit.text:
                self._put(Edit(unit.start, unit.end, unit.text, sureness, self._read_as))
            elif choice is not None:
                evidence = f"{self._read_as}, the lost byte of {choice.text} chosen by its neighbours"
                self._put(Edit(unit.start, unit.end, choice.text, min(sureness, choice.confidence), evidence))
            elif unit.aligned:
                self.unresolved.append(Unresolved(unit.start, unit.end, lost))
            else:
                self._put(Edit(unit.start, unit.end, LOST_SIGNS[-1], _CONFIDENCE_OPEN, lost))
        signs = _SIGNS.match(self._text, stretch.end) if stretch.units[-1].loss == LOST_AS_GBK else None
        if signs:
            self.unresolved.append(Unresolved(*signs.span(), f"{self._read_as}, bytes are lost"))

    def _put(self, edit: Edit) -> None:
        """Add a unit's edit; units that share a character of the page are one, sure neighbours too."""
        last = self.edits[-1] if self.edits else None
        if (
            last is None
            or edit.start > last.end
            or (edit.start == last.end and not self._are_alike(last, edit))
        ):
            self.edits.append(edit)
            return
        less = min(last, edit, key=lambda one: one.confidence)
        self.edits[-1] = Edit(last.start, edit.end, last.after + edit.after, less.confidence, less.evidence)

    def _are_alike(self, one: Edit, other: Edit) -> bool:
        return one.evidence == other.evidence == self._read_as and one.confidence == other.confidence

    def _choices(self, stretch: Stretch) -> list[Choice | None]:
        """The choice that completes each unit with lost bytes, in order; None where it stays open."""
        lost = [unit for unit in stretch.units if not unit.text]
        if not lost:
            return []
        parts = [
            unit.text or (() if self._may_have_swallowed(unit) else unit.candidates())
            for unit in stretch.units
        ]
        before = self._text[max(stretch.start - HISTORY_CHARACTERS, 0) : stretch.start]
        after = self._text[stretch.end : stretch.end + HISTORY_CHARACTERS]
        is_end = not after or after[0] in _ENDS
        choices = choose(parts, before or _END, _END if is_end else after, self._work)
        return [
            choice if choice and choice.confidence >= _least(unit, stretch.units[-1], is_end=is_end) else None
            for unit, choice in zip(lost, choices, strict=True)
        ]

    def _may_have_swallowed(self, unit: Unit) -> bool:
        sign = self._text[unit.end - 1 : unit.end + 1]
        ends_in_sign = unit.signs > 0 and unit.data[-1] is None and sign[:1] == "?"
        return ends_in_sign and self._may_swallow and sign[1:].isascii() and bool(sign[1:])


def _least(unit: Unit, last: Unit, *, is_end: bool) -> float:
    """The confidence to ask for: more where less is known."""
    if unit is not last:
        return SURE
    if not unit.signs:
        return _MIN_CONFIDENCE_UNSEEN
    return _MIN_CONFIDENCE_LAST if is_end else SURE
