"""Decode the broken runs of a mirror's page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from unioncrawl.language.lexicon import load_lexicon
from unioncrawl.language.pinyin import HOSTED_NOTE, NOTE
from unioncrawl.model import Unresolved
from unioncrawl.repair.budget import Work
from unioncrawl.repair.mirror.added_tails import is_half_tag
from unioncrawl.repair.mirror.character_scores import Statistics
from unioncrawl.repair.mirror.runs.beam_search import Search
from unioncrawl.repair.mirror.runs.byte_pairs import PAIR_OF
from unioncrawl.repair.mirror.runs.hypothesis import Rules
from unioncrawl.repair.mirror.runs.tokens import Token, read_tokens
from unioncrawl.repair.mirror.runs.weighing import share_of_best, weighed
from unioncrawl.repair.mirror.settle_by_twin import TwinReader
from unioncrawl.repair.mirror_model.evidence import BREAK, MirrorEvidence, is_read
from unioncrawl.repair.mirror_model.forward import CUT_MARKS, Decoder, narrow_marks
from unioncrawl.repair.mirror_model.script_lookups import WRITTEN_FOR
from unioncrawl.repair.mirror_model.to_simplified import turn_to_simplified

# How much text before a run the statistics and the cutting need.
_BEFORE = 24
# A broken run is taken to reach this far after the place where it may begin.
_RUN_REACH = 24
# After ！ ？ ； a run may begin without a trace.
_AFTER_MARKS = re.compile("[！？；!?;].{0,3}")
_SHORTEST_PHRASE = 4
# Reading the words of a text this long takes longer than searching a doubtful place twice.
_LONG_TEXT = 1000
# A reading less sure than this is searched for again, wider.
_DOUBTFUL_SHARE, _PATIENCE = 0.55, 1.6
_MARK_LOOK = 4
_MARK_BEFORE = re.compile(f"[{CUT_MARKS}!?;,](?=[^{CUT_MARKS}()]{{0,3}}\\Z)")
# Prose has so few of these inside a paragraph that each one is checked.
_RARE_MARKS = "！？!?"
# How many characters after a suspected mark are scored, and the score per character below which they are odd.
_ODD_LOOK, _ODD_NATS = 3, -7.0
# Reading what stands around a run, and weighing its readings, takes as long as so many steps.
_RUN_STEPS = 50
# How sure a restored mark's width is on a page that shows no mark's width.
_WIDTH_SHARE = 0.6
# The commonest characters; others are odd after a mark.
_COMMON_CHARACTERS = 2500


@dataclass(frozen=True, slots=True)
class Restored:
    """A decoded run: where it stood, what it was, how likely that is among its rivals, and the evidence."""

    start: int
    end: int
    after: str
    share: float
    rivals: tuple[str, ...] = ()
    evidence: str = "lost bytes"


class RunRestorer:
    """Reads the broken runs of one of a page's fields.

    ``statistics`` makes the page's statistics when they are needed; ``work`` is what is
    left of the page's budget; ``twins`` reads that field against the page's twins.
    """

    def __init__(
        self,
        evidence: MirrorEvidence,
        statistics: Callable[[], Statistics],
        work: Work,
        twins: TwinReader | None = None,
    ) -> None:
        self._twins = twins
        decoder = Decoder.SWALLOWING if evidence.torn else Decoder.DROPPING
        self._silent = not evidence.torn
        self._rules = Rules(_pairs(evidence.annotated), _pairs(evidence.bare), decoder)
        self._narrow, self._width_seen = evidence.narrow, evidence.width_seen
        self._statistics, self._work = statistics, work
        self._search: Search | None = None

    def restore(self, text: str, places: Iterable[int]) -> Iterator[Restored | Unresolved]:
        """Yield what each run of a field was, in order; a span without a reading is unresolved.

        ``places`` are where runs may begin (see ``broken_places``).
        """
        done = 0
        plain = ""  # all that stands before, as restored: an opening “ may itself have been lost
        for start in places:
            if start < done:
                continue
            plain += _plain(text[done:start])
            done = start
            restored = self._settle(text, start, plain)
            if self._work.is_stopped:
                yield Unresolved(start, start + 1, self._work.reason)
            elif restored is None:
                yield Unresolved(start, start + 1, "no reading fits the broken run")
            elif restored.end > start:
                yield restored
                done, plain = restored.end, plain + restored.after

    def _settle(self, text: str, start: int, plain: str) -> Restored | None:
        """Return what a twin, or else the search, reads in a run; ignore it once ``work`` is stopped."""
        self._work.begin_run()
        if self._work.is_stopped:
            return None
        self._work.spend(_RUN_STEPS)
        settled = self._twins.settle(start, plain) if self._twins else None
        if settled:
            return Restored(start, *settled, 1.0, evidence="a twin has it")
        return self._read(text, start, plain)

    def _read(self, text: str, start: int, plain: str) -> Restored | None:
        if self._search is None:
            worth = self._silent and self._twins is None and len(text) > _LONG_TEXT
            if worth and self._is_whole(text, start, plain):
                return Restored(start, start, "", 1.0)
            self._search = Search(self._statistics(), self._rules, self._work)
        found: Restored | None = None
        for patience in (1.0, _PATIENCE):
            found = self._read_with(patience, text, start, plain)
            if self._work.is_stopped or (found is not None and found.share >= _DOUBTFUL_SHARE):
                break
        return found

    def _is_whole(self, text: str, start: int, plain: str) -> bool:
        """Whether the language alone finds nothing lost here, so that the page's words need not be read.

        Most doubtful places of a page without question marks are whole.
        """
        search = Search(load_lexicon(), self._rules, self._work)
        window = read_tokens(text, start, narrow=self._narrow, silent=True)
        readings = search.run(window, plain[-_BEFORE:] or "\n", _last_bytes(text, start))
        return bool(readings) and all(reading.upto < 0 for reading in readings)

    def _read_with(self, patience: float, text: str, start: int, plain: str) -> Restored | None:
        before = plain[-_BEFORE:] or "\n"
        tokens: list[Token] = []
        window = _recorded(read_tokens(text, start, narrow=self._narrow, silent=self._silent), tokens)
        search = self._search or Search(self._statistics(), self._rules, self._work)
        readings = search.run(window, before, _last_bytes(text, start), patience=patience)
        if not readings:
            return None
        readings = weighed(readings, plain, len(before), text[tokens[-1].end :])
        best = readings[0]
        if best.upto < 0:
            return Restored(start, start, "", 1.0)
        end = tokens[best.upto].end
        after = best.text[len(before) : best.length]
        if after.endswith("<") and is_half_tag(text, end):
            after = after[:-1]  # the rest of the tag is dropped too
        if self._narrow:
            # A mark right after a question mark was not turned narrow.
            tail = text[end : end + 1] if text[end - 1 : end] == "?" else ""
            after, end = narrow_marks(after + tail), end + len(tail)
        share = share_of_best(readings)
        if not self._width_seen and narrow_marks(after) != after:
            share *= _WIDTH_SHARE
        return Restored(start, end, after, share)


def undamaged_phrases(text: str, evidence: MirrorEvidence) -> list[str]:
    """Return the parts of a mirror's text that no broken run can have touched, simplified.

    The text where a run may be, the text after ！ ？ and ；, and the text around odd
    characters are left out: what a run left must not count as evidence for itself.

    >>> undamaged_phrases("全國(guó)總工會(huì)", MirrorEvidence(frozenset("國會")))
    ['全国总工会']
    >>> undamaged_phrases("各單位?。▍^(qū)、市）", MirrorEvidence(torn=True))
    []
    """
    parts, done = [], 0
    for place in broken_places(text, evidence):
        parts.append(text[done:place])
        done = max(done, place + _RUN_REACH)
    whole = "\n".join((*parts, text[done:]))
    kept = _AFTER_MARKS.sub("\n", NOTE.sub("", whole))
    return [turn_to_simplified(part) for part in _odd().split(kept) if len(part) >= _SHORTEST_PHRASE]


def broken_places(text: str, evidence: MirrorEvidence) -> list[int]:
    """Return where broken runs begin, or may begin when the page shows no question marks.

    The usual decoder leaves a question mark. The dropping one leaves no trace. But
    after a false cut mark the bytes are read one off, and the page shows odd
    characters. A note after a character that is not annotated is a sign of the same.

    >>> broken_places("各?。▍^(qū)、市）", MirrorEvidence(torn=True))
    [1]
    >>> broken_places("經；顒(dòng)，工會(huì)", MirrorEvidence(frozenset("動會")))
    [1, 3]
    """
    if evidence.torn:
        return [found.start() for found in BREAK.finditer(text)]
    marks = _odd_marks().finditer(text)
    places = {mark.start() for mark in marks if mark[0] in _RARE_MARKS or _reads_oddly(text, mark.end())}
    for note in _odd_notes(text, evidence):
        places.add(note)
        mark = _MARK_BEFORE.search(text, max(0, note - _MARK_LOOK), note)
        if mark:
            places.add(mark.start())
    return sorted(places)


def _odd_notes(text: str, evidence: MirrorEvidence) -> list[int]:
    """Return where notes stand that this mirror would not put after the character there."""
    odd = {
        pair
        for pair in set(HOSTED_NOTE.findall(text))
        if pair[0] not in evidence.annotated or not is_read(*pair)
    }
    if not odd:
        return []
    return [note.start() for note in HOSTED_NOTE.finditer(text) if note.group(1, 2) in odd]


def _reads_oddly(text: str, place: int) -> bool:
    """Whether the text after a mark is unlikely as it stands: a digit, another mark, odd characters."""
    ahead = turn_to_simplified(text[place : place + _ODD_LOOK])
    if not ahead or ahead[0] in "0123456789，,、。；<\n":
        return True
    ahead = ahead.split("\n", 1)[0]
    return load_lexicon().score(ahead, "。") < _ODD_NATS * len(ahead)


@cache
def _odd() -> re.Pattern[str]:
    """Match what common prose lacks: rare characters, stray signs, digits and line ends."""
    common = "".join(load_lexicon().alphabet[:_COMMON_CHARACTERS]).translate(WRITTEN_FOR)
    known = "".join(re.escape(char) for char in sorted(set(common)))
    return re.compile(rf"[^{known} -~，。、；：！？（）“”‘’《》—…·○]|[@^_`{{|}}~\n]")


@cache
def _odd_marks() -> re.Pattern[str]:
    marks = f"{CUT_MARKS}!?;,"
    odd = rf"(?!\n)(?:{_odd().pattern}|[A-Za-z][^A-Za-z])"
    return re.compile(
        rf"[{marks}](?:(?=[^{CUT_MARKS}\n(]{{0,2}}?{odd})"
        rf"|(?<=[！？；!?;])(?=[\d，,、。；])|(?<=[！!])(?=\Z|\n|<)|(?<=[一-鿿][！？!?])(?=[一-鿿]))"
    )


def _recorded(tokens: Iterable[Token], record: list[Token]) -> Iterator[Token]:
    for token in tokens:
        record.append(token)
        yield token


def _plain(text: str) -> str:
    return turn_to_simplified(NOTE.sub("", text))


def _pairs(characters: frozenset[str]) -> frozenset[int]:
    return frozenset(map(PAIR_OF.__getitem__, characters))


def _last_bytes(text: str, start: int) -> bytes:
    """Return the bytes of the character before a place, if it is in the same piece."""
    last = NOTE.sub("", text[max(0, start - 12) : start])[-1:]
    return b"" if last in CUT_MARKS else last.encode("gbk", "ignore")
