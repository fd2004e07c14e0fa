"""Insert a text into an article's history that was seen before the present text.

An import may bring captures from years ago of an article that the archive knows
from this year: the history stays in order of time, the present text stays present.
"""

from __future__ import annotations

from sqlalchemy import Connection, func, select, update

from unioncrawl.archive.schema import article, attachment, image, revision
from unioncrawl.archive.sql import insert_rows, next_id
from unioncrawl.archive.write.article_rows import Draft, exact_values
from unioncrawl.archive.write.exact_digest import write_digests


def insert_earlier_revision(connection: Connection, article_id: int, draft: Draft, run_id: int) -> None:
    """Insert a revision at its place in time; the number of each later revision rises by one."""
    of_article = revision.c.article_id == article_id
    before = select(func.coalesce(func.max(revision.c.number), 0)).where(
        of_article, revision.c.seen_at <= draft.seen_at
    )
    number = connection.execute(before).scalar_one() + 1
    _make_room(connection, article_id, number)
    if number == 1:
        first = update(revision).where(of_article, revision.c.kind == "first")
        connection.execute(first.values(kind="edit"))
    fresh = next_id(connection, revision)
    keys = {"id": fresh, "article_id": article_id, "number": number, "run_id": run_id}
    kind = "first" if number == 1 else "edit"
    values = exact_values(draft, draft.record.url, draft.canonical_url)
    insert_rows(connection, revision, [{**keys, "kind": kind, **values}])
    for table, rows in zip((image, attachment), draft.rows.media(fresh), strict=True):
        insert_rows(connection, table, rows)
    write_digests(connection, [fresh])
    current = update(article).where(article.c.id == article_id)
    connection.execute(current.values(revision_number=article.c.revision_number + 1))


def _make_room(connection: Connection, article_id: int, number: int) -> None:
    """Renumber by way of negative numbers: each (article, number) must stay unique at every moment."""
    later = update(revision).where(revision.c.article_id == article_id, revision.c.number >= number)
    connection.execute(later.values(number=-revision.c.number - 1))
    moved = update(revision).where(revision.c.article_id == article_id, revision.c.number < 0)
    connection.execute(moved.values(number=-revision.c.number))
