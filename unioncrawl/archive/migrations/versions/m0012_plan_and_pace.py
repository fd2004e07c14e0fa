"""The plan of several workers and the pace of hosts; texts and addresses that an article had; even writing.

The table of recent paragraphs, the settings of SQLite's full-text index and PostgreSQL's words in pieces
keep what an article costs from growing with the archive: see docs/decisions.md.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from unioncrawl.archive.column_types import UtcTime

revision = "0012"
down_revision = "0011"

_MERGED_SELDOM = {
    # FTS5's most: an article is written again for each 64-fold growth of the index, not for each eightfold.
    "automerge": 64,
    # Beyond so many pieces of like size FTS5 merges all of them at once, in the batch that comes then.
    "crisismerge": 256,
    # Bytes of words in memory, then they become a piece: 4 MB do not stay in the processor's caches.
    "hashsize": 1_048_576,
}


def upgrade() -> None:
    """Add three tables, which begin empty; look texts up among all revisions; merge the index less often."""
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
    op.create_table(
        "recent_edge_paragraph",
        sa.Column("hash", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("stories", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("hash"),
        sqlite_with_rowid=False,
    )
    if op.get_bind().dialect.name == "sqlite":
        _merge_seldom()
    else:
        _keep_words_in_pieces()


def _merge_seldom() -> None:
    """Let SQLite's full-text index be merged less often."""
    for name, setting in _MERGED_SELDOM.items():
        op.execute(
            sa.text("INSERT INTO search_index(search_index, rank) VALUES (:name, :setting)").bindparams(
                name=name, setting=setting
            )
        )


def _keep_words_in_pieces() -> None:
    """Make PostgreSQL's full-text index anew, empty: `unioncrawl.archive.migrations.migrate` fills it."""
    op.drop_table("search_index")
    op.create_table(
        "search_index_piece",
        sa.Column("id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("block", sa.BigInteger(), nullable=False),
        sa.Column("first_ordinal", sa.Integer(), nullable=False),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.Column("numbers", sa.LargeBinary(), nullable=False),
        sa.Column("gone", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "search_index_leaf",
        sa.Column("piece", sa.BigInteger(), nullable=False),
        sa.Column("first_value", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("piece", "first_value"),
    )
    # They are packed already.
    op.execute("ALTER TABLE search_index_leaf ALTER COLUMN content SET STORAGE EXTERNAL")
