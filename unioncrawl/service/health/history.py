"""The readings of a site's runs, as the archive keeps them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, Text, cast, func, select

from unioncrawl.archive.column_types import UtcTime
from unioncrawl.archive.schema import article, rejection, revision, run, site
from unioncrawl.language.zones import CHINA
from unioncrawl.service.health.reading import JUDGED, Reading, read_run

_DAYS_LEARNT = 400
_READ = (run.c.id, run.c.spider, run.c.finished_at, run.c.reason, run.c.stats)
# So many runs before the present one are what a site is compared with: two months at two runs a day.
RUNS_COMPARED = 120


class JudgedRun(NamedTuple):
    """A run that ended, and its site's row."""

    site_id: int
    site: str
    reading: Reading


def find_run(connection: Connection, run_id: int) -> JudgedRun | None:
    """Return a run with its site; None where it has not ended, says nothing of a site, or is no site's."""
    query = select(*_READ, site.c.id.label("site_id")).join(site, site.c.key == run.c.spider)
    row = connection.execute(query.where(run.c.id == run_id, run.c.finished_at.is_not(None))).one_or_none()
    if row is None or row.reason not in JUDGED:
        return None
    return JudgedRun(row.site_id, row.spider, _reading(row))


def readings_up_to(
    connection: Connection, key: str, run_id: int, since: datetime | None = None
) -> list[Reading]:
    """Return the readings of a site's runs up to one, oldest first, at most `RUNS_COMPARED` and the one.

    ``since``: only of runs that began later.
    """
    # With Scrapy's statistics a hundred runs are a megabyte of JSON, which pydantic reads in a third of the
    # time that Python's reader takes; what crawls has loaded it.
    from pydantic_core import from_json  # noqa: PLC0415 - `unioncrawl health` reads the last runs alone

    query = select(*_READ[:-1], cast(run.c.stats, Text).label("stats"))
    query = query.where(run.c.spider == key, run.c.id <= run_id, run.c.finished_at.is_not(None))
    query = query.where(run.c.reason.in_(sorted(JUDGED)))
    if since is not None:
        query = query.where(run.c.started_at > since)
    rows = connection.execute(query.order_by(run.c.id.desc()).limit(RUNS_COMPARED + 1)).all()
    return [
        read_run(row.id, row.finished_at, row.reason, from_json(row.stats or "{}") or {})
        for row in reversed(rows)
    ]


def publication_days(connection: Connection, site_id: int, until: datetime) -> list[date]:
    """Return the days of the last year on which a site published something, in rising order, in China's time.

    An article without a date counts for the day on which it was first seen.
    """
    published = func.coalesce(article.c.published_at, article.c.first_seen_at, type_=UtcTime())
    since = until - timedelta(days=_DAYS_LEARNT)
    query = select(published).where(
        article.c.site_id == site_id,
        article.c.published_at.is_(None) | (article.c.published_at > since),
        article.c.withdrawn_at.is_(None),
    )
    moments = connection.execute(query).scalars()
    return sorted({moment.astimezone(CHINA).date() for moment in moments if since < moment <= until})


def refused_pages(connection: Connection, site_id: int, run_ids: Sequence[int]) -> dict[str, int]:
    """Return how many pages some runs of a site refused, by reason; each page counts once for a reason."""
    query = select(rejection.c.reason, func.count(rejection.c.url.distinct())).where(
        rejection.c.site_id == site_id, rejection.c.run_id.in_(run_ids)
    )
    rows = connection.execute(query.group_by(rejection.c.reason))
    return {reason: number for reason, number in rows}  # noqa: C416 - typed


def revised_articles(connection: Connection, site_id: int, run_ids: Sequence[int]) -> int:
    """Return how many articles of a site some runs gave another content."""
    query = (
        select(func.count(revision.c.article_id.distinct()))
        .join(article, article.c.id == revision.c.article_id)
        .where(article.c.site_id == site_id, revision.c.run_id.in_(run_ids), revision.c.kind == "edit")
    )
    return connection.execute(query).scalar_one()


def latest_readings(connection: Connection, since_run: int) -> dict[str, Reading]:
    """Return the last reading of each site that has one from a run or a later one, by the site's key."""
    latest = (
        select(func.max(run.c.id))
        .join(site, site.c.key == run.c.spider)
        .where(run.c.id >= since_run, run.c.finished_at.is_not(None), run.c.reason.in_(sorted(JUDGED)))
        .group_by(run.c.spider)
    )
    rows = connection.execute(select(*_READ).where(run.c.id.in_(latest)))
    return {row.spider: _reading(row) for row in rows}


def _reading(row: Any) -> Reading:  # noqa: ANN401 - a row of `_READ`
    return read_run(row.id, row.finished_at, row.reason, row.stats or {})
