"""Take the words of articles that left an index out of its files, too.

tantivy notes that a document is gone, and drops its words when it merges the file that holds them, of
which nobody can say when. Only an index that is built anew is sure to hold nothing of it.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine

from unioncrawl.archive.search.index.beside.chosen_index import index_of
from unioncrawl.archive.search.index.beside.follow import follow
from unioncrawl.archive.search.index.beside.index_protocol import Index
from unioncrawl.errors import ArchiveLocked, ArchiveUnwritable

# Built anew within a takedown: half a minute.
_FEW_ARTICLES = 20_000


def forget_words(engine: Engine) -> Path | None:
    """Take what left the archive out of the index, and its words out of the files of a small one.

    Returns the folder of an index whose files still hold words that no search finds any more.
    """
    index = index_of(engine)
    if index is None:
        return None
    try:
        follow(engine, index)
        if index.removed() and _articles(index) <= _FEW_ARTICLES:
            follow(engine, index, anew=True)
    except (ArchiveLocked, ArchiveUnwritable):
        return index.folder
    return index.folder if index.removed() else None


def tidy_index(engine: Engine) -> None:
    """Bring the index to the state of the archive, and build it anew where its files hold more than that.

    Raises `ArchiveLocked` while another process changes it, `ArchiveUnwritable` when it can't be written.
    """
    index = index_of(engine)
    if index is not None:
        follow(engine, index)
        if index.removed():
            follow(engine, index, anew=True)


def _articles(index: Index) -> int:
    view = index.view()
    return view.articles if view is not None else 0
