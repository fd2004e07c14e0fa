"""An index of the revisions by their digest, which is what a citation names.

Without it a permalink reads the whole table of texts.
"""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the index."""
    op.create_index("revision_by_digest", "revision", ["exact_digest"])
