"""Which known articles of a site a run owes a visit: young ones, and those a stopped run left open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Select, func, select

from unioncrawl.archive.schema import article, observation, run, site
from unioncrawl.model import HitsStatus


@dataclass(frozen=True, slots=True)
class YoungArticle:
    """A known article that may be owed a visit: its addresses, when it was born and last visited."""

    article_id: int
    url: str
    canonical_url: str
    born_at: datetime
    last_visit_at: datetime


def young_articles(engine: Engine, site_key: str, born_after: datetime) -> list[YoungArticle]:
    """Return the site's articles born after this time, newest first, without vanished and withdrawn ones.

    An article is born when it was published; one without a date, when it was
    first seen.
    """
    born_at = func.coalesce(
        article.c.published_at, article.c.first_seen_at, type_=article.c.first_seen_at.type
    )
    query = _visitable(site_key).where(born_at > born_after).order_by(born_at.desc())
    with engine.connect() as connection:
        return [YoungArticle(*row) for row in connection.execute(query)]


def unfinished_articles(engine: Engine, site_key: str) -> list[YoungArticle]:
    """Return the site's articles that a stopped crawl stored before it requested their hits or next part."""
    left_open = (
        select(observation.c.id)
        .join(run, run.c.id == observation.c.run_id)
        .where(observation.c.article_id == article.c.id, observation.c.at == article.c.last_observed_at)
        .where(observation.c.status == HitsStatus.PENDING.value, run.c.spider == site_key)
    )
    query = _visitable(site_key).where(article.c.hits_status == HitsStatus.PENDING.value, left_open.exists())
    with engine.connect() as connection:
        return [YoungArticle(*row) for row in connection.execute(query)]


def _visitable(site_key: str) -> Select[Any]:
    """Select the columns of a `YoungArticle`, for the site's articles that can be visited."""
    return (
        select(
            article.c.id,
            article.c.url,
            article.c.canonical_url,
            func.coalesce(
                article.c.published_at, article.c.first_seen_at, type_=article.c.first_seen_at.type
            ),
            func.coalesce(
                article.c.last_observed_at, article.c.last_seen_at, type_=article.c.last_seen_at.type
            ),
        )
        .join(site, site.c.id == article.c.site_id)
        .where(site.c.key == site_key, article.c.vanished_at.is_(None), article.c.withdrawn_at.is_(None))
    )
