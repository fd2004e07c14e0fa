"""Which known articles of a site a run owes a visit: young ones, and those a stopped run left open."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Select, func, select

from unioncrawl.archive.crawl_state.failed_addresses import find_failed
from unioncrawl.archive.crawl_state.vanished import is_visited
from unioncrawl.archive.schema import article, capture, observation, run, site
from unioncrawl.model import HitsStatus
from unioncrawl.outcomes import PageKind

_OK = 200


@dataclass(frozen=True, slots=True)
class YoungArticle:
    """A known article that may be owed a visit: its addresses, when it was born and last visited.

    ``url`` is where it was seen last.
    """

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
        return _visits(connection, site_key, query)


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
        return _visits(connection, site_key, query)


def _visits(connection: Connection, site_key: str, query: Select[Any]) -> list[YoungArticle]:
    """Return the visits of a query, each at the address where the article was seen last.

    An article that moved is no longer at its first address. Where it is gone from its last one
    too, the first one is asked: what is gone at both is gone. A failure that says nothing of the
    article (a cut answer, an error of the server) changes no address.
    """
    rows = [(YoungArticle(*row[:-1]), row[-1]) for row in connection.execute(query)]
    moved = {seen_at for article, seen_at in rows if seen_at and seen_at != article.url}
    gone = {
        one.url: one.last_at
        for one in find_failed(connection, site_key, sorted(moved))
        if one.outcome.kind is PageKind.NOT_FOUND
    }
    return [
        replace(one, url=seen_at)
        if seen_at in moved and (seen_at not in gone or gone[seen_at] <= one.last_visit_at)
        else one
        for one, seen_at in rows
    ]


def _last_address() -> ColumnElement[str]:
    """Select the address of an article's latest visit by its captures: that of its first page."""
    of_article = (capture.c.article_id == article.c.id) & (capture.c.status == _OK)
    latest = select(func.max(capture.c.run_id)).where(of_article).correlate(article).scalar_subquery()
    seen = capture.alias("seen")
    return (
        select(seen.c.url)
        .where(seen.c.article_id == article.c.id, seen.c.status == _OK, seen.c.run_id == latest)
        .order_by(seen.c.id)
        .limit(1)
        .correlate(article)
        .scalar_subquery()
    )


def _visitable(site_key: str) -> Select[Any]:
    """Select the columns of a `YoungArticle`, and its last address, of articles that can be visited."""
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
            _last_address(),
        )
        .join(site, site.c.id == article.c.site_id)
        .where(site.c.key == site_key, *is_visited())
    )
