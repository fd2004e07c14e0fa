"""Reads the arguments that a spider is given with ``-a``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from unioncrawl.errors import ArgumentInvalid
from unioncrawl.language.zones import CHINA

KNOWN_ARGUMENTS = ("full", "max_pages", "since", "until")
_YES = ("1", "true", "yes", "on")
_NO = ("0", "false", "no", "off", "")
_LONGEST_COUNT = 9
_FIRST_YEAR, _LAST_YEAR = 1900, 2999
_FAR_PAST = datetime(1, 1, 2, tzinfo=UTC)
_FAR_FUTURE = datetime(9999, 12, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlArguments:
    """What a run was asked for.

    ``full``: walk every list to its end instead of stopping at known articles.
    ``max_pages``: list pages a column, 0 for no limit. ``since`` and ``until``:
    publish dates, both days included, as the instants where the window opens
    and closes in Chinese time.
    """

    full: bool = False
    max_pages: int = 0
    since: datetime | None = None
    until: datetime | None = None

    def admits(self, published_at: datetime | None) -> bool:
        """Whether an article of this date lies in the window; one without a date does."""
        if published_at is None:
            return True
        return (self.since or _FAR_PAST) <= published_at < (self.until or _FAR_FUTURE)

    def too_old(self, published_at: datetime | None) -> bool:
        """Whether an article is older than the window."""
        return published_at is not None and self.since is not None and published_at < self.since


def read_arguments(given: Mapping[str, str]) -> CrawlArguments:
    """Read ``full``, ``max_pages``, ``since`` and ``until``.

    Raises `ArgumentInvalid` that names the argument, its value and what is allowed.

    >>> read_arguments({"full": "1", "max_pages": "3"})
    CrawlArguments(full=True, max_pages=3, since=None, until=None)
    >>> read_arguments({"until": "2024-04-08"}).until.isoformat()
    '2024-04-09T00:00:00+08:00'
    """
    unknown = sorted(set(given) - set(KNOWN_ARGUMENTS))
    if unknown:
        raise ArgumentInvalid(
            f"-a {unknown[0]}: there is no such argument.", next_step=f"Known: {', '.join(KNOWN_ARGUMENTS)}."
        )
    since, until = _day("since", given), _day("until", given)
    if since and until and since > until:
        raise ArgumentInvalid(
            f"-a since={given['since']} lies after -a until={given['until']}.", next_step="Swap the two."
        )
    return CrawlArguments(
        full=_flag("full", given),
        max_pages=_count("max_pages", given),
        since=_midnight(since),
        until=_midnight(until + timedelta(days=1)) if until else None,
    )


def _flag(name: str, given: Mapping[str, str]) -> bool:
    value = str(given.get(name, "")).strip().lower()
    if value in _YES:
        return True
    if value in _NO:
        return False
    raise ArgumentInvalid(f"-a {name}={given[name]}: neither yes nor no.", next_step="Use 1 or 0.")


def _count(name: str, given: Mapping[str, str]) -> int:
    value = str(given.get(name, "0")).strip()
    if not value.isascii() or not value.isdigit() or len(value) > _LONGEST_COUNT:
        raise ArgumentInvalid(
            f"-a {name}={value:.40}: not a whole number of up to {_LONGEST_COUNT} digits.",
            next_step="Use 1 or more; 0 is no limit.",
        )
    return int(value)


def _day(name: str, given: Mapping[str, str]) -> date | None:
    value = str(given.get(name, "")).strip()
    if not value:
        return None
    try:
        day = date.fromisoformat(value)
    except ValueError:
        day = date.min
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise ArgumentInvalid(f"-a {name}={value}: not a date.", next_step="Write it as 2024-04-08.")
    return day


def _midnight(day: date | None) -> datetime | None:
    return datetime(day.year, day.month, day.day, tzinfo=CHINA) if day else None
