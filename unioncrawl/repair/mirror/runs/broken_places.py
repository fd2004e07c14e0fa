"""Find where broken runs begin, or may begin, on a mirror's page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from unioncrawl.language.lexicon import HISTORY_CHARACTERS, load_lexicon
from unioncrawl.language.pinyin import HOSTED_NOTE, NOTE
from unioncrawl.model import Unresolved
from unioncrawl.repair.mirror_model.evidence import BREAK, MirrorEvidence, is_read
from unioncrawl.repair.mirror_model.forward import CUT_MARKS
from unioncrawl.repair.mirror_model.script_lookups import WRITTEN_FOR
from unioncrawl.repair.mirror_model.to_simplified import turn_to_simplified
from unioncrawl.repair.plan import Edit, edit_at

# How much text before a mark its probability needs.
_BEFORE = 24
# A broken run is taken to reach this far after the place where it may begin.
_RUN_REACH = 24
# After ！ ？ ； a run may begin without a trace.
_AFTER_MARKS = re.compile("[！？；!?;].{0,3}")
_SHORTEST_PHRASE = HISTORY_CHARACTERS + 1
_MARK_BEFORE = re.compile(f"[{CUT_MARKS}!?;,](?=[^{CUT_MARKS}()]{{0,3}}\\Z)")
# Prose has so few of these inside a paragraph that each one is checked.
_RARE_MARKS = "！？!?"
# How many characters after a suspected mark are scored, and the score per character below which they are odd.
_ODD_LOOK, _ODD_NATS = 3, -7.0
# A mark and the two characters after it that score less are flagged. Of the marks in clean
# broadcasts, web news and stories one ！ ？ or ； in three scores less than the first limit, and
# one ， or 。 in fifty less than the second, so that there the mark itself must be unlikely too.
# Of 16 false ！ ？ ； that a decoder had left without a trace all scored less than the first.
_SELDOM_MARKS, _RARE_MARK_NATS, _MARK_NATS = "！？；!?;", -19.5, -23.0
_MARK_ALONE_NATS = -4.5
_MARK_AHEAD = _ODD_LOOK * len("双(shuāng)")
# The commonest characters; others are odd after a mark.
_COMMON_CHARACTERS = 2500


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
    return _silent_places(text, evidence)


def flag_silent_places(text: str, evidence: MirrorEvidence, edits: Sequence[Edit]) -> Iterator[Unresolved]:
    """Yield the marks that look like a silent loss on a page whose question marks hide its decoder.

    >>> torn = MirrorEvidence(torn=True)
    >>> [left.start for left in flag_silent_places("鎖定席位！樣滑冰雙人滑", torn, [])]
    [4]
    """
    for place in _silent_places(text, evidence) if evidence.torn else ():
        before = without_notes(text[max(0, place - _BEFORE) : place])
        if edit_at(edits, place) is None and is_unlikely_mark(text, place, before):
            yield Unresolved(place, place + 1, "bytes may have been lost here")


def _silent_places(text: str, evidence: MirrorEvidence) -> list[int]:
    """Return the odd marks and notes, after which a decoder may have lost bytes without a trace."""
    marks = _odd_marks().finditer(text)
    places = {mark.start() for mark in marks if mark[0] in _RARE_MARKS or _reads_oddly(text, mark.end())}
    for note in _odd_notes(text, evidence):
        places.add(note)
        mark = _MARK_BEFORE.search(text, max(0, note - _BEFORE), note)
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
        rf"|(?<=[！？；!?;])(?=[\d，,、。；])|(?<=[！!])(?=\Z|\n|<)"
        rf"|(?<=[一-鿿”》)][！？!?；;])(?=[一-鿿“ ])|(?<=[“《（(、][{marks}]))"
    )


def is_unlikely_mark(text: str, place: int, plain: str) -> bool:
    """Whether a mark and what follows it are so unlikely after the text before that bytes were lost there.

    >>> is_unlikely_mark("立即实现；样滑冰双人滑", 4, "立即实现")
    True
    >>> is_unlikely_mark("立即实现。国家主席", 4, "立即实现")
    False
    """
    ahead = without_notes(text[place : place + _MARK_AHEAD])[:_ODD_LOOK]
    score, before = load_lexicon().score, plain[-_BEFORE:]
    if ahead[:1] in _SELDOM_MARKS:
        return score(ahead, before) < _RARE_MARK_NATS
    return score(ahead, before) < _MARK_NATS and score(ahead[:1], before) < _MARK_ALONE_NATS


def without_notes(text: str) -> str:
    """Return a text simplified, without the notes in it."""
    return turn_to_simplified(NOTE.sub("", text))
