"""Whether each list of a site is where it was, shows articles, and leads on to older ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from urllib.parse import urlsplit

from unioncrawl.service.health.reading import ListNote, Reading
from unioncrawl.service.health.rules.answers import is_down
from unioncrawl.service.health.rules.case import FEWEST_READINGS, WELL, Case, Finding, is_usual

_NAMED = 3


def look_for_lists(case: Case) -> Finding | None:
    """Whether each list that shows articles as a rule still does; None where no list does."""
    if is_down(case.last) or not case.last.lists:
        return None
    lost = _missing(case, lambda note: note is not None and note.entries > 0)
    return _found("list-lost", lost)


def look_for_pagers(case: Case) -> Finding | None:
    """Whether each list that leads on to older articles as a rule still does; None where no list answers."""
    seen = [url for url, note in case.last.lists.items() if note.entries]
    if not seen:
        return None
    lost = [url for url in _missing(case, lambda note: note is not None and note.leads_on) if url in seen]
    return _found("pager-lost", lost)


def look_for_moves(case: Case) -> Finding | None:
    """Whether most lists redirect to another address than before, or some that never redirected."""
    before = [reading for reading in case.before if reading.lists]
    if is_down(case.last) or not case.last.lists or len(before) < FEWEST_READINGS:
        return None
    moved = {
        url: note.moved
        for url, note in case.last.lists.items()
        if note.moved and not any(_moved(reading, url) == note.moved for reading in before)
    }
    if len(moved) * 2 <= len(case.last.lists):
        moved = {url: target for url, target in moved.items() if _never_moved(before, url)}
    if not moved:
        return WELL
    target = next(iter(moved.values()))
    return Finding(kind="address-moved", facts={"url": target, "host": urlsplit(target).netloc})


def _never_moved(before: Sequence[Reading], url: str) -> bool:
    """Whether a list was where its site file says in each of some readings."""
    known = [reading for reading in before if url in reading.lists]
    return len(known) >= FEWEST_READINGS and not any(_moved(reading, url) for reading in known)


def _moved(reading: Reading, url: str) -> str:
    return reading.lists[url].moved if url in reading.lists else ""


def _missing(case: Case, is_well: Callable[[ListNote | None], bool]) -> list[str]:
    """The lists that are not well in any of the recent readings, though they are as a rule.

    A list that the site file no longer names is not missed.
    """
    known = {url for reading in case.before for url in reading.lists} & set(case.last.lists)
    noted = [reading for reading in case.before if reading.lists and not is_down(reading)]
    return [
        url
        for url in sorted(known)
        if not any(is_well(reading.lists.get(url)) for reading in case.recent)
        and is_usual(_states(noted, url, is_well), len(case.recent))
    ]


def _states(noted: Iterable[Reading], url: str, is_well: Callable[[ListNote | None], bool]) -> list[bool]:
    """Whether a list was well in each reading, from the first one that has it on."""
    states = [(url in reading.lists, is_well(reading.lists.get(url))) for reading in noted]
    first = next((place for place, (is_known, _) in enumerate(states) if is_known), len(states))
    return [is_good for _, is_good in states[first:]]


def _found(kind: str, lost: list[str]) -> Finding:
    if not lost:
        return WELL
    return Finding(kind=kind, facts={"number": len(lost), "lists": " ".join(lost[:_NAMED])})
