"""Alembic's entry: migrate within the transaction that `upgrade.migrate` gives."""

from __future__ import annotations

from alembic import context

from unioncrawl.archive.schema import metadata

# Alembic gives `context` a config while it runs; in a plain import it has no config.
if hasattr(context, "config"):
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=metadata,
        transactional_ddl=True,
        transaction_per_migration=False,
    )
    context.run_migrations()
