"""What a figure may be asked for: the parameters of the pages and files of figures, read once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Literal

from fastapi import Query

from unioncrawl.archive.reports.publication_days import Unit
from unioncrawl.archive.search.query import filter_node
from unioncrawl.language.zones import CHINA
from unioncrawl.reader.charts.picture import MOST_SERIES

_MOST_DAYS = 36_525
_Text = Annotated[str, Query(max_length=100)]
Queries = Annotated[list[str], Query(max_length=MOST_SERIES)]
# Queries that a form sends empty, and one more to be filled in.
FORM_QUERIES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The parameters of an address; empty where nothing was asked.

    ``q``: queries; ``by``: the unit of time; ``since``, ``until``: days, months or years;
    ``site``: its key; ``year``: of a calendar; ``days``: how many back; ``unit``: names of unions;
    ``share``: shares in place of counts.
    """

    q: tuple[str, ...] = ()
    by: Unit | Literal[""] = ""
    since: str = ""
    until: str = ""
    site: str = ""
    year: int | None = None
    days: int = 30
    unit: tuple[str, ...] = ()
    share: bool = False

    @property
    def start(self) -> datetime | None:
        """The first moment of the time asked for; ``None`` without one. Raises `QueryError`."""
        return _moment("since", self.since)

    @property
    def end(self) -> datetime | None:
        """The first moment after the time asked for; ``None`` without one. Raises `QueryError`."""
        return _moment("until", self.until)

    @property
    def first_day(self) -> date | None:
        """The first day of the time asked for."""
        return None if self.start is None else self.start.astimezone(CHINA).date()

    @property
    def last_day(self) -> date | None:
        """The last day of the time asked for."""
        return None if self.end is None else (self.end - timedelta(seconds=1)).astimezone(CHINA).date()


def _moment(field: str, value: str) -> datetime | None:
    found = filter_node(field, value).value if value else None
    return found if isinstance(found, datetime) else None


def read_asked(  # noqa: PLR0913, PLR0917 - the parameters of an address
    q: Queries = [],  # noqa: B006 - FastAPI copies it
    by: Literal["", "day", "week", "month", "year"] = "",
    since: _Text = "",
    until: _Text = "",
    site: _Text = "",
    year: Annotated[int | None, Query(ge=1, le=9999)] = None,
    days: Annotated[int, Query(ge=1, le=_MOST_DAYS)] = 30,
    unit: Annotated[list[str], Query(max_length=20)] = [],  # noqa: B006 - the same
    share: bool = False,  # noqa: FBT001, FBT002 - the same
) -> Asked:
    """Read the parameters; queries and units that a form sends empty are left out."""
    return Asked(
        q=_filled(q),
        by=by,
        since=since.strip(),
        until=until.strip(),
        site=site.strip(),
        year=year,
        days=days,
        unit=_filled(unit),
        share=share,
    )


def _filled(texts: Sequence[str]) -> tuple[str, ...]:
    """Return the texts that say something, each once, in their order.

    >>> _filled(["工会", " ", "工会"])
    ('工会',)
    """
    return tuple(dict.fromkeys(text.strip() for text in texts if text.strip()))
