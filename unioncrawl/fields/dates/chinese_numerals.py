"""Dates written in Chinese numerals: 二〇二三年五月六日."""

from __future__ import annotations

import re
from typing import NamedTuple

# Input methods offer U+3007, U+25CB and U+25EF; typists take O of Latin, Greek and Cyrillic instead.
_ZEROS = "〇零○◯0０OoＯｏΟοОо"
_DIGITS = dict.fromkeys(_ZEROS, "0") | dict(zip("一二两三四五六七八九", "1223456789", strict=True))
_WRITTEN = re.compile(
    rf"(?:(?P<year>[一二][{_ZEROS}一二三四五六七八九]{{3}})"
    rf"|(?:中[华華])?民[国國]\s?(?P<since1911>[{_ZEROS}元一二三四五六七八九十百]{{1,6}}))"
    r"\s?年\s?(?P<month>[元一二三四五六七八九十]{1,2})\s?月"
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
    year = numeral_value(found["year"]) if found["year"] else 1911 + numeral_value(found["since1911"])
    day = numeral_value(found["day"]) if found["day"] else 0
    return WrittenDate(found.start(), found.end(), year, numeral_value(found["month"]), day)


def numeral_value(numeral: str) -> int:
    """Return the number that Chinese numerals write, digit by digit or with 十 and 百.

    >>> numeral_value("二十八"), numeral_value("二〇二四"), numeral_value("一百一十三")
    (28, 2024, 113)
    """
    numeral = numeral.replace("初", "").replace("元", "一").replace("廿", "二十").replace("卅", "三十")
    hundreds, hundred, rest = numeral.rpartition("百")
    tens, ten, units = rest.rpartition("十")
    value = int("".join(_DIGITS.get(sign, "0") for sign in units) or 0)
    value += 10 * int(_DIGITS.get(tens.strip(_ZEROS), "1")) if ten else 0
    return value + (100 * int(_DIGITS.get(hundreds, "1")) if hundred else 0)
