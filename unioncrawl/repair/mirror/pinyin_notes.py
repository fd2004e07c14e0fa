"""Drop the pinyin notes that a mirror put after characters."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial

from unioncrawl.language.pinyin import HOSTED_NOTE, NOTE, READING, READING_LETTERS
from unioncrawl.repair.mirror_model.evidence import MirrorEvidence, is_read
from unioncrawl.repair.plan import Edit

KIND = "mirror-note"

# A note torn by markup or a line break: 會<b>(hu</b>ì), 會\n(huì).
_GAP = r"(?:<[^<>]*+>|\s)"
_TORN_NOTE = re.compile(rf"(?={_GAP}|\([{READING_LETTERS}]*{_GAP}){_GAP}*\((?:[{READING_LETTERS}]|{_GAP})+\)")
_TORN_START = re.compile(
    rf"[<(\s](?<=[一-鿿].)(?:(?<!\()|(?=[{READING_LETTERS}]*[<\s])(?!{READING}\)))", re.DOTALL
)
_NOTE_PART = re.compile(rf"[^(){READING_LETTERS}<>\s]|<[^<>]*>|\s+|[(){READING_LETTERS}]+")


def note_dropper(text: str, evidence: MirrorEvidence) -> Callable[[str], str]:
    """Return a function that drops this mirror's notes from a part of the text; genuine notes stay.

    The part must hold the character before each note.

    >>> text = "甪(lù)直鎮(zhèn)總工會(huì)"
    >>> note_dropper(text, MirrorEvidence(annotated=frozenset("鎮會")))(text)
    '甪(lù)直鎮總工會'
    """
    annotated = evidence.annotated | evidence.sometimes
    hosted = set(HOSTED_NOTE.findall(text))
    of_mirror = {pair for pair in hosted if pair[0] in annotated and is_read(*pair)}
    if of_mirror == hosted:
        return partial(NOTE.sub, "")
    return partial(HOSTED_NOTE.sub, lambda note: "" if note.group(1, 2) in of_mirror else note[0])


def drop_torn_notes(text: str, evidence: MirrorEvidence) -> Iterator[Edit]:
    """Yield edits that drop notes which markup or a line break has torn; the markup stays.

    >>> mirror = MirrorEvidence(annotated=frozenset("會"))
    >>> [(edit.start, edit.end) for edit in drop_torn_notes("工會(hu</b>ì)議", mirror)]
    [(2, 5), (9, 11)]
    >>> list(drop_torn_notes("工會<b>(ACFTU)</b>", mirror))
    []
    """
    if "<" not in text and len(text.split(None, 1)) < 2:  # noqa: PLR2004 - one stretch without a blank
        return
    starts = (start.start() for start in _TORN_START.finditer(text))
    for match in filter(None, (_TORN_NOTE.match(text, start) for start in starts)):
        host = text[match.start() - 1]
        parts = [
            part for part in _NOTE_PART.finditer(text, match.start(), match.end()) if _is_of_note(part[0])
        ]
        reading = "".join(part[0] for part in parts)[1:-1]
        if host in evidence.annotated and is_read(host, reading):
            for part in parts:
                yield Edit(part.start(), part.end(), "", 1.0, f"{host} is annotated on this page", KIND)


def _is_of_note(part: str) -> bool:
    return part[0] != "<" and not part.isspace()
