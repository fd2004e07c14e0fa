"""Turn a mirror's clauses back: its pinyin notes dropped and its script undone, one edit a clause."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from unioncrawl.language.pinyin import READING
from unioncrawl.model import Unresolved
from unioncrawl.repair.mirror.pinyin_notes import KIND as NOTE_KIND
from unioncrawl.repair.mirror.pinyin_notes import note_dropper
from unioncrawl.repair.mirror_model.converters import CONVERTED, SEVERAL_ORIGINS, Doubt, turn_words_back
from unioncrawl.repair.mirror_model.evidence import MirrorEvidence
from unioncrawl.repair.mirror_model.script_lookups import SIMPLIFIED_FOR
from unioncrawl.repair.mirror_model.to_simplified import turn_to_simplified
from unioncrawl.repair.plan import SURE, Edit, Finding, in_order

SCRIPT_KIND = "mirror-script"


def _clause_of(changed: Iterable[str]) -> re.Pattern[str]:
    """Match changed characters that stand close to each other in a sentence.

    They make one step: a step a clause, not one a character.
    """
    signs = "".join(changed)
    one = rf"[{signs}](?:\({READING}\))?"
    return re.compile(rf"{one}(?:[^{signs}\n。！？；!?;]{{0,8}}+{one})*+")


_CLAUSE = _clause_of(SIMPLIFIED_FOR)
_CONVERTED_CLAUSE = _clause_of(sorted(CONVERTED))
_LEADING_NOTES = re.compile(rf"(?:\({READING}\))+")
_NOTED = re.compile(rf"{SEVERAL_ORIGINS.pattern}(?:\({READING}\))*")


class _Part(NamedTuple):
    """A part of the text that no other edit touches, and where it lies in the text without notes."""

    start: int
    end: int
    place: int
    plain: str


def turn_clauses_back(
    text: str, edits: Sequence[Edit], flagged: Sequence[Unresolved], evidence: MirrorEvidence
) -> Finding:
    """Return edits that drop the notes and turn the script in the text that other edits leave.

    The text is turned as it will stand without notes, so that 著 sees its neighbours.
    No edit holds a ``flagged`` span, which must be found again in the output. A character
    with several originals is an edit of its own, and flagged, where none of them is sure.

    >>> found = turn_clauses_back("全國(guó)總工會(huì)", [], [], MirrorEvidence(frozenset("國會")))
    >>> [(edit.start, edit.kind, edit.after) for edit in found.edits]
    [(1, 'mirror-note', '国总工会')]
    >>> turn_clauses_back("甪(lù)直", [], [], MirrorEvidence(frozenset("國會"))).edits
    ()
    """
    drop = note_dropper(text, evidence)
    kept, parts = _without_notes(text, _left(text, edits, flagged), drop)
    turned, doubts = turn_words_back(kept) if evidence.by_words else (turn_to_simplified(kept), ())
    clause = _CONVERTED_CLAUSE if evidence.by_words else _CLAUSE
    doubted = [edit for part in parts for edit in _doubted(text, part, doubts, turned)]
    spans = tuple(
        Unresolved(edit.start, edit.end, "the character had several originals", tuple(edit.evidence))
        for edit in doubted
    )
    sure = [
        edit
        for part in parts
        for start, end, place in _between(text, part, doubted, drop)
        for edit in _clauses(text, (start, end), turned[place:], drop, clause)
    ]
    doubted = [edit._replace(evidence="the likeliest of several originals") for edit in doubted]
    return Finding(tuple(in_order((*sure, *doubted))), spans)


def _without_notes(
    text: str, left: Iterable[tuple[int, int, str]], drop: Callable[[str], str]
) -> tuple[str, list[_Part]]:
    """Return the text without notes, other edits done, and the parts of it that no edit touches."""
    kept: list[str] = []
    parts: list[_Part] = []
    length = 0
    for start, end, after in left:
        plain = drop(text[start:end])
        parts.append(_Part(start, end, length, plain))
        kept += (plain, after)
        length += len(plain) + len(after)
    return "".join(kept), parts


def _doubted(text: str, part: _Part, doubts: Sequence[Doubt], turned: str) -> Iterator[Edit]:
    """Yield an edit for each character of a part whose original is not sure; its evidence are the others."""
    here = [doubt for doubt in doubts if part.place <= doubt.place < part.place + len(part.plain)]
    # The characters stand in one order, with their notes and without.
    for doubt, found in zip(here, _NOTED.finditer(text, part.start, part.end), strict=True) if here else ():
        if doubt.share < SURE:
            chosen = turned[doubt.place]
            yield Edit(*found.span(), chosen, doubt.share, "".join(doubt.others), SCRIPT_KIND)


def _between(
    text: str, part: _Part, doubted: Sequence[Edit], drop: Callable[[str], str]
) -> Iterator[tuple[int, int, int]]:
    """Yield what of a part lies between the doubted characters: start, end, place without notes."""
    start, place = part.start, part.place
    for edit in doubted:
        if part.start <= edit.start < part.end:
            yield start, edit.start, place
            place += len(drop(text[start : edit.start])) + 1
            start = edit.end
    yield start, part.end, place


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


def _clauses(
    text: str,
    span: tuple[int, int],
    turned: str,
    drop: Callable[[str], str],
    pattern: re.Pattern[str],
) -> Iterator[Edit]:
    """Yield the edits of a span; ``turned`` begins with its text, turned and without notes."""
    done, place = span[0], 0
    for clause in pattern.finditer(text, *span):
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
