"""Undo class A: what a mirror did to a page, as one plan of edits.

The page's evidence decides first (``evidence``); then broken runs are decoded,
while the notes in and around them still stand (``runs``); then notes are dropped
and what is left is turned back to simplified (``notes``, ``script``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from operator import attrgetter

from unioncrawl.model import Unresolved
from unioncrawl.repair.evidence import MirrorEvidence, is_written_traditional
from unioncrawl.repair.lexicon import load_lexicon
from unioncrawl.repair.lost_signs import flag_lost_signs, restore_from_twins, restore_spaces
from unioncrawl.repair.notes import drop_pinyin_notes, drop_torn_notes
from unioncrawl.repair.page import Page
from unioncrawl.repair.phrases import PageStatistics
from unioncrawl.repair.plan import NOTHING, Edit, Finding
from unioncrawl.repair.runs import RunRestorer, broken_places, undamaged_phrases
from unioncrawl.repair.script import turn_to_simplified
from unioncrawl.repair.tables import SIMPLIFIED_FOR
from unioncrawl.repair.tails import drop_tails

_BY_PLACE = attrgetter("start")
RUN_KIND = "mirror-run"
SCRIPT_KIND = "mirror-script"
# A run less sure than this is restored, and flagged too.
_SURE_SHARE = 0.5
_CHANGED = "[" + "".join(SIMPLIFIED_FOR) + "]"
# Changes closer than this make one step: a step a clause, not one a character.
_STRETCH = re.compile(f"{_CHANGED}(?:[^\\n]{{0,8}}?{_CHANGED})*")


def undo_mirror(text: str, page: Page) -> Finding:
    """Undo class A damage where the page shows it; else leave the text alone.

    >>> finding = undo_mirror("全國(guó)總工會(huì)", Page(("全國(guó)總工會(huì)",)))
    >>> [(edit.kind, edit.after) for edit in finding.edits]
    [('mirror-script', '国'), ('mirror-note', ''), ('mirror-script', '总工会'), ('mirror-note', '')]
    >>> undo_mirror("關於工會", Page(("關於工會",))).edits
    ()
    """
    evidence = page.mirror
    if evidence is None or not is_written_traditional(text):
        return NOTHING
    runs, unresolved = _decode_runs(text, page, evidence)
    notes = (*drop_pinyin_notes(text, evidence), *drop_torn_notes(text, evidence))
    signs = (*restore_from_twins(text, page.twins), *restore_spaces(text))
    kept = in_order((*runs, *signs, *notes, *drop_tails(text)))
    lost = (span for span in flag_lost_signs(text, evidence) if not _is_edited(span, kept))
    return Finding(tuple(in_order((*kept, *turn_script_back(text, kept)))), (*unresolved, *lost))


def _is_edited(span: Unresolved, edits: Iterable[Edit]) -> bool:
    return any(edit.start <= span.start < edit.end for edit in edits)


def _decode_runs(
    text: str, page: Page, evidence: MirrorEvidence
) -> tuple[list[Edit], tuple[Unresolved, ...]]:
    places = broken_places(text, evidence)
    if not places:
        return [], ()
    edits, unresolved = [], []
    for found in RunRestorer(evidence, page_statistics(page)).restore(text, places):
        if isinstance(found, Unresolved):
            unresolved.append(found)
        else:
            edits.append(Edit(found.start, found.end, found.after, found.share, "lost bytes", RUN_KIND))
            if found.share < _SURE_SHARE:
                unresolved.append(
                    Unresolved(found.start, found.end, "the broken run may have been otherwise")
                )
    return edits, tuple(unresolved)


@lru_cache(maxsize=1)
def page_statistics(page: Page) -> PageStatistics:
    """Answer the statistics of the language, with what this page and its twins say mixed in."""
    phrases = (phrase for text in page.texts for phrase in undamaged_phrases(text))
    return PageStatistics(load_lexicon(), phrases, page.twins)


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


def turn_script_back(text: str, edits: list[Edit]) -> list[Edit]:
    """Answer edits that turn what the other edits leave to simplified.

    The text is turned as it will stand without notes, so that 著 sees its neighbours.
    """
    borders = [0, *(place for edit in edits for place in (edit.start, edit.end)), len(text)]
    starts, ends = borders[::2], borders[1::2]
    afters = [edit.after for edit in edits] + [""]
    kept = (text[start:end] + after for start, end, after in zip(starts, ends, afters, strict=True))
    turned = turn_to_simplified("".join(kept))
    found: list[Edit] = []
    place = 0
    for start, end, after in zip(starts, ends, afters, strict=True):
        before, now = text[start:end], turned[place : place + end - start]
        place += end - start + len(after)
        if before != now:
            for match in _STRETCH.finditer(before):
                first, last = match.span()
                evidence = "the mirrors' table"
                found.append(Edit(start + first, start + last, now[first:last], 1.0, evidence, SCRIPT_KIND))
    return found
