"""What the archive holds of each site, how often it publishes, and how long it has been silent."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, case, func, select

from unioncrawl.archive.reports.publication_days import count_days
from unioncrawl.archive.schema import article, rejection, revision, site, site_column
from unioncrawl.archive.sql import bytewise, chunks
from unioncrawl.language.zones import CHINA
from unioncrawl.model.article_fields import WORDS
from unioncrawl.outcomes import Owed, outcomes

RECENT_DAYS = 20
# A column is silent when its last article is older than so many of its usual gaps, and
# than a week: unions publish little over holidays.
SILENT_GAPS, SILENT_DAYS = 5, 7
# Most sites have their last days within it.
_RECENT_SPAN_DAYS = 366
# The newest articles of a site of which its fields are counted.
FIELDS_OF = 500


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often something is published: the median gap of its last days, its last day, and its silence.

    ``gap_days``: ``None`` with fewer than two days; ``quiet_days``: since the last one; ``is_silent``:
    longer than usual by far.
    """

    last: date | None
    gap_days: float | None
    quiet_days: int | None
    is_silent: bool


def read_rhythm(days: Sequence[date], today: date) -> Rhythm:
    """Return the rhythm of days in rising order.

    >>> days = [date(2024, 5, day) for day in (1, 3, 5)]
    >>> read_rhythm(days, date(2024, 5, 8)).is_silent, read_rhythm(days, date(2024, 6, 8)).is_silent
    (False, True)
    >>> read_rhythm([], date(2024, 5, 8))
    Rhythm(last=None, gap_days=None, quiet_days=None, is_silent=False)
    """
    if not days:
        return Rhythm(None, None, None, is_silent=False)
    gaps = [(later - earlier).days for earlier, later in pairwise(days[-RECENT_DAYS:])]
    gap = median(gaps) if gaps else None
    quiet = (today - days[-1]).days
    return Rhythm(
        last=days[-1],
        gap_days=gap,
        quiet_days=quiet,
        is_silent=gap is not None and quiet > max(SILENT_DAYS, SILENT_GAPS * gap),
    )


