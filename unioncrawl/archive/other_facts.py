"""Tell a notice that many unions issue in the same words from a reprint.

Unions of a province publish the same call, rules or congratulation, each with
its own name, numbers and days. By their words these are one text; they are
different news. A reprint keeps the names and numbers of the story, or leaves
some out: it never puts others in their places.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from unioncrawl.archive.fingerprints import GRAM, ReprintText

_NUMBER = re.compile(r"\d+")
# So many numbers in each of two texts must mostly agree when one tells the other's story.
_MIN_NUMBERS = 4
_MIN_SAME_NUMBERS = 0.4
_MISSING = re.compile(b"\x00+")
# A name ends like this, or this stands behind it.
_KIND = r"(?:[省市县区旗镇乡村州盟]|街道|社区|公司|集团|医院|学校|学院|大学|总工会|工会)"
_ENDS_LIKE_A_NAME = re.compile(f"{_KIND}$")
_KIND_FOLLOWS = re.compile(_KIND)
# 我市 is no other city than 西安市.
_POINTING = re.compile("[我本全该各此我们]+")
# Stretches may hold two names and what stands between them.
_LONGEST_NAME = 60
# A single character that differs is a slip of the pen, unless it is always the same: 奉新县, 安新县.
_MANY_SIGNS = 3


def tell_of_others(left: ReprintText, right: ReprintText) -> bool:
    """Whether two texts in like words tell of different bodies: names or numbers took others' places.

    >>> notice = "{0}总工会决定开展送清凉活动请各单位于6月前报名由{0}各级工会执行"
    >>> here, there, ours = (ReprintText(notice.format(name)) for name in ("神木市", "府谷县", "我市"))
    >>> tell_of_others(here, there), tell_of_others(here, ours)
    (True, False)
    """
    return _have_other_numbers(left, right) or _have_other_names(left, right)


def _have_other_numbers(left: ReprintText, right: ReprintText) -> bool:
    ours, theirs = (_NUMBER.findall(one.text) for one in (left, right))
    fewer = min(len(ours), len(theirs))
    if fewer < _MIN_NUMBERS:
        return False
    return (Counter(ours) & Counter(theirs)).total() < _MIN_SAME_NUMBERS * fewer


def _have_other_names(left: ReprintText, right: ReprintText) -> bool:
    """Whether a name took the place of another again and again."""
    theirs = {one.around: one for one in _differing(right, left)}
    if not theirs:
        return False
    swaps = [(one, theirs[one.around]) for one in _differing(left, right) if one.around in theirs]
    signs = Counter((one.text, other.text) for one, other in swaps if len(one.text) == len(other.text) == 1)
    if any(count >= _MANY_SIGNS for count in signs.values()):
        return True
    return bool(swaps) and all(_repeats_a_pair(one.text for one in side) for side in zip(*swaps, strict=True))


def _repeats_a_pair(names: Iterable[str]) -> bool:
    """Whether two of the stretches, which may hold more than a name, share a pair of characters."""
    pairs = Counter(pair for name in names for pair in {name[at : at + 2] for at in range(len(name) - 1)})
    return any(count > 1 for count in pairs.values())


@dataclass(frozen=True, slots=True)
class _Difference:
    """A stretch with a name that one text has and the other lacks, between what both have."""

    text: str
    around: tuple[str, str]


def _differing(one: ReprintText, other: ReprintText) -> Iterator[_Difference]:
    text, count = one.text, len(one.ordered)
    known = bytes(map(other.grams.__contains__, one.ordered))
    for found in _MISSING.finditer(known):
        # The first and last grams that are missing reach in from what both texts have.
        start = found.start() + GRAM - 1 if found.start() else 0
        end = found.end() if found.end() < count else len(text)
        name, behind = text[start:end], text[end : end + GRAM - 1]
        if not 0 < len(name) <= _LONGEST_NAME or _POINTING.match(name):
            continue
        if _ENDS_LIKE_A_NAME.search(name) or _KIND_FOLLOWS.search(behind):
            yield _Difference(name, (text[max(0, start - GRAM + 1) : start], behind))
