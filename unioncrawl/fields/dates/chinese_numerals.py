"""Dates written in Chinese numerals: 二〇二三年五月六日."""

from __future__ import annotations

import re
from typing import NamedTuple

_DIGITS = dict(zip("〇零○0一二三四五六七八九", "0000123456789", strict=True))
_WRITTEN = re.compile(
    r"(?P<year>[一二][〇零○0一二三四五六七八九]{3})\s?年\s?(?P<month>[元一二三四五六七八九十]{1,2})\s?月"
    r"(?:\s?(?P<day>[初一二三四五六七八九十廿卅]{1,3})\s?[日号號])?"
)


class WrittenDate(NamedTuple):
    """A written date and where it stands; ``day`` is 0 when only the month is written."""

    start: int
    end: int
    year: int
    month: int
    day: int


def find_written(text: str) -> WrittenDate | None:
    """The first date in Chinese numerals with a year and a month, or None.

    A year alone (二〇二三) may be part of a name, so it is left alone.

    >>> find_written("二〇二四年十月二十一日")[2:]
    (2024, 10, 21)
    >>> find_written("二十大精神进车间") is None
    True
    """
    found = _WRITTEN.search(text)
    if found is None:
        return None
    year = int("".join(_DIGITS[sign] for sign in found["year"]))
    day = _value(found["day"]) if found["day"] else 0
    return WrittenDate(found.start(), found.end(), year, _value(found["month"]), day)


def _value(numeral: str) -> int:
    numeral = numeral.replace("初", "").replace("元", "一").replace("廿", "二十").replace("卅", "三十")
    if "十" not in numeral:
        return int("".join(_DIGITS[sign] for sign in numeral) or 0)
    tens, _, units = numeral.partition("十")
    return int(_DIGITS.get(tens, "1")) * 10 + int(_DIGITS.get(units, "0"))
