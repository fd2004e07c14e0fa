"""The archive that is copied into: made and marked, taken up again, completed."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Connection, Engine, Row, event, insert, inspect, select, text, update
from sqlalchemy.engine import URL

from unioncrawl.archive.column_types import json_text
from unioncrawl.archive.copying.foreign_keys import add_foreign_keys, drop_foreign_keys
from unioncrawl.archive.copying.ordered_rows import TABLES
from unioncrawl.archive.database import (
    archive_url,
    closed_on_error,
    database_errors,
    is_file,
    shown_address,
    writing,
)
from unioncrawl.archive.migrations.upgrade import refuse_newer, writable_engine
from unioncrawl.archive.read_file import BESIDE
from unioncrawl.archive.schema import SCHEMA_VERSIONS, run, site
from unioncrawl.archive.search.index.rebuild_index import empty_index
from unioncrawl.archive.unfinished_copy import COPYING, mark_of, unfinished_copy
from unioncrawl.errors import ArchiveError

_NOTHING_INDEXED = -1
_ELSEWHERE = "Name a file or a database that is not there yet, or is empty."


@dataclass(frozen=True, slots=True)
class Target:
    """An archive that is marked as a copy under way, and the only one that this process writes."""

    engine: Engine
    name: str
    copied_by: str
    # Whether an earlier call of the same copy began it.
    is_resumed: bool

    @contextmanager
    def writing(self, *, changes_rows: bool) -> Iterator[tuple[Connection, Row[tuple[object, ...]]]]:
        """A transaction, and the mark as it stands.

        Whoever changes rows empties the full-text index first, if it holds anything.
        Raises `ArchiveError` when another process has taken this copy over, or completed it.
        """
        with writing(self.engine) as connection:
            mark = mark_of(connection)
            if mark is None or mark.copied_by != self.copied_by:
                raise ArchiveError(
                    f"another process has gone on with the copy into {self.name}.",
                    next_step="Leave it to that one, or stop it and run this again.",
                    stage="archive",
                )
            if changes_rows and int(str(mark.indexed_to)) > _NOTHING_INDEXED:
                empty_index(connection)
                note_indexed(connection, _NOTHING_INDEXED)
            yield connection, mark


def open_target(address: str, source: str, identity: Mapping[str, object]) -> Target:
    """Make the archive at ``address`` and mark it, or take up the copy that was begun there.

    ``source`` is the other archive's address as it may be printed, ``identity`` what makes it known.
    Raises `ArchiveError` when something else is there.
    """
    url = archive_url(address)
    _refuse_memory(url)
    _refuse_journal(url)
    engine = _engine_without_keys(url)
    name, copied_by = shown_address(address), f"{os.getpid()} {uuid4()}"
    with closed_on_error(engine), writing(engine) as connection:
        is_resumed = _take_up(connection, name, identity) if _is_marked(connection) else False
        if not is_resumed:
            _mark(connection, name, source, identity)
        connection.execute(update(unfinished_copy).values(copied_by=copied_by, source=source))
    return Target(engine, name, copied_by, is_resumed)


def identity_of(connection: Connection) -> dict[str, object]:
    """Return what no other archive has, and what never changes: its first run, its first site.

    ``None`` stands for what an archive that holds nothing yet does not have.
    """
    facts = (run.c.spider, run.c.started_at, run.c.version, run.c.host, run.c.pid)
    first = connection.execute(select(*facts).order_by(run.c.id).limit(1)).first()
    key = connection.execute(select(site.c.key).order_by(site.c.id).limit(1)).scalar()
    return {"run": None if first is None else " ".join(map(str, first)), "site": key}


def note_indexed(connection: Connection, number: int) -> None:
    """Note the last document that is in the full-text index."""
    connection.execute(update(unfinished_copy).values(indexed_to=number))


def complete(target: Target) -> None:
    """Make the copy an archive like any other: foreign keys, the schema's version, no mark."""
    with target.writing(changes_rows=False) as (connection, mark):
        add_foreign_keys(connection, json.loads(str(mark.foreign_keys)), target.name)
        unfinished_copy.drop(connection)
        _write_version(connection, SCHEMA_VERSIONS[-1])
    if target.engine.dialect.name == "postgresql":
        with database_errors(target.engine), target.engine.begin() as connection:
            connection.execute(text("ANALYZE"))


