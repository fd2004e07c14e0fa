"""Decide what an incoming article is to the archive; no other place decides that.

The order of the questions is that of `decide`. An article is *known* when its site has
its canonical URL, as an address or as an alias. An unknown one is an *alias* when another
address of the same site carries the same content, or carried it with the same date (an old
address, or a cache, shows what stood there before an edit). It is known after all when a known
address redirected to it, or is its own but for the host, and both have one headline: a story
that was moved and edited. Otherwise it is *new*: on another site the same content is an article
of its own, since a reprint is data. A known one whose headline or normalised text differs is
*revised* (also by a text that was seen before the present one), unless that text is in its
history already; an alias must have shown the present text to take it back. One that was
withdrawn stays so, whatever its site shows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, func, select

from unioncrawl.archive.schema import revision
from unioncrawl.archive.sql import chunks
from unioncrawl.archive.write import article_rows
from unioncrawl.archive.write.article_rows import Draft
from unioncrawl.archive.write.batch_items import Stored
from unioncrawl.language.folding import fold


class Decision(StrEnum):
    """What an incoming article is to the archive, by the name under which it is counted."""

    NEW = "new"
    ALIAS = "duplicate"
    UNCHANGED = "unchanged"
    REVISED = "revised"
    WITHDRAWN = "withdrawn"


class KnownArticles:
    """The articles that a batch can meet: those of the archive, then those that it adds itself."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._by_url: dict[tuple[int, str], Stored] = {}
        self._by_content: dict[tuple[int, int], Stored] = {}
        # By each content that an article has or had, with the date that stood beside it.
        self._by_dated_content: dict[tuple[int, int, datetime], Stored] = {}
        self._by_id: dict[int, Stored] = {}
        # The text that an alias showed last, where one is known.
        self._shown: dict[tuple[int, str], int | None] = {}
        self._hosts: dict[int, list[str]] = {}
        self.earlier_revisions: dict[tuple[int, int], tuple[Draft, int]] = {}

    def load(self, drafts: Sequence[Draft]) -> None:
        """Read what the archive has at the addresses of these drafts, and of their content."""
        self._load_addresses({
            url for draft in drafts for url in (draft.canonical_url, *article_rows.redirects(draft))
        })  # fmt: skip
        self._load_hosts({one.site_id for one in drafts if self.at(one.site_id, one.canonical_url) is None})
        self._load_addresses({url for draft in drafts for url in self._elsewhere(draft)})
        hashes = list({draft.content_hash for draft in drafts if draft.content_hash is not None})
        for some_hashes in chunks(hashes):
            for row in self._connection.execute(article_rows.STORED_BY_CONTENT, {"wanted": some_hashes}):
                self.holds(row.site_id, row.shown_hash, row.shown_published_at, self._remember(row))

    def _load_addresses(self, urls: Collection[str]) -> None:
        for some in chunks(list(urls)):
            for row in self._connection.execute(article_rows.STORED_BY_URL, {"wanted": some}):
                self._by_url[row.site_id, row.canonical_url] = self._remember(row)
            for row in self._connection.execute(article_rows.STORED_BY_ALIAS, {"wanted": some}):
                self._by_url[row.alias_site_id, row.alias_url] = self._remember(row)
                self._shown[row.alias_site_id, row.alias_url] = row.alias_digest

    def _load_hosts(self, sites: Collection[int]) -> None:
        for some in chunks(sorted(sites)):
            for row in self._connection.execute(article_rows.HOSTS, {"wanted": some}):
                self._hosts[row.id] = row.hosts

    def _elsewhere(self, draft: Draft) -> list[str]:
        """The address of an unknown article on the other hosts of its site."""
        hosts = self._hosts.get(draft.site_id, [])
        is_unknown = len(hosts) > 1 and self.at(draft.site_id, draft.canonical_url) is None
        return article_rows.same_place(draft, hosts) if is_unknown else []

    def _remember(self, row: Any) -> Stored:  # noqa: ANN401 - a row of `article_rows.STORED_BY_URL`
        stored = self._by_id.get(row.article_id)
        if stored is None:
            named = row._mapping.items()  # noqa: SLF001 - a public name of SQLAlchemy's
            # The row of an alias also names the site and the URL of the alias, that of a content the content.
            values = {name: value for name, value in named if not name.startswith(("alias_", "shown_"))}
            is_withdrawn = values.pop("withdrawn_at") is not None
            stored = Stored(**values, is_withdrawn=is_withdrawn)
            self.add(stored)
        return stored

    def add(self, stored: Stored) -> None:
        """Add an article, without an address so far."""
        self._by_id[stored.article_id] = stored

    def name(self, site_id: int, url: str, stored: Stored) -> None:
        """Note an address of an article on its site."""
        self._by_url[site_id, url] = stored

    def shows(self, draft: Draft) -> bool:
        """Note the text that an alias shows; whether it is another one than was noted."""
        key = (draft.site_id, draft.canonical_url)
        is_other = self._shown.get(key) != draft.text_digest
        self._shown[key] = draft.text_digest
        return is_other

    def holds(
        self, site_id: int, content_hash: int | None, published_at: datetime | None, stored: Stored
    ) -> None:
        """Note a content of an article, unless an earlier article of its site has the same content."""
        if content_hash is None:
            return
        held = self._by_content.get((site_id, content_hash))
        if stored.content_hash == content_hash and (held is None or held.content_hash != content_hash):
            self._by_content[site_id, content_hash] = stored
        if published_at is not None:
            self._by_dated_content.setdefault((site_id, content_hash, published_at), stored)

    def at(self, site_id: int, url: str) -> Stored | None:
        """Return the article that a site has at an address or alias."""
        return self._by_url.get((site_id, url))

    def twin(self, draft: Draft) -> Stored | None:
        """Return the article of the same site that carries the same content, or did so with the same date."""
        key, published_at = (draft.site_id, draft.content_hash or 0), draft.record.published_at
        held = self._by_content.get(key)
        if held is not None and held.content_hash == draft.content_hash:
            return held
        return self._by_dated_content.get((*key, published_at)) if published_at is not None else None

    def moved(self, draft: Draft) -> Stored | None:
        """Return the article whose address redirected to a draft, or is the same on another host of its site.

        It has the same headline, or was withdrawn: a site may lead the readers of what it deleted to another
        article, and two of its hosts may count their articles alike.
        """
        urls = (*article_rows.redirects(draft), *self._elsewhere(draft))
        found = [self.at(draft.site_id, url) for url in urls]
        for stored in found:
            if stored and (stored.is_withdrawn or self.is_same_story(draft, stored)):
                return stored
        return None

    def is_same_story(self, draft: Draft, stored: Stored) -> bool:
        """Whether an article that leads to a draft has its headline; a withdrawn one has none."""
        return not stored.is_withdrawn and fold(stored.title) == draft.folded_title

    def led_on(self, draft: Draft, stored: Stored) -> bool:
        """Whether an article's address led to its story elsewhere, and did not show it since."""
        return draft.seen_at >= stored.last_seen_at and self.is_same_story(draft, stored)

    def __iter__(self) -> Iterator[Stored]:
        return iter(self._by_id.values())

    def has_had(self, draft: Draft, stored: Stored) -> bool:
        """Whether the text of a visit is the present text, or one that is no new edit."""
        if (
            draft.text_digest == stored.text_digest
            or (stored.article_id, draft.text_digest) in self.earlier_revisions
        ):
            return True
        same = select(revision.c.number).where(
            revision.c.article_id == stored.article_id, revision.c.text_digest == draft.text_digest
        )
        if draft.canonical_url == stored.canonical_url and draft.seen_at >= stored.seen_at:
            # A re-derived revision stands for the visit that it was derived from.
            visited = select(func.max(revision.c.number)).where(
                revision.c.article_id == stored.article_id, revision.c.kind != "rederived"
            )
            same = same.where(revision.c.number >= visited.scalar_subquery())
        elif self._shown.get((draft.site_id, draft.canonical_url)) == stored.text_digest:
            # The alias showed the present text, and shows an earlier one again: that was taken back.
            return False
        # An alias that still shows an earlier state is no new edit either.
        return self._connection.execute(same).first() is not None


def decide(draft: Draft, known: KnownArticles) -> tuple[Decision, Stored | None]:
    """Decide what an article is; return that and its stored article (None for a new one).

    Nothing is changed. ``known`` must hold what the batch has decided before.
    """
    stored = known.at(draft.site_id, draft.canonical_url)
    if stored is None:
        twin = known.twin(draft)
        if twin is not None:
            return Decision.ALIAS, twin
        stored = known.moved(draft)
    if stored is None:
        return Decision.NEW, None
    if stored.is_withdrawn:
        return Decision.WITHDRAWN, stored
    return Decision.UNCHANGED if known.has_had(draft, stored) else Decision.REVISED, stored
