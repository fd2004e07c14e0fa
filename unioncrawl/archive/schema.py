"""The tables of an archive, for SQLite and PostgreSQL alike.

Times are UTC; beside a printed time stand the string as printed, its precision
and the rule that read it. Numbers of rows are given out by the writer, which
holds the archive's one write lock (`unioncrawl.archive.database.writing`), so
no table needs a sequence.

The full-text index stands beside these tables because its shape differs by
database: see `unioncrawl.archive.search.index.fulltext_index`.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

from unioncrawl.archive.column_types import UtcTime
from unioncrawl.model.article_fields import STORED_TEXTS

# Every schema ever released, oldest first; the last one is the present one.
SCHEMA_VERSIONS = (
    "0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009", "0010", "0011", "0012", "0013",
)  # fmt: skip
# Archives of an older schema than this have other words in their full-text index.
INDEX_WORDS_SINCE = "0002"
# On SQLite the index of an older schema than this does not keep where words stand.
INDEX_PLACES_SINCE = "0010"
# On PostgreSQL it is of another form.
INDEX_PIECES_SINCE = "0013"
# Revisions of an older schema than this have no exact digest.
EXACT_DIGESTS_SINCE = "0003"
# The columns that a later schema gave the revisions, and filled from what an older one keeps elsewhere.
FILLED_SINCE = {"0005": ("undecodable_bytes", "body_is_cut", "redirected_from", "read_in_text")}
# What other people's tools read: the migration 0008 makes them, docs/fields.md says what they hold.
VIEWS = ("articles", "hit_series", "reprint_pairs", "site_days")


metadata = MetaData()
_JSON = JSON(none_as_null=True)


def _key() -> Column[int]:
    return Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False)


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False, default="", server_default="")


site = Table(
    "site",
    metadata,
    _key(),
    Column("key", Text, nullable=False, unique=True),
    _text("name"),
    _text("level"),
    _text("region"),
    _text("family"),
    Column("hosts", JSON, nullable=False),
    _text("scheme"),
)

site_column = Table(
    "site_column",
    metadata,
    _key(),
    Column("site_id", ForeignKey("site.id"), nullable=False),
    Column("name", Text, nullable=False),
    _text("url"),
    UniqueConstraint("site_id", "name"),
)

# The spider of the run that care of all articles records (`unioncrawl vacuum --reindex` and its like).
CARE = "vacuum"
run = Table(
    "run",
    metadata,
    _key(),
    Column("spider", Text, nullable=False),
    Column("arguments", JSON, nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("finished_at", UtcTime),
    _text("reason"),
    Column("stats", _JSON),
    _text("version"),
    _text("host"),
    Column("pid", Integer),
)

site_model = Table(
    "site_model",
    metadata,
    Column("id", Text, primary_key=True),
    Column("site_id", ForeignKey("site.id"), nullable=False, index=True),
    Column("run_id", ForeignKey("run.id")),
    Column("learnt_at", UtcTime, nullable=False),
    Column("model", Text, nullable=False),
    Column("retired_at", UtcTime),
    _text("retired_reason"),
    sqlite_with_rowid=False,
)

article = Table(
    "article",
    metadata,
    _key(),
    Column("site_id", ForeignKey("site.id"), nullable=False),
    Column("column_id", ForeignKey("site_column.id")),
    Column("canonical_url", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("first_seen_at", UtcTime, nullable=False),
    Column("last_seen_at", UtcTime, nullable=False),
    Column("last_observed_at", UtcTime),
    Column("published_at", UtcTime),
    Column("revision_id", BigInteger, nullable=False),
    Column("revision_number", Integer, nullable=False),
    Column("content_hash", BigInteger),
    Column("hits", BigInteger),
    _text("hits_raw"),
    _text("hits_status"),
    Column("mirror", Boolean, nullable=False),
    Column("vanished_at", UtcTime),
    # The number of the article of the same site that has the story since this address has it no more.
    Column("moved_to", BigInteger),
    Column("withdrawn_at", UtcTime),
    _text("withdrawn_reason"),
    UniqueConstraint("canonical_url", "site_id"),
    Index("article_by_time", "published_at", "hits"),
)

url_alias = Table(
    "url_alias",
    metadata,
    Column("url", Text, primary_key=True),
    Column("site_id", ForeignKey("site.id"), primary_key=True),
    Column("article_id", ForeignKey("article.id"), nullable=False, index=True),
    Column("first_seen_at", UtcTime, nullable=False),
    Column("reason", Text, nullable=False),
    # The text that was seen there last (`revision.text_digest`): only an address that showed the present
    # text can take it back. Null where none was seen, or only before there was this column.
    Column("shown_digest", BigInteger),
    sqlite_with_rowid=False,
)

# The digests of stored revisions follow the order of the columns: the time stands where the printed one does.
_BEFORE_TIME = STORED_TEXTS[: STORED_TEXTS.index("published_rule")]
revision = Table(
    "revision",
    metadata,
    _key(),
    Column("article_id", ForeignKey("article.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("seen_at", UtcTime, nullable=False),
    Column("run_id", ForeignKey("run.id")),
    Column("content_hash", BigInteger),
    Column("text_digest", BigInteger, nullable=False),
    Column("exact_digest", BigInteger),
    *(_text(name) for name in _BEFORE_TIME),
    Column("published_at", UtcTime),
    Column("published_precision", Text),
    *(_text(name) for name in STORED_TEXTS[len(_BEFORE_TIME) :]),
    Column("evidence", _JSON),
    Column("raw", _JSON),
    Column("steps", _JSON),
    Column("unresolved", _JSON),
    Column("undecodable_bytes", BigInteger),
    Column("body_is_cut", Boolean),
    Column("redirected_from", _JSON),
    Column("read_in_text", _JSON),
    _text("repairer"),
    UniqueConstraint("article_id", "number"),
    # A permalink names nothing else.
    Index("revision_by_digest", "exact_digest"),
    # What a site shows at a new address may be an earlier text of an article.
    Index("revision_by_content", "content_hash"),
)

observation = Table(
    "observation",
    metadata,
    _key(),
    Column("article_id", ForeignKey("article.id"), nullable=False),
    Column("run_id", ForeignKey("run.id")),
    Column("at", UtcTime, nullable=False),
    Column("hits", BigInteger),
    _text("hits_raw"),
    Column("status", Text, nullable=False),
    Index("observation_by_article", "article_id", "at"),
)

image = Table(
    "image",
    metadata,
    Column("revision_id", ForeignKey("revision.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("url", Text, nullable=False),
    _text("caption"),
    sqlite_with_rowid=False,
)

attachment = Table(
    "attachment",
    metadata,
    Column("revision_id", ForeignKey("revision.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("url", Text, nullable=False),
    _text("name"),
    sqlite_with_rowid=False,
)

rejection = Table(
    "rejection",
    metadata,
    _key(),
    Column("site_id", ForeignKey("site.id"), nullable=False, index=True),
    Column("run_id", ForeignKey("run.id")),
    Column("url", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("reason", Text, nullable=False),
    _text("detail"),
    Column("status", Integer, nullable=False),
    Column("at", UtcTime, nullable=False),
)

capture = Table(
    "capture",
    metadata,
    _key(),
    Column("run_id", ForeignKey("run.id")),
    Column("article_id", ForeignKey("article.id"), index=True),
    Column("revision_id", ForeignKey("revision.id")),
    Column("rejection_id", ForeignKey("rejection.id")),
    Column("url", Text, nullable=False),
    Column("file", Text, nullable=False),
    Column("offset", BigInteger, nullable=False),
    Column("length", BigInteger, nullable=False),
    Column("digest", Text, nullable=False, index=True),
    Column("status", Integer, nullable=False),
    _text("content_type"),
    _text("encoding"),
    Column("encoding_evidence", _JSON),
    Column("fetched_at", UtcTime),
)

search_document = Table(
    "search_document",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("article_id", ForeignKey("article.id"), nullable=False, unique=True),
)

fingerprint = Table(
    "fingerprint",
    metadata,
    Column("hash", BigInteger, primary_key=True),
    Column("article_id", BigInteger, primary_key=True),
    sqlite_with_rowid=False,
)

recent_fingerprint = Table(
    "recent_fingerprint",
    metadata,
    Column("hash", BigInteger, primary_key=True, autoincrement=False),
    Column("article_id", BigInteger, primary_key=True),
    sqlite_with_rowid=False,
)

edge_paragraph = Table(
    "edge_paragraph",
    metadata,
    Column("hash", BigInteger, primary_key=True, autoincrement=False),
    Column("stories", Integer, nullable=False),
    sqlite_with_rowid=False,
)

recent_edge_paragraph = Table(
    "recent_edge_paragraph",
    metadata,
    Column("hash", BigInteger, primary_key=True, autoincrement=False),
    Column("stories", Integer, nullable=False),
    sqlite_with_rowid=False,
)

reprint_group = Table(
    "reprint_group",
    metadata,
    _key(),
    Column("created_at", UtcTime, nullable=False),
)

reprint_member = Table(
    "reprint_member",
    metadata,
    Column("article_id", ForeignKey("article.id"), primary_key=True, autoincrement=False),
    Column("group_id", ForeignKey("reprint_group.id"), nullable=False, index=True),
    Column("matched_article_id", ForeignKey("article.id")),
    Column("jaccard", Float, nullable=False),
    Column("containment", Float, nullable=False),
    Column("kind", Text, nullable=False),
)

story_part = Table(
    "story_part",
    metadata,
    Column("article_id", ForeignKey("article.id"), primary_key=True, autoincrement=False),
    Column("part_article_id", ForeignKey("article.id"), primary_key=True, autoincrement=False, index=True),
    Column("start_at", Integer, nullable=False),
    Column("end_at", Integer, nullable=False),
    Column("share", Float, nullable=False),
    Column("relation", Text, nullable=False),
    sqlite_with_rowid=False,
)
