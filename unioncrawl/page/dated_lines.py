"""Lines that are little else than a date."""

from __future__ import annotations

import re
from functools import lru_cache

from unioncrawl.language.label_folding import narrow_digits

LONGEST_TIME = 16
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?"
# All that it may begin with stands first: half of the time on a line without a date.
DATED = re.compile(
    r"(?=[\d一二JFMASOND])(?:"
    r"(?<!\d)(?:(?:19|20)\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}(?!\d{3})"
    r"|20\d\d [01]\d\s?/\s?[0-3]\d|\d{1,2}\.\d{1,2}\.(?:19|20)\d\d(?!\d)|\d\d年\d{1,2}月\d{1,2}日"
    rf"|(?<!-)[01]?\d-[0-3]\d\s+[0-2]?\d:[0-5]\d|[0-3]?\d {_MONTH},? 20\d\d|{_MONTH} [0-3]?\d,? 20\d\d)"
    r"|[一二][〇零○九]..年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日)"
)
_PART_OF_DATE = re.compile(
    r"\s*(?:刚刚|[今昨前]天(?:\s*\d\d?:\d\d)?|(?:\d{1,3}|半)\s?个?(?:秒钟?|分钟|小时|天|周|月)[以之]?前"
    r"|(?:[0-3]\d)?\s?/?\s?(?:19|20)\d\d\s?[-/.年]\s?[01]?\d月?)\s*"
)
_TIME_FIRST = re.compile(r"\s*[012]?\d:[0-5]\d(?![\d，。])")


@lru_cache(maxsize=1024)
def is_dated(text: str) -> bool:
    """Whether a short line is little else than a date or the time that belongs to one.

    >>> is_dated("2021年04月19号"), is_dated("2023-10-09 来源:南方工报")
    (True, True)
    >>> is_dated("2021年4月19日,市总工会召开会议。")
    False
    """
    if len(text) > 60:
        return False
    text = narrow_digits(text)
    if len(text) < LONGEST_TIME and (_TIME_FIRST.match(text) or _PART_OF_DATE.fullmatch(text)):
        return True
    found = DATED.search(text)
    return found is not None and not re.search(r"[。；，,]", text) and found.start() <= 30
