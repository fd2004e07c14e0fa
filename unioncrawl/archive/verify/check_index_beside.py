"""Check a search index beside the database: its files, and what it says of each article."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, select

from unioncrawl.archive.schema import article, search_document
from unioncrawl.archive.search.index.beside.archive_state import is_current, is_earlier
from unioncrawl.archive.search.index.beside.chosen_index import index_of
from unioncrawl.archive.search.index.beside.index_protocol import View
from unioncrawl.archive.search.index.index_rows import ENTRY_COLUMNS, index_entry, with_site
from unioncrawl.archive.search.index.index_words import IndexEntry, entry_text, words_digest
from unioncrawl.archive.verify.findings import REINDEX, SHOWN, Finding

_READ_AT_ONCE = 1_000


def check_index_beside(connection: Connection) -> Iterator[Finding]:
    """Check the files by their checksums, then each article's words by their digest.

    An index that merely lags is no harm: it answers no search until it is up to date.
    """
    index = index_of(connection.engine)
    if index is None:
        return
    broken = list(index.damage())
    yield from (Finding("index beside", detail, REINDEX) for detail in broken)
    view = None if broken else index.view()
    if view is None:
        return
    if not is_current(connection, view.state):
        how = "not up to date" if is_earlier(connection, view.state) else "of another archive or state"
        detail = f"the index in {index.folder} is {how}; the database's own index answers"
        yield Finding("index beside", detail, "Bring it up to date with unioncrawl vacuum.", is_harm=False)
        return
    yield from _check_entries(connection, view)


def _check_entries(connection: Connection, view: View) -> Iterator[Finding]:
    """Compare what was put in for each article with what its text has now."""
    kept: dict[int, tuple[int, int]] = {}
    twice = set()
    for one in view.kept():
        if one.article_id in kept:
            twice.add(one.article_id)
        kept[one.article_id] = (one.number, one.digest)
    differing = set(_differing(connection, kept))
    # What is left in it stands for no article.
    wrong = sorted(twice | differing | set(kept))
    if wrong:
        shown = " ".join(map(str, wrong[:SHOWN]))
        detail = f"{len(wrong)} articles are not in the index beside as their texts are: {shown}"
        yield Finding("index beside", detail, REINDEX)


def _differing(connection: Connection, kept: dict[int, tuple[int, int]]) -> Iterator[int]:
    """Yield the articles of which the index says something else, or nothing; take all others out of it."""
    query = (
        select(*ENTRY_COLUMNS, search_document.c.id.label("document"))
        .select_from(with_site().join(search_document, search_document.c.article_id == article.c.id))
        .where(article.c.withdrawn_at.is_(None))
    )
    with connection.execution_options(yield_per=_READ_AT_ONCE).execute(query) as rows:
        for row in rows:
            entry: IndexEntry = index_entry(row)
            if kept.pop(entry.article_id, None) != (row.document, words_digest(entry_text(entry))):
                yield entry.article_id
