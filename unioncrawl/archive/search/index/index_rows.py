"""Present revisions as the full-text index has them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, FromClause, select

from unioncrawl.archive.schema import article, revision, site, site_column
from unioncrawl.archive.search.index.index_words import IndexEntry
from unioncrawl.archive.sql import chunks
from unioncrawl.language.folding import fold_words
from unioncrawl.model.article_fields import HEADLINE_FIELDS

ENTRY_COLUMNS = (
    *(revision.c[name] for name in ("article_id", *HEADLINE_FIELDS, "published_at", "body_text", "source")),
    site.c.key.label("site_key"),
    site_column.c.name.label("column_name"),
)


def headline(values: Sequence[str]) -> str:
    r"""Return all headline parts as one text to search, a part a line, without empty parts.

    >>> headline(["市总工会送清凉", "", "慰问一线职工"])
    '市总工会送清凉\n慰问一线职工'
    """
    return "\n".join(part for part in values if part)


def indexed_entries(connection: Connection, revision_ids: Sequence[int]) -> list[IndexEntry]:
    """Return the index entries of present revisions, before anything of them changes."""
    entries = []
    for some in chunks(revision_ids):
        query = select(*ENTRY_COLUMNS).select_from(with_site()).where(revision.c.id.in_(some))
        entries += [index_entry(row) for row in connection.execute(query)]
    return entries


def with_site() -> FromClause:
    """Join articles to their present revision, site and column."""
    return (
        article.join(revision, revision.c.id == article.c.revision_id)
        .join(site, site.c.id == article.c.site_id)
        .outerjoin(site_column, site_column.c.id == article.c.column_id)
    )


def index_entry(row: Any) -> IndexEntry:  # noqa: ANN401 - a row
    """Return the index entry of a row of `ENTRY_COLUMNS`."""
    return IndexEntry(
        article_id=row.article_id,
        published_at=row.published_at,
        headline=fold_words(headline([getattr(row, name) for name in HEADLINE_FIELDS])),
        body_text=fold_words(row.body_text),
        site=row.site_key,
        source=fold_words(row.source),
        column=fold_words(row.column_name or ""),
    )
