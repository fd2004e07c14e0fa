"""Distinguish a notice that many unions issue in the same words from a reprint.

Unions of a province publish the same call, rules or congratulation, each with
its own name, numbers and days; one union publishes it again next year. Their
words are one text, but they are different news. A reprint keeps the names and
numbers of the story, or leaves some out: it never puts others in their places.
So two like texts are different news when, *at the same places*:

1. One name took another's place wherever that stood (神木市 is 府谷县 throughout).
2. Several names did, or a name and the numbers beside it.
3. Numbers took others' places, and few numbers are the same.

A correction, a slip of the pen, damage, or 我省 for 陕西省 is no such swap.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from unioncrawl.archive.reprints.align_texts import Swap, lay_side_by_side
from unioncrawl.archive.reprints.fingerprints import ReprintText

_KIND = (
    r"(?:[省市县区旗镇乡村州盟]|街道|社区|公司|集团|[一二三四五六七八九十]局|银行|医院|学校|学院|大学|"
    r"中学|小学|总工会|工会|油田|矿区|煤矿|园|厂|队)"
)
_ENDS_LIKE_A_NAME = re.compile(f".{_KIND}$")
# Names may have the same end: 喀喇沁左翼蒙古族自治县, 奉新县, 滨海新区.
_KIND_FOLLOWS = re.compile(
    f"(?:[左右]翼|.{{0,3}}族)*(?:[前中后联合]|自?治|开发|高新|矿|林|新|有限|有限责任|股份有限)?{_KIND}"
)
_TITLE = (
    "(?:主席|书记|部长|主任|局长|会长|秘书长|理事长|董事长|经理|院长|校长|厂长|矿长|队长|班长|"
    "省长|市长|县长|区长|组长|委员|代表|联系人|同志|劳模|工匠|职工|授予|个人)"
)
_TITLE_BEFORE = re.compile(f"{_TITLE}$")
_TITLE_AND_SURNAME_BEFORE = re.compile(f"{_TITLE}.$")
_TITLE_FOLLOWS = re.compile(".?(?:同志|先生|女士|师傅|一行|主席|书记|说|表示|强调|指出|介绍|率队|带队)")
# Of two men in the same words the family names differ; a given name may have been corrected.
_SURNAME_FOLLOWS = re.compile(".{1,2}(?:同志|先生|女士|师傅|一行|主席|书记)")
# The writer of a copy is not a part of the story.
_BYLINE_BEFORE = re.compile("(?:记者|通讯员|编辑|责编|作者|来源|审核|校对|摄影|供稿|撰稿|摄|文|图).?$")
# 我市 is no other city than 西安市, 王某 no other man than 王伟.
_POINTING = re.compile(
    f"[我本全该各此当](?:们|国|地|局|院|校|厂|矿|会|单位|{_KIND}|$)"
    "|[今昨明去前近上][天日年月周晚]?$|.{0,2}某|其|贵(?:单位|公司|会|校|院)|[他她它这那]"
)
_LONGEST_PERSON, _LONGEST_NAME = 4, 16
# Where numbers differ too, a swap this frequent need not look like a name.
_MANY_TIMES = 3
# The least share of names and numbers in what differs, lest slips look like them.
_MIN_PARTICULARS = 1 / 3
_MANY_NUMBERS, _MIN_OTHER_NUMBERS = 3, 0.4
_FEW_NUMBERS, _MIN_OTHER_OF_FEW = 2, 0.6


@dataclass(frozen=True, slots=True)
class _Name:
    """A name and the other that took its place.

    ``is_likely``: it looks like a name; ``least``: how many swaps make it count.
    """

    ours: str
    theirs: str
    is_likely: bool
    least: int

    @property
    def is_whole(self) -> bool:
        """Whether hardly a character is in both; a name that is swapped as a whole and alone is no slip."""
        shorter = min(len(self.ours), len(self.theirs))
        return len(set(self.ours) & set(self.theirs)) * 3 <= shorter

    def stands_in(self, ours: str, theirs: str) -> bool:
        """Whether two stretches, which may hold more than names, hold these two at the same end."""
        return (ours.endswith(self.ours) and theirs.endswith(self.theirs)) or (
            ours.startswith(self.ours) and theirs.startswith(self.theirs)
        )


def describe_different_events(left: ReprintText, right: ReprintText) -> bool:
    """Whether two texts in like words are about different bodies: names or numbers took others' places.

    >>> notice = "{0}总工会决定开展送清凉活动请各单位于6月前报名由{0}各级工会执行"
    >>> here, there, ours = (ReprintText(notice.format(name)) for name in ("神木市", "府谷县", "我市"))
    >>> describe_different_events(here, there), describe_different_events(here, ours)
    (True, False)
    """
    left, right = sorted((left, right), key=lambda one: (len(one.grams), one.text))
    found = lay_side_by_side(left, right)
    if not found.swaps:
        return False
    numbers = sum(swap.is_number for swap in found.swaps)
    words = [swap for swap in found.swaps if not swap.is_number]
    names = _other_names(words, left.text, right.text)
    # Where no number differs, an editor may have put one word for another throughout.
    counted = {name: count for name, count in names.items() if name.is_likely or numbers}
    changed = numbers + sum(counted.values())
    if changed < _MIN_PARTICULARS * len(found.swaps):
        return False
    likely = [name for name in counted if name.is_likely]
    if likely and (len(counted) > 1 or counted[likely[0]] > 1 or (len(words) == 1 and likely[0].is_whole)):
        return True
    return _mostly_other(changed, found.kept_numbers)


def _mostly_other(changed: int, kept: int) -> bool:
    """Whether too much changed for corrections, compared with what stayed."""
    if changed >= _MANY_NUMBERS:
        return changed >= _MIN_OTHER_NUMBERS * (changed + kept)
    return changed == _FEW_NUMBERS and changed >= _MIN_OTHER_OF_FEW * (changed + kept)


def _other_names(words: Sequence[Swap], left: str, right: str) -> dict[_Name, int]:
    """Return the names that replaced others, and how often, without those that stood elsewhere too."""
    found = {name for swap in words if (name := _name(swap)) is not None}
    names: dict[_Name, int] = {}
    for name in sorted(found, key=lambda one: (not one.is_likely, len(one.ours + one.theirs), one.ours)):
        if any(known.stands_in(name.ours, name.theirs) for known in names):
            continue
        count = sum(name.stands_in(*_widened(swap)) for swap in words)
        if count >= name.least and max(right.count(name.ours), left.count(name.theirs)) < count:
            names[name] = count
    return names


def _name(swap: Swap) -> _Name | None:
    """Return the two names of a swap; ``None`` when it swaps no names."""
    sides = (swap.ours, swap.theirs)
    shorter, longer = sorted(map(len, sides))
    # Cheap tests come first: most swaps are slips of a single character.
    ends = (
        _KIND_FOLLOWS.match(swap.after)
        or (longer > 1 and all(map(_ENDS_LIKE_A_NAME.search, sides)))
        or (longer == 1 and _SURNAME_FOLLOWS.match(swap.after))
    )
    if (longer == 1 and not ends) or longer > _LONGEST_NAME:
        return None
    if any(map(_POINTING.match, sides)) or _BYLINE_BEFORE.search(swap.before):
        return None
    if ends or (1 < longer <= _LONGEST_PERSON and _is_person(swap)):
        return _Name(*_widened(swap), is_likely=True, least=1 if longer > 1 else 2)
    return _Name(*_widened(swap), is_likely=False, least=_MANY_TIMES) if shorter > 1 else None


def _is_person(swap: Swap) -> bool:
    return any(
        found
        for found in (
            _TITLE_BEFORE.search(swap.before),
            _TITLE_AND_SURNAME_BEFORE.search(swap.before),
            _TITLE_FOLLOWS.match(swap.after),
        )
    )


def _widened(swap: Swap) -> tuple[str, str]:
    """Return the sides of a swap, a single character with the one before or after it: 奉新, 王伟."""
    if min(len(swap.ours), len(swap.theirs)) > 1:
        return swap.ours, swap.theirs
    if _TITLE_AND_SURNAME_BEFORE.search(swap.before):
        return swap.before[-1] + swap.ours, swap.before[-1] + swap.theirs
    return swap.ours + swap.after[:1], swap.theirs + swap.after[:1]
