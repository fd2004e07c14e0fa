"""PostgreSQL's full-text index keeps where words stand, as SQLite's does."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Empty PostgreSQL's index, which has another form: `unioncrawl.archive.migrations.migrate` fills it."""
    if op.get_bind().dialect.name == "sqlite":
        return
    op.execute("DELETE FROM search_index_leaf")
    op.execute("DELETE FROM search_index_piece")
    op.add_column("search_index_leaf", sa.Column("places", sa.LargeBinary(), nullable=False))
    # They are packed already.
    op.execute("ALTER TABLE search_index_leaf ALTER COLUMN places SET STORAGE EXTERNAL")
