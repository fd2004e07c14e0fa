"""Dates written in Chinese numerals, rewritten in digits of the same length."""

from __future__ import annotations

import re

_DIGITS = {**dict(zip("〇零○一二三四五六七八九", "000123456789", strict=True)), "元": "1"}
_NUMERAL = "〇零○一二三四五六七八九十廿卅"
_YEAR = re.compile(
    rf"(?P<year>[〇零○一二三四五六七八九]{{4}}|[〇零○一二三四五六七八九]{{2}})(?=\s?年\s?[{_NUMERAL}\d]{{1,3}}\s?月)"
)
_PART = re.compile(rf"(?<=[年月\s])[{_NUMERAL}]{{1,3}}(?=\s?[月日号])")


def _value(numeral: str) -> int:
    numeral = numeral.replace("廿", "二十").replace("卅", "三十")
    if "十" not in numeral:
        return int("".join(_DIGITS[sign] for sign in numeral))
    tens, _, units = numeral.partition("十")
    return (int(_DIGITS[tens]) if tens else 1) * 10 + (int(_DIGITS[units]) if units else 0)


def _padded(found: re.Match[str]) -> str:
    printed = found[0]
    value = f"{_value(printed):02d}" if len(printed) > 1 else str(_value(printed))
    return value.rjust(len(printed))[-len(printed) :]


def plain_digits(text: str) -> str:
    """Rewrite a written date in digits, each part as long as it was, so that places stay.

    A text without a written year, month and day comes back as it is: 二〇二三
    alone may be part of a name.

    >>> plain_digits("二〇二三年五月六日")
    '2023年5月6日'
    >>> plain_digits("二〇二三年十二月三十一日")
    '2023年12月 31日'
    >>> plain_digits("二十大精神")
    '二十大精神'
    """
    if "年" not in text or not _YEAR.search(text):
        return text
    text = _YEAR.sub(lambda found: "".join(_DIGITS[sign] for sign in found["year"]), text)
    return _PART.sub(_padded, text)
