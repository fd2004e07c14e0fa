"""What an import need not take: what the archive already has, and withdrawn articles."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from sqlalchemy import Connection, Select, or_, select

from unioncrawl.archive.schema import article, capture, observation, rejection, revision, site, url_alias
from unioncrawl.archive.sql import among
from unioncrawl.archive.write.article_rows import draft
from unioncrawl.archive.write.column_values import unkeepable
from unioncrawl.archive.write.record_rows import RecordRows
from unioncrawl.model import Article, RawPage
from unioncrawl.outcomes import Reason

KNOWN, WITHDRAWN = "known", "withdrawn"


# Where articles are known: asked for the addresses of many rows at once.
_ADDRESSES = "SELECT site.key, {0}.{1} FROM {0} JOIN site ON site.id = {0}.site_id WHERE {0}.{1} {2}"


def absent_addresses(connection: Connection, records: Sequence[Article]) -> set[tuple[str, str]]:
    """Return at which of their sites' addresses the archive has no article, withdrawn or not."""
    asked = {place_of(record) for record in records}
    condition, value = among(connection, sorted({url for _, url in asked if not unkeepable(url)}))
    for table, column in (("article", "canonical_url"), ("url_alias", "url")):
        words = _ADDRESSES.format(table, column, condition)
        asked -= {tuple(row) for row in connection.exec_driver_sql(words, (value,))}
    return asked


def place_of(record: Article) -> tuple[str, str]:
    """Return the site of a record, and the address by which the archive knows it."""
    return record.site, record.canonical_url or record.url


def holds_capture(connection: Connection, page: RawPage) -> bool:
    """Whether the archive has this very response: address, time and body."""
    digest = hashlib.sha256(page.body).hexdigest()
    same = select(capture.c.id).where(capture.c.digest == digest, capture.c.url == page.url)
    if page.fetched_at is not None:
        same = same.where(capture.c.fetched_at == page.fetched_at)
    return connection.execute(same.limit(1)).first() is not None


def standing(connection: Connection, record: Article) -> str:
    """Return `WITHDRAWN` when a row's article was taken down, `KNOWN` when the archive has it, else ""."""
    query = _at_address(record).add_columns(article.c.withdrawn_at.is_not(None))
    found = connection.execute(query.order_by(article.c.withdrawn_at.is_(None))).first()
    if found is None:
        return ""
    if found[1]:
        return WITHDRAWN
    return KNOWN if holds_article(connection, record) else ""


def holds_article(connection: Connection, record: Article) -> bool:
    """Whether an article of the archive once had this text, and was once seen with these hits."""
    digest = draft(record, RecordRows.of(record), 0).text_digest
    text = select(revision.c.id).where(
        revision.c.article_id == article.c.id, revision.c.text_digest == digest
    )
    seen = select(observation.c.id).where(
        observation.c.article_id == article.c.id, observation.c.hits_raw == record.hits_raw
    )
    if record.fetched_at is not None:
        seen = seen.where(observation.c.at == record.fetched_at)
    known = _at_address(record).where(text.exists(), seen.exists())
    return connection.execute(known).first() is not None


def holds_rejection(connection: Connection, record: Article, reason: Reason) -> bool:
    """Whether the same page or row was rejected before for the same reason."""
    query = (
        select(rejection.c.id)
        .join(site, site.c.id == rejection.c.site_id)
        .where(site.c.key == record.site, rejection.c.url == record.url, rejection.c.reason == reason)
    )
    return connection.execute(query.limit(1)).first() is not None


def is_withdrawn(connection: Connection, record: Article) -> bool:
    """Whether the article was taken down."""
    query = _at_address(record).where(article.c.withdrawn_at.is_not(None))
    return connection.execute(query).first() is not None


def _at_address(record: Article) -> Select[tuple[int]]:
    _, url = place_of(record)
    aliases = select(url_alias.c.article_id).where(url_alias.c.url == url, url_alias.c.site_id == site.c.id)
    return (
        select(article.c.id)
        .join(site, site.c.id == article.c.site_id)
        .where(site.c.key == record.site, or_(article.c.canonical_url == url, article.c.id.in_(aliases)))
        .limit(1)
    )
