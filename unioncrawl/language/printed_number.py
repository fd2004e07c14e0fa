"""Read a number that a page prints or an address holds, of whatever length."""

from __future__ import annotations

# A signed number of 64 bits holds any number of so many digits. Python itself raises ValueError beyond
# 4,300 digits.
MOST_DIGITS = 18


def small_number(digits: str) -> int | None:
    r"""The number of a run of decimal digits; None for any other text, or over `MOST_DIGITS` digits.

    Digits of any script count, as in ``\\d``. Signs, blanks, commas and units are left to the
    caller. A number with more digits counts no pages, pixels or records.

    >>> small_number("2024"), small_number("０２")
    (2024, 2)
    >>> small_number("9" * 5000) is None, small_number("二") is None, small_number("") is None
    (True, True, True)
    """
    return int(digits) if len(digits) <= MOST_DIGITS and digits.isdecimal() else None
