"""The hours of a day in which a site may be crawled, as a site file or a setting names them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

_FORM = re.compile(r"(?P<begins>\d{1,2}:\d{2})\s*[-–]\s*(?P<ends>\d{1,2}:\d{2})", re.ASCII)
# ISO 8601 allows both names of a day's end.
_DAYS_END, _MIDNIGHT = "24:00", "00:00"
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Window:
    """A part of each day, in local time; one that ends before it begins goes over midnight."""

    begins: time
    ends: time

    def is_open(self, local: datetime) -> bool:
        """Whether a local time lies in the window; its end does not.

        >>> window = read_window("20:00-06:00")
        >>> [window.is_open(datetime(2024, 4, 8, hour)) for hour in (5, 6, 19, 20)]
        [True, False, False, True]
        """
        at = local.time().replace(tzinfo=None)
        if self.begins < self.ends:
            return self.begins <= at < self.ends
        return at >= self.begins or at < self.ends

    def opens(self, local: datetime) -> datetime:
        """The time itself where the window is open, else the next opening.

        >>> read_window("20:00-06:00").opens(datetime(2024, 4, 8, 9, 30)).isoformat()
        '2024-04-08T20:00:00'
        """
        return local if self.is_open(local) else _next(local, self.begins)

    def closes(self, local: datetime) -> datetime:
        """The next end of the window.

        >>> read_window("20:00-06:00").closes(datetime(2024, 4, 8, 21)).isoformat()
        '2024-04-09T06:00:00'
        """
        return _next(local, self.ends)


def read_window(text: str) -> Window | None:
    """Read ``20:00-06:00``; None for an empty text, at any time. Raises `ValueError` for what is no window.

    >>> read_window("20:00-06:00")
    Window(begins=datetime.time(20, 0), ends=datetime.time(6, 0))
    >>> read_window("夜里")
    Traceback (most recent call last):
    ValueError: '夜里' is not a window of hours such as 20:00-06:00
    """
    if not text.strip():
        return None
    found = _FORM.fullmatch(text.strip())
    begins = _time(found["begins"]) if found else None
    ends = _time(_MIDNIGHT if found["ends"] == _DAYS_END else found["ends"]) if found else None
    if begins is None or ends is None or begins == ends:
        raise ValueError(f"{text!r} is not a window of hours such as 20:00-06:00")
    return Window(begins, ends)


def _time(text: str) -> time | None:
    """The time of a day; None for one that no clock shows."""
    hour, _, minute = text.partition(":")
    try:
        return time(int(hour), int(minute))
    except ValueError:
        return None


def _next(local: datetime, at: time) -> datetime:
    found = local.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    return found if found > local else found + _DAY
