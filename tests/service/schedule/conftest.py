"""The archives that the schedule reads: those of the archive's own tests."""

from __future__ import annotations

from tests.archive.conftest import (
    any_archive,
    postgres_database,
    postgres_server,
    postgres_url,
    stored_in,
    templates,
)

__all__ = ["any_archive", "postgres_database", "postgres_server", "postgres_url", "stored_in", "templates"]
