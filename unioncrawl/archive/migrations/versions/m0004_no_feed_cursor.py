"""Without the table of feeds' cursors, which nothing ever wrote."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Drop the table; an archive of a version without it does not have it."""
    op.drop_table("feed_cursor", if_exists=True)
