"""Hit counts as a series: the count of each visit, growth a day, resets, and rankings."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Subquery, case, func, select

from unioncrawl.archive.read.stored_articles import StoredArticle, load_articles
from unioncrawl.archive.schema import article, observation, site
from unioncrawl.archive.sql import bytewise, chunks

_DAY = timedelta(days=1)
# Growth a day needs almost a day: readers sleep at night, and a daily run starts an hour or two early.
# Extrapolated from minutes it would be any number.
LEAST_WINDOW = timedelta(hours=20)
# A count below this share of the last one was reset, not recounted.
_RESET_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Observation:
    """The hits that one visit found; ``hits`` is ``None`` with the reason in ``status``.

    ``change``: since the last number; ``per_day``: growth a day since the last number that is at
    least `LEAST_WINDOW` older, ``None`` without one; ``flag``: ``decrease`` when the count fell a
    little (a cache, a recount), ``reset`` when it began again.
    """

    at: datetime
    hits: int | None
    hits_raw: str
    status: str
    change: int | None
    per_day: float | None
    flag: str


def load_series(connection: Connection, number: int) -> list[Observation]:
    """Return every observation of an article, oldest first."""
    query = select(observation).where(observation.c.article_id == number)
    rows = connection.execute(query.order_by(observation.c.at, observation.c.id)).all()
    return read_series([(row.at, row.hits, row.hits_raw, row.status) for row in rows])


def read_series(rows: Sequence[tuple[datetime, int | None, str, str]]) -> list[Observation]:
    """Return changes and flags of ``(at, hits, raw, status)`` in order of time.

    >>> from datetime import UTC
    >>> day = datetime(2024, 4, 8, tzinfo=UTC)
    >>> series = read_series([(day, 90, "90", "page"), (day + _DAY, 100, "100", "page"),
    ...                       (day + 2 * _DAY, 3, "3", "page")])
    >>> [(one.change, one.per_day, one.flag) for one in series]
    [(None, None, ''), (10, 10.0, ''), (3, 3.0, 'reset')]
    """
    series: list[Observation] = []
    last: int | None = None
    # When a number came, and what was gained until then; only those too young to count from, and one more.
    gains: deque[tuple[datetime, int]] = deque()
    for at, hits, raw, status in rows:
        change = per_day = None
        flag = ""
        if hits is not None:
            if last is not None:
                flag = _flag(last, hits)
                # After a reset the whole count is new.
                change = hits if flag == "reset" else hits - last
            gains.append((at, (gains[-1][1] if gains else 0) + (change or 0)))
            while len(gains) > 1 and at - gains[1][0] >= LEAST_WINDOW:
                gains.popleft()
            per_day = _per_day(gains[-1][1] - gains[0][1], at - gains[0][0])
            last = hits
        series.append(Observation(at, hits, raw, status, change, per_day, flag))
    return series


def _per_day(gained: int, elapsed: timedelta) -> float | None:
    """Growth a day; ``None`` over a time too short to be a day's."""
    return round(gained / (elapsed / _DAY), 2) if elapsed >= LEAST_WINDOW else None


def _flag(before: int, after: int) -> str:
    if after >= before:
        return ""
    return "reset" if after < before * _RESET_SHARE else "decrease"


@dataclass(frozen=True, slots=True)
class Ranked:
    """An article in a ranking: the hits that it gained in the window, and its count at the end.

    ``per_day`` is over the time of the known gain; ``None`` when that is under `LEAST_WINDOW`.
    """

    article: StoredArticle
    gained: int
    hits: int
    flags: tuple[str, ...]
    per_day: float | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """A span of time: from ``since`` (or the first visit) up to ``until`` (or now), not included."""

    since: datetime | None = None
    until: datetime | None = None


def rank_by_growth(connection: Connection, site_key: str, window: Window, limit: int) -> list[Ranked]:
    """Return the articles that gained most hits in a window; of one site, or of all without ``site_key``.

    Counting starts from the last number before the window. An article whose first
    number lies within the window starts from that number, or from zero when it was
    first seen and published within the window.
    """
    best = _most_grown(connection, site_key, window, limit)
    series = _numbers(connection, best, window)
    return [
        Ranked(one, gain.gained, gain.hits, gain.flags, gain.per_day)
        for one in load_articles(connection, best)
        if (gain := _gain(series[one.id], window, one.record.published_at)) is not None
    ]


