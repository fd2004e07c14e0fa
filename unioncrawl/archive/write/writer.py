"""Write one batch: what each item is (``decide``) becomes rows, inserted table by table.

A new article gets its first revision, an alias its URL, a revised one another revision;
every visit is an observation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection, bindparam, select, update

from unioncrawl.archive.reprints.reprint_index import NewText, ReprintIndex
from unioncrawl.archive.schema import article, attachment, image, revision, url_alias
from unioncrawl.archive.search.index.fulltext_index import add_entries, remove_entries
from unioncrawl.archive.search.index.index_rows import indexed_entries
from unioncrawl.archive.write import article_rows
from unioncrawl.archive.write.article_rows import Draft
from unioncrawl.archive.write.batch_items import Item, Stored
from unioncrawl.archive.write.decide import Decision, KnownArticles, decide
from unioncrawl.archive.write.earlier_revisions import insert_earlier_revision
from unioncrawl.archive.write.row_batch import RowBatch, RowMark
from unioncrawl.archive.write.visit_rows import VisitRows
from unioncrawl.model import Article, CaptureRef, Rejection

_SHOWN = (
    update(url_alias)
    .where(url_alias.c.site_id == bindparam("of"), url_alias.c.url == bindparam("at"))
    .values(shown_digest=bindparam("now"))
)


class BatchWriter:
    """Writes items within one transaction; the caller holds the write lock."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._batch = RowBatch(connection)
        self._visits = VisitRows(self._batch)
        self._known = KnownArticles(connection)
        self._out_of_index: list[int] = []
        # The texts that aliases show, which the archive has noted otherwise.
        self._shown: dict[tuple[int, str], int] = {}
        self.counts: Counter[str] = Counter()
        self.joined: dict[int, int] = {}
        self.refused: list[CaptureRef] = []

    def write(self, items: Sequence[Item]) -> Counter[str]:
        """Write all items in order; return the count of each outcome."""
        drafts = {
            id(item): article_rows.draft(item.record, item.rows, self._batch.site(item.record.site))
            for item in items
            if isinstance(item.record, Article) and item.rows is not None
        }
        self._known.load(list(drafts.values()))
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
        """Return a row of this batch, by which `was_written` finds it; None when it writes no row."""
        return self._batch.first_row

    def was_written(self, connection: Connection) -> bool:
        """Whether the archive has the batch, after its transaction ended in an error."""
        if self.first_row is None:
            return False
        table, number, run_id = self.first_row
        # Had the batch been rolled back, another run might have taken its numbers, but not this run.
        query = select(table.c.id).where(table.c.id == number, table.c.run_id == run_id)
        return connection.execute(query).first() is not None

    def _take(self, draft: Draft, run_id: int) -> None:
        decision, stored = decide(draft, self._known)
        self.counts[decision.value] += 1
        if decision is Decision.WITHDRAWN:
            self.refused.extend(draft.record.captures)
            if stored is not None:
                # Its list may name it by an address that only leads there.
                self._add_redirects(draft, stored, run_id)
            return
        if stored is None:
            stored = self._add_article(draft, run_id)
        elif self._known.at(draft.site_id, draft.canonical_url) is None:
            reason = "same content" if decision is Decision.ALIAS else "moved"
            self._add_alias(draft, stored, draft.canonical_url, reason)
        if decision is Decision.REVISED and draft.seen_at < stored.seen_at:
            self._known.earlier_revisions[stored.article_id, draft.text_digest] = (draft, run_id)
        elif decision is Decision.REVISED:
            self._add_revision(draft, stored, run_id, kind="edit")
        self._note_shown(draft, stored)
        self._add_redirects(draft, stored, run_id)
        self._visits.observe(draft, stored, run_id)
        self.counts["observation"] += 1

    def _take_again(self, draft: Draft, run_id: int) -> None:
        """Write a re-derivation: a revision when anything differs, never an edit or a visit."""
        stored = self._known.at(draft.site_id, draft.canonical_url)
        if stored is None or stored.is_withdrawn:
            return
        present = self._connection.execute(select(revision).where(revision.c.id == stored.revision_id)).one()
        if article_rows.differs(present, draft):
            self._add_revision(draft, stored, run_id, kind="rederived")
            self.counts["rederived"] += 1

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
        self._known.name(draft.site_id, url, stored)

    def _note_shown(self, draft: Draft, stored: Stored) -> None:
        """Note what text an alias shows, where it is not seen in the past (an import)."""
        if draft.canonical_url == stored.canonical_url or draft.seen_at < stored.last_seen_at:
            return
        if self._known.shows(draft):
            self._shown[draft.site_id, draft.canonical_url] = draft.text_digest

    def _add_redirects(self, draft: Draft, stored: Stored, run_id: int) -> None:
        for url in article_rows.redirects(draft):
            known = self._known.at(draft.site_id, url)
            if known is None:
                self._add_alias(draft, stored, url, "redirect")
            elif known is stored:
                continue
            elif known.canonical_url == url and self._known.led_on(draft, known):
                # It was read at its new address before its old one was asked, and an edit kept both apart.
                known.change(moved_to=stored.article_id)
            elif not known.is_withdrawn and draft.seen_at > known.last_seen_at:
                self._visits.show_another(draft, known, url, stored, run_id)
                self.counts["rejection"] += 1

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
            title=draft.record.title,
            is_new=True,
        )
        self._known.add(stored)
        row = article_rows.new_article(draft, stored.article_id)
        self._batch.add(article, row)
        stored.changes = row
        self._known.name(draft.site_id, draft.canonical_url, stored)
        self._add_revision(draft, stored, run_id, kind="first")
        return stored

    def _add_revision(self, draft: Draft, stored: Stored, run_id: int, *, kind: str) -> None:
        if stored.revision_number and stored.entry is None:
            self._out_of_index.append(stored.revision_id)
        stored.revision_id = self._batch.number(revision)
        stored.revision_number += 1
        stored.text_digest = draft.text_digest
        stored.seen_at = draft.seen_at
        stored.title = draft.record.title
        stored.content_hash = draft.content_hash
        self._known.holds(draft.site_id, draft.content_hash, draft.record.published_at, stored)
        keys = {"id": stored.revision_id, "article_id": stored.article_id, "number": stored.revision_number}
        values = article_rows.exact_values(draft, stored.url, stored.canonical_url)
        self._batch.add(revision, {**keys, "run_id": run_id, "kind": kind, **values})
        for table, rows in zip((image, attachment), draft.rows.media(stored.revision_id), strict=True):
            self._batch.add(table, *rows)
        stored.entry = replace(draft.entry, article_id=stored.article_id)
        stored.folded_title = draft.folded_title
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
                for stored in self._known
                if stored.changes and not stored.is_new
            }
        )
        if self._shown:
            rows = [{"of": site, "at": url, "now": text} for (site, url), text in self._shown.items()]
            self._connection.execute(_SHOWN, rows)
        self._visits.settle(self._connection)
        for (article_id, _), (draft, run_id) in self._known.earlier_revisions.items():
            insert_earlier_revision(self._connection, article_id, draft, run_id)
        fresh = [(stored.entry, stored.folded_title) for stored in self._known if stored.entry is not None]
        add_entries(self._connection, [entry for entry, _ in fresh])
        texts = [NewText(one.article_id, one.body_text, title, one.published_at) for one, title in fresh]
        self.joined = ReprintIndex(self._connection).add(texts)
