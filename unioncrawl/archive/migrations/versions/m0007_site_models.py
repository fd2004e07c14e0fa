"""The models of sites' layouts, and by which of them a revision was read.

All that an older archive holds was read in full, and its empty column says so.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from unioncrawl.archive.column_types import UtcTime

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the table and the column."""
    op.create_table(
        "site_model",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("run_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite")),
        sa.Column("learnt_at", UtcTime(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("retired_at", UtcTime()),
        sa.Column("retired_reason", sa.Text(), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"]),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"]),
        sa.PrimaryKeyConstraint("id"),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_site_model_site_id"), "site_model", ["site_id"])
    op.add_column("revision", sa.Column("site_model", sa.Text(), nullable=False, server_default=""))
