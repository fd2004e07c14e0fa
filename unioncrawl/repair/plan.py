"""A plan of changes to a text: made by a repair, applied as steps, replayable.

A repair reads a text and returns a ``Finding``: non-overlapping edits
on the text it was given, and the spans that it could not restore. ``carry_out``
turns the edits into ``Step`` records, each with offsets in the text as it stood
before that step, so that ``replay`` on the input gives the output.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from operator import attrgetter
from typing import NamedTuple

from unioncrawl.errors import UnioncrawlError
from unioncrawl.model import Step, Unresolved


class Edit(NamedTuple):
    """Replace ``text[start:end]`` by ``after``; code points of the repair's input.

    ``kind`` names the step when a repair makes steps of several kinds.
    """

    start: int
    end: int
    after: str
    confidence: float = 1.0
    evidence: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one repair on one text: edits, and damage that it can't restore.

    Edits are in text order and don't overlap. ``unresolved`` spans are in the
    repair's input too, like the edits.
    """

    edits: tuple[Edit, ...] = ()
    unresolved: tuple[Unresolved, ...] = ()


NOTHING = Finding()
# What is restored with less confidence is flagged too, with its alternatives.
SURE = 0.9
_BY_PLACE = attrgetter("start")


def replay(text: str, steps: Iterable[Step]) -> str:
    """Take the steps on the text, in order; the result of repairing it.

    Raises ``UnioncrawlError`` when a step does not find what it replaces: then
    the steps belong to another text.

    >>> replay("全國(guó)總工會", [Step("mirror-note", 2, 7, "(guó)", "", 1.0)])
    '全國總工會'
    >>> replay("全国总工会", [])
    '全国总工会'
    """
    done: list[str] = []
    length = place = 0  # of what is done; text[place:] is still to come
    for step in steps:
        if step.start < length:  # the next repair begins again at the front
            text, length, place = "".join((*done, text[place:])), 0, 0
            done.clear()
        start, end = place + step.start - length, place + step.end - length
        if text[start:end] != step.before:
            raise UnioncrawlError(
                f"step {step.kind} at {step.start} does not find {step.before!r}.",
                next_step="Replay the steps on the text they were made for.",
                stage="repair",
            )
        done += (text[place:start], step.after)
        length, place = step.start + len(step.after), end
    return "".join((*done, text[place:]))


def in_order(edits: Iterable[Edit]) -> list[Edit]:
    """Sort edits by place and drop those that overlap an earlier one.

    >>> in_order([Edit(3, 5, ""), Edit(0, 2, ""), Edit(4, 6, "")])[1].start
    3
    """
    kept: list[Edit] = []
    done = 0
    for edit in sorted(edits, key=_BY_PLACE):
        if edit.start >= done:
            kept.append(edit)
            done = edit.end
    return kept


def edit_at(edits: Sequence[Edit], place: int) -> Edit | None:
    """Return the edit that holds a place, of edits in order that don't overlap; None without such an edit.

    >>> edit_at([Edit(0, 2, ""), Edit(3, 5, "")], 4)
    Edit(start=3, end=5, after='', confidence=1.0, evidence='', kind='')
    >>> edit_at([Edit(0, 2, "")], 2) is None
    True
    """
    at = bisect_right(edits, place, key=_BY_PLACE) - 1
    return edits[at] if at >= 0 and place < edits[at].end else None


def carry_out(text: str, kind: str, edits: Sequence[Edit]) -> tuple[str, tuple[Step, ...]]:
    """Apply edits to the text they were made for; return the new text and its steps.

    An edit that changes nothing does not become a step.

    >>> carry_out("會(huì)議(yì)", "note", [Edit(1, 6, ""), Edit(7, 11, "")])[0]
    '會議'
    >>> carry_out("會議", "note", [])
    ('會議', ())
    """
    pieces: list[str] = []
    steps: list[Step] = []
    done = shift = 0
    for edit in edits:
        before = text[edit.start : edit.end]
        if before == edit.after:
            continue
        pieces += (text[done : edit.start], edit.after)
        done = edit.end
        steps.append(
            Step(
                edit.kind or kind,
                edit.start + shift,
                edit.end + shift,
                before,
                edit.after,
                edit.confidence,
                edit.evidence,
            )
        )
        shift += len(edit.after) - len(before)
    pieces.append(text[done:])
    return "".join(pieces), tuple(steps)


def carry_over(unresolved: Iterable[Unresolved], edits: Sequence[Edit]) -> tuple[Unresolved, ...]:
    """Move spans from an edited text's input to its output; a span edited away is dropped.

    >>> carry_over([Unresolved(4, 5, "lost")], [Edit(1, 3, "")])
    (Unresolved(start=2, end=3, reason='lost', alternatives=()),)
    """
    spans = tuple(unresolved)
    if not spans or not edits:
        return spans
    grown = (len(edit.after) - (edit.end - edit.start) for edit in edits)
    return tuple(_moved(spans, _Shifts(edits, [edit.end for edit in edits], [0, *accumulate(grown)])))


class _Shifts(NamedTuple):
    """Edits, where each ends, and how far the edits before each one move the text after them."""

    edits: Sequence[Edit]
    ends: list[int]
    shifts: list[int]

    def place(self, position: int, *, at_end: bool) -> int:
        """Return where an offset of the input lies in the output; inside an edit, at its near or far side.

        An edit that keeps the length keeps the places inside it.
        """
        passed = bisect_right(self.ends, position)
        moved = position + self.shifts[passed]
        if passed == len(self.edits) or position <= self.edits[passed].start:
            return moved
        edit = self.edits[passed]
        if len(edit.after) == edit.end - edit.start:
            return moved
        return edit.start + self.shifts[passed] + (len(edit.after) if at_end else 0)


def _moved(unresolved: Iterable[Unresolved], shifts: _Shifts) -> Iterator[Unresolved]:
    for span in unresolved:
        start, end = shifts.place(span.start, at_end=False), shifts.place(span.end, at_end=True)
        if start < end:
            yield Unresolved(start, end, span.reason, span.alternatives)
