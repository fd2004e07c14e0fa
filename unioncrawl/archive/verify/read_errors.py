"""Read from an archive that may be damaged: what can't be read is named, with the next step."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from unioncrawl.archive.database import RESTORE, VERIFY
from unioncrawl.archive.verify.findings import Finding
from unioncrawl.archive.write_failures import is_no_damage, passing_errors
from unioncrawl.errors import ArchiveError

# What reading a stored value raises where it is not text, JSON, a time or a known word.
UNREADABLE = (DBAPIError, ValueError, TypeError, KeyError, AttributeError, IndexError)


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Open a connection for a command that reads one state of the archive.

    Raises `ArchiveError` that names the value when a damaged value ends the reading,
    `ArchiveUnwritable` when its server went away; any other error passes unchanged.
    """
    with passing_errors(engine), engine.connect() as connection:
        try:
            yield connection
        except ArchiveError:
            raise
        except UNREADABLE as error:
            if is_no_damage(error):
                raise
            found = _first_damage(engine, error)
            if found is None:
                raise
            raise ArchiveError(
                f"the archive can't be read: {found.detail}.",
                next_step=VERIFY,
                stage="archive",
            ) from error


def _first_damage(engine: Engine, error: Exception) -> Finding | None:
    """Return what `verify` finds first, so that a bug of ours is not taken for damage."""
    # An archive that can be read needs none of the checks.
    from unioncrawl.archive.verify.check_archive import verify_values  # noqa: PLC0415

    with engine.connect() as connection:
        found = next((one for one in verify_values(connection) if one.is_harm), None)
    if found is None and isinstance(error, DBAPIError):
        return Finding("database", str(error.orig), RESTORE)
    return found
