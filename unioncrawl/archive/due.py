"""Which articles of a site a run owes a visit: young known ones, and those it could not reach."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, func, select

from unioncrawl.archive.schema import article, rejection, site

# Reasons that may be gone the next time: the network's, and those of an overloaded server.
PASSING_REASONS = (
    "dns",
    "refused",
    "timeout",
    "cut-off",
    "http-429",
    "http-500",
    "http-502",
    "http-503",
    "http-504",
)


@dataclass(frozen=True, slots=True)
class YoungArticle:
    """A known article that may be owed a visit: its addresses, when it was born and last visited."""

    article_id: int
    url: str
    canonical_url: str
    born_at: datetime
    last_visit_at: datetime


def young_articles(engine: Engine, site_key: str, born_after: datetime) -> list[YoungArticle]:
    """The site's articles born after this time, newest first; vanished and withdrawn ones left out.

    An article is born when it was published; one without a date, when it was
    first seen.
    """
    born_at = func.coalesce(
        article.c.published_at, article.c.first_seen_at, type_=article.c.first_seen_at.type
    )
    query = (
        select(
            article.c.id,
            article.c.url,
            article.c.canonical_url,
            born_at.label("born_at"),
            func.coalesce(
                article.c.last_observed_at, article.c.last_seen_at, type_=article.c.last_seen_at.type
            ).label("last_visit_at"),
        )
        .join(site, site.c.id == article.c.site_id)
        .where(site.c.key == site_key, article.c.vanished_at.is_(None), article.c.withdrawn_at.is_(None))
        .where(born_at > born_after)
        .order_by(born_at.desc())
    )
    with engine.connect() as connection:
        return [YoungArticle(*row) for row in connection.execute(query)]


def missed_urls(engine: Engine, site_key: str, after: datetime) -> list[str]:
    """Addresses that failed since then for a reason that passes, and are no article's yet."""
    stored = select(article.c.id).where(article.c.url == rejection.c.url, article.c.site_id == site.c.id)
    query = (
        select(rejection.c.url)
        .join(site, site.c.id == rejection.c.site_id)
        .where(site.c.key == site_key, rejection.c.at > after, rejection.c.reason.in_(PASSING_REASONS))
        .where(~stored.exists())
        .distinct()
    )
    with engine.connect() as connection:
        return list(connection.execute(query).scalars())
