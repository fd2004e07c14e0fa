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
_FORM = re.compile(
    rf"[〖【\[(\s]*(?:已有|共有?|总共|累计)?(?:{_LABEL}\s*[:|]?\s*)?[\[(\s]*{_NUMBER}\s*(?P<unit>[千万萬亿億wk]?)\s*\+?\s*"
    rf"(?:人\s*次|次|人|遍|回|℃|views?|hits?)?\s*(?:{_LABEL})?[\s〗】\])|]*",
    re.IGNORECASE,
)


def parse_hits(text: str) -> int | None:
    """Read a printed hit count; None when the string tells no number.

    A label, brackets and 次 around the number are allowed, and nothing else: a
    number inside a sentence is not a hit count. Empty strings and placeholders
    (加载中, ``loading…``, ``--``) tell no number. ``10万+`` is its lower bound.

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
    found = _FORM.fullmatch(text.translate(_NARROW))
    if found is None:
        return None
    whole, _, decimals = found["number"].replace(",", "").replace(" ", "").partition(".")
    unit = _UNITS[found["unit"].lower()]
    if decimals and unit == 1:
        return None
    return int(whole) * unit + (int(decimals) * unit // 10 ** len(decimals) if decimals else 0)
