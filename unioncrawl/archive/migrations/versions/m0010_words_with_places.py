"""The full-text index keeps where each word stands: a word of three characters and more is then one look-up.

Its texts have to be read again: `unioncrawl.archive.migrations.migrate` fills the new index.
PostgreSQL's index stays as it is; its words of three and more are compared with the texts.
"""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Make the index anew, empty."""
    if op.get_bind().dialect.name != "sqlite":
        return
    op.execute("DROP TABLE search_index")
    op.execute(
        "CREATE VIRTUAL TABLE search_index USING fts5(tokens, content=search_content, content_rowid=id,"
        " detail=full, columnsize=0, tokenize='ascii')"
    )
    # As migration 0002 chose them.
    op.execute("INSERT INTO search_index(search_index, rank) VALUES ('automerge', 8)")
    op.execute("INSERT INTO search_index(search_index, rank) VALUES ('hashsize', 4194304)")
