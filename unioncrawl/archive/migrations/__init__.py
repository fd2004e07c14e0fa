"""Schema migrations of the archive (Alembic)."""
