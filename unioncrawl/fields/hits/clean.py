"""Read hit counts (点击量) as they are printed."""

from __future__ import annotations

import re

_NARROW: dict[int, int | str] = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_NARROW.update({ord(sign): " " for sign in "　\xa0\u2002\u2003\u2009\t\r\n"})
_NARROW.update({ord(sign): ":" for sign in "∶︰﹕"})
_LABEL = (
    r"(?:本文|文章|被|已|总|今日)?(?:点\s*击|點\s*擊|浏\s*览|瀏\s*覽|阅\s*读|閱\s*讀|访\s*问|訪\s*問|查\s*看|人\s*气|人\s*氣|围观|热度|点阅|hits?|views?|pv)"
    r"\s*(?:阅\s*读|指\s*数)?\s*(?:量|率|数\s*量|數\s*量|次\s*数|次\s*數|人\s*次|人\s*数|数|數)?"
)
_UNITS = {
    "": 1,
    "千": 1_000,
    "k": 1_000,
    "万": 10_000,
    "萬": 10_000,
    "w": 10_000,
    "亿": 100_000_000,
    "億": 100_000_000,
}
_NUMBER = r"(?P<number>\d{1,3}(?:(?P<apart>[, ])\d{3}(?:(?P=apart)\d{3})*)(?:\.\d+)?|\d+(?:\.\d+)?)"
# No counter counts more: every person on earth a hundred times. A longer number is an identity
# number, a telephone or a prank.
MOST_HITS = 10**12
# A label, brackets, 24 digits parted by commas and 人次 take 60 characters.
_LONGEST = 120
_BLANKS = re.compile(r"\s{3,}")
# A number too long for that, with at most a label's length before it and 人次 after it.
_LONG_NUMBER = re.compile(r"\D{0,20}+[\d,]++\D{0,10}")
_FORM = re.compile(
    rf"[〖【\[(\s]*(?:已有|共有?|总共|累计)?(?:{_LABEL}\s*[:|]?\s*)?[\[(\s]*{_NUMBER}\s*(?P<unit>[千万萬亿億wk]?)\s*\+?\s*"
    rf"(?:人\s*次|次|人|遍|回|℃|views?|hits?)?\s*(?:{_LABEL})?[\s〗】\])|]*",
    re.IGNORECASE,
)


def parse_hits(text: str) -> int | None:
    """Read a printed hit count. Return None when the string gives no count.

    A label, brackets and 次 around the number are allowed, and nothing else: a
    number inside a sentence is not a hit count. Empty strings and placeholders
    (加载中, ``loading…``, ``--``) give no count, nor do implausible numbers
    (over `MOST_HITS`, see `is_implausible`) and strings of more
    than 120 characters. ``10万+`` is its lower bound.

    >>> parse_hits("点击量：1,234次")
    1234
    >>> parse_hits("12 345"), parse_hits("128 2024")
    (12345, None)
    >>> parse_hits("1.2万"), parse_hits("10万+"), parse_hits("3w")
    (12000, 100000, 30000)
    >>> parse_hits("网络点击量达到10万余次") is None
    True
    >>> parse_hits("加载中") is None
    True
    """
    count = _read_count(text)
    return None if count is None or count > MOST_HITS else count


def is_implausible(text: str) -> bool:
    """Whether a string prints a count as no counter could mean it: over `MOST_HITS`.

    >>> is_implausible("点击：630102199001011234567"), is_implausible("点击：1,234次")
    (True, False)
    """
    count = _read_count(text)
    return count is not None and count > MOST_HITS


def _read_count(text: str) -> int | None:
    """The number of a hit count, however large.

    The form is a row of optional parts that white space may separate, so its time grows with
    the square of the length. Blanks are shortened; a text that is still too long is not a count.
    """
    plain = _BLANKS.sub("  ", text.translate(_NARROW))
    if len(plain) > _LONGEST:
        return MOST_HITS + 1 if _LONG_NUMBER.fullmatch(plain) else None
    found = _FORM.fullmatch(plain)
    if found is None:
        return None
    whole, _, decimals = found["number"].replace(",", "").replace(" ", "").partition(".")
    unit = _UNITS[found["unit"].lower()]
    if decimals and unit == 1:
        return None
    return int(whole) * unit + (int(decimals) * unit // 10 ** len(decimals) if decimals else 0)
