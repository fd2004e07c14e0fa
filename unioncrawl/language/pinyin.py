"""Which readings a character has."""

from __future__ import annotations

from functools import cache


@cache
def readings_of(character: str) -> frozenset[str]:
    """Every reading of a character, with tone marks.

    >>> sorted(readings_of("重"))[0], "tóng" in readings_of("重")
    ('chóng', True)
    """
    from pypinyin.constants import PINYIN_DICT  # noqa: PLC0415 - half a second that clean text does not pay

    return frozenset(PINYIN_DICT.get(ord(character), "").split(","))
