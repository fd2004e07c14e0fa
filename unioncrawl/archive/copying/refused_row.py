"""Find the row of a piece that an archive does not take."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Table

from unioncrawl.archive.copying.ordered_rows import Row, key_of, key_places
from unioncrawl.archive.copying.target import Target
from unioncrawl.archive.copying.write_rows import write_rows
from unioncrawl.archive.database import VERIFY
from unioncrawl.errors import ArchiveError, ArchiveUnwritable

# What a driver raises for a value that it can't send at all.
_UNSENDABLE = (ValueError, TypeError, OverflowError)


@contextmanager
def naming_refused(target: Target, table: Table, rows: Sequence[Row], source: str) -> Iterator[None]:
    """Raise `ArchiveError` that names the row when the archive refuses one of the piece that is written."""
    try:
        yield
    except ArchiveUnwritable:
        raise
    except (ArchiveError, *_UNSENDABLE) as error:
        found = _first_refused(target, table, rows)
        if found is None:
            raise
        key = ", ".join(map(str, key_of(found[0], key_places(table))))
        raise ArchiveError(
            f"{target.name} does not take the row {key} of the table {table.name} of {source}: {found[1]}",
            next_step=f"{VERIFY} Do so for the archive that is copied.",
            stage="archive",
        ) from error


def _first_refused(target: Target, table: Table, rows: Sequence[Row]) -> tuple[Row, str] | None:
    """Return the first row that is refused alone, and why; ``None`` when each is taken."""
    for row in rows:
        try:
            with target.writing(changes_rows=False) as (connection, _), connection.begin_nested() as tried:
                write_rows(connection, table, [row])
                tried.rollback()
        except ArchiveUnwritable:
            return None
        except (ArchiveError, *_UNSENDABLE) as error:
            return row, getattr(error, "message", str(error))
    return None
