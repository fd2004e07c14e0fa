"""Renew the exact digests of revisions that a newer schema gave values in new columns."""

from __future__ import annotations

from sqlalchemy import Connection, or_, select

from unioncrawl.archive.schema import FILLED_SINCE, article, revision
from unioncrawl.archive.write.exact_digest import DIGEST_COLUMNS, is_same, load_media, write_digests

_BATCH = 500


def renew_digests(connection: Connection, version: str) -> None:
    """Write the digests of the revisions whose columns of after ``version`` were filled.

    A revision that without them is not what its digest says was changed before: it
    keeps that digest, so that `verify` still reports it.
    """
    new = [name for since, names in FILLED_SINCE.items() if since > version for name in names]
    if not new:
        return
    query = (
        select(*DIGEST_COLUMNS)
        .join(article, article.c.id == revision.c.article_id)
        .where(or_(*(revision.c[name].is_not(None) for name in new)))
        .order_by(revision.c.id)
        .limit(_BATCH)
    )
    last = -1
    while rows := connection.execute(query.where(revision.c.id > last)).all():
        last = rows[-1].id
        media = load_media(connection, [row.id for row in rows])
        before = {row.id: {**row._asdict(), **dict.fromkeys(new)} for row in rows}
        sound = [number for number, old in before.items() if is_same(old, media[number], is_present=False)]
        write_digests(connection, sound)
