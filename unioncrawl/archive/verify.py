"""Check an archive for damage: database, texts, index, captures, files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, Engine, func, inspect, literal_column, select, text
from sqlalchemy.exc import DatabaseError

from unioncrawl.archive.article_rows import ENTRY_COLUMNS, HEADLINE_FIELDS, index_entry, with_site
from unioncrawl.archive.content import digest64, normal_folded, normal_text
from unioncrawl.archive.findings import Finding
from unioncrawl.archive.index import IndexEntry, entry_words
from unioncrawl.archive.schema import (
    article,
    metadata,
    reprint_group,
    reprint_member,
    revision,
    search_document,
)
from unioncrawl.archive.verify_captures import check_captures

_BATCH = 500
_REINDEX = "Build the index again with unioncrawl vacuum --reindex."
_RESTORE = "Bring a backup back with unioncrawl restore."


def verify(engine: Engine, captures: Path) -> Iterator[Finding]:
    """All findings, as they come; none that is harm for a sound archive. Reads only."""
    with engine.connect() as connection:
        broken = list(_check_database(connection))
        yield from broken
        if broken:
            # The rest would read what is torn.
            return
        yield from _check_schema(connection)
        yield from _check_rows(connection)
        yield from _check_texts(connection)
        yield from check_captures(connection, captures)


def _check_database(connection: Connection) -> Iterator[Finding]:
    if connection.dialect.name != "sqlite":
        return
    try:
        told = connection.execute(text("PRAGMA integrity_check(5)")).scalars().all()
        torn = connection.execute(text("PRAGMA foreign_key_check")).all()
    except DatabaseError as error:
        yield Finding("database", str(error.orig), _RESTORE)
        return
    yield from (Finding("database", line, _RESTORE) for line in told if line != "ok")
    for row in torn[:5]:
        yield Finding("foreign keys", f"row {row[1]} of {row[0]} refers to no {row[2]}", _RESTORE)


def _check_schema(connection: Connection) -> Iterator[Finding]:
    told = inspect(connection)
    present = set(told.get_table_names())
    for table in metadata.sorted_tables:
        if table.name not in present:
            yield Finding("schema", f"the table {table.name} is missing", _RESTORE)
            continue
        missing = {column.name for column in table.columns} - {
            c["name"] for c in told.get_columns(table.name)
        }
        missing |= {str(index.name) for index in table.indexes} - {
            str(index["name"]) for index in told.get_indexes(table.name)
        }
        if missing:
            yield Finding("schema", f"{table.name} lacks {', '.join(sorted(missing))}", _RESTORE)


def _check_rows(connection: Connection) -> Iterator[Finding]:
    """What the tables promise each other beyond foreign keys."""
    current = article.outerjoin(
        revision, (revision.c.id == article.c.revision_id) & (revision.c.article_id == article.c.id)
    )
    lost = select(article.c.id).select_from(current).where(revision.c.id.is_(None)).limit(5)
    for number in connection.execute(lost).scalars():
        yield Finding("revisions", f"article {number} has lost its present revision", _RESTORE)
    moved = select(article.c.id).join(revision, revision.c.id == article.c.revision_id).limit(5)
    for number in connection.execute(
        moved.where(
            article.c.published_at.is_distinct_from(revision.c.published_at),
            article.c.withdrawn_at.is_(None),
        )
    ).scalars():
        yield Finding("revisions", f"article {number} has another date than its present revision", _RESTORE)
    unindexed = (
        select(article.c.id)
        .outerjoin(search_document, search_document.c.article_id == article.c.id)
        .where(search_document.c.id.is_(None), article.c.withdrawn_at.is_(None))
        .limit(5)
    )
    for number in connection.execute(unindexed).scalars():
        yield Finding("index", f"article {number} is not in the index", _REINDEX)
    members = select(func.count()).where(reprint_member.c.group_id == reprint_group.c.id).scalar_subquery()
    for number in connection.execute(select(reprint_group.c.id).where(members == 0).limit(5)).scalars():
        yield Finding("reprints", f"group {number} has no member", _RESTORE)


def _check_texts(connection: Connection) -> Iterator[Finding]:
    """Digests against the texts, and the index against the texts: word by word."""
    total = 0
    by_row = connection.dialect.name != "sqlite"
    for entry, is_same, words in _entries(connection):
        if not is_same:
            yield Finding(
                "hashes", f"the text of article {entry.article_id} is not what was stored", _RESTORE
            )
        wanted = entry_words(entry)
        if not by_row:
            total += sum(map(hash, wanted))
        elif words != wanted:
            yield Finding("index", f"the index of article {entry.article_id} is not its text", _REINDEX)
    yield from _check_earlier_texts(connection)
    if not by_row:
        yield from _check_vocabulary(connection, total)


def _check_earlier_texts(connection: Connection) -> Iterator[Finding]:
    """Digests of the revisions that are not the present ones."""
    columns = (revision.c[name] for name in (*HEADLINE_FIELDS, "body_text"))
    query = (
        select(revision.c.article_id, revision.c.number, revision.c.text_digest, *columns)
        .join(article, article.c.id == revision.c.article_id)
        .where(revision.c.id != article.c.revision_id, article.c.withdrawn_at.is_(None))
        .order_by(revision.c.id)
    )
    for row in connection.execution_options(yield_per=_BATCH).execute(query):
        texts = (*(getattr(row, name) for name in HEADLINE_FIELDS), row.body_text)
        if digest64(*map(normal_text, texts)) != row.text_digest:
            detail = f"the text of revision {row.number} of article {row.article_id} is not what was stored"
            yield Finding("hashes", detail, _RESTORE)


def _entries(connection: Connection) -> Iterator[tuple[IndexEntry, bool, set[str]]]:
    query = (
        select(*ENTRY_COLUMNS, revision.c.text_digest)
        .select_from(with_site().join(search_document, search_document.c.article_id == article.c.id))
        .order_by(article.c.id)
    )
    if connection.dialect.name != "sqlite":
        tokens = "SELECT tsvector_to_array(tokens) FROM search_index WHERE id = search_document.id"
        query = query.add_columns(literal_column(f"({tokens})").label("words"))
    for row in connection.execution_options(yield_per=_BATCH).execute(query):
        entry = index_entry(row)
        parts = [normal_text(getattr(row, name)) for name in HEADLINE_FIELDS]
        digest = digest64(*parts, normal_folded(entry.body_text))
        yield entry, digest == row.text_digest, set(getattr(row, "words", None) or ())


def _check_vocabulary(connection: Connection, total: int) -> Iterator[Finding]:
    """FTS5 keeps no texts: how many articles hold each word must agree, for every word.

    ``total`` sums the hashes of each article's words; equal sums leave no room
    for a difference, and only unequal ones are worth counting word by word.
    """
    try:
        connection.exec_driver_sql(
            "CREATE VIRTUAL TABLE IF NOT EXISTS temp.search_words"
            " USING fts5vocab('main', 'search_index', 'row')"
        )
        words = connection.exec_driver_sql("SELECT term, doc FROM temp.search_words")
        indexed = {row[0]: row[1] for row in words}
    except DatabaseError as error:
        yield Finding("index", str(error.orig), _REINDEX)
        return
    if sum(hash(word) * articles for word, articles in indexed.items()) == total:
        return
    wanted: Counter[str] = Counter()
    for entry, _, _ in _entries(connection):
        wanted.update(entry_words(entry))
    wrong = [word for word in {*wanted, *indexed} if wanted[word] != indexed.get(word, 0)]
    shown = " ".join(sorted(wrong)[:5])
    yield Finding("index", f"{len(wrong)} words are not indexed as the texts have them: {shown}", _REINDEX)
