"""What the archive already has of a list of URLs, and which addresses are those of withdrawn articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Select, select

from unioncrawl.archive.schema import article, site, url_alias
from unioncrawl.archive.sql import chunks


@dataclass(frozen=True, slots=True)
class KnownArticle:
    """An article that the archive has; times are aware (UTC)."""

    article_id: int
    canonical_url: str
    first_seen_at: datetime
    last_seen_at: datetime
    published_at: datetime | None
    last_observed_at: datetime | None


def find_known(connection: Connection, site_key: str, urls: Sequence[str]) -> dict[str, KnownArticle]:
    """Return the known ones among canonical URLs of a site, whether first address or alias."""
    known: dict[str, KnownArticle] = {}
    for some in chunks(urls):
        for query in (_by_address(site_key, some), _by_alias(site_key, some)):
            for row in connection.execute(query):
                known[row.wanted] = KnownArticle(
                    article_id=row.id,
                    canonical_url=row.canonical_url,
                    first_seen_at=row.first_seen_at,
                    last_seen_at=row.last_seen_at,
                    published_at=row.published_at,
                    last_observed_at=row.last_observed_at,
                )
    return known


def withdrawn_addresses(connection: Connection) -> frozenset[str]:
    """Return every address at which an article was found that is withdrawn now, of all sites.

    All articles are looked at (22 ms for 90,000): a crawl asks now and then, not for each page.
    """
    gone = article.c.withdrawn_at.is_not(None)
    own = connection.execute(select(article.c.url, article.c.canonical_url).where(gone))
    aliases = select(url_alias.c.url).join(article, article.c.id == url_alias.c.article_id).where(gone)
    return frozenset(url for row in own for url in row) | {*connection.execute(aliases).scalars()}


_COLUMNS = (
    article.c.id,
    article.c.canonical_url,
    article.c.first_seen_at,
    article.c.last_seen_at,
    article.c.published_at,
    article.c.last_observed_at,
)


def _by_address(site_key: str, urls: Sequence[str]) -> Select[tuple[object, ...]]:
    return (
        select(article.c.canonical_url.label("wanted"), *_COLUMNS)
        .join(site, site.c.id == article.c.site_id)
        .where(site.c.key == site_key, article.c.canonical_url.in_(urls))
    )


def _by_alias(site_key: str, urls: Sequence[str]) -> Select[tuple[object, ...]]:
    return (
        select(url_alias.c.url.label("wanted"), *_COLUMNS)
        .join_from(url_alias, article, article.c.id == url_alias.c.article_id)
        .join(site, site.c.id == url_alias.c.site_id)
        .where(site.c.key == site_key, url_alias.c.url.in_(urls))
    )
