"""Alerts of sites, saved queries, and the notices that await delivery; an older archive has none of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from unioncrawl.archive.column_types import UtcTime

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add the three tables."""
    _add_alert()
    _add_watch()
    _add_notice()


def _number() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _add_alert() -> None:
    op.create_table(
        "alert",
        sa.Column("id", _number(), nullable=False, autoincrement=False),
        sa.Column("site_id", _number()),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("opened_at", UtcTime(), nullable=False),
        sa.Column("opened_run_id", _number()),
        sa.Column("baseline", sa.JSON()),
        sa.Column("reading", sa.JSON()),
        sa.Column("bad_runs", sa.Integer(), nullable=False),
        sa.Column("last_bad_at", UtcTime(), nullable=False),
        sa.Column("told_at", UtcTime()),
        sa.Column("muted_until", UtcTime()),
        sa.Column("settled_at", UtcTime()),
        sa.Column("recovered_at", UtcTime()),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"]),
        sa.ForeignKeyConstraint(["opened_run_id"], ["run.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("alert_by_site", "alert", ["site_id", "kind"])


def _add_watch() -> None:
    op.create_table(
        "watch",
        sa.Column("id", _number(), nullable=False, autoincrement=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False, server_default=""),
        sa.Column("arguments", sa.JSON()),
        sa.Column("channels", sa.JSON(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("position", sa.JSON()),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )


def _add_notice() -> None:
    op.create_table(
        "notice",
        sa.Column("id", _number(), nullable=False, autoincrement=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("watch_id", _number()),
        sa.Column("event", sa.JSON(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", UtcTime()),
        sa.Column("tried_at", UtcTime()),
        sa.Column("delivered_at", UtcTime()),
        sa.Column("message", sa.Text(), nullable=False, server_default=""),
        sa.Column("refusal", sa.Text(), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(["watch_id"], ["watch.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("event_id", "channel"),
    )
    op.create_index(op.f("ix_notice_watch_id"), "notice", ["watch_id"])
    op.create_index("notice_by_next_try", "notice", ["next_try_at"])