def _most_grown(connection: Connection, site_key: str, window: Window, limit: int) -> list[int]:
    """Return the articles that gained most in a window, by what `_gain` counts: the database adds it up."""
    steps = _changes(site_key, window)
    is_new: ColumnElement[bool] = article.c.published_at.is_not(None)
    if window.since is not None:
        is_new = article.c.published_at >= window.since
    is_reset = steps.c.hits < steps.c.before * _RESET_SHARE
    change = case(
        (steps.c.before.is_(None) & is_new, steps.c.hits),
        (steps.c.before.is_(None), 0),
        (is_reset, steps.c.hits),
        else_=steps.c.hits - steps.c.before,
    )
    query = select(steps.c.article_id).join(article, article.c.id == steps.c.article_id)
    if window.since is not None:
        query = query.where(steps.c.at >= window.since)
    grouped = query.group_by(steps.c.article_id).order_by(func.sum(change).desc(), steps.c.article_id)
    return list(connection.execute(grouped.limit(limit)).scalars())


def _changes(site_key: str, window: Window) -> Subquery:
    """Select each number up to the end of a window, beside the one before it."""
    in_order = (observation.c.at, observation.c.id)
    before = func.lag(observation.c.hits).over(partition_by=observation.c.article_id, order_by=in_order)
    query = (
        select(observation.c.article_id, observation.c.at, observation.c.hits, before.label("before"))
        .join(article, article.c.id == observation.c.article_id)
        .where(observation.c.hits.is_not(None))
    )
    if site_key:
        query = query.join(site).where(site.c.key == site_key)
    if window.until is not None:
        query = query.where(observation.c.at < window.until)
    if window.since is not None:
        # Without a visit in the window there is nothing to add up.
        query = query.where(article.c.last_observed_at >= window.since)
    return query.subquery()


def most_hits(connection: Connection, site_key: str, limit: int) -> list[StoredArticle]:
    """Return the articles with most hits at their last visit; of one site, or of all without ``site_key``."""
    query = select(article.c.id).where(article.c.hits.is_not(None), article.c.withdrawn_at.is_(None))
    if site_key:
        query = query.join(site, site.c.id == article.c.site_id).where(site.c.key == site_key)
    found = connection.execute(query.order_by(article.c.hits.desc(), article.c.id).limit(limit)).scalars()
    return load_articles(connection, list(found))


def missing_counts(connection: Connection, site_key: str = "") -> dict[str, Counter[str]]:
    """Return why articles never had a count: by site, how many for each reason (``robots`` …)."""
    query = (
        select(site.c.key, article.c.hits_status, func.count())
        .join(site, site.c.id == article.c.site_id)
        .where(article.c.hits.is_(None), article.c.withdrawn_at.is_(None))
        .group_by(site.c.key, article.c.hits_status)
    )
    if site_key:
        query = query.where(site.c.key == site_key)
    missing: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for key, status, number in connection.execute(query.order_by(bytewise(site.c.key))):
        missing[key][status] = number
    return dict(missing)


def _numbers(
    connection: Connection, ids: Sequence[int], window: Window
) -> dict[int, list[tuple[datetime, int | None, str, str]]]:
    """Return the numbers of articles up to the end of a window."""
    series: defaultdict[int, list[tuple[datetime, int | None, str, str]]] = defaultdict(list)
    for some in chunks(ids):
        query = select(observation).where(observation.c.hits.is_not(None), observation.c.article_id.in_(some))
        if window.until is not None:
            query = query.where(observation.c.at < window.until)
        for row in connection.execute(query.order_by(observation.c.at, observation.c.id)):
            series[row.article_id].append((row.at, row.hits, row.hits_raw, row.status))
    return series


@dataclass(frozen=True, slots=True)
class _Gain:
    gained: int
    hits: int
    flags: tuple[str, ...]
    per_day: float | None


def _gain(
    rows: Sequence[tuple[datetime, int | None, str, str]], window: Window, published: datetime | None
) -> _Gain | None:
    """Return what an article gained; ``None`` without a visit in the window."""
    series = read_series(rows)
    within = [one for one in series if window.since is None or one.at >= window.since]
    if not within:
        return None
    gained = sum(one.change or 0 for one in within)
    before = series[-len(within) - 1].at if len(series) > len(within) else None
    is_new = published is not None and (window.since is None or published >= window.since)
    if before is None and is_new:
        gained += within[0].hits or 0
        before = published
    elapsed = within[-1].at - (before or within[0].at)
    return _Gain(
        gained,
        within[-1].hits or 0,
        tuple(one.flag for one in within if one.flag),
        _per_day(gained, elapsed),
    )
