"""Which article the address of a vanished one shows."""

from __future__ import annotations

from sqlalchemy import Connection, select

from unioncrawl.archive.read.stored_articles import StoredArticle
from unioncrawl.archive.schema import article, rejection
from unioncrawl.outcomes import OTHER_ARTICLE, PageKind, outcome_of


def shown_instead(connection: Connection, stored: StoredArticle) -> str | None:
    """Return the address of the article that a vanished one's own address showed at the latest visit.

    None where the article has not vanished, or where nothing was found in its place. The two are
    not one story: where they are, the article has moved.
    """
    if stored.vanished_at is None:
        return None
    visits = (
        select(rejection.c.reason, rejection.c.detail)
        .join(article, (article.c.url == rejection.c.url) & (article.c.site_id == rejection.c.site_id))
        .where(article.c.id == stored.id, rejection.c.at > article.c.last_seen_at)
        .order_by(rejection.c.at.desc(), rejection.c.id.desc())
    )
    for reason, detail in connection.execute(visits):
        if outcome_of(reason).kind is PageKind.NOT_FOUND:
            return str(detail) if reason == OTHER_ARTICLE else None
    return None
