"""Mask what identifies private persons in exported text: phone, identity card and bank card numbers.

Numbers that belong to no person stay: hotlines (12351), the service numbers 400 and 800 of
offices and firms, an organisation's bank account.
"""

from __future__ import annotations

import re

# Full-width digits and signs are read as plain ones; every sign stays one character.
_NARROW: dict[int, int | str] = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_NARROW.update(dict.fromkeys(map(ord, "—–‐‑−"), "-"))
_NARROW.update(dict.fromkeys(map(ord, "【［〔["), "("))
_NARROW.update(dict.fromkeys(map(ord, "】］〕]"), ")"))
_NARROW[0x3000] = " "
_GAP = r"[ -]?"
_BEFORE = r"(?<![\d.])"
_AFTER = r"(?!\d|\.\d\d|,\d{3})"
_URL = r"(?P<url>(?:https?://|www\.)[!-~]+)"
# 11 digits from 13 on (工信部's number plan), with or without the country's code.
_MOBILE = (
    rf"{_BEFORE}(?:(?:\+|00)?86{_GAP}\)?{_GAP})?"
    rf"(?:(?P<m1>1[3-9]\d)(?P<m2>{_GAP}\d{{4}}){_GAP}\d{{4}}"
    r"|1[3-9]\d(?P<m3>\.\d{4})\.\d{4}|1[3-9]\d{2}(?P<m4>[ -]\d{3})[ -]\d{4})"
    rf"{_AFTER}"
)
# GB 11643: region (6), birth date (8, before 1999 6), order (3), check digit; printed ones
# with a wrong check digit are somebody's too.
_PROVINCE = r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])"
_MONTH, _DAY = r"(?:0[1-9]|1[0-2])", r"(?:0[1-9]|[12]\d|3[01])"
_BIRTH = rf"(?:(?:18|19|20)\d{{2}}{_GAP}{_MONTH}{_DAY}{_GAP}\d{{3}}[\dXx]|\d{{2}}{_MONTH}{_DAY}\d{{3}})"
_IDENTITY = rf"{_BEFORE}(?P<i1>{_PROVINCE}\d{{4}}){_GAP}(?P<i2>{_BIRTH})(?![\dXx])"
# The same cut into fours: 1101 0519 4912 3100 2X.
_FOURS = (
    rf"{_BEFORE}(?P<f1>{_PROVINCE}\d{{2}}[ -]\d{{2}})"
    rf"(?P<f2>(?:18|19|20)[ -]\d{{2}}{_MONTH}[ -]{_DAY}\d{{2}}[ -]\d[\dXx])(?![\dXx])"
)
# Bank cards (ISO/IEC 7812, 16 to 19 digits); accounts of unions and charities are not cards.
_CARD = rf"{_BEFORE}(?P<k1>[3-6]\d{{3}}(?:{_GAP}\d{{4}}){{3}}(?:{_GAP}\d{{1,3}})?)(?!\d)"
_OF_A_CARD = re.compile(r"卡(?:号|号码)?[为是:( ]*$")
_OF_AN_ACCOUNT = re.compile(r"[账帐](?:号|户)[^,。;!?\n]*$")
_LOCAL = r"[2-9]\d{2,3}[ -]?\d{4}"
# An area code (010, 02x, 03xx to 09xx), in brackets or not, and 7 or 8 digits.
_AREA = r"(?:10|2\d|[3-9]\d{2})"
_LANDLINE = (
    rf"{_BEFORE}(?P<l1>(?:\(?0{_AREA}\)?{_GAP}(?:- |[-/])?|(?:\+|00)86{_GAP}{_AREA}{_GAP}))"
    rf"(?P<l2>{_LOCAL}){_AFTER}"
)
# Without an area code a number is a phone's only when the text says so, or after another phone number.
_SAID = (
    r"(?P<s1>(?:电话|座机|热线|手机|联系方式|传真|[Tt][Ee][Ll])(?:号码|号)?[.:]? ?)"
    rf"(?P<s2>{_LOCAL}){_AFTER}"
)
_NUMBERS = re.compile(f"{_URL}|{_IDENTITY}|{_FOURS}|{_CARD}|{_MOBILE}|{_LANDLINE}|{_SAID}")
# Every masked number has such digits: most texts have no such digits and need no further search.
_SUSPICIOUS = re.compile(r"\d{3}[-. ]?\d{4}|\d{6}|\d{4}[ -]\d{3,4}")
_NEXT_LOCAL = re.compile(rf"(\s*(?:[、,/]|或|及|和)\s*)({_LOCAL}){_AFTER}")
# A number of things, of money, of visits, or of a file; beside the mention of a phone it is a phone's.
_COUNTED = re.compile(
    r"(?:点击|浏览|阅读|访问|人气|编号|文号|订单号?|票号?|账号|帐号|第)(?:量|数|次数|人次|率)?[: ]*$"
)
_UNITS = re.compile(r"(?:\.\d+)?(?:元|万|亿|人|次|件|条|份|户|个|台|吨|亩|米|度|平方|%)")
_PHONE = re.compile(r"(?:电话|手机|热线|联系|拨打|致电|咨询|[Tt][Ee][Ll])[^,。;!?\n]*$")
_CONTEXT = 12
_SHOWN_OF_LANDLINE = 3
_SHOWN_OF_CARD = 4


