"""Bring an index beside the database to the state of the archive, from wherever it is.

What a crash, a full disk or a process without the index left out is found by the numbers of revisions: the
index says which was the last one that it took in. Each step is a commit, and a follower that is killed
goes on from there.
"""

from __future__ import annotations

import logging
from dataclasses import replace

from sqlalchemy import Connection, Engine, select

from unioncrawl.archive.schema import article, revision, search_document
from unioncrawl.archive.search.index.beside.archive_state import EMPTY, is_earlier, last_revision, state_at
from unioncrawl.archive.search.index.beside.index_protocol import Index, State, Writing
from unioncrawl.archive.search.index.index_rows import indexed_entries
from unioncrawl.archive.sql import chunks

logger = logging.getLogger(__name__)
# Revisions of a commit: of 2 kB each, some ten seconds.
_STEP = 20_000
_BATCH = 500


def follow(engine: Engine, index: Index, *, anew: bool = False) -> int:
    """Take in what the index lacks; return how many articles changed in it.

    An index of another archive, of a later state of this one (a backup came back) or of other words is
    emptied and filled; so it is with ``anew``. Raises `ArchiveLocked` while another process follows,
    `ArchiveUnwritable` when the files can't be written.
    """
    with index.writing() as writing:
        # Begun under the lock of the index, a transaction reads no earlier state than what the index took in.
        with engine.connect() as connection:
            state = _begin(connection, writing, anew=anew)
        changed = 0
        while True:
            # One transaction a step: a long one would keep a journal from being cut.
            with engine.connect() as connection:
                end = min(state.revision + _STEP, last_revision(connection))
                if writing.state is not None and end <= state.revision:
                    return changed
                changed += _take(connection, writing, state.revision, end)
                state = replace(state_at(connection, end), run=state.run)
            writing.commit(state)


def _begin(connection: Connection, writing: Writing, *, anew: bool) -> State:
    """Return the state from which to go on; an index that can't go on is emptied.

    The run stays that of the beginning: numbers that change while the index is filled are noticed then.
    """
    state = writing.state
    if state is not None and not is_earlier(connection, state):
        logger.warning("The search index is of another archive, state or form; it is built anew.")
        anew = True
    if state is not None and not anew:
        return state
    writing.clear()
    return replace(EMPTY, run=state_at(connection, 0).run)


def _take(connection: Connection, writing: Writing, after: int, end: int) -> int:
    """Take in the articles whose present revision is one of these; earlier ones are no words of theirs."""
    query = (
        select(article.c.id, article.c.revision_id, article.c.withdrawn_at, revision.c.number)
        .join(revision, revision.c.id == article.c.revision_id)
        .where(revision.c.id > after, revision.c.id <= end)
        .order_by(revision.c.id)
    )
    rows = connection.execute(query).all()
    for row in rows:
        if row.number > 1:
            writing.remove(row.id)
    add(connection, writing, [row.revision_id for row in rows if row.withdrawn_at is None])
    return len(rows)


def add(connection: Connection, writing: Writing, revisions: list[int]) -> None:
    """Put the articles of present revisions into the index."""
    for some in chunks(revisions, _BATCH):
        entries = indexed_entries(connection, some)
        ids = [entry.article_id for entry in entries]
        known = select(search_document.c.article_id, search_document.c.id)
        rows = connection.execute(known.where(search_document.c.article_id.in_(ids)))
        numbers = {row.article_id: row.id for row in rows}
        for entry in sorted(entries, key=lambda one: one.article_id):
            # One that the database's own index lacks is a fault of that one, which `verify` names.
            if entry.article_id in numbers:
                writing.add(numbers[entry.article_id], entry)
