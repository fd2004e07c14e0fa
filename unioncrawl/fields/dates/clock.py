"""Which hour of the day a printed hour is: 下午3, 中午1, 晚12, 12 AM."""

from __future__ import annotations

_MORNING = ("凌晨", "清晨", "早上", "早晨", "上午", "am")
_NOON = ("中午", "正午")
_AFTERNOON = ("下午", "午后", "傍晚", "pm")
_NIGHT = ("晚上", "晚间", "夜间", "夜里", "深夜", "半夜", "午夜", "晚")
# The longer word first, so that a pattern made of them prefers it.
HALVES = (*_MORNING[:-1], *_NOON, *_AFTERNOON[:-1], *_NIGHT)
# 傍晚 begins after 17:00; what is printed as 晚 1 to 4 is after midnight, of an uncertain day.
_FIRST_EVENING_HOUR = 5
# 中午 ends at 15:00.
_LAST_NOON_HOUR = 3
QUARTERS = {"半": 30, "一刻": 15, "三刻": 45}


def hour_of_day(hour: int, half: str) -> int | None:
    """Return the hour from 0 to 24 that an hour in a half of the day names.

    24 is the midnight that ends the printed day. None when the words leave it open
    which day is meant (晚上 2:00, 24:00), so that only the day is known. An hour beyond 12
    is of the 24-hour clock, whatever stands in front of it.

    >>> hour_of_day(12, "上午"), hour_of_day(1, "中午"), hour_of_day(12, "晚"), hour_of_day(9, "")
    (0, 13, 24, 9)
    >>> hour_of_day(20, "晚上"), hour_of_day(2, "深夜")
    (20, None)
    """
    half = half.lower()
    if hour > 12 or not half:
        return None if hour == 24 else hour
    if half in _MORNING:
        return hour % 12
    if half in _NOON:
        return hour + 12 if 1 <= hour <= _LAST_NOON_HOUR else hour
    if half in _AFTERNOON:
        return hour % 12 + 12
    if hour == 12:
        return 24
    return hour + 12 if hour >= _FIRST_EVENING_HOUR else None
