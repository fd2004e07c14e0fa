"""Whether the pages of a site are as they were: their layout, their encoding, their answers, their texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from unioncrawl.layouts.page_print import likeness
from unioncrawl.outcomes import Cause, outcome_of
from unioncrawl.service.health.reading import Reading
from unioncrawl.service.health.rules.case import FEWEST_READINGS, WELL, Case, Finding
from unioncrawl.service.health.rules.shares import Share, fell, is_beyond_chance, pooled, rose

# Pages of one template have 0.83 of their places in common or more, pages of different sites 0.38 or less in
# 19 of 20 pairs (the practice sites, and the recorded pages of 20 systems).
_ALIKE = 0.5
# The encoding of fewer lists is not the usual one.
_MOST = 0.9
# Of articles a run sees few, and a site has more than one template for them.
_FEWEST_ARTICLE_PRINTS = 5


def look_at_layouts(case: Case) -> Finding | None:
    """Whether list pages or articles have a layout that no earlier run has seen."""
    lists = _is_new([one.list_prints for one in case.recent], [one.list_prints for one in case.before])
    articles = _is_new(
        [one.article_prints for one in case.recent],
        [one.article_prints for one in case.before],
        _FEWEST_ARTICLE_PRINTS,
    )
    if lists is None and articles is None:
        return None
    if not (lists or articles):
        return WELL
    return Finding(kind="layout-changed", facts={"lists": int(bool(lists)), "articles": int(bool(articles))})


def _is_new(
    recent: Iterable[Sequence[str]], before: Iterable[Sequence[str]], fewest: int = FEWEST_READINGS
) -> bool | None:
    """Whether no recent print is like one of before; None without prints, or with too few before."""
    noted = [prints for prints in before if prints]
    shown = {page for prints in recent for page in prints}
    if not shown or len(noted) < fewest:
        return None
    known = {page for prints in noted for page in prints}
    return not any(likeness(page, other) >= _ALIKE for page in shown for other in known)


def look_at_encodings(case: Case) -> Finding | None:
    """Whether most lists came in another encoding than the usual one."""
    before = Counter(one for reading in case.before for one in _encodings(reading))
    recent = Counter(one for reading in case.recent for one in _encodings(reading))
    if not recent or sum(bool(_encodings(reading)) for reading in case.before) < FEWEST_READINGS:
        return None
    usual, number = before.most_common(1)[0]
    present = recent.most_common(1)[0][0]
    if number < before.total() * _MOST or present == usual or recent[usual] * 2 >= recent.total():
        return WELL
    return Finding(kind="charset-changed", facts={"usual": usual, "now": present})


def _encodings(reading: Reading) -> list[str]:
    """The encodings of the lists that showed articles: an error page has one of its own."""
    return [note.encoding for note in reading.lists.values() if note.encoding and note.entries]


_OF_PAGES = (Cause.PAGE, Cause.SERVER, Cause.NETWORK, Cause.WALL)


def look_for_refusals(case: Case) -> Finding | None:
    """Whether the articles that are asked for can be read."""
    shift = fell([_read(one) for one in case.recent], (_read(one) for one in case.before))
    if shift is None:
        return None
    if not shift.is_bad:
        return WELL
    if not shift.is_sure:
        return _pages_lost(case.last.refused, shift.usual, is_sure=False)
    # A page that is gone and asked for again in each run is one page.
    pages, read = case.refused_pages, sum(one.visits for one in case.recent)
    refused = sum(number for why, number in pages.items() if outcome_of(why).cause in _OF_PAGES)
    is_sure = is_beyond_chance([Share(read, read + refused)], [_read(one) for one in case.before])
    return _pages_lost(pages, shift.usual, is_sure=is_sure)


def _pages_lost(refused: Mapping[str, int], usual: float, *, is_sure: bool) -> Finding:
    reason = max(refused, key=lambda why: refused[why], default="")
    facts = {"reason": reason, "number": sum(refused.values()), "usual": percent(usual)}
    return Finding(kind="pages-lost", facts=facts, is_sure=is_sure)


def _read(reading: Reading) -> Share:
    if not reading.entries:
        return Share(0, 0)
    return Share(reading.visits, reading.visits + reading.refused_by(*_OF_PAGES))


def look_for_revisions(case: Case) -> Finding | None:
    """Whether many of the articles that are visited again have another text each time."""
    shift = rose([_revised(one) for one in case.recent], (_revised(one) for one in case.before))
    if shift is None:
        return None
    if not shift.is_bad:
        return WELL
    facts = {"number": sum(one.revised for one in case.recent)}
    if not shift.is_sure:
        return Finding(kind="all-revised", facts=facts, is_sure=False)
    rest, articles = pooled([_revised(one).rest for one in case.recent]), case.revised_articles
    is_sure = is_beyond_chance(
        [Share(rest.hit, rest.hit + articles)], [_revised(one).rest for one in case.before]
    )
    return Finding(kind="all-revised", facts={"number": articles}, is_sure=is_sure)


def _revised(reading: Reading) -> Share:
    return Share(reading.revised, max(reading.revised, reading.visits - reading.new))


def percent(rate: float) -> str:
    """Return a rate for a reader.

    >>> percent(0.974)
    '97 %'
    """
    return f"{rate:.0%}".replace("%", " %")