def _engine_without_keys(url: URL) -> Engine:
    """An engine that checks no foreign key: rows of two tables may change in any order."""
    if is_file(url):
        Path(str(url.database)).parent.mkdir(parents=True, exist_ok=True)
    engine = writable_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda driver, _: driver.execute("PRAGMA foreign_keys=OFF"))
    return engine


def _refuse_memory(url: URL) -> None:
    if url.get_backend_name() == "sqlite" and not is_file(url):
        raise ArchiveError(
            "an archive in memory is gone with this command.", next_step=_ELSEWHERE, stage="archive"
        )


def _refuse_journal(url: URL) -> None:
    """Refuse a file that is not there while the journal of one is: SQLite would play it into the new one."""
    if not is_file(url) or (path := Path(str(url.database))).exists():
        return
    left = [one for ending in BESIDE if (one := path.with_name(path.name + ending)).exists()]
    if left:
        raise ArchiveError(
            f"{left[0]} already exists without its archive.",
            next_step="Move it away, or name another archive.",
            stage="archive",
        )


def _is_marked(connection: Connection) -> bool:
    return _version(connection) == COPYING


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _write_version(connection: Connection, version: str) -> None:
    connection.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})


def _take_up(connection: Connection, name: str, identity: Mapping[str, object]) -> bool:
    """Whether the copy that was begun is of this archive; raises `ArchiveError` when it is not."""
    mark = mark_of(connection)
    if mark is None:
        raise ArchiveError(
            f"{name} is a copy of which nothing is known.", next_step="Delete it.", stage="archive"
        )
    begun = json.loads(str(mark.identity))
    # An archive that had nothing when the copy began may have something now, but not the other way round.
    if any(known is not None and known != identity[name_] for name_, known in begun.items()):
        raise ArchiveError(
            f"{name} holds a copy of another archive, {mark.source}, that was begun and not completed.",
            next_step=f"Go on with that one, or delete {name}, or copy to another place.",
            stage="archive",
        )
    connection.execute(update(unfinished_copy).values(identity=json_text(identity)))
    return True


def _mark(connection: Connection, name: str, source: str, identity: Mapping[str, object]) -> None:
    _make_schema(connection, name)
    unfinished_copy.create(connection)
    connection.execute(
        insert(unfinished_copy).values(
            source=source,
            identity=json_text(identity),
            begun_at=datetime.now(UTC),
            copied_by="",
            indexed_to=_NOTHING_INDEXED,
            foreign_keys=json_text(drop_foreign_keys(connection)),
        )
    )
    _write_version(connection, COPYING)


def _make_schema(connection: Connection, name: str) -> None:
    """Make the tables in a database that holds nothing; an archive without a row is as good."""
    # Alembic takes a third of a second to import.
    from unioncrawl.archive.migrations.migrate import migrate_from  # noqa: PLC0415

    version = _version(connection)
    if version is None:
        if others := inspect(connection).get_table_names():
            raise ArchiveError(
                f"{name} holds tables of another program ({', '.join(sorted(others)[:5])}).",
                next_step=_ELSEWHERE,
                stage="archive",
            )
        migrate_from(connection, None)
        return
    refuse_newer(version, connection.engine)
    if version != SCHEMA_VERSIONS[-1]:
        raise ArchiveError(
            f"{name} is an archive of the older schema {version}.", next_step=_ELSEWHERE, stage="archive"
        )
    for table in TABLES:
        if connection.execute(select(table).limit(1)).first() is not None:
            raise ArchiveError(
                f"{name} is an archive already, and its table {table.name} holds rows.",
                next_step=f"If it is the copy, completed: unioncrawl archive compare says so. {_ELSEWHERE}",
                stage="archive",
            )
