"""Convert articles to the values of their rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BindParameter, Row, Table, bindparam, select

from unioncrawl._layout import __version__
from unioncrawl.archive.content_hash import content_digest, digest64, normal_folded
from unioncrawl.archive.schema import (
    article,
    attachment,
    capture,
    image,
    observation,
    revision,
    site,
    site_column,
    url_alias,
)
from unioncrawl.archive.search.fulltext_index import IndexEntry
from unioncrawl.archive.search.index_rows import headline
from unioncrawl.archive.write.exact_digest import exact_digest
from unioncrawl.language.folding import fold
from unioncrawl.model import Article, CaptureRef
from unioncrawl.model.article_fields import HEADLINE_FIELDS, STORED_TEXTS
from unioncrawl.rows import named_values

_REVISION_FIELDS = (*STORED_TEXTS, "published_at")


@dataclass(frozen=True, slots=True)
class Draft:
    """An article on its way into the tables, with the digests that decide."""

    record: Article
    site_id: int
    canonical_url: str
    seen_at: datetime
    entry: IndexEntry
    folded_title: str
    text_digest: int
    content_hash: int | None


def draft(record: Article, site_number: int) -> Draft:
    """Compute an article's digests; without a canonical URL its URL serves."""
    parts = [fold(getattr(record, name)) for name in HEADLINE_FIELDS]
    entry = IndexEntry(
        article_id=0,
        published_at=record.published_at,
        headline=headline(parts),
        body_text=fold(record.body_text),
        site=record.site,
        source=fold(record.source),
        column=fold(record.column),
    )
    normal_parts, normal_body = [normal_folded(part) for part in parts], normal_folded(entry.body_text)
    return Draft(
        record=record,
        site_id=site_number,
        canonical_url=record.canonical_url or record.url,
        seen_at=record.fetched_at or datetime.now(UTC),
        entry=entry,
        folded_title=parts[0],
        text_digest=digest64(*normal_parts, normal_body),
        content_hash=content_digest(normal_parts[0], normal_body),
    )


def redirects(draft: Draft) -> list[str]:
    """Return the canonical URLs that redirected to the article, as the crawl noted them."""
    return [url for url in draft.record.redirected_from if url != draft.canonical_url]


def record_rows(record: Article) -> Iterator[tuple[Table, dict[str, Any]]]:
    """Yield every value that an article brings into the tables, by table, without numbers and digests."""
    yield site, {"key": record.site}
    yield article, {"url": record.url, "canonical_url": record.canonical_url or record.url}
    yield revision, record_values(record)
    yield from ((image, row) for row in image_rows(record, 0))
    yield from ((attachment, row) for row in attachment_rows(record, 0))
    hits = {"hits": record.hits, "hits_raw": record.hits_raw, "status": record.hits_status.value}
    yield observation, {"at": record.fetched_at or datetime.now(UTC), **hits}
    yield from ((capture, capture_values(reference)) for reference in record.captures)
    yield from ((url_alias, {"url": url}) for url in record.redirected_from)
    yield site_column, {"name": record.column}


def new_article(draft: Draft, number: int) -> dict[str, Any]:
    """Return the first state of an article's row."""
    return {
        "id": number,
        "site_id": draft.site_id,
        "canonical_url": draft.canonical_url,
        "url": draft.record.url,
        "first_seen_at": draft.seen_at,
        "last_seen_at": draft.seen_at,
    }


def revision_values(draft: Draft) -> dict[str, Any]:
    """Return what a revision keeps of an article: every string, raw and repaired, and the repair plan."""
    return {
        **record_values(draft.record),
        "seen_at": draft.seen_at,
        "content_hash": draft.content_hash,
        "text_digest": draft.text_digest,
        "repairer": __version__,
    }


def record_values(record: Article) -> dict[str, Any]:
    """Return the values of a revision that the record itself holds."""
    precision = record.published_precision
    return {
        **{name: getattr(record, name) for name in _REVISION_FIELDS},
        "published_precision": precision.value if precision else None,
        "evidence": [named_values(evidence) for evidence in record.evidence] or None,
        "raw": dict(record.raw) or None,
        "steps": [{"field": step.field, **named_values(step.step)} for step in record.steps] or None,
        "unresolved": [{"field": left.field, **named_values(left.unresolved)} for left in record.unresolved]
        or None,
        "undecodable_bytes": record.undecodable_bytes or None,
        "body_is_cut": record.body_is_cut or None,
        "redirected_from": list(record.redirected_from) or None,
        "read_in_text": list(record.read_in_text) or None,
    }


def exact_values(draft: Draft, url: str, canonical_url: str) -> dict[str, Any]:
    """Return `revision_values` with the digest over all of them, for an article at these addresses."""
    values, record = revision_values(draft), draft.record
    media = [("image", place, one.url, one.caption) for place, one in enumerate(record.images)]
    media += [("attachment", place, one.url, one.name) for place, one in enumerate(record.attachments)]
    of_article = {"url": url, "canonical_url": canonical_url, "mirror": record.mirror}
    return {**values, "exact_digest": exact_digest({**values, **of_article}, media)}


def differs(present: Row[Any], draft: Draft) -> bool:
    """Whether an article that was derived again differs from its revision."""
    values = revision_values(draft)
    names = ("published_precision", "steps", "unresolved", *_REVISION_FIELDS)
    return any(getattr(present, name) != values[name] for name in names)


def image_rows(record: Article, revision_id: int) -> list[dict[str, Any]]:
    """Return the pictures of a revision, in order."""
    return [
        {"revision_id": revision_id, "position": position, "url": image.url, "caption": image.caption}
        for position, image in enumerate(record.images)
    ]


def attachment_rows(record: Article, revision_id: int) -> list[dict[str, Any]]:
    """Return the files that a revision offers, in order."""
    return [
        {"revision_id": revision_id, "position": position, "url": attachment.url, "name": attachment.name}
        for position, attachment in enumerate(record.attachments)
    ]


def capture_values(reference: CaptureRef) -> dict[str, Any]:
    """Return where a raw response lies and how it was read."""
    values = named_values(reference)
    values["encoding_evidence"] = [named_values(one) for one in reference.encoding_evidence] or None
    return values


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
)


# Built once: the parameter ``wanted`` of each is a list of as many values as fit a statement.
_WANTED: BindParameter[Any] = bindparam("wanted", expanding=True)
# The stored articles at canonical URLs, of any site.
STORED_BY_URL = (
    select(*_STORED)
    .join(revision, revision.c.id == article.c.revision_id)
    .where(article.c.canonical_url.in_(_WANTED))
)
# The stored articles that have URLs as aliases, of any site.
STORED_BY_ALIAS = (
    select(*_STORED, url_alias.c.site_id.label("alias_site_id"), url_alias.c.url.label("alias_url"))
    .join_from(url_alias, article, article.c.id == url_alias.c.article_id)
    .join(revision, revision.c.id == article.c.revision_id)
    .where(url_alias.c.url.in_(_WANTED))
)
# The stored articles whose present content has one of some hashes, oldest first.
STORED_BY_CONTENT = (
    select(*_STORED)
    .join(revision, revision.c.id == article.c.revision_id)
    .where(article.c.content_hash.in_(_WANTED))
    .order_by(article.c.id)
)
