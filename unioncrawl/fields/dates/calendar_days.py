"""A printed year, month and day as a date: short years, 民国 years, and dates without a year."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import lru_cache

from unioncrawl.fields.dates.forms import MONTHS
from unioncrawl.language.zones import CHINA


def month_of(groups: Mapping[str, str | None]) -> int:
    """The month, printed as a number or as an English name.

    >>> month_of({"name": None, "month": "08"}), month_of({"name": "August"})
    (8, 8)
    """
    name = groups.get("name")
    return MONTHS[name[:3].lower()] if name else int(groups["month"] or 0)


def year_of(groups: Mapping[str, str | None]) -> int:
    """The year; two digits are of this century or the last, 民国112年 is 2023.

    >>> year_of({"year": "24"}), year_of({"year": "98"}), year_of({"since1911": "112"})
    (2024, 1998, 2023)
    """
    if groups.get("since1911"):
        return int(groups["since1911"] or 0) + 1911
    year = int(groups["year"] or 0)
    return year if year >= 100 else year + (2000 if year < 70 else 1900)


@lru_cache(maxsize=64)
def _years_from(year: int) -> tuple[int, ...]:
    return tuple(range(year, year - 5, -1))  # 29 February may need four years back


def years_back(latest: datetime | None) -> tuple[int, ...]:
    """The years in which a date without a year may lie, the latest first."""
    return _years_from((latest or datetime.now(UTC)).astimezone(CHINA).year)


def day_or_none(year: int | None, month: int, day: int) -> date | None:
    """The day; None for one that no calendar has.

    >>> day_or_none(2024, 2, 29), day_or_none(2023, 2, 29)
    (datetime.date(2024, 2, 29), None)
    """
    try:
        return date(year or 0, month, day)
    except ValueError:
        return None
