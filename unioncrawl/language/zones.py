"""China's time zone, the zone that a page prints with a time, and times in China's zone."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

# All of China keeps one time, without summer time since 1991.
CHINA = timezone(timedelta(hours=8))
CHINA_NAME = "Asia/Shanghai"
# The pattern of a zone after a time, with the group ``zone``. CST is China's time on Chinese servers.
ZONE = r"(?P<zone>Z|\(?(?:GMT|UTC|CST)(?:\s?[+-]\d{1,2}(?::?\d{2})?)?\)?|[+-]\d{2}:?\d{2})"
_PARTS = re.compile(r"(?P<sign>[+-])(?P<hours>\d{1,2})(?::?(?P<minutes>\d{2}))?")
_BEFORE = re.compile(r"(?:GMT|UTC|格林[尼威]治)(?:标准)?(?:时间)?[\s:(]*\Z")


def zone_named(name: str) -> tzinfo:
    """The zone of the IANA database with this name; raises `ValueError` for an unknown name.

    >>> zone_named("Asia/Shanghai") is zone_named("") is CHINA
    True
    >>> zone_named("Asia/Urumqi").utcoffset(datetime(2024, 4, 8)).seconds // 3600
    6
    """
    if name in ("", CHINA_NAME):
        return CHINA
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"there is not a time zone {name!r}") from error


def read_zone(printed: str | None) -> timezone:
    """The zone that a string after a time names.

    >>> read_zone("GMT+8") == read_zone("+0800") == read_zone("") == CHINA
    True
    >>> read_zone("(UTC)") == read_zone("Z") == UTC
    True
    """
    if not printed:
        return CHINA
    found = _PARTS.search(printed)
    if found is None:
        return CHINA if "CST" in printed else UTC
    offset = timedelta(hours=int(found["hours"]), minutes=int(found["minutes"] or 0))
    return timezone(-offset if found["sign"] == "-" else offset)


def zone_before(text: str) -> str:
    """The zone printed at the end of ``text``, before a date: ``GMT``, or empty.

    >>> zone_before("UTC时间：".replace("：", ":")), zone_before("发布时间:")
    ('GMT', '')
    """
    return "GMT" if _BEFORE.search(text[-12:]) else ""


def local_time(time: datetime | None) -> str | None:
    """A time in China's zone: ISO 8601 with +08:00; None stays None.

    >>> local_time(datetime(2026, 3, 1, 16, 30, tzinfo=UTC))
    '2026-03-02T00:30:00+08:00'
    >>> local_time(None) is None
    True
    """
    return None if time is None else time.astimezone(CHINA).isoformat()
