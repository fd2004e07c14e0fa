"""Marks articles that their site took away, after repeated evidence."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Engine, func, select, update

from unioncrawl.archive.database import writing
from unioncrawl.archive.schema import article, rejection, site

# The detail of a rejection that stands for a known article that was not found.
GONE = "known article not found"
# A server that is repaired over a weekend also answers 404.
LEAST_VISITS = 3
LEAST_SPAN = timedelta(days=2)


def mark_vanished(engine: Engine, site_key: str, now: datetime) -> int:
    """Mark the site's articles that at least three visits over two days did not find; how many.

    Only visits after the article was last seen count. What is marked stays in
    the archive, is not visited again, and loses the mark when it is seen again.
    """
    query = (
        select(article.c.id, func.min(rejection.c.at).label("first"), func.max(rejection.c.at).label("last"))
        .join(rejection, (rejection.c.url == article.c.url) & (rejection.c.site_id == article.c.site_id))
        .join(site, site.c.id == article.c.site_id)
        .where(site.c.key == site_key, article.c.vanished_at.is_(None), rejection.c.detail == GONE)
        .where(rejection.c.at > article.c.last_seen_at)
        .group_by(article.c.id)
        .having(func.count() >= LEAST_VISITS)
    )
    with engine.connect() as connection:
        gone = [row.id for row in connection.execute(query) if row.last - row.first >= LEAST_SPAN]
    if gone:
        with writing(engine) as connection:
            connection.execute(update(article).where(article.c.id.in_(gone)).values(vanished_at=now))
    return len(gone)
