"""Read publish dates in every form that union pages print.

Times without a zone are Chinese standard time (+08:00). What is printed decides
the precision; ``00:00:00`` and ``00:00`` are how several CMSs (博达 VSB among them)
write that only the day is known.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

from unioncrawl.fields.dates.calendar_days import day_or_none, month_of, year_of, years_back
from unioncrawl.fields.dates.chinese_numerals import find_written
from unioncrawl.fields.dates.clock import QUARTERS, hour_of_day
from unioncrawl.fields.dates.forms import AGO, DAY_WORD, FORMS, MAY_BEGIN, MONTH_ONLY, SINCE_1970, YEARLESS
from unioncrawl.fields.dates.written_clock import written_clock
from unioncrawl.language.zones import CHINA, read_zone, zone_before
from unioncrawl.model import Precision
from unioncrawl.page.labels import Label, split_labels

__all__ = ["CLOCK_SKEW", "EARLIEST_YEAR", "MAY_BE_DATE", "Published", "parse_published"]

# A site's clock may run ahead of ours; a printed minute shortly after the fetch is accepted.
CLOCK_SKEW = timedelta(minutes=30)
EARLIEST_YEAR = 1925  # the year the All-China Federation of Trade Unions was founded


class Published(NamedTuple):
    """A publish date: aware time (+08:00), how exactly it was printed, the string it was read from.

    ``has_zone``: a zone was printed with it.
    """

    at: datetime
    precision: Precision
    raw: str
    has_zone: bool = False


_DAYS_BACK = {"刚刚": 0, "今天": 0, "今日": 0, "昨天": 1, "昨日": 1, "前天": 2}
_UNITS = {"秒": 1, "分": 60, "小": 3600, "天": 86400, "日": 86400, "周": 604800, "星": 604800, "月": 2592000}
_COPYRIGHT = re.compile(r"©|&copy|版权|copyright|备案|ICP", re.IGNORECASE)
_NARROW: dict[int, int | str] = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_NARROW.update({ord(sign): " " for sign in "　\xa0\u2002\u2003\u2009\t\r\n"})
_NARROW.update({ord(sign): ":" for sign in "∶︰﹕"})
_NARROW.update({ord(sign): "-" for sign in "–—−‐‑‒"})
_LONGEST = 400
# No line has more publish labels with a value. On a page made of labels only the first are read.
_MOST_STARTS = 12
# Years that neither our clock nor an archive's can show, or too near to the last date of Python.
_FIRST_FETCH, _LAST_FETCH = EARLIEST_YEAR, 9000
# A string without a match prints no date, whatever time of day stands beside it.
MAY_BE_DATE = re.compile(
    r"(?=[\d一二民刚今昨前半])(?:\d|[一二]\S{3}\s?年|民[国國]|刚刚|[今昨][天日]|前天|半\s?个?[小月天])"
)


def parse_published(
    text: str,
    *,
    fetched_at: datetime | None = None,
    year_hint: int | None = None,
    zone: tzinfo = CHINA,
) -> Published | None:
    """Read the publish date that a string prints. Return None when it prints no date.

    A publish label (发布日期 …) in the string decides where to look; else the
    first date counts. A date after ``fetched_at`` (or after now) is not a publish
    date, nor is a copyright year. ``3小时前`` and ``昨天`` need
    ``fetched_at``; a date without a year takes ``year_hint``, or the latest year
    that does not put it after ``fetched_at``; without either the result is None. At most
    400 characters after each of the first labels are read. A ``fetched_at`` before 1925
    or after 9000 cannot be the time of a visit: it counts as not given. Never raises.

    A time without a zone is a time of ``zone``, and is returned in China's; a day stays
    the printed day.

    >>> parse_published("〖发布日期:2024/4/8 9:32:34〗 〖点击量:").at.isoformat()
    '2024-04-08T09:32:34+08:00'
    >>> parse_published("二〇二三年五月六日").precision
    <Precision.DAY: 'day'>
    >>> parse_published("17年08月09日    信息来源:工会").raw
    '17年08月09日'
    >>> parse_published("版权所有 © 2008-2024 某市总工会") is None
    True
    """
    if fetched_at is not None and not _FIRST_FETCH <= fetched_at.year <= _LAST_FETCH:
        fetched_at = None
    if zone is CHINA:
        return _parse(text, fetched_at, year_hint)
    # The clock of the zone is read as if it hung in China, and its time is turned at the end.
    seen = fetched_at.astimezone(zone).replace(tzinfo=CHINA) if fetched_at else None
    found = _parse(text, seen, year_hint)
    if found is None or found.has_zone or found.precision not in (Precision.MINUTE, Precision.SECOND):
        return found
    return found._replace(at=found.at.replace(tzinfo=zone).astimezone(CHINA))


def _parse(text: str, fetched_at: datetime | None, year_hint: int | None) -> Published | None:
    latest = fetched_at or datetime.now(UTC)
    if not MAY_BE_DATE.search(text):
        return None
    for start in _starts(text):
        chunk = text[start : start + _LONGEST]
        plain = chunk.translate(_NARROW)
        found = _calendar(plain, chunk, latest)
        if found is None:
            found = _written(chunk, latest)
        if found is None:
            found = _without_year(plain, chunk, latest if fetched_at else None, year_hint)
        if found is None and fetched_at is not None:
            found = _relative(plain, chunk, fetched_at)
        if found is not None and found.at.year >= EARLIEST_YEAR:
            return _with_written_clock(found, chunk, latest)
    return _since_1970(text, latest)


def _with_written_clock(found: Published, chunk: str, latest: datetime) -> Published:
    """A day with the time in Chinese numerals that follows it."""
    place = chunk.find(found.raw) + len(found.raw)
    clock = written_clock(chunk, place) if found.precision is Precision.DAY else None
    if clock is None:
        return found
    hour, minute, end = clock
    at = found.at + timedelta(hours=hour, minutes=minute)
    value = found._replace(at=at, precision=Precision.MINUTE, raw=found.raw + chunk[place:end])
    return value if _credible(value, latest, "") else found


def _starts(text: str) -> list[int]:
    """Return the places to look at: after publish labels, then after update labels, then the start."""
    parts = split_labels(text)
    published = [
        _with_zone(text, part.start) for part in parts if part.label is Label.PUBLISHED and part.value
    ]
    updated = [part.start for part in parts if part.label is Label.UPDATED and part.value]
    if published or (updated and updated[0] == 0):
        return [*published[:_MOST_STARTS], *updated[:_MOST_STARTS], 0]
    return [0]


def _with_zone(text: str, start: int) -> int:
    """Return where a label starts, or the zone that is printed in front of it: UTC时间."""
    return start - 3 if text[:start].endswith(("UTC", "GMT")) else start


def _calendar(plain: str, printed: str, latest: datetime) -> Published | None:
    best: tuple[int, int, Published] | None = None
    for rank, form in enumerate(FORMS):
        # Only what begins before it would be taken instead; before most dates a label stands alone.
        if best is not None and MAY_BEGIN.search(plain, 0, best[0]) is None:
            break
        for found in form.finditer(plain):
            if best is not None and found.start() >= best[0]:
                break
            value = _published(found, printed)
            if _COPYRIGHT.search(plain[max(0, found.start() - 16) : found.start()]):
                continue
            if value is not None and _credible(value, latest, plain):
                best = (found.start(), rank, value)
                break
    if best is not None:
        return best[2]
    return _month_only(plain, printed, latest)


def _written(printed: str, latest: datetime) -> Published | None:
    found = find_written(printed)
    if found is None:
        return None
    try:
        at = datetime(found.year, found.month, found.day or 1, tzinfo=CHINA)
    except ValueError:
        return None
    exact = Precision.DAY if found.day else Precision.MONTH
    value = Published(at, exact, printed[found.start : found.end])
    return value if _credible(value, latest, printed) else None


def _since_1970(text: str, latest: datetime) -> Published | None:
    """The time that a template forgot to format: 1712539954, alone or after a publish label."""
    values = [part.value for part in split_labels(text) if part.label is Label.PUBLISHED]
    found = next(filter(None, map(SINCE_1970.fullmatch, [*values, text])), None)
    if found is None:
        return None
    at = datetime.fromtimestamp(int(found["seconds"]), CHINA)
    value = Published(at, Precision.SECOND, found[0].strip(), has_zone=True)
    return value if _credible(value, latest, "") else None


def _month_only(plain: str, printed: str, latest: datetime) -> Published | None:
    for found in MONTH_ONLY.finditer(plain):
        month = int(found["month"] or found["m2"])
        if not 1 <= month <= 12:
            continue
        at = datetime(int(found["year"]), month, 1, tzinfo=CHINA)
        value = Published(at, Precision.MONTH, printed[found.start() : found.end()])
        if _credible(value, latest, plain):
            return value
    return None


def _credible(value: Published, latest: datetime, plain: str) -> bool:
    if value.at.year < EARLIEST_YEAR or (value.precision is Precision.MONTH and _COPYRIGHT.search(plain)):
        return False
    if value.precision in (Precision.MINUTE, Precision.SECOND):
        return value.at <= latest + CLOCK_SKEW
    return value.at.date() <= latest.astimezone(CHINA).date()


def _published(found: re.Match[str], printed: str, day: date | None = None) -> Published | None:
    groups = found.groupdict()
    groups["zone"] = groups.get("zone") or groups.get("between") or zone_before(found.string[: found.start()])
    try:
        on = day or date(year_of(groups), month_of(groups), int(groups["day"]))
        moment, precision = _moment(on, groups)
    except ValueError:
        return _day_only(found, printed, day)
    raw = printed[found.start() : found.end()].strip(" \t\r\n　\xa0(（,，|")
    return Published(moment, precision, raw, bool(groups["zone"]))


def _day_only(found: re.Match[str], printed: str, day: date | None) -> Published | None:
    """Keep a valid date whose time is invalid (25:61)."""
    groups = found.groupdict()
    if groups.get("hour") is None or day is not None:
        return None
    try:
        on = date(year_of(groups), month_of(groups), int(groups["day"]))
    except ValueError:
        return None
    end = max(found.end(name) for name in ("year", "since1911", "month", "day") if name in groups)
    return Published(_midnight(on), Precision.DAY, printed[found.start() : end])


def _moment(on: date, groups: dict[str, str | None]) -> tuple[datetime, Precision]:
    if groups["hour"] is None:
        return _midnight(on), Precision.DAY
    hour = hour_of_day(int(groups["hour"]), groups.get("half") or groups.get("after") or "")
    if hour is None:
        return _midnight(on), Precision.DAY
    minute = int(groups["minute"] or QUARTERS.get(groups.get("quarter") or "", 0))
    second = int(groups["second"] or 0)
    clock = time(hour % 24, minute, second, tzinfo=read_zone(groups.get("zone")))
    at = datetime.combine(on + timedelta(days=hour == 24), clock)
    if (hour, minute, second) == (0, 0, 0) and not groups.get("zone"):
        return at, Precision.DAY
    exact = Precision.MINUTE if groups["second"] is None else Precision.SECOND
    return at.astimezone(CHINA), exact


def _midnight(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, tzinfo=CHINA)


def _without_year(
    plain: str, printed: str, latest: datetime | None, year_hint: int | None
) -> Published | None:
    if latest is None and year_hint is None:
        return None
    found = YEARLESS.search(plain)
    if found is None:
        return None
    month, day = int(found["month"] or found["m2"]), int(found["day"] or found["d2"])
    for year in [year_hint] if year_hint else years_back(latest):
        on = day_or_none(year, month, day)
        value = _published(found, printed, on) if on else None
        if value is not None and (latest is None or _credible(value, latest, plain)):
            return value
    return None


def _relative(plain: str, printed: str, fetched_at: datetime) -> Published | None:
    now = fetched_at.astimezone(CHINA)
    found = AGO.search(plain)
    if found is not None:
        unit = found["unit"][0]
        count = 0.5 if found["count"] == "半" else float(found["count"])
        at = now - timedelta(seconds=count * _UNITS[unit])
        exact = Precision.MINUTE if unit in "秒分小" else Precision.DAY
        at = at.replace(second=0, microsecond=0) if exact is Precision.MINUTE else _midnight(at.date())
        return Published(at, exact, printed[found.start() : found.end()])
    found = DAY_WORD.search(plain)
    if found is None:
        return None
    return _published(found, printed, now.date() - timedelta(days=_DAYS_BACK[found["word"]]))
