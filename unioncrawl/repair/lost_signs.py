"""Signs that GBK lacks: a mirror wrote ``?`` for each, and nothing tells which it was.

Only a space can be told by its place. What else was lost is flagged.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from unioncrawl.model import Unresolved
from unioncrawl.repair.evidence import NOTE, MirrorEvidence
from unioncrawl.repair.forward import narrow_marks
from unioncrawl.repair.plan import Edit
from unioncrawl.repair.script import turn_to_simplified

KIND = "mirror-sign"
# News agencies indent with U+2003, and write it behind 电 and between sentences.
EM_SPACE = "\N{EM SPACE}"
_SPACE_CONFIDENCE = 0.8

_LOST_SPACE = re.compile(
    r"(?:(?<=\A)|(?<=\n)|(?<=[。；])|(?<=[日京][电電]))\?{1,4}(?=[一-鿿“《（(A-Za-z0-9])"
)
_QUESTIONS = re.compile(r"\?+")
_LOST_SIGN = re.compile(r"\?(?<=[一-鿿]\?)(?=[一-鿿])")


def restore_spaces(text: str) -> Iterator[Edit]:
    r"""Yield edits that turn ``?`` into spaces where a paragraph begins, or behind 。 and 电.

    >>> [edit.after for edit in restore_spaces("??新華社北京5月1日電?今天")]
    ['\u2003\u2003', '\u2003']
    >>> list(restore_spaces("真的嗎?是的。"))
    []
    """
    for match in _LOST_SPACE.finditer(text) if "?" in text else ():
        evidence = "a space that GBK lacks stands here"
        yield Edit(*match.span(), EM_SPACE * len(match[0]), _SPACE_CONFIDENCE, evidence, KIND)


def restore_from_twins(text: str, twins: Iterable[str]) -> Iterator[Edit]:
    """Yield edits that take a lost sign from a twin that has the same words around it.

    >>> [edit.after for edit in restore_from_twins("保護朱?的活動", ["保护朱鹮的活动"])]
    ['鹮']
    """
    twins = tuple(twins)
    for match in _QUESTIONS.finditer(text) if twins else ():
        before = turn_to_simplified(NOTE.sub("", text[max(0, match.start() - 40) : match.start()]))
        after = turn_to_simplified(NOTE.sub("", text[match.end() : match.end() + 40]))
        words = (re.escape(narrow_marks(part)) for part in (before[-3:], after[:3]))
        around = f"(.{{{len(match[0])}}})".join(words)
        for twin in twins:
            found = re.search(around, narrow_marks(twin))
            if found is not None and len(before) + len(after) > 3:  # noqa: PLR2004 - the words around
                yield Edit(*match.span(), found[1], 1.0, "a twin has it", KIND)
                break


def flag_lost_signs(text: str, evidence: MirrorEvidence) -> Iterator[Unresolved]:
    """Yield the question marks that stand for a character GBK lacks, on a page with wide marks.

    >>> list(flag_lost_signs("朱?保護", MirrorEvidence()))
    [Unresolved(start=1, end=2, reason='a character that GBK lacks was lost')]
    >>> list(flag_lost_signs("真的嗎?是的", MirrorEvidence(narrow=True)))
    []
    """
    if not evidence.narrow:
        for match in _LOST_SIGN.finditer(text):
            yield Unresolved(*match.span(), "a character that GBK lacks was lost")
