"""The revisions of an article: which there are, and each as it was stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from unioncrawl.archive.captures.kept_captures import withdrawn_article
from unioncrawl.archive.read.stored_articles import StoredArticle, find_article, load_articles
from unioncrawl.archive.schema import revision


@dataclass(frozen=True, slots=True)
class RevisionFacts:
    """A revision without its text: its number, what made it (first, edit, rederived), when, its digest."""

    number: int
    kind: str
    seen_at: datetime
    digest: int | None


def load_present(connection: Connection, article_id: int) -> StoredArticle:
    """Return an article as it is now.

    Raises `ArticleNotFound`, `ArticleDamaged`; `ArticleWithdrawn` when it was taken down.
    """
    (stored,) = load_articles(connection, [find_article(connection, str(article_id))])
    if stored.withdrawn_at is not None:
        raise withdrawn_article(stored.id, stored.withdrawn_at)
    return stored


def list_revisions(connection: Connection, article_id: int) -> list[RevisionFacts]:
    """Return the revisions of an article, the first one first."""
    names = ("number", "kind", "seen_at", "exact_digest")
    query = select(*(revision.c[name] for name in names)).where(revision.c.article_id == article_id)
    return [RevisionFacts(*row) for row in connection.execute(query.order_by(revision.c.number))]
