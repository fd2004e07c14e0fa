"""Undo class A: what a mirror did to a page, as one plan of edits.

The page's evidence decides first (``evidence``). Then broken runs are decoded,
while the notes in and around them still stand (``runs``). Then, clause by clause, the
notes are dropped and the rest is turned back to simplified (``clauses``).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from unioncrawl.language.lexicon import load_lexicon
from unioncrawl.model import Unresolved
from unioncrawl.repair.mirror.added_tails import drop_tails
from unioncrawl.repair.mirror.clauses import turn_clauses_back
from unioncrawl.repair.mirror.lost_signs import flag_lost_signs, restore_from_twins, restore_spaces
from unioncrawl.repair.mirror.page_phrases import PageStatistics
from unioncrawl.repair.mirror.pinyin_notes import drop_torn_notes
from unioncrawl.repair.mirror.runs.broken_places import broken_places, flag_silent_places, undamaged_phrases
from unioncrawl.repair.mirror.settle_by_twin import TwinReader
from unioncrawl.repair.mirror_model.evidence import MirrorEvidence, is_written_traditional
from unioncrawl.repair.page_evidence import Page
from unioncrawl.repair.plan import NOTHING, SURE, Edit, Finding, edit_at, in_order

if TYPE_CHECKING:
    from unioncrawl.repair.mirror.runs.run_decoder import Restored

RUN_KIND = "mirror-run"
# A run less sure than this stays as it is: of 130 such readings in held-out news one in three was right.
_LEAST_SHARE = 0.5


def undo_mirror(text: str, page: Page) -> Finding:
    """Undo class A damage where the page shows it; else leave the text alone.

    >>> finding = undo_mirror("全國(guó)總工會(huì)", Page(("全國(guó)總工會(huì)",)))
    >>> [(edit.kind, edit.after) for edit in finding.edits]
    [('mirror-note', '国总工会')]
    >>> undo_mirror("關於工會", Page(("關於工會",))).edits
    ()
    """
    evidence = page.mirror
    if evidence is None or not is_written_traditional(text):
        return NOTHING
    runs, unresolved = _decode_runs(text, page, evidence)
    signs = (*restore_from_twins(text, page.twins, page.work), *restore_spaces(text))
    kept = in_order(
        (*runs, *signs, *drop_torn_notes(text, evidence), *drop_tails(text, commas=evidence.commas))
    )
    lost = (span for span in flag_lost_signs(text, evidence) if edit_at(kept, span.start) is None)
    flagged = (*unresolved, *lost, *flag_silent_places(text, evidence, kept))
    clauses = turn_clauses_back(text, kept, flagged, evidence)
    return Finding(tuple(in_order((*kept, *clauses.edits))), (*flagged, *clauses.unresolved))


def _decode_runs(
    text: str, page: Page, evidence: MirrorEvidence
) -> tuple[list[Edit], tuple[Unresolved, ...]]:
    twins = TwinReader(text, evidence, page.twins, page.work) if page.twins else None
    settled = twins.lines() if twins else ()
    edits = [edit._replace(evidence="a twin has this line", kind=RUN_KIND) for edit in settled]
    broken = broken_places(text, evidence) if evidence.cuts_bytes else []
    places = [place for place in broken if edit_at(edits, place) is None]
    if not places:
        return edits, ()
    # Its tables of pairs take 0.15 CPU-seconds to make, and few pages have broken runs.
    from unioncrawl.repair.mirror.runs.run_decoder import RunRestorer  # noqa: PLC0415

    unresolved = []
    restorer = RunRestorer(evidence, lambda: page_statistics(page), page.work, twins)
    for found in restorer.restore(text, places):
        if isinstance(found, Unresolved):
            unresolved.append(found)
        else:
            edits += _edits_of(found, text)
            unresolved += _doubts_of(found)
    return edits, tuple(unresolved)


def _edits_of(found: Restored, text: str) -> Iterator[Edit]:
    """Yield the edit of a run; an unlikely one changes nothing, and keeps other edits off the damage."""
    if not found.is_whole:
        after = found.after if found.share >= _LEAST_SHARE else text[found.start : found.end]
        yield Edit(found.start, found.end, after, found.share, found.evidence, RUN_KIND)


def _doubts_of(found: Restored) -> Iterator[Unresolved]:
    """Yield the flag of a run that is not sure, with what it may have been instead."""
    if found.is_whole:
        yield Unresolved(found.start, found.end, "bytes may have been lost here", found.rivals)
    elif found.share < _LEAST_SHARE:
        readings = (found.after, *found.rivals)
        yield Unresolved(found.start, found.end, "no reading of the broken run is likely", readings)
    elif found.share < SURE:
        lone = "the one reading of the broken run that was found is unusual"
        reason = "the broken run may have been otherwise" if found.rivals else lone
        yield Unresolved(found.start, found.end, reason, found.rivals)


@lru_cache(maxsize=1)
def page_statistics(page: Page) -> PageStatistics:
    """Return the statistics of the language, mixed with those of this page and its twins."""
    evidence = page.mirror or MirrorEvidence()
    phrases = (phrase for text in page.texts for phrase in undamaged_phrases(text, evidence))
    return PageStatistics(load_lexicon(), phrases, page.twins)
