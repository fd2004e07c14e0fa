"""The revisions of an article: which there are, and each as it was stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from unioncrawl.archive.captures.kept_captures import withdrawn_article
from unioncrawl.archive.content_hash import digest_name, digest_number
from unioncrawl.archive.read.stored_articles import StoredArticle, find_article, load_articles
from unioncrawl.archive.schema import revision
from unioncrawl.errors import ArticleNotFound


@dataclass(frozen=True, slots=True)
class RevisionFacts:
    """A revision without its text: its number, what made it (first, edit, rederived), when, its digest."""

    number: int
    kind: str
    seen_at: datetime
    digest: int | None

    @property
    def digest_name(self) -> str:
        """The digest as citations write it; empty for a revision of an older archive without one."""
        return "" if self.digest is None else digest_name(self.digest)


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


def find_revision(connection: Connection, name: str) -> tuple[int, int]:
    """Return the article and the number of the revision with a digest, as citations write it.

    Raises `ArticleNotFound`: a takedown and a change of what revisions keep give other digests.
    """
    wanted = digest_number(name)
    if wanted is not None:
        query = select(revision.c.article_id, revision.c.number).where(revision.c.exact_digest == wanted)
        for row in connection.execute(query.order_by(revision.c.id).limit(1)):
            return row.article_id, row.number
    raise ArticleNotFound(
        f"the archive has no revision {name}.",
        next_step="It is of another archive, was withdrawn, or the digest is mistyped.",
        stage="archive",
    )
