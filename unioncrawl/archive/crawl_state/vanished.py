"""Marks articles that their site took away, after repeated evidence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Engine, func, select, update

from unioncrawl.archive.crawl_state.crawl_runs import EMPTY_CRAWL
from unioncrawl.archive.database import writing
from unioncrawl.archive.schema import article, rejection, run, site
from unioncrawl.outcomes import PageKind, outcome_of

# A server that is repaired over a weekend also answers 404.
LEAST_VISITS = 3
LEAST_SPAN = timedelta(days=2)


def mark_vanished(engine: Engine, site_key: str, now: datetime) -> int:
    """Mark the site's articles that at least three visits over two days did not find; return how many.

    Only visits after the article was last seen count, and only answers that say that the
    article is gone: a wall, a failing server or an unreadable page is not evidence. Nor is an
    answer in a run in which no list showed an article: a login page that stands at every address
    for a weekend reads like a notice that the article is gone. A marked article stays in the
    archive, is not visited again, and loses the mark when it is seen again.
    """
    was_empty = func.coalesce(run.c.stats[EMPTY_CRAWL].as_integer(), 0)
    query = (
        select(article.c.id, rejection.c.reason, rejection.c.at)
        .join(rejection, (rejection.c.url == article.c.url) & (rejection.c.site_id == article.c.site_id))
        .join(site, site.c.id == article.c.site_id)
        .outerjoin(run, run.c.id == rejection.c.run_id)
        .where(site.c.key == site_key, article.c.vanished_at.is_(None))
        .where(rejection.c.at > article.c.last_seen_at, was_empty == 0)
    )
    missed: defaultdict[int, list[datetime]] = defaultdict(list)
    with engine.connect() as connection:
        for number, reason, at in connection.execute(query):
            if outcome_of(reason).kind is PageKind.NOT_FOUND:
                missed[number].append(at)
    gone = [number for number, visits in missed.items() if _is_enough(visits)]
    if gone:
        with writing(engine) as connection:
            connection.execute(update(article).where(article.c.id.in_(gone)).values(vanished_at=now))
    return len(gone)


def _is_enough(visits: Sequence[datetime]) -> bool:
    """Whether these visits, all in vain, are enough to believe that an article is gone."""
    return len(visits) >= LEAST_VISITS and max(visits) - min(visits) >= LEAST_SPAN
