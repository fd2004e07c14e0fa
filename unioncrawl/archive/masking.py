"""Mask what identifies private persons in exported text: phone and identity card numbers."""

from __future__ import annotations

import re

# 11 digits from 13 on (工信部's number plan), with the spaces and dashes of print.
_MOBILE = re.compile(r"(?<![\d.])(1[3-9]\d)([ -]?)\d{4}([ -]?)(\d{4})(?!\d)")
# Area code and 7 or 8 digits, with an extension left as it is.
_LANDLINE = re.compile(r"(?<![\d.])(0\d{2,3}\s?[-—－]\s?)\d{4,5}(\d{3})(?!\d)")
# GB 11643: region (6), birth date (8), order (3), check digit.
_IDENTITY = re.compile(
    r"(?<!\d)([1-9]\d{5})((?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx])(?![\dXx])"
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


def mask_numbers(text: str) -> str:
    """The text with phone and identity numbers made unreadable; its length stays.

    Hotlines (12351), dates, sums and serial numbers stay: an identity number
    must carry its check digit.

    >>> mask_numbers("联系人张三 13912345678、010-68591234")
    '联系人张三 139****5678、010-*****234'
    >>> mask_numbers("身份证11010519491231002X")
    '身份证110105************'
    >>> mask_numbers("拨打12351热线，投入20240501元")
    '拨打12351热线，投入20240501元'
    """
    text = _IDENTITY.sub(_mask_identity, text)
    text = _MOBILE.sub(r"\1\2****\3\4", text)
    return _LANDLINE.sub(lambda found: found[1] + "*" * (len(found[0]) - len(found[1]) - 3) + found[2], text)


def _mask_identity(found: re.Match[str]) -> str:
    number = found[0].upper()
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    if number[-1] != _CHECKS[total % 11]:
        return found[0]
    return found[1] + "*" * len(found[2])
