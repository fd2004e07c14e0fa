"""What a run of a site showed of the site's health, from the stats that the archive keeps of the run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from unioncrawl.outcomes import Cause, outcome_of

# The reasons of runs that say something of the site; the others were ended by a person, a limit or our disk.
JUDGED = frozenset({"finished", "blocked"})
_REJECTED = "unioncrawl/rejected/"
_DECODED = "unioncrawl/decode/"
_NO_ENCODING = frozenset({"no_text", "undecodable_pages"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The figures of one run of a site.

    ``entries``: the articles that its lists showed. ``refused``: rejections by reason.
    ``encodings``: decoded pages by encoding. ``not_asked``: pages not requested because robots.txt
    could not be fetched.
    """

    run_id: int
    at: datetime
    reason: str
    entries: int = 0
    list_pages: int = 0
    new: int = 0
    revised: int = 0
    visits: int = 0
    not_asked: int = 0
    refused: Mapping[str, int] = field(default_factory=dict)
    encodings: Mapping[str, int] = field(default_factory=dict)

    def refused_by(self, cause: Cause) -> int:
        """Return how many pages were rejected for a cause."""
        return sum(number for why, number in self.refused.items() if outcome_of(why).cause is cause)


def read_run(run_id: int, at: datetime, reason: str, stats: Mapping[str, object]) -> Reading:
    """Return the reading of a run; runs of older versions lack what these did not count.

    >>> from datetime import UTC
    >>> stats = {"unioncrawl/list/articles": 20, "unioncrawl/rejected/fetch/timeout": 2}
    >>> found = read_run(7, datetime(2026, 3, 2, tzinfo=UTC), "finished", stats)
    >>> found.entries, found.refused, found.refused_by(Cause.NETWORK)
    (20, {'timeout': 2}, 2)
    """
    return Reading(
        run_id=run_id,
        at=at,
        reason=reason,
        entries=_number(stats, "list/articles"),
        list_pages=_number(stats, "list/pages"),
        new=_number(stats, "archive/new"),
        revised=_number(stats, "archive/revised"),
        visits=_number(stats, "archive/observation"),
        not_asked=_number(stats, "robots/pages_not_asked"),
        refused=_refused(stats),
        encodings=_encodings(stats),
    )


def _number(stats: Mapping[str, object], name: str) -> int:
    value = stats.get(f"unioncrawl/{name}", 0)
    return value if isinstance(value, int) else 0


def _refused(stats: Mapping[str, object]) -> dict[str, int]:
    """The rejections by reason, whatever the stage."""
    counted: Counter[str] = Counter()
    for name, value in stats.items():
        if name.startswith(_REJECTED) and isinstance(value, int) and value:
            counted[name.rpartition("/")[2]] += value
    return dict(counted)


def _encodings(stats: Mapping[str, object]) -> dict[str, int]:
    named = {
        name.removeprefix(_DECODED): value
        for name, value in stats.items()
        if name.startswith(_DECODED) and isinstance(value, int) and value
    }
    return {name: number for name, number in named.items() if name not in _NO_ENCODING}