def last_days(days: Iterable[str]) -> list[date]:
    """Return the last days on which something was published, in rising order: what a rhythm is read from.

    >>> last_days(["2024-05-03", "2024-05-01", "2024-05-03"])
    [datetime.date(2024, 5, 1), datetime.date(2024, 5, 3)]
    """
    return [date.fromisoformat(day) for day in sorted(set(days))[-RECENT_DAYS:]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFacts:
    """A site and its news: ``articles`` in all, ``undated`` among them, its first day and its last ones.

    ``first``: ``None`` without any article that has a date; ``recent``: the last `RECENT_DAYS` days
    with an article, in rising order.
    """

    key: str
    name: str
    level: str
    region: str
    articles: int
    undated: int
    first: date | None
    recent: tuple[date, ...]

    def rhythm(self, today: date) -> Rhythm:
        """Return how often it publishes, as of a day."""
        return read_rhythm(self.recent, today)


def load_sites(connection: Connection, key: str = "") -> list[SiteFacts]:
    """Return every site of the archive, or the one with a key; without withdrawn articles."""
    sites = select(site.c.id, site.c.key, site.c.name, site.c.level, site.c.region)
    sites = sites.order_by(bytewise(site.c.key))
    rows = connection.execute(sites.where(site.c.key == key) if key else sites).all()
    published = article.c.published_at
    totals = (
        select(
            article.c.site_id,
            func.count().label("articles"),
            func.count(published).label("dated"),
            func.min(published, type_=published.type).label("first"),
            func.max(published, type_=published.type).label("last"),
        )
        .where(article.c.withdrawn_at.is_(None))
        .group_by(article.c.site_id)
    )
    if key:
        totals = totals.where(article.c.site_id.in_([row.id for row in rows]))
    found = {row.site_id: row for row in connection.execute(totals)}
    recent = _recent_days(connection, {number: row.last for number, row in found.items() if row.last})
    return [_facts(row, found.get(row.id), recent.get(row.id, ())) for row in rows]


def _facts(row: Any, totals: Any, recent: tuple[date, ...]) -> SiteFacts:  # noqa: ANN401 - rows
    """Return a site; without ``totals`` it has no article."""
    return SiteFacts(
        key=row.key,
        name=row.name or row.key,
        level=row.level,
        region=row.region,
        articles=totals.articles if totals else 0,
        undated=totals.articles - totals.dated if totals else 0,
        first=today_in_china(totals.first) if totals and totals.first else None,
        recent=recent,
    )


def _recent_days(connection: Connection, last: Mapping[int, datetime]) -> dict[int, tuple[date, ...]]:
    """Return the last days of each site: of the archive's last year, or of all where that has few."""
    found: defaultdict[int, list[date]] = defaultdict(list)
    if len(last) > 1:
        since = max(last.values()) - timedelta(days=_RECENT_SPAN_DAYS)
        found = _days_of(connection, article.c.published_at >= since)
    rare = [number for number in last if len(found[number]) < RECENT_DAYS]
    for some in chunks(rare):
        found |= _days_of(connection, article.c.site_id.in_(some))
    return {number: tuple(days) for number, days in found.items()}


def _days_of(connection: Connection, condition: ColumnElement[bool]) -> defaultdict[int, list[date]]:
    """Return the last days of each site under a condition, in rising order."""
    dated = article.c.published_at.is_not(None)
    counted = count_days(connection, article.c.site_id, where=(condition, dated))
    found: defaultdict[int, list[date]] = defaultdict(list)
    found.update({number: last_days(days) for (number,), days in counted.items()})
    return found


def load_columns(connection: Connection, key: str) -> dict[str, dict[str, int]]:
    """Return the articles of each column of a site by day, also of a column without any.

    Articles without a column stand under the empty name; those without a date are not counted.
    """
    of_site = article.c.site_id.in_(select(site.c.id).where(site.c.key == key))
    dated = article.c.published_at.is_not(None)
    counted = count_days(connection, article.c.column_id, where=(of_site, dated))
    declared = select(site_column.c.id, site_column.c.name).join(site, site.c.id == site_column.c.site_id)
    named = connection.execute(declared.where(site.c.key == key).order_by(site_column.c.id)).all()
    columns = {row.name: counted.get((row.id,), {}) for row in named}
    if without := counted.get((None,)):
        columns[""] = without
    return columns


@dataclass(frozen=True, slots=True)
class FieldFill:
    """Of how many articles of a site how many have each field."""

    articles: int
    filled: Mapping[str, int]


def load_field_fill(connection: Connection, key: str, most: int = FIELDS_OF) -> FieldFill:
    """Count the fields of the newest articles of a site: of those first seen last."""
    newest = (
        select(article.c.revision_id, article.c.hits, article.c.column_id, article.c.published_at)
        .join(site, site.c.id == article.c.site_id)
        .where(site.c.key == key, article.c.withdrawn_at.is_(None))
        .order_by(article.c.id.desc())
        .limit(most)
        .subquery()
    )
    texts = {name: revision.c[name] != "" for name in WORDS}
    values = {
        "column": newest.c.column_id.is_not(None),
        "published_at": newest.c.published_at.is_not(None),
        "hits": newest.c.hits.is_not(None),
    }
    sums = [func.sum(case((has, 1), else_=0)).label(name) for name, has in {**texts, **values}.items()]
    query = select(func.count().label("articles"), *sums).select_from(newest)
    row = connection.execute(query.join(revision, revision.c.id == newest.c.revision_id)).one()
    return FieldFill(row.articles, {name: int(getattr(row, name) or 0) for name in (*texts, *values)})


@dataclass(frozen=True, slots=True)
class Failed:
    """How often a reason rejected pages of a site, and how many addresses it owes a request."""

    reason: str
    rejections: int
    owed: int


def load_failed(connection: Connection, key: str = "") -> list[Failed]:
    """Return the reasons of a site's rejections, or of all sites', most frequent first.

    An address is owed a request when the last word on it is a failure that passes
    (docs/outcomes.md) and it is no article's.
    """
    of_site = [rejection.c.site_id.in_(select(site.c.id).where(site.c.key == key))] if key else []
    counted = select(rejection.c.reason, func.count()).where(*of_site).group_by(rejection.c.reason)
    numbers = _numbers(connection, counted)
    never = [str(one.reason) for one in outcomes() if one.owed is Owed.NEVER]
    last = select(func.max(rejection.c.id)).where(*of_site).group_by(rejection.c.site_id, rejection.c.url)
    stored = select(article.c.id).where(
        article.c.canonical_url == rejection.c.url, article.c.site_id == rejection.c.site_id
    )
    owed = (
        select(rejection.c.reason, func.count())
        .where(rejection.c.id.in_(last), rejection.c.reason.not_in(never), ~stored.exists())
        .group_by(rejection.c.reason)
    )
    waiting = _numbers(connection, owed)
    ordered = sorted(numbers, key=lambda reason: (-numbers[reason], reason))
    return [Failed(reason, numbers[reason], waiting.get(reason, 0)) for reason in ordered]


def _numbers(connection: Connection, query: Select[Any]) -> dict[str, int]:
    return {reason: number for reason, number in connection.execute(query)}  # noqa: C416 - typed


@dataclass(frozen=True, slots=True)
class Share:
    """A level or a province, with its sites and how many articles they have."""

    name: str
    sites: tuple[str, ...]
    articles: int


def by_level(sites: Sequence[SiteFacts]) -> list[Share]:
    """Return the articles of each level, most first."""
    return _shares(sites, {one.key: one.level for one in sites})


# The first figures of 兵团 among organisations; its sites have those of 新疆 in their files.
_XPCC_NAME, XPCC = "生产建设兵团", "66"


def by_province(sites: Sequence[SiteFacts]) -> list[Share]:
    """Return the articles of each province, by the first two figures of its region; no region has none.

    Mirrors and practice sites are left out: their news is of no province.
    """
    places = {
        one.key: XPCC if _XPCC_NAME in one.name else one.region[:2]
        for one in sites
        if one.region and one.level not in {"mirror", "practice"}
    }
    return _shares([one for one in sites if one.key in places], places)


def _shares(sites: Sequence[SiteFacts], names: Mapping[str, str]) -> list[Share]:
    counts: Counter[str] = Counter()
    keys: defaultdict[str, list[str]] = defaultdict(list)
    for one in sites:
        counts[names[one.key]] += one.articles
        keys[names[one.key]].append(one.key)
    return [
        Share(name, tuple(keys[name]), counts[name]) for name in sorted(counts, key=lambda n: (-counts[n], n))
    ]


def today_in_china(now: datetime) -> date:
    """Return the day of a moment in China."""
    return now.astimezone(CHINA).date()
