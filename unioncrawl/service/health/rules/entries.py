"""Whether each list of a site shows the articles that it showed, and new ones now and then."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from unioncrawl.language.zones import CHINA
from unioncrawl.service.health.reading import Reading
from unioncrawl.service.health.rules.answers import is_down
from unioncrawl.service.health.rules.case import FEWEST_READINGS, WELL, Case, Finding
from unioncrawl.service.health.rules.days import SHORTEST_SILENCE_DAYS, longest_pause, pause_days

_NAMED = 3
# A list whose articles no pause as long as the present one has replaced: in so many pauses a quarter of them
# at least was left each time.
_FEWEST_PAUSES, _LEFT = 10, 0.25
# With fewer days of news the rhythm of a list is not known well enough: of ten lists that change once in four
# to eight days, one would be a false alert every other year.
_FEWEST_DAYS = 20
# So much of what another list showed is that list's content.
_ALIKE = 0.5


class Shown(NamedTuple):
    """What the first page of a list showed at a time, as digests of some of its articles."""

    at: datetime
    articles: frozenset[str]


def look_at_entries(case: Case) -> Finding | None:
    """Whether a list shows nothing of what it showed, as after an exchange of addresses.

    None where nobody can know of a list: after a long pause all articles of a list may be new.
    """
    if is_down(case.last):
        return None
    verdicts = {url: _is_another(case, url) for url in sorted(case.last.lists)}
    if lost := [url for url, verdict in verdicts.items() if verdict]:
        return Finding(kind="list-replaced", facts=_facts(lost))
    return None if None in verdicts.values() else WELL


def _is_another(case: Case, url: str) -> bool | None:
    """Whether a list is another one now; None where it can't be known."""
    before, now = list(_shown(case.before, url)), list(_shown(case.recent, url))
    if len(now) < len(case.recent) or len(before) < FEWEST_READINGS:
        return None
    if any(one.articles & before[-1].articles for one in now):
        return False
    if any(_shows_other(case, url, one.articles) for one in now):
        return True
    rest = list(_left_after(before, now[0].at - before[-1].at))
    return True if len(rest) >= _FEWEST_PAUSES and min(rest) >= _LEFT else None


def _shows_other(case: Case, url: str, articles: frozenset[str]) -> bool:
    """Whether articles are those of another list, with which this one never had one in common."""
    for other in {one for reading in case.before for one in reading.lists} - {url}:
        known = list(_shown(case.before, other))
        own = frozenset[str]().union(*(one.articles for one in _shown(case.before, url)))
        theirs = frozenset[str]().union(*(one.articles for one in known))
        if known and not own & theirs and _share(articles, known[-1].articles) >= _ALIKE:
            return True
    return False


def _left_after(shown: Sequence[Shown], pause: timedelta) -> Iterator[float]:
    """Yield which share of a list's articles was left after each pause of such a length, or little longer."""
    for place, first in enumerate(shown):
        later = next((one for one in shown[place + 1 :] if one.at - first.at >= pause), None)
        if later is not None:
            yield _share(later.articles, first.articles)


def _share(articles: frozenset[str], of: frozenset[str]) -> float:
    return len(articles & of) / max(1, min(len(articles), len(of)))


def _shown(readings: Iterable[Reading], url: str) -> Iterator[Shown]:
    for reading in readings:
        note = reading.lists.get(url)
        if note is not None and note.entries and note.shown:
            yield Shown(reading.at, note.shown)


def look_for_list_news(case: Case) -> Finding | None:
    """Whether a list stands still for longer than its own pauses explain, while others go on."""
    if is_down(case.last):
        return None
    known = {url: news for url in sorted(case.last.lists) if (news := _news(case, url)) is not None}
    if not known:
        return None
    since_any = min(news.days_ago for news in known.values())
    still = [url for url, news in known.items() if news.is_late]
    if not still or since_any > SHORTEST_SILENCE_DAYS:
        return WELL
    return Finding(kind="list-still", facts=_facts(still))


class News(NamedTuple):
    """How many days ago a list changed, holidays left out, and whether its own pauses explain that."""

    days_ago: int
    is_late: bool


def _news(case: Case, url: str) -> News | None:
    """When a list changed last; None where its rhythm is not known."""
    shown = list(_shown([*case.before, *case.recent], url))
    days = sorted({_day(other.at) for one, other in pairwise(shown) if one.articles != other.articles})
    limit = longest_pause(days, case.is_holiday, of=len(case.last.lists))
    if limit is None or len(days) < _FEWEST_DAYS:
        return None
    days_ago = pause_days(days[-1], _day(case.last.at), case.is_holiday)
    return News(days_ago, days_ago > limit)


def _day(at: datetime) -> date:
    return at.astimezone(CHINA).date()


def _facts(lists: Sequence[str]) -> dict[str, object]:
    return {"number": len(lists), "lists": " ".join(lists[:_NAMED])}
