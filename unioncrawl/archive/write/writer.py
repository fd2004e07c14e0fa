"""Write one batch: decide what each item is, then insert table by table.

An article is *known* when its site has its canonical URL, as an address or as
an alias; a *duplicate* when another address of the same site carries the same
content (its URL becomes an alias); otherwise *new*. A known article whose
headline or normalised text differs gets a revision. Every visit is an
observation. On another site the same content is an article of its own: a
reprint is data.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, func, select

from unioncrawl.archive.reprints.reprint_index import NewText, ReprintIndex
from unioncrawl.archive.schema import article, attachment, image, revision, url_alias
from unioncrawl.archive.search.fulltext_index import add_entries, remove_entries
from unioncrawl.archive.search.index_rows import indexed_entries
from unioncrawl.archive.sql import chunks
from unioncrawl.archive.write import article_rows
from unioncrawl.archive.write.article_rows import Draft
from unioncrawl.archive.write.batch_items import Item, Stored
from unioncrawl.archive.write.earlier_revisions import insert_earlier
from unioncrawl.archive.write.row_batch import RowBatch, RowMark
from unioncrawl.archive.write.visit_rows import VisitRows
from unioncrawl.model import Article, CaptureRef, Rejection


class BatchWriter:
    """Writes items within one transaction; the caller holds the write lock."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._batch = RowBatch(connection)
        self._visits = VisitRows(self._batch)
        self._by_url: dict[tuple[int, str], Stored] = {}
        self._by_content: dict[tuple[int, int], Stored] = {}
        self._touched: dict[int, Stored] = {}
        self._out_of_index: list[int] = []
        self._earlier: dict[tuple[int, int], tuple[Draft, int]] = {}
        self.counts: Counter[str] = Counter()
        self.joined: dict[int, int] = {}
        self.refused: list[CaptureRef] = []

    def write(self, items: Sequence[Item]) -> Counter[str]:
        """Write all items in order; what became of them, counted."""
        drafts = {
            id(item): article_rows.draft(item.record, self._batch.site(item.record.site))
            for item in items
            if isinstance(item.record, Article)
        }
        self._load(list(drafts.values()))
        for item in items:
            if isinstance(item.record, Rejection):
                self._visits.reject(item.record, item.run_id)
                self.counts["rejection"] += 1
            elif item.derived_again:
                self._take_again(drafts[id(item)], item.run_id)
            else:
                self._take(drafts[id(item)], item.run_id)
        self._write_out()
        return self.counts

    @property
    def first_row(self) -> RowMark | None:
        """A row of this batch, by which `was_written` finds it; None when it writes nothing."""
        return self._batch.first_row

    def was_written(self, connection: Connection) -> bool:
        """Whether the batch is in the archive, asked after its transaction ended in an error."""
        if self.first_row is None:
            return False
        table, number, run_id = self.first_row
        # Had the batch been rolled back, another run might have taken its numbers, but not this run.
        query = select(table.c.id).where(table.c.id == number, table.c.run_id == run_id)
        return connection.execute(query).first() is not None

    # Reading what the batch touches.

    def _load(self, drafts: Sequence[Draft]) -> None:
        urls = list(
            {url for draft in drafts for url in (draft.canonical_url, *article_rows.redirects(draft))}
        )
        for some in chunks(urls):
            for row in self._connection.execute(article_rows.stored_by_url(some)):
                self._by_url[row.site_id, row.canonical_url] = self._remember(row)
            for row in self._connection.execute(article_rows.stored_by_alias(some)):
                self._by_url[row.alias_site_id, row.alias_url] = self._remember(row)
        hashes = list({draft.content_hash for draft in drafts if draft.content_hash is not None})
        for some_hashes in chunks(hashes):
            for row in self._connection.execute(article_rows.stored_by_content(some_hashes)):
                self._by_content.setdefault((row.site_id, row.content_hash), self._remember(row))

    def _remember(self, row: Any) -> Stored:  # noqa: ANN401 - a row of `article_rows.STORED`
        stored = self._touched.get(row.id)
        if stored is None:
            stored = Stored(
                article_id=row.id,
                site_id=row.site_id,
                canonical_url=row.canonical_url,
                url=row.url,
                revision_number=row.revision_number,
                revision_id=row.revision_id,
                text_digest=row.text_digest,
                content_hash=row.content_hash,
                seen_at=row.seen_at,
                last_seen_at=row.last_seen_at,
                is_withdrawn=row.withdrawn_at is not None,
                hits=row.hits,
            )
            self._touched[row.id] = stored
        return stored

    # Deciding.

    def _take(self, draft: Draft, run_id: int) -> None:
        stored = self._by_url.get((draft.site_id, draft.canonical_url))
        if stored is not None and stored.is_withdrawn:
            # Withdrawn stays withdrawn, whatever the site shows.
            self.counts["withdrawn"] += 1
            self.refused.extend(draft.record.captures)
            return
        twin = None if stored else self._by_content.get((draft.site_id, draft.content_hash or 0))
        if twin is not None:
            stored = twin
            self._add_alias(draft, twin, draft.canonical_url, "same content")
            self.counts["duplicate"] += 1
        elif stored is None:
            stored = self._add_article(draft, run_id)
        elif self._is_edit(draft, stored):
            if draft.seen_at < stored.seen_at:
                self._earlier[stored.article_id, draft.text_digest] = (draft, run_id)
            else:
                self._add_revision(draft, stored, run_id, kind="edit")
            self.counts["revised"] += 1
        else:
            self.counts["unchanged"] += 1
        self._add_redirects(draft, stored)
        self._visits.observe(draft, stored, run_id)
        self.counts["observation"] += 1

    def _take_again(self, draft: Draft, run_id: int) -> None:
        """A re-derivation: a revision when anything came out otherwise, never an edit or a visit."""
        stored = self._by_url.get((draft.site_id, draft.canonical_url))
        if stored is None or stored.is_withdrawn:
            return
        present = self._connection.execute(select(revision).where(revision.c.id == stored.revision_id)).one()
        if article_rows.differs(present, draft):
            self._add_revision(draft, stored, run_id, kind="rederived")
            self.counts["rederived"] += 1

    def _is_edit(self, draft: Draft, stored: Stored) -> bool:
        if draft.text_digest == stored.text_digest or (stored.article_id, draft.text_digest) in self._earlier:
            return False
        same = select(revision.c.number).where(
            revision.c.article_id == stored.article_id, revision.c.text_digest == draft.text_digest
        )
        if draft.canonical_url == stored.canonical_url and draft.seen_at >= stored.seen_at:
            # What was derived again stands for the visit that it was derived from.
            visited = select(func.max(revision.c.number)).where(
                revision.c.article_id == stored.article_id, revision.c.kind != "rederived"
            )
            same = same.where(revision.c.number >= visited.scalar_subquery())
        # An alias that still shows an earlier state is no new edit either.
        return self._connection.execute(same).first() is None

    def _add_alias(self, draft: Draft, stored: Stored, url: str, reason: str) -> None:
        self._batch.add(
            url_alias,
            {
                "site_id": draft.site_id,
                "url": url,
                "article_id": stored.article_id,
                "first_seen_at": draft.seen_at,
                "reason": reason,
            },
        )
        self._by_url[draft.site_id, url] = stored

    def _add_redirects(self, draft: Draft, stored: Stored) -> None:
        for url in article_rows.redirects(draft):
            if (draft.site_id, url) not in self._by_url:
                self._add_alias(draft, stored, url, "redirect")

    def _add_article(self, draft: Draft, run_id: int) -> Stored:
        stored = Stored(
            article_id=self._batch.number(article),
            site_id=draft.site_id,
            canonical_url=draft.canonical_url,
            url=draft.record.url,
            revision_number=0,
            revision_id=0,
            text_digest=0,
            content_hash=draft.content_hash,
            seen_at=draft.seen_at,
            last_seen_at=draft.seen_at,
            is_new=True,
        )
        self._touched[stored.article_id] = stored
        row = article_rows.new_article(draft, stored.article_id)
        self._batch.add(article, row)
        stored.changes = row
        self._by_url[draft.site_id, draft.canonical_url] = stored
        self._add_revision(draft, stored, run_id, kind="first")
        self.counts["new"] += 1
        return stored

    def _add_revision(self, draft: Draft, stored: Stored, run_id: int, *, kind: str) -> None:
        if stored.revision_number and stored.entry is None:
            self._out_of_index.append(stored.revision_id)
        stored.revision_id = self._batch.number(revision)
        stored.revision_number += 1
        stored.text_digest = draft.text_digest
        stored.seen_at = draft.seen_at
        stored.content_hash = draft.content_hash
        if draft.content_hash is not None:
            self._by_content.setdefault((draft.site_id, draft.content_hash), stored)
        keys = {"id": stored.revision_id, "article_id": stored.article_id, "number": stored.revision_number}
        values = article_rows.exact_values(draft, stored.url, stored.canonical_url)
        self._batch.add(revision, {**keys, "run_id": run_id, "kind": kind, **values})
        self._batch.add(image, *article_rows.image_rows(draft.record, stored.revision_id))
        self._batch.add(attachment, *article_rows.attachment_rows(draft.record, stored.revision_id))
        stored.entry = replace(draft.entry, article_id=stored.article_id)
        stored.change(
            revision_id=stored.revision_id,
            revision_number=stored.revision_number,
            content_hash=draft.content_hash,
            published_at=draft.record.published_at,
            column_id=self._batch.column(draft.site_id, draft.record.column),
            mirror=draft.record.mirror,
        )

    def _write_out(self) -> None:
        remove_entries(self._connection, indexed_entries(self._connection, self._out_of_index))
        self._batch.insert()
        self._batch.change_articles(
            {
                stored.article_id: stored.changes
                for stored in self._touched.values()
                if stored.changes and not stored.is_new
            }
        )
        self._visits.settle(self._connection)
        for (article_id, _), (draft, run_id) in self._earlier.items():
            insert_earlier(self._connection, article_id, draft, run_id)
        entries = [stored.entry for stored in self._touched.values() if stored.entry is not None]
        add_entries(self._connection, entries)
        texts = [NewText(entry.article_id, entry.body_text) for entry in entries]
        self.joined = ReprintIndex(self._connection).add(texts)
