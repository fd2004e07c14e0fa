"""Mask what identifies private persons in exported text: phone and identity card numbers."""

from __future__ import annotations

import re

# Full-width digits and signs are read as the plain ones; every sign stays one character.
_NARROW: dict[int, int | str] = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_NARROW.update(dict.fromkeys(map(ord, "—–‐‑−"), "-"))
_NARROW[0x3000] = " "
_GAP = r"[ -]?"
_BEFORE = r"(?<![\d.])"
_AFTER = r"(?!\d|\.\d\d|,\d{3})"
_URL = r"(?P<url>https?://[!-~]+)"
# 11 digits from 13 on (工信部's number plan), with or without the country's code.
_MOBILE = (
    rf"{_BEFORE}(?:(?:\+|00)?86{_GAP}\)?{_GAP})?"
    rf"(?P<m1>1[3-9]\d)(?P<m2>{_GAP}\d{{4}})(?P<m3>{_GAP}\d{{4}}){_AFTER}"
)
# GB 11643: region (6), birth date (8, before 1999 6), order (3), check digit; printed ones
# with a wrong check digit are somebody's too.
_REGION = r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])\d{4}"
_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_BIRTH = rf"(?:(?:18|19|20)\d{{2}}{_DAY}{_GAP}\d{{3}}[\dXx]|\d{{2}}{_DAY}\d{{3}})"
_IDENTITY = rf"{_BEFORE}(?P<i1>{_REGION}){_GAP}(?P<i2>{_BIRTH})(?![\dXx])"
_LOCAL = r"[2-9]\d{2,3}[ -]?\d{4}"
# An area code (010, 02x, 03xx to 09xx), in brackets or not, and 7 or 8 digits.
_LANDLINE = rf"{_BEFORE}(?P<l1>\(?0(?:10|2\d|[3-9]\d{{2}})\)?{_GAP}(?:- |-)?)(?P<l2>{_LOCAL}){_AFTER}"
# Without an area code a number is a phone's only where that is said, or behind another one.
_SAID = (
    r"(?P<s1>(?:电话|座机|热线|手机|联系方式|传真|[Tt][Ee][Ll])(?:号码|号)?[.:]? ?)"
    rf"(?P<s2>{_LOCAL}){_AFTER}"
)
_NUMBERS = re.compile(f"{_URL}|{_IDENTITY}|{_MOBILE}|{_LANDLINE}|{_SAID}")
# Every number that is masked has such digits: most texts have none, and are done.
_SUSPICIOUS = re.compile(r"\d{3}[ -]?\d{4}|\d{6}")
_NEXT_LOCAL = re.compile(rf"(\s*(?:[、,/]|或|及|和)\s*)({_LOCAL}){_AFTER}")
# A number of things, of money, of visits, or of a file; where a phone is spoken of, none of these.
_COUNTED = re.compile(
    r"(?:点击|浏览|阅读|访问|人气|编号|文号|订单号?|账号|帐号|卡号)(?:量|数|次数|人次|率)?[: ]*$"
)
_UNITS = re.compile(r"(?:\.\d+)?(?:元|万|亿|人|次|件|条|份|户|个|台|吨|亩|米|度|平方|%)")
_PHONE = re.compile(r"(?:电话|手机|热线|联系|拨打|致电|咨询|[Tt][Ee][Ll])[^,。;!?\n]*$")
_CONTEXT = 12
_SHOWN_OF_LANDLINE = 3


def mask_numbers(text: str) -> str:
    """The text with phone and identity numbers made unreadable; its length stays.

    Hotlines (12351, 400-…), dates, sums, hit counts, addresses of pages and
    serial numbers stay. Where a number may be either, it is masked.

    >>> mask_numbers("联系人张三 13912345678、010-68591234")
    '联系人张三 139****5678、010-*****234'
    >>> mask_numbers("身份证11010519491231002X，电话：0971-6145678、6145679")
    '身份证110105************，电话：0971-****678、****679'
    >>> mask_numbers("拨打12351热线，投入20240501元，点击量15812345678")
    '拨打12351热线，投入20240501元，点击量15812345678'
    """
    plain = text.translate(_NARROW)
    if not _SUSPICIOUS.search(plain):
        return text
    hidden: set[int] = set()
    position = 0
    while (found := _NUMBERS.search(plain, position)) is not None:
        position = found.end()
        if found["url"] is None and not _is_counted(found):
            hidden.update(_hidden_places(found))
            position = _hide_followers(plain, position, hidden, is_phone=found["i1"] is None)
    if not hidden:
        return text
    return "".join("*" if place in hidden else sign for place, sign in enumerate(text))


def _is_counted(found: re.Match[str]) -> bool:
    """Whether what has a phone's form is a number of something."""
    if found["i1"] is not None or found["s1"] is not None:
        return False
    before = found.string[max(0, found.start() - _CONTEXT) : found.start()]
    if _PHONE.search(before):
        return False
    return bool(_COUNTED.search(before) or _UNITS.match(found.string, found.end()))


def _hidden_places(found: re.Match[str]) -> list[int]:
    if found["i1"] is not None:
        start, end = found.span("i2")
    elif found["m1"] is not None:
        start, end = found.span("m2")
    else:
        start, end = found.span("l2" if found["l1"] is not None else "s2")
        end -= _SHOWN_OF_LANDLINE
    return _digits(found.string, start, end)


def _hide_followers(plain: str, position: int, hidden: set[int], *, is_phone: bool) -> int:
    """Further numbers of the same office: 0971-6145678、6145679."""
    while is_phone and (found := _NEXT_LOCAL.match(plain, position)) is not None:
        hidden.update(_digits(plain, found.start(2), found.end(2) - _SHOWN_OF_LANDLINE))
        position = found.end()
    return position


def _digits(text: str, start: int, end: int) -> list[int]:
    return [place for place in range(start, end) if text[place] not in " -"]
