"""Signs that GBK lacks: a mirror wrote ``?`` for each, which no longer shows what it was.

Only a space can be recognised by its place. Every other lost sign is flagged.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from unioncrawl.language.pinyin import NOTE
from unioncrawl.model import Unresolved
from unioncrawl.repair.budget import Work
from unioncrawl.repair.mirror_model.evidence import MirrorEvidence
from unioncrawl.repair.mirror_model.forward import narrow_marks
from unioncrawl.repair.mirror_model.to_simplified import turn_to_simplified
from unioncrawl.repair.plan import Edit

KIND = "mirror-sign"
# News agencies indent with U+2003, and write it after 电 and between sentences.
EM_SPACE = "\N{EM SPACE}"
_SPACE_CONFIDENCE = 0.8

# Each begins with the mark itself and looks at the text before it afterwards: that is fast.
_LOST_SPACE = re.compile(
    r"\?(?:(?<=\A\?)|(?<=[\n。；]\?)|(?<=[日京][电電]\?))\?{0,3}(?=[一-鿿“《（(A-Za-z0-9])"
)
_QUESTIONS = re.compile(r"\?+")
# How many characters on each side of a lost sign a twin must have too, and how many in all.
_WORDS, _ENOUGH = 3, 4
_AROUND = _WORDS * len("双(shuāng)")
# How many steps a lost sign costs, and how many characters of the twins a step searches.
_SIGN_STEPS, _CHARACTERS_A_STEP = 20, 1000
_LOST_SIGN = re.compile(r"\?(?<=[一-鿿]\?)(?=[一-鿿])")


def restore_spaces(text: str) -> Iterator[Edit]:
    r"""Yield edits that turn ``?`` into spaces where a paragraph begins, or after 。 and 电.

    >>> [edit.after for edit in restore_spaces("??新華社北京5月1日電?今天")]
    ['\u2003\u2003', '\u2003']
    >>> list(restore_spaces("真的嗎?是的。"))
    []
    """
    for match in _LOST_SPACE.finditer(text) if "?" in text else ():
        evidence = "a space that GBK lacks stands here"
        yield Edit(*match.span(), EM_SPACE * len(match[0]), _SPACE_CONFIDENCE, evidence, KIND)


def restore_from_twins(text: str, twins: Iterable[str], work: Work) -> Iterator[Edit]:
    """Yield edits that take a lost sign from a twin that has the same words around it.

    Searching the twins is taken off ``work``; when that is spent, signs stay lost.

    >>> from unioncrawl.repair.budget import USUAL_BUDGET
    >>> work = Work(USUAL_BUDGET, characters=10)
    >>> [edit.after for edit in restore_from_twins("保護朱?的活動", ["保护朱鹮的活动"], work)]
    ['鹮']
    >>> list(restore_from_twins("在哪里報銷?", ["在哪里报销？报销海伦"], work))
    []
    """
    narrowed = [narrow_marks(twin) for twin in twins]
    steps = _SIGN_STEPS + sum(map(len, narrowed)) // _CHARACTERS_A_STEP + len(narrowed)
    for match in _QUESTIONS.finditer(text) if narrowed else ():
        if work.is_spent:
            return
        work.spend(steps)
        words = _words_around(text, *match.span())
        shown = match[0].join(words)
        if len(shown) - len(match[0]) < _ENOUGH or any(shown in twin for twin in narrowed):
            continue
        around = re.compile(f"(.{{{len(match[0])}}})".join(map(re.escape, words)))
        found = next(filter(None, map(around.search, narrowed)), None)
        if found is not None:
            yield Edit(*match.span(), found[1], 1.0, "a twin has it", KIND)


def _words_around(text: str, start: int, end: int) -> tuple[str, str]:
    before = turn_to_simplified(NOTE.sub("", text[max(0, start - _AROUND) : start]))
    after = turn_to_simplified(NOTE.sub("", text[end : end + _AROUND]))
    return narrow_marks(before[-_WORDS:]), narrow_marks(after[:_WORDS])


def flag_lost_signs(text: str, evidence: MirrorEvidence) -> Iterator[Unresolved]:
    """Yield the question marks that stand for a character GBK lacks, on a page with wide marks.

    >>> [left.reason for left in flag_lost_signs("朱?保護", MirrorEvidence())]
    ['a character that GBK lacks was lost']
    >>> list(flag_lost_signs("真的嗎?是的", MirrorEvidence(narrow=True)))
    []
    """
    if not evidence.narrow:
        for match in _LOST_SIGN.finditer(text):
            yield Unresolved(*match.span(), "a character that GBK lacks was lost")
