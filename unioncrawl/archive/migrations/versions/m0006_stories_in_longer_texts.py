"""Which articles stand in which longer ones, and where: roundups hold several stories and are no reprint.

An archive from before knows of none until an article beside them arrives, or ``vacuum --regroup``
finds all reprints again.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "story_part",
        sa.Column("article_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("part_article_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("start_at", sa.Integer(), nullable=False),
        sa.Column("end_at", sa.Integer(), nullable=False),
        sa.Column("share", sa.Float(), nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"]),
        sa.ForeignKeyConstraint(["part_article_id"], ["article.id"]),
        sa.PrimaryKeyConstraint("article_id", "part_article_id"),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_story_part_part_article_id"), "story_part", ["part_article_id"])
