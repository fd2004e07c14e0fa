"""The digests of articles' present revisions, as citations and permalinks have them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, select

from unioncrawl.archive.content_hash import digest_name
from unioncrawl.archive.schema import article, revision
from unioncrawl.archive.sql import chunks


def present_digests(connection: Connection, numbers: Sequence[int]) -> dict[int, str]:
    """Return the digest of each article's present revision; none for what was withdrawn."""
    found: dict[int, str] = {}
    for some in chunks(numbers):
        query = select(article.c.id, revision.c.exact_digest)
        query = query.join(revision, revision.c.id == article.c.revision_id)
        query = query.where(article.c.id.in_(some), article.c.withdrawn_at.is_(None))
        found |= {
            number: digest_name(digest) for number, digest in connection.execute(query) if digest is not None
        }
    return found
