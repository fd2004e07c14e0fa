"""Turn a mirror's clauses back: its pinyin notes dropped and its script undone, one edit a clause."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from unioncrawl.language.pinyin import READING
from unioncrawl.model import Unresolved
from unioncrawl.repair.mirror.pinyin_notes import KIND as NOTE_KIND
from unioncrawl.repair.mirror.pinyin_notes import note_dropper
from unioncrawl.repair.mirror_model.evidence import MirrorEvidence
from unioncrawl.repair.mirror_model.script_lookups import SIMPLIFIED_FOR
from unioncrawl.repair.mirror_model.to_simplified import turn_to_simplified
from unioncrawl.repair.plan import Edit, in_order

SCRIPT_KIND = "mirror-script"

_CHANGED = rf"[{''.join(SIMPLIFIED_FOR)}](?:\({READING}\))?"
# Changes closer than this inside a sentence make one step: a step a clause, not one a character.
_CLAUSE = re.compile(rf"{_CHANGED}(?:[^\n。！？；!?;]{{0,8}}?{_CHANGED})*+")
_LEADING_NOTES = re.compile(rf"(?:\({READING}\))+")


def turn_clauses_back(
    text: str, edits: Sequence[Edit], flagged: Sequence[Unresolved], evidence: MirrorEvidence
) -> list[Edit]:
    """Return edits that drop the notes and turn the script in the text that other edits leave.

    The text is turned as it will stand without notes, so that 著 sees its neighbours.
    No edit holds a ``flagged`` span, which must be found again in the output.

    >>> edits = turn_clauses_back("全國(guó)總工會(huì)", [], [], MirrorEvidence(frozenset("國會")))
    >>> [(edit.start, edit.kind, edit.after) for edit in edits]
    [(1, 'mirror-note', '国总工会')]
    >>> turn_clauses_back("甪(lù)直", [], [], MirrorEvidence(frozenset("國會")))
    []
    """
    drop = note_dropper(text, evidence)
    kept: list[str] = []
    places: list[tuple[int, int, int]] = []
    length = 0
    for start, end, after in _left(text, edits, flagged):
        kept += (drop(text[start:end]), after)
        places.append((start, end, length))
        length += len(kept[-2]) + len(after)
    turned = turn_to_simplified("".join(kept))
    return [
        edit
        for (start, end, place), plain in zip(places, kept[::2], strict=True)
        for edit in _clauses(text, start, end, turned[place : place + len(plain)], drop)
    ]


def _left(text: str, edits: Sequence[Edit], flagged: Sequence[Unresolved]) -> Iterator[tuple[int, int, str]]:
    """Yield where each part lies that no edit touches, and what the edit after it writes.

    Flagged spans are parts of their own; a note without its host is left out.
    """
    cuts = (Edit(at, at, "") for span in flagged for at in (span.start, span.end))
    place = 0
    for edit in (*in_order((*edits, *cuts)), Edit(len(text), len(text), "")):
        leading = _LEADING_NOTES.match(text, place, edit.start)
        yield leading.end() if leading else place, edit.start, edit.after
        place = edit.end


def _clauses(text: str, start: int, end: int, turned: str, drop: Callable[[str], str]) -> Iterator[Edit]:
    """Yield the edits of a part, whose text without notes has been turned."""
    done, place = start, 0
    for clause in _CLAUSE.finditer(text, start, end):
        before = clause[0]
        first, last = clause.span()
        place += first - done
        length = len(drop(before)) if "(" in before else len(before)
        after = turned[place : place + length]
        if length < len(before):
            yield Edit(first, last, after, 1.0, "the notes and the table of this mirror", NOTE_KIND)
        elif after != before:
            yield Edit(first, last, after, 1.0, "the mirrors' table", SCRIPT_KIND)
        done, place = last, place + length
