"""What a run of a site showed of the site's health, from the stats that the archive keeps of the run."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import Any, NamedTuple

from unioncrawl.outcomes import Cause, outcome_of

# The reasons of runs that say something of the site; the others were ended by a person, a limit or our disk.
JUDGED = frozenset({"finished", "blocked"})
_NOTED = "unioncrawl/health/"
_REJECTED = re.compile(r"\n(unioncrawl/rejected/[^\n]*)")
_ROBOTS_FAILED, _STATUS_FIGURES = "robotstxt/response_status_count/5", 3
_ROBOTS_UNASKED = "robotstxt/exception_count/"


class ListNote(NamedTuple):
    """The first page of a column's list: its articles, whether it leads on, where it redirects to.

    ``shown``: digests of some of its articles, always the same ones while they are there.
    """

    entries: int
    leads_on: bool
    moved: str = ""
    encoding: str = ""
    shown: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The figures of one run of a site; a run of an older version lacks some.

    ``entries``: the articles that its lists showed. ``refused``: rejections by reason.
    ``not_asked``: pages not requested because robots.txt
    could not be fetched, and ``robots_failed`` the reason of that. ``lists``: by the address of the
    column. ``articles``: of the new ones how many have a field, an uncertain repair, a dropped line, and
    of all that were visited how many show the count no more that they had (``unshown``); ``hits``: visits
    by the status of their count. ``letters``: lengths of new texts in characters, in rising order.
    ``site_file``: a digest of what the site file said.
    """

    run_id: int
    at: datetime
    reason: str
    entries: int = 0
    new: int = 0
    revised: int = 0
    visits: int = 0
    not_asked: int = 0
    robots_failed: str = ""
    refused: Mapping[str, int] = field(default_factory=dict)
    lists: Mapping[str, ListNote] = field(default_factory=dict)
    list_prints: tuple[str, ...] = ()
    article_prints: tuple[str, ...] = ()
    certificate_ends: datetime | None = None
    articles: Mapping[str, int] = field(default_factory=dict)
    hits: Mapping[str, int] = field(default_factory=dict)
    letters: tuple[int, ...] = ()
    site_file: str = ""

    def refused_by(self, *causes: Cause) -> int:
        """Return how many pages were rejected for some causes."""
        return sum(number for why, number in self.refused.items() if outcome_of(why).cause in causes)


def read_run(run_id: int, at: datetime, reason: str, stats: Mapping[str, object]) -> Reading:
    """Return the reading of a run; runs of older versions lack what these did not count.

    >>> from datetime import UTC
    >>> stats = {"unioncrawl/list/articles": 20, "unioncrawl/rejected/fetch/timeout": 2}
    >>> found = read_run(7, datetime(2026, 3, 2, tzinfo=UTC), "finished", stats)
    >>> found.entries, found.refused, found.refused_by(Cause.NETWORK)
    (20, {'timeout': 2}, 2)
    """
    articles = _table(stats, "articles")
    ends = stats.get(f"{_NOTED}certificate_ends")
    return Reading(
        run_id=run_id,
        at=at,
        reason=reason,
        entries=_number(stats, "list/articles"),
        new=_number(stats, "archive/new"),
        revised=_number(stats, "archive/revised"),
        visits=_number(stats, "archive/observation"),
        not_asked=_number(stats, "robots/pages_not_asked"),
        robots_failed=_robots_failed(stats),
        refused=_refused(stats),
        lists={
            url: _list_note(note) for url, note in _table(stats, "lists").items() if isinstance(note, dict)
        },
        list_prints=_texts(stats, "list_prints"),
        article_prints=_texts(stats, "article_prints"),
        certificate_ends=datetime.fromisoformat(ends) if isinstance(ends, str) else None,
        articles={name: number for name, number in articles.items() if isinstance(number, int)},
        hits=articles.get("hits") or {},
        letters=tuple(articles.get("letters") or ()),
        site_file=str(stats.get(f"{_NOTED}site_file", "")),
    )


def _table(stats: Mapping[str, object], name: str) -> dict[str, Any]:
    value = stats.get(f"{_NOTED}{name}")
    return value if isinstance(value, dict) else {}


def _texts(stats: Mapping[str, object], name: str) -> tuple[str, ...]:
    value = stats.get(f"{_NOTED}{name}")
    return tuple(map(str, value)) if isinstance(value, list) else ()


def _list_note(note: Mapping[str, Any]) -> ListNote:
    return ListNote(
        note.get("entries", 0),
        bool(note.get("next")),
        note.get("moved", ""),
        note.get("encoding", ""),
        shown_in(note.get("shown", "")),
    )


_SHOWN, _FIGURES = 12, 4


def shown_on(urls: Iterable[str]) -> str:
    """Return the digests of some articles of a list, as its note keeps them.

    Those are the smallest ones (a bottom-k sketch, Broder 1997), so that two looks at a list keep the same.

    >>> len(shown_on(f"http://www.linxi-gh.example/xw/{number}.html" for number in range(20)))
    48
    """
    digests = {blake2b(url.encode(), digest_size=_FIGURES // 2).hexdigest() for url in urls}
    return "".join(sorted(digests)[:_SHOWN])


def shown_in(noted: str) -> frozenset[str]:
    """Return the digests that a note keeps.

    >>> sorted(shown_in("00aa11bb"))
    ['00aa', '11bb']
    """
    return frozenset(noted[start : start + _FIGURES] for start in range(0, len(noted), _FIGURES))


def _number(stats: Mapping[str, object], name: str) -> int:
    value = stats.get(f"unioncrawl/{name}", 0)
    return value if isinstance(value, int) else 0


def _refused(stats: Mapping[str, object]) -> dict[str, int]:
    """The rejections by reason, whatever the stage."""
    refused: Counter[str] = Counter()
    # All names at once: to ask each of a hundred takes longer than all else that is read of a run.
    for name in _REJECTED.findall("\n".join(("", *stats))):
        value = stats[name]
        if isinstance(value, int) and value:
            refused[name.rpartition("/")[2]] += value
    return dict(refused)


def _robots_failed(stats: Mapping[str, object]) -> str:
    """The reason for which a host's robots.txt was not had, by Scrapy's own counts: a status, or dns."""
    if not _number(stats, "robots/unreachable"):
        return ""
    status = next((name[-_STATUS_FIGURES:] for name in stats if name.startswith(_ROBOTS_FAILED)), "")
    is_unnamed = any(name.startswith(_ROBOTS_UNASKED) and _is_unnamed(name) for name in stats)
    return status or ("dns" if is_unnamed else "")


def _is_unnamed(exception: str) -> bool:
    return "CannotResolveHost" in exception or "DNSLookup" in exception
