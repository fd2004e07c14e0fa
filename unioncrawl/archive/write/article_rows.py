"""An article on its way into the tables: its digests, and the rows of its article and revision."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy import Row as StoredRow

from unioncrawl._layout import __version__
from unioncrawl.archive.content_hash import content_digest, digest64, normal_folded
from unioncrawl.archive.schema import article, revision, site, url_alias
from unioncrawl.archive.search.index.index_rows import headline
from unioncrawl.archive.search.index.index_words import IndexEntry, index_runs
from unioncrawl.archive.write.exact_digest import exact_digest
from unioncrawl.archive.write.record_rows import REVISION_FIELDS, RecordRows, Row
from unioncrawl.language.folding import fold
from unioncrawl.language.stray_characters import SOFT_HYPHEN
from unioncrawl.model import Article
from unioncrawl.model.article_fields import HEADLINE_FIELDS

_FOLDED_FIELDS = (*HEADLINE_FIELDS, "source", "column", "body_text")


@dataclass(frozen=True, slots=True)
class Draft:
    """An article on its way into the tables, with the digests that decide."""

    record: Article
    rows: RecordRows
    site_id: int
    canonical_url: str
    seen_at: datetime
    entry: IndexEntry
    folded_title: str
    text_digest: int
    content_hash: int | None


def draft(record: Article, rows: RecordRows, site_number: int) -> Draft:
    """Compute an article's digests; without a canonical URL its URL serves."""
    *parts, source, column, body = _folded(record)
    runs = index_runs(body)
    # As `unioncrawl.language.folding.fold_words` leaves them; the digests are over the texts as folded.
    headlines, words, *named = (
        text.replace(SOFT_HYPHEN, "") for text in (headline(parts), body, source, column)
    )
    entry = IndexEntry(
        article_id=0,
        published_at=record.published_at,
        headline=headlines,
        body_text=words,
        site=record.site,
        source=named[0],
        column=named[1],
        body_runs=runs if len(words) == len(body) else None,
    )
    normal_parts, normal_body = [normal_folded(part) for part in parts], normal_folded(body, runs)
    return Draft(
        record=record,
        rows=rows,
        site_id=site_number,
        canonical_url=record.canonical_url or record.url,
        seen_at=record.fetched_at or datetime.now(UTC),
        entry=entry,
        folded_title=parts[0],
        text_digest=digest64(*normal_parts, normal_body),
        content_hash=content_digest(normal_parts[0], normal_body),
    )


def _folded(record: Article) -> list[str]:
    """Return the folded texts of an article, folded in one piece: that keeps each one's length."""
    texts: list[str] = [getattr(record, name) for name in _FOLDED_FIELDS]
    folded, end = fold("".join(texts)), 0
    return [folded[(start := end) : (end := start + len(text))] for text in texts]


def redirects(draft: Draft) -> list[str]:
    """Return the canonical URLs that redirected to the article, as the crawl noted them."""
    return [url for url in draft.record.redirected_from if url != draft.canonical_url]


def same_place(draft: Draft, hosts: Sequence[str]) -> list[str]:
    """Return what an article's address would be on these other hosts of its site, by either protocol."""
    parts = urlsplit(draft.canonical_url)
    if not parts.path.strip("/") and not parts.query:
        return []
    others = [host for host in hosts if host != parts.netloc]
    return [
        urlunsplit(parts._replace(scheme=scheme, netloc=host))
        for host in others
        for scheme in ("http", "https")
    ]


def new_article(draft: Draft, number: int) -> Row:
    """Return the first state of an article's row."""
    return {
        "id": number,
        "site_id": draft.site_id,
        "canonical_url": draft.canonical_url,
        "url": draft.record.url,
        "first_seen_at": draft.seen_at,
        "last_seen_at": draft.seen_at,
        "withdrawn_reason": "",
    }


def exact_values(draft: Draft, url: str, canonical_url: str) -> Row:
    """Return what a revision keeps of an article at these addresses: its fields, its digests over them."""
    record, rows = draft.record, draft.rows
    values = {
        **rows.revision,
        "seen_at": draft.seen_at,
        "content_hash": draft.content_hash,
        "text_digest": draft.text_digest,
        "repairer": __version__,
    }
    media = [("image", place, *row.values()) for place, row in enumerate(rows.images)]
    media += [("attachment", place, *row.values()) for place, row in enumerate(rows.attachments)]
    of_article = {"url": url, "canonical_url": canonical_url, "mirror": record.mirror}
    return {**values, "exact_digest": exact_digest({**values, **of_article}, media)}


def differs(present: StoredRow[Any], draft: Draft) -> bool:
    """Whether an article that was derived again differs from its revision."""
    values = draft.rows.revision
    if any(getattr(present, name) != values[name] for name in ("published_precision", *REVISION_FIELDS)):
        return True
    return any(getattr(present, name) != _loaded(values[name]) for name in ("steps", "unresolved"))


def _loaded(text: str | None) -> object:
    return None if text is None else json.loads(text)


# With the names of `Stored`.
_STORED = (
    article.c.id.label("article_id"),
    article.c.site_id,
    article.c.canonical_url,
    article.c.url,
    article.c.revision_number,
    article.c.revision_id,
    article.c.content_hash,
    article.c.hits,
    article.c.withdrawn_at,
    article.c.last_seen_at,
    revision.c.text_digest,
    revision.c.seen_at,
    revision.c.title,
)


# Built once: the parameter ``wanted`` of each is a list of as many values as fit a statement.
_WANTED: BindParameter[Any] = bindparam("wanted", expanding=True)
# The hosts of sites: a site file keeps those that a site had before.
HOSTS = select(site.c.id, site.c.hosts).where(site.c.id.in_(_WANTED))
# The stored articles at canonical URLs, of any site.
STORED_BY_URL = (
    select(*_STORED)
    .join(revision, revision.c.id == article.c.revision_id)
    .where(article.c.canonical_url.in_(_WANTED))
)
# The stored articles that have URLs as aliases, of any site.
STORED_BY_ALIAS = (
    select(
        *_STORED,
        url_alias.c.site_id.label("alias_site_id"),
        url_alias.c.url.label("alias_url"),
        url_alias.c.shown_digest.label("alias_digest"),
    )
    .join_from(url_alias, article, article.c.id == url_alias.c.article_id)
    .join(revision, revision.c.id == article.c.revision_id)
    .where(url_alias.c.url.in_(_WANTED))
)
# The stored articles that have or had a content with one of some hashes: those that have it first, the oldest
# first; with each the time that the content was published by.
_shown = revision.alias("shown")
STORED_BY_CONTENT = (
    select(
        *_STORED,
        _shown.c.content_hash.label("shown_hash"),
        _shown.c.published_at.label("shown_published_at"),
    )
    .join_from(_shown, article, article.c.id == _shown.c.article_id)
    .join(revision, revision.c.id == article.c.revision_id)
    .where(_shown.c.content_hash.in_(_WANTED))
    .order_by(_shown.c.id != article.c.revision_id, article.c.id, _shown.c.id)
)
