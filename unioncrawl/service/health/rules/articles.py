"""Whether the new articles of a site have what its articles have as a rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from statistics import median

from unioncrawl.service.health.article_figures import FILLED
from unioncrawl.service.health.reading import Reading
from unioncrawl.service.health.rules.case import WELL, Case, Finding
from unioncrawl.service.health.rules.pages import percent
from unioncrawl.service.health.rules.shares import Share, Shift, fell, is_beyond_chance, pooled, rose

_COUNTED = frozenset({"counter", "page"})
# The status of a page that was read well and shows no count: nothing that passes by itself makes one.
_UNSHOWN = "no-counter"
# How a run's figures name the visited articles that had a count before and show none.
_LOST = "unshown"
# A page without its count is no mishap of one page when three of three lack it, at a site of which nearly
# all visits of a week of runs had one.
_FEWEST_UNSHOWN, _FEWEST_RUNS, _NEARLY_ALL = 3, 14, 0.98
# Two articles that had a count and show none, in two runs, are enough beside so many visits with one, where
# no article ever lost its own: a page that was read well loses its count by a redesign alone.
_FEWEST_LOST, _FEWEST_COUNTED = 2, 10
# The lengths of so many texts at least say what is short.
_FEWEST_LENGTHS = 10
_SHORTEST_TENTH, _HALF = 10, 0.5


def look_at_fields(case: Case) -> Finding | None:
    """Whether a field that articles have as a rule is missing now; the one that lost most is named."""
    judged = [(name, shift) for name in FILLED if (shift := _fall(case, name)) is not None]
    bad = [(name, shift) for name, shift in judged if shift.is_bad]
    if not bad:
        return WELL if judged else None
    name, shift = max(bad, key=lambda one: (one[1].is_sure, one[1].usual))
    now = pooled([_new_with(one, name) for one in case.recent])
    facts = {"field": name, "usual": percent(shift.usual), "now": percent(now.rate)}
    return Finding(kind="field-lost", facts=facts, is_sure=shift.is_sure)


def _fall(case: Case, name: str) -> Shift | None:
    return fell([_new_with(one, name) for one in case.recent], (_new_with(one, name) for one in case.before))


def _new_with(reading: Reading, name: str) -> Share:
    return Share(reading.articles.get(name, 0), reading.articles.get("new", 0))


def look_at_hits(case: Case) -> Finding | None:
    """Whether hit counts are had as before."""
    found = _by_share(case, fell, "hits-lost", _with_hits, _show_none)
    if found is None or not found.kind or found.is_sure:
        return found
    return replace(found, is_sure=_lose_theirs(case))


def _lose_theirs(case: Case) -> bool:
    """Whether the pages that were visited show no count any more, though theirs did, and none ever did so.

    A run of an older version does not say which pages had one.
    """
    noted = [one for one in case.before if _LOST in one.articles]
    return (
        _statuses(case.recent) == {_UNSHOWN}
        and sum(one.articles.get(_LOST, 0) for one in case.recent) >= _FEWEST_LOST
        and pooled([_with_hits(one) for one in noted]).hit >= _FEWEST_COUNTED
        and not any(one.articles[_LOST] for one in noted)
    )


def _statuses(readings: Iterable[Reading]) -> set[str]:
    return {status for one in readings for status, number in one.hits.items() if number}


def _show_none(case: Case) -> bool:
    """Whether no page of the recent readings shows a count any more, where all did."""
    before = [share for one in case.before if (share := _with_hits(one)).of]
    return (
        _statuses(case.recent) == {_UNSHOWN}
        and sum(sum(one.hits.values()) for one in case.recent) >= _FEWEST_UNSHOWN
        and len(before) >= _FEWEST_RUNS
        and all(share.rate >= _NEARLY_ALL for share in before)
    )


def _with_hits(reading: Reading) -> Share:
    counted = sum(number for status, number in reading.hits.items() if status in _COUNTED)
    return Share(counted, sum(reading.hits.values()))


def look_at_dates(case: Case) -> Finding | None:
    """Whether articles are rejected for a date in the future."""
    found = _by_share(case, rose, "dates-ahead", _ahead)
    if found is None or not (found.kind and found.is_sure):
        return found
    # A page that lies ahead and is asked for again in each run is one page.
    right, ahead = sum(one.new for one in case.recent), case.refused_pages.get("future-date", 0)
    is_sure = is_beyond_chance([Share(right, right + ahead)], [_ahead(one).rest for one in case.before])
    return replace(found, is_sure=is_sure)


def _ahead(reading: Reading) -> Share:
    ahead = reading.refused.get("future-date", 0)
    return Share(ahead, ahead + reading.new)


def look_at_repairs(case: Case) -> Finding | None:
    """Whether more articles have damage that repair is not sure of."""
    return _by_share(case, rose, "repairs-uncertain", lambda reading: _new_with(reading, "uncertain"))


def look_at_drops(case: Case) -> Finding | None:
    """Whether more articles have lines that reading dropped."""
    return _by_share(case, rose, "lines-dropped", lambda reading: _new_with(reading, "dropped"))


def look_for_doubles(case: Case) -> Finding | None:
    """Whether entries of lists are articles that the archive has under other addresses."""
    return _by_share(case, rose, "addresses-changed", _doubles)


def _doubles(reading: Reading) -> Share:
    doubles = reading.articles.get("duplicates", 0)
    return Share(doubles, doubles + reading.articles.get("new", 0))


def _by_share(
    case: Case,
    shifted: Callable[[Sequence[Share], Iterable[Share]], Shift | None],
    kind: str,
    share_of: Callable[[Reading], Share],
    is_lasting: Callable[[Case], bool] = lambda _: False,
) -> Finding | None:
    recent = [share_of(one) for one in case.recent]
    shift = shifted(recent, (share_of(one) for one in case.before))
    if shift is None:
        return None
    if not shift.is_bad:
        return WELL
    facts = {"usual": percent(shift.usual), "now": percent(pooled(recent).rate)}
    statuses: Counter[str] = Counter()
    for reading in case.recent:
        statuses.update(reading.hits)
    facts["status"] = statuses.most_common(1)[0][0] if statuses else ""
    lasts = shift.is_no_chance and is_lasting(case)
    return Finding(kind=kind, facts=facts, is_sure=shift.is_sure or lasts, is_lasting=lasts)


def look_at_lengths(case: Case) -> Finding | None:
    """Whether texts are much shorter than nearly all before: half the length of the shortest tenth."""
    lengths = sorted(length for reading in case.before for length in reading.letters)
    if len(lengths) < _FEWEST_LENGTHS:
        return None
    short = lengths[len(lengths) // _SHORTEST_TENTH] * _HALF

    def long_enough(reading: Reading) -> Share:
        return Share(sum(length >= short for length in reading.letters), len(reading.letters))

    shift = fell([long_enough(one) for one in case.recent], (long_enough(one) for one in case.before))
    if shift is None:
        return None
    if not shift.is_bad:
        return WELL
    now = [length for reading in case.recent for length in reading.letters]
    facts = {"usual": round(median(lengths)), "now": round(median(now))}
    return Finding(kind="texts-short", facts=facts, is_sure=shift.is_sure)
