"""The report of coverage: the rhythm of each site and column, and what came of sites without articles."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import Connection, func, select

from unioncrawl.archive.reports.publication_days import count_days
from unioncrawl.archive.reports.site_overview import last_days, read_rhythm
from unioncrawl.archive.reports.tallies import Report
from unioncrawl.archive.schema import article, rejection, run, site, site_column
from unioncrawl.archive.sql import bytewise
from unioncrawl.language.zones import CHINA

# Notes on sites of which no article ever came.
CLOSED, NEVER_CRAWLED = "closed: ", "never crawled"


def report_coverage(connection: Connection, now: datetime, known: Mapping[str, str] | None = None) -> Report:
    """Report the usual rhythm of each site and column, its last article, and since when it is silent.

    The rhythm is the median gap between the days of its last articles. ``known`` sites
    of the catalogue, each with why it is closed, have a row though nobody crawled them.
    A site of which no article ever came has a note: how often it was asked, what came instead.
    """
    days: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    totals = Counter(dict.fromkeys(_places(connection, known or {}), 0))
    keys = {row.id: row.key for row in connection.execute(select(site.c.id, site.c.key))}
    names = {row.id: row.name for row in connection.execute(select(site_column.c.id, site_column.c.name))}
    counted = count_days(connection, article.c.site_id, article.c.column_id)
    for (site_id, column_id), found in counted.items():
        place = (keys[site_id], names.get(column_id, ""))
        totals[place] += sum(found.values())
        days[place] += filter(None, found)
    notes = _never_answered(connection, known or {})
    today = now.astimezone(CHINA).date()
    rows = [
        (*_coverage_row(place, totals[place], days[place], today), notes.get(place[0]))
        for place in sorted(totals)
    ]
    columns = ("site", "column", "articles", "last article", "usual gap (days)", "silent since", "note")
    return Report("Coverage", columns, tuple(rows))


def _places(connection: Connection, known: Mapping[str, str]) -> set[tuple[str, str]]:
    """Return each declared column, and each site that declares none."""
    declared = select(site.c.key, site_column.c.name).join(site_column, site_column.c.site_id == site.c.id)
    places = {(key, column) for key, column in connection.execute(declared)}
    having = {key for key, _ in places}
    keys = {*connection.execute(select(site.c.key)).scalars(), *known}
    return places | {(key, "") for key in keys - having}


def _never_answered(connection: Connection, known: Mapping[str, str]) -> dict[str, str]:
    """Return a note on each site of which no article ever came."""
    # All articles are read once, and not until the first one of each site.
    empty = site.c.id.not_in(select(article.c.site_id).distinct())
    keys = {*connection.execute(select(site.c.key)).scalars()}
    never = {key: f"{CLOSED}{why}" if why else NEVER_CRAWLED for key, why in known.items()}
    notes = {key: note for key, note in never.items() if key not in keys}
    for row in connection.execute(select(site.c.id, site.c.key).where(empty)).all():
        notes[row.key] = f"no article ever; {_instead(connection, row.id, row.key)}"
    return notes


def _instead(connection: Connection, number: int, key: str) -> str:
    runs = select(func.count()).select_from(run).where(run.c.spider == key)
    asked = connection.execute(runs).scalar_one()
    reasons = (
        select(rejection.c.reason, func.count().label("number"))
        .where(rejection.c.site_id == number)
        .group_by(rejection.c.reason)
        .order_by(func.count().desc(), bytewise(rejection.c.reason))
    )
    came = ", ".join(f"{row.number} × {row.reason}" for row in connection.execute(reasons))
    return f"{asked} runs, {came or 'nothing came back'}"


def _coverage_row(place: tuple[str, str], total: int, days: Sequence[str], today: date) -> tuple[object, ...]:
    rhythm = read_rhythm(last_days(days), today)
    last = rhythm.last.isoformat() if rhythm.last else None
    return (*place, total, last, rhythm.gap_days, last if rhythm.is_silent else None)
