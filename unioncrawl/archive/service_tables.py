"""The tables of what runs for years: alerts of sites, saved queries, notices, the plan and pace of workers.

They stand beside those of `unioncrawl.archive.schema`. No address and no secret of a channel
stands in them, because an archive is copied and shared: a channel is named, and its file says the rest.
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
    Table,
    Text,
    UniqueConstraint,
)

from unioncrawl.archive.column_types import UtcTime
from unioncrawl.archive.schema import metadata

_JSON = JSON(none_as_null=True)
# What a table of no lasting worth has in its ``info``.
PASSING = "passing"


def _key() -> Column[int]:
    return Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False)


# One fault of one site, from its first bad run to its recovery; without a site, one of the archive.
alert = Table(
    "alert",
    metadata,
    _key(),
    Column("site_id", ForeignKey("site.id")),
    Column("kind", Text, nullable=False),
    Column("opened_at", UtcTime, nullable=False),
    Column("opened_run_id", ForeignKey("run.id")),
    # What the site's own history was when the fault began, and the latest bad reading.
    Column("baseline", _JSON),
    Column("reading", _JSON),
    Column("bad_runs", Integer, nullable=False),
    Column("last_bad_at", UtcTime, nullable=False),
    Column("told_at", UtcTime),
    Column("muted_until", UtcTime),
    # A person takes the present state for the new normal.
    Column("settled_at", UtcTime),
    Column("recovered_at", UtcTime),
    Index("alert_by_site", "site_id", "kind"),
)

watch = Table(
    "watch",
    metadata,
    _key(),
    Column("name", Text, nullable=False, unique=True),
    # query, story or health.
    Column("kind", Text, nullable=False),
    Column("query", Text, nullable=False, default="", server_default=""),
    Column("arguments", _JSON),
    Column("channels", JSON, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    # How far its events were read: rows are numbered in the order of writing.
    Column("position", _JSON),
    Column("paused", Boolean, nullable=False),
)

# One event for one channel; a repeat carries the same event id.
notice = Table(
    "notice",
    metadata,
    _key(),
    Column("event_id", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("watch_id", ForeignKey("watch.id"), index=True),
    Column("event", JSON, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("next_try_at", UtcTime),
    Column("tried_at", UtcTime),
    Column("delivered_at", UtcTime),
    # The message that it went out in, or was to: a repeat is the same message.
    Column("message", Text, nullable=False, default="", server_default=""),
    Column("refusal", Text, nullable=False, default="", server_default=""),
    UniqueConstraint("event_id", "channel"),
    Index("notice_by_next_try", "next_try_at"),
)

# The sites that `unioncrawl work` crawls, for all workers of an archive; kinds: daily, deep, owed.
planned_site = Table(
    "planned_site",
    metadata,
    Column("site", Text, primary_key=True),
    Column("kinds", JSON, nullable=False),
    Column("added_at", UtcTime, nullable=False),
)

# When a host was asked last, or answered, by any crawl into an archive on PostgreSQL, on the server's clock.
host_pace = Table(
    "host_pace",
    metadata,
    Column("host", Text, primary_key=True),
    Column("asked_at", UtcTime, nullable=False),
    # What stood there before: how long ago the host had been asked when this request went out.
    Column("before_at", UtcTime),
    Column("pause_seconds", Float, nullable=False),
    # The crawl that awaits an answer; empty after it.
    Column("asked_by", Text, nullable=False, default="", server_default=""),
    # Copies and backups leave it out: it is true of this moment and this server alone.
    info={PASSING: True},
)

# What an archive keeps, each table after those that it refers to.
LASTING_TABLES = tuple(table for table in metadata.sorted_tables if PASSING not in table.info)