def mask_numbers(text: str) -> str:
    """The text with phone, identity and bank card numbers made unreadable; its length stays.

    Hotlines (12351), service numbers (400-…, 800-…), dates, sums, hit counts,
    addresses of pages, serial numbers and bank accounts stay. An ambiguous number
    is masked.

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
            is_phone = found["i1"] is None and found["f1"] is None and found["k1"] is None
            position = _hide_followers(plain, position, hidden, is_phone=is_phone)
    if not hidden:
        return text
    return "".join("*" if place in hidden else sign for place, sign in enumerate(text))


def _is_counted(found: re.Match[str]) -> bool:
    """Whether a number in a phone's or a card's form counts something."""
    if found["i1"] is not None or found["f1"] is not None or found["s1"] is not None:
        return False
    before = found.string[max(0, found.start() - _CONTEXT) : found.start()]
    if found["k1"] is not None:
        return not (_OF_A_CARD.search(before) or _is_card(found[0], before))
    if _PHONE.search(before):
        return False
    return bool(_COUNTED.search(before) or _UNITS.match(found.string, found.end()))


def _is_card(printed: str, before: str) -> bool:
    """Whether a number is a card's by itself: of China's banks, with a right check digit (Luhn's)."""
    digits = [int(sign) for sign in printed if sign.isdecimal()]
    doubled = [digit * 2 - 9 * (digit > 4) for digit in digits[-2::-2]]  # noqa: PLR2004 - the sum of two digits
    is_right = (sum(doubled) + sum(digits[-1::-2])) % 10 == 0
    return is_right and printed.startswith("62") and not _OF_AN_ACCOUNT.search(before)


# The group that is hidden, by the group that identifies the form.
_HIDDEN = {"i1": "i2", "f1": "f2", "m1": "m2", "m3": "m3", "m4": "m4"}


def _hidden_places(found: re.Match[str]) -> list[int]:
    for group, hidden in _HIDDEN.items():
        if found[group] is not None:
            return _digits(found.string, *found.span(hidden))
    if found["k1"] is not None:
        return _digits(found.string, *found.span("k1"))[_SHOWN_OF_CARD:-_SHOWN_OF_CARD]
    start, end = found.span("l2" if found["l1"] is not None else "s2")
    return _digits(found.string, start, end - _SHOWN_OF_LANDLINE)


def _hide_followers(plain: str, position: int, hidden: set[int], *, is_phone: bool) -> int:
    """Further numbers of the same office: 0971-6145678、6145679."""
    while is_phone and (found := _NEXT_LOCAL.match(plain, position)) is not None:
        hidden.update(_digits(plain, found.start(2), found.end(2) - _SHOWN_OF_LANDLINE))
        position = found.end()
    return position


def _digits(text: str, start: int, end: int) -> list[int]:
    return [place for place in range(start, end) if text[place] not in " -."]
