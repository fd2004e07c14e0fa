"""What a batch is written from: the waiting items, and the articles that the archive has of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from unioncrawl.archive.search.index.index_words import IndexEntry
from unioncrawl.archive.write.record_rows import RecordRows
from unioncrawl.model import Article, Rejection


@dataclass(frozen=True, slots=True)
class Item:
    """A record that waits to be written, and the run that brought it.

    ``derived_again``: no visit brought it, it was derived again from what is stored. ``rows``: the
    values of an article, as they were checked; the queue makes them.
    """

    run_id: int
    record: Article | Rejection
    derived_again: bool = False
    rows: RecordRows | None = None


@dataclass(slots=True)
class Stored:
    """An article of the archive as far as deciding needs it."""

    article_id: int
    site_id: int
    canonical_url: str
    url: str
    revision_number: int
    revision_id: int
    text_digest: int
    content_hash: int | None
    seen_at: datetime
    last_seen_at: datetime
    title: str
    is_withdrawn: bool = False
    is_new: bool = False
    hits: int | None = None
    entry: IndexEntry | None = None
    folded_title: str = ""
    changes: dict[str, Any] | None = None

    def change(self, **values: Any) -> None:  # noqa: ANN401 - columns of article
        """Note changes of the article's row."""
        if self.changes is None:
            self.changes = {}
        self.changes.update(values)
