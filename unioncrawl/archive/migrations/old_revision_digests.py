"""Give the revisions of an older schema their exact digests."""

from __future__ import annotations

from sqlalchemy import Connection, select

from unioncrawl.archive.migrations.digests_of_0002 import TEXTS, words_digest
from unioncrawl.archive.schema import article, revision
from unioncrawl.archive.write.exact_digest import write_digests

_BATCH = 500


def write_old_revision_digests(connection: Connection) -> None:
    """Write the digests of all revisions, within the caller's transaction.

    A text that contradicts its first digest was changed before: it gets no exact
    digest, so that `verify` still reports it.
    """
    columns = (revision.c[name] for name in TEXTS)
    query = (
        select(revision.c.id, article.c.withdrawn_at, revision.c.text_digest, *columns)
        .join(article, article.c.id == revision.c.article_id)
        .order_by(revision.c.id)
        .limit(_BATCH)
    )
    last = 0
    while rows := connection.execute(query.where(revision.c.id > last)).all():
        last = rows[-1].id
        write_digests(
            connection,
            [
                number
                for number, withdrawn_at, digest, *texts in rows
                if withdrawn_at is not None or words_digest(*texts) == digest
            ],
        )
