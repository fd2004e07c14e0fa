"""A time of day in Chinese numerals after a date: 上午九时三十分, 下午两点半."""

from __future__ import annotations

import re

from unioncrawl.fields.dates.chinese_numerals import numeral_value
from unioncrawl.fields.dates.clock import HALVES, QUARTERS, hour_of_day

_NUMERAL = "[零〇一二两三四五六七八九十廿]"
_TIME = re.compile(
    rf"[\s,，]*(?:(?P<half>{'|'.join(HALVES)})\s*)?(?P<hour>{_NUMERAL}{{1,3}})[时点時點]"
    rf"(?:(?P<quarter>半|[一三]刻)|(?P<minute>{_NUMERAL}{{1,3}})分)?"
)


def written_clock(text: str, place: int) -> tuple[int, int, int] | None:
    """Return hour (0 to 24), minute and end of a time in numerals at a place; None when none stands there.

    >>> written_clock("2024年4月8日下午两点半", 9), written_clock("四月八日九时十五分", 4)
    ((14, 30, 14), (9, 15, 9))
    >>> written_clock("四月八日一点心意", 4), written_clock("四月八日九十时", 4)
    (None, None)
    """
    found = _TIME.match(text, place)
    if found is None or not (found["half"] or found["quarter"] or found["minute"] or "点" not in found[0]):
        return None  # 一点 is also "a little"
    hour = hour_of_day(numeral_value(found["hour"]), found["half"] or "")
    minute = numeral_value(found["minute"]) if found["minute"] else QUARTERS.get(found["quarter"] or "", 0)
    if hour is None or hour > 24 or minute >= 60:
        return None
    return hour, minute, found.end()
