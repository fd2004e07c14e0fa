"""Whether a site has been silent for longer than its own rhythm explains."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from math import log
from statistics import mean

from unioncrawl.language.zones import CHINA
from unioncrawl.service.health.rules.case import WELL, Case, Finding, IsHoliday, no_holiday

# With fewer pauses nobody knows a rhythm; no site is silent before a week without an article.
_FEWEST_PAUSES = 10
SHORTEST_SILENCE_DAYS = 8
# A silent site is to be a false alert once in twenty years.
_A_YEAR = 0.05
_DAYS_OF_YEAR = 365
# The longest fifth of the pauses shows how pauses grow longer.
_TAIL = 0.2
_LEAST_SPREAD = 0.5
# Beyond the longest pause that was ever seen by so much.
_BEYOND = 1.3


def look_for_news(case: Case) -> Finding | None:
    """Whether the last article is older than the site's pauses explain."""
    if case.last.new:
        return WELL
    if not case.last.entries:
        return None
    today = case.last.at.astimezone(CHINA).date()
    since = case.last.at - timedelta(SHORTEST_SILENCE_DAYS)
    if any(reading.new and reading.at > since for reading in (*case.before, *case.recent)):
        return WELL
    days = [day for day in case.days() if day <= today]
    limit = longest_pause(days, case.is_holiday)
    if limit is None:
        return None
    quiet = pause_days(days[-1], today, case.is_holiday)
    if quiet <= limit:
        return WELL
    return Finding(kind="silent", facts={"days": (today - days[-1]).days, "day": days[-1].isoformat()})


def pause_days(last: date, until: date, is_holiday: IsHoliday = no_holiday) -> int:
    """Return the days of a pause, without public holidays.

    >>> pause_days(date(2026, 9, 30), date(2026, 10, 9), lambda day: day.month == 10 and day.day <= 8)
    1
    """
    days = ((last + timedelta(number)) for number in range(1, (until - last).days + 1))
    return sum(not is_holiday(day) for day in days)


def longest_pause(days: Sequence[date], is_holiday: IsHoliday = no_holiday, *, of: int = 1) -> float | None:
    """Return after how many days without an article, holidays left out, a site is silent.

    The pauses of a site's longest fifth exceed the others by a mean (half of a usual pause at least); with
    that mean they grow rarer exponentially (peaks over threshold: Pickands 1975), and the limit is the
    pause that comes once in twenty years. None with fewer than ten pauses. One ``of`` several lists may be
    silent as seldom as a site.

    >>> every_day = [date(2026, 3, 1) + timedelta(number) for number in range(100)]
    >>> round(longest_pause(every_day)), longest_pause(every_day[:5])
    (8, None)
    >>> round(longest_pause([day for day in every_day if day.weekday() == 2]))
    26
    """
    pauses = sorted(pause_days(one, other, is_holiday) for one, other in pairwise(days))
    if len(pauses) < _FEWEST_PAUSES:
        return None
    usual = pauses[int(len(pauses) * (1 - _TAIL))]
    longer = [pause - usual for pause in pauses if pause > usual] or [0]
    a_year = len(pauses) / max(1, (days[-1] - days[0]).days) * _DAYS_OF_YEAR
    rare = usual + max(mean(longer), usual * _LEAST_SPREAD) * log(max(1.0, a_year * _TAIL * of / _A_YEAR))
    return max(SHORTEST_SILENCE_DAYS, rare, pauses[-1] * _BEYOND)
