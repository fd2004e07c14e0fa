"""The plan of several workers and the pace of hosts; an index of all texts that an article had."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from unioncrawl.archive.column_types import UtcTime

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add the two tables, which begin empty; look texts up among all revisions."""
    op.drop_index("article_by_content", "article")
    op.create_index("revision_by_content", "revision", ["content_hash"])
    op.add_column("article", sa.Column("moved_to", sa.BigInteger()))
    op.add_column("url_alias", sa.Column("shown_digest", sa.BigInteger()))
    op.create_table(
        "planned_site",
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("added_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("site"),
    )
    op.create_table(
        "host_pace",
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("asked_at", UtcTime(), nullable=False),
        sa.Column("before_at", UtcTime()),
        sa.Column("pause_seconds", sa.Float(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("host"),
    )
