"""Drop the pinyin notes that a mirror put behind characters."""

from __future__ import annotations

import re
from collections.abc import Iterator

from unioncrawl.repair.evidence import NOTE, TONED_LETTERS, MirrorEvidence, is_fitting
from unioncrawl.repair.plan import Edit

KIND = "mirror-note"

# A note torn by markup or a line break: 會<b>(hu</b>ì), 會\n(huì).
_GAP = r"(?:<[^<>]{0,80}>|\s)"
_TORN_NOTE = re.compile(
    rf"(?<=[一-鿿])(?={_GAP}|\([a-z{TONED_LETTERS}]*{_GAP}){_GAP}*\((?:[a-z{TONED_LETTERS}]|{_GAP})+\)"
)
_NOTE_PART = re.compile(rf"[^()a-z{TONED_LETTERS}<>\s]|<[^<>]*>|\s+|[()a-z{TONED_LETTERS}]+")


def drop_pinyin_notes(text: str, evidence: MirrorEvidence) -> Iterator[Edit]:
    """Yield an edit for each note that this mirror writes; genuine notes stay.

    >>> mirror = MirrorEvidence(annotated=frozenset("國會"))
    >>> [(edit.start, edit.end) for edit in drop_pinyin_notes("全國(guó)總工會(huì)", mirror)]
    [(2, 7), (10, 15)]
    >>> list(drop_pinyin_notes("甪(lù)直", mirror))
    []
    """
    for match in NOTE.finditer(text):
        host = text[match.start() - 1 : match.start()]
        if host in evidence.annotated and is_fitting(host, match[1]):
            yield Edit(match.start(), match.end(), "", 1.0, f"{host} is annotated on this page", KIND)


def drop_torn_notes(text: str, evidence: MirrorEvidence) -> Iterator[Edit]:
    """Yield edits that drop notes which markup or a line break has torn; the markup stays.

    >>> mirror = MirrorEvidence(annotated=frozenset("會"))
    >>> [(edit.start, edit.end) for edit in drop_torn_notes("工會(hu</b>ì)議", mirror)]
    [(2, 5), (9, 11)]
    >>> list(drop_torn_notes("工會<b>(ACFTU)</b>", mirror))
    []
    """
    for match in _TORN_NOTE.finditer(text):
        host = text[match.start() - 1]
        parts = [
            part for part in _NOTE_PART.finditer(text, match.start(), match.end()) if _is_of_note(part[0])
        ]
        reading = "".join(part[0] for part in parts)[1:-1]
        if host in evidence.annotated and is_fitting(host, reading):
            for part in parts:
                yield Edit(part.start(), part.end(), "", 1.0, f"{host} is annotated on this page", KIND)


def _is_of_note(part: str) -> bool:
    return part[0] != "<" and not part.isspace()
